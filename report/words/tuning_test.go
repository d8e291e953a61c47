package words

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
)

// Each reason to keep the default has words of its own, in both languages.
func TestTuned(t *testing.T) {
	tunings := []report.Tuning{
		{},
		{Kept: backtest.Unbeaten},
		{Kept: backtest.OverLimit, MaxFalse: slo.NumberFrac(5, 2)},
		{Kept: backtest.Unproven},
		{TooShort: backtest.NoGrid},
	}
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		seen := map[string]bool{}
		for _, tuning := range tunings {
			text := Tuned(l, &tuning)
			if seen[text] || text == "" {
				t.Errorf("%s: %q twice", l, text)
			}
			if tuning.Kept == backtest.OverLimit && !strings.Contains(text, "2.5") {
				t.Errorf("%s: %q does not name the limit", l, text)
			}
			seen[text] = true
		}
	}
}

// That most incidents do not show is said where the model says so.
func TestUnseen(t *testing.T) {
	tuning := report.Tuning{Incidents: 10, Shown: 1, Lowest: slo.NumberOf(1)}
	if got := Unseen(unit.English, &tuning); got != "" {
		t.Errorf("said %q", got)
	}
	tuning.Unseen = true
	if got := Unseen(unit.English, &tuning); !strings.HasPrefix(got, "The SLI is over any burn rate in 1 of 10 incidents:") {
		t.Errorf("said %q", got)
	}
}

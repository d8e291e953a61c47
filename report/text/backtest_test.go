package text

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
)

// hostile is a backtest whose names do what names can.
func hostile(l unit.Language) *report.Backtest {
	from := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	to := from.Add(48 * time.Hour)
	b := &report.Backtest{From: from, To: to, Incidents: report.FromFile, Language: l, Zone: time.UTC,
		Tuning: &report.Tuning{Folds: 3, YAML: "alerts: []\n"}}
	for _, o := range reporttest.Hostile(l).Objectives {
		m := report.Match{Incident: o.Name, Start: from, End: &to, Outcome: backtest.Missed}
		f := report.Firing{Start: from}
		a := report.Alerted{Name: o.Name, Class: slo.Page, Fired: 1, Matches: []report.Match{m},
			Firings: []report.Firing{f}, Unmatched: []report.Firing{f}}
		b.Objectives = append(b.Objectives, report.Backtested{Service: o.Service, Name: o.Name,
			Labels: o.Labels, By: o.By, Late: 15 * time.Minute,
			Policies: []report.Alerted{a}, Failed: o.Failed, Warnings: o.Warnings})
	}
	return b
}

// Whatever names hold, nothing but line ends moves the cursor.
func TestBacktestHostile(t *testing.T) {
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		var b bytes.Buffer
		if err := Backtest(&b, hostile(l), Options{}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(b.String(), "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
				t.Errorf("%q", line)
			}
		}
	}
}

func TestSuggestHostile(t *testing.T) {
	s := &report.Suggestions{Language: unit.Japanese, Zone: time.UTC}
	for _, o := range reporttest.Hostile(unit.Japanese).Objectives {
		s.Objectives = append(s.Objectives, report.Suggested{Service: o.Service, Name: o.Name, Labels: o.Labels,
			By: o.By, Failed: o.Failed, Warnings: o.Warnings})
	}
	var b bytes.Buffer
	if err := Suggest(&b, s, Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(b.String(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
		t.Errorf("%q", b.String())
	}
}

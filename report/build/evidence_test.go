package build

import (
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// TestDoubt holds the words for counts that settle nothing, and that there are none
// where they do.
func TestDoubt(t *testing.T) {
	for _, c := range []struct {
		bad, total int64
		slices     bool
		lang       unit.Language
		want       string
	}{
		{0, 1000, false, unit.English, "1,000 good events of 1,000 do not prove 99.9%: not enough data to tell (95% interval 99.61% to 100.00%); 3,838 without a bad one would"},
		{0, 3838, false, unit.English, ""},
		{1, 1100, true, unit.English, "1,099 good slices of 1,100 do not prove 99.9%: not enough data to tell (95% interval 99.48% to 99.98%)"},
		{1, 900, false, unit.English, "899 good events of 900 do not disprove 99.9%: not enough data to tell (95% interval 99.37% to 99.98%)"},
		{50, 1000, false, unit.English, ""},
		{0, 0, false, unit.English, ""},
		{0, 1000, false, unit.Japanese, "イベント1,000件すべて正常でも目標値99.9%の達成は裏付けられない。データ不足で判断不能(95%信頼区間 99.61%〜100.00%)。不良0件のイベントが3,838件必要"},
		{1, 900, true, unit.Japanese, "スライス900件中899件の正常では目標値99.9%を下回るとは言い切れない。データ不足で判断不能(95%信頼区間 99.37%〜99.98%)"},
	} {
		bad, total := slo.NumberOf(c.bad), slo.NumberOf(c.total)
		counts := budget.Counts{Good: total.Sub(bad), Bad: bad, Total: total}
		o := report.Objective{Target: 999_000_000, SLI: counts.Good.Quo(total), State: slo.OnTrack,
			Evidence: newEvidence(counts, 999_000_000)}
		if c.slices {
			o.Slices = &counts
		} else {
			o.Events = &counts
		}
		if got := words.Doubt(c.lang, o); got != c.want {
			t.Errorf("%d bad of %d: got %q, want %q", c.bad, c.total, got, c.want)
		}
		o.State = slo.NoData
		if got := words.Doubt(c.lang, o); got != "" {
			t.Errorf("no data: got %q", got)
		}
	}
}

// TestEvidenceIsRoundedOutwards holds the ends of the shown interval in parts per
// billion on the outer side: 1 − 3.8414588/1,003.8414588 = 0.99617324…
func TestEvidenceIsRoundedOutwards(t *testing.T) {
	e := newEvidence(budget.Counts{Bad: slo.NumberOf(0), Total: slo.NumberOf(1000)}, 999_000_000)
	if e.Low.String() != "0.996173241" || e.High.String() != "1" {
		t.Errorf("got %s to %s", e.Low, e.High)
	}
}

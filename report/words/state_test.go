package words

import (
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

func TestCaveats(t *testing.T) {
	whole := report.Objective{}
	days := func(n int64) report.Objective {
		day := slo.NumberOf(24 * 60)
		return report.Objective{Caveat: &report.Caveat{Measured: slo.NumberOf(n).Mul(day),
			Whole: slo.NumberOf(30).Mul(day)}}
	}
	for _, c := range []struct {
		objectives []report.Objective
		en, ja     string
	}{
		{nil, "", ""},
		{[]report.Objective{whole}, "", ""},
		{[]report.Objective{whole, days(7)}, "1 stands on 7 of 30 days", "1件は30日中7日での判定"},
		{[]report.Objective{days(7), whole, days(5)}, "2 stand on as little as 5 of 30 days", "2件は30日中5日での判定"},
	} {
		if en, ja := Caveats(unit.English, c.objectives), Caveats(unit.Japanese, c.objectives); en != c.en || ja != c.ja {
			t.Errorf("got %q and %q, want %q and %q", en, ja, c.en, c.ja)
		}
	}
}

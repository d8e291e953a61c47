package words

import (
	"testing"
	"time"

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

// A window has the days of the calendar where the clocks change, and the unit is fine
// enough to tell 40 of 50 hours from 1 of 3 days.
func TestCaveatUnits(t *testing.T) {
	for _, c := range []struct {
		measured, whole time.Duration
		want            string
	}{
		{5 * 24 * time.Hour, 31*24*time.Hour + time.Hour, "5 of 31 days"},
		{5 * 24 * time.Hour, 92*24*time.Hour + time.Hour, "5 of 92 days"},
		{6 * 24 * time.Hour, 7*24*time.Hour - time.Hour, "6 of 7 days"},
		{40 * time.Hour, 50 * time.Hour, "40 of 50 hours"},
		{125 * time.Minute, 150 * time.Minute, "125 of 150 minutes"},
		{6 * time.Hour, 31 * 24 * time.Hour, "6 h of 31 d"},
		{0, 30 * 24 * time.Hour, "0 of 30 days"},
	} {
		got := Caveat(unit.English, &report.Caveat{Measured: slo.Minutes(c.measured), Whole: slo.Minutes(c.whole)})
		if got != c.want {
			t.Errorf("%s of %s: got %q, want %q", c.measured, c.whole, got, c.want)
		}
	}
}

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

// Who reads a report learns how a query was read, and that its counts are rounded.
func TestInput(t *testing.T) {
	for _, tt := range []struct {
		in     report.Input
		en, ja string
	}{
		{report.Input{Name: "counts.csv"}, "counts.csv", "counts.csv"},
		{
			report.Input{Name: "a.log", CarriedBy: "docker compose"},
			"a.log (lines carried by docker compose)", "a.log(docker compose経由の行)",
		},
		{
			report.Input{Name: "sum(increase(a[5m]))", By: report.PromQL, Rounded: true},
			"sum(increase(a[5m])) (evaluated by the server in PromQL; rounded to 10^-6 of an event)",
			"sum(increase(a[5m]))(サーバーがPromQLで評価; 10^-6件単位に丸め)",
		},
		{report.Input{Name: "a", By: report.RemoteRead}, "a (samples by remote read)", "a(サンプルをリモートリードで取得)"},
		{report.Input{Name: "a", By: report.Instant}, "a (samples by instant queries)", "a(サンプルをインスタントクエリで取得)"},
		{report.Input{Name: "a", By: report.Export}, "a (samples by export)", "a(サンプルをエクスポートで取得)"},
		{report.Input{Name: "a", Rounded: true}, "a (rounded to 10^-6 of an event)", "a(10^-6件単位に丸め)"},
	} {
		if got := Input(unit.English, tt.in); got != tt.en {
			t.Errorf("got %q, want %q", got, tt.en)
		}
		if got := Input(unit.Japanese, tt.in); got != tt.ja {
			t.Errorf("got %q, want %q", got, tt.ja)
		}
	}
}

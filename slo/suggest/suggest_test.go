package suggest

import (
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func objective() slo.SLO {
	return slo.SLO{Name: "x", Target: 990_000_000, Window: slo.Window{Length: 24 * time.Hour}, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
}

// hourly is one bucket an hour of 1,000 events, bad of which are bad.
func hourly(days int, bad func(day, hour int) float64) *slo.Series {
	s := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(days) * day)}, time.Hour)
	for i := range s.Total {
		s.Total[i], s.Bad[i] = 1000, bad(i/24, i%24)
	}
	return s
}

func of(t *testing.T, s slo.SLO, data *slo.Series) Result {
	t.Helper()
	r, err := Of(s, data, slo.Period{Start: start, End: data.End()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Twenty days with 24, 48, … 480 bad of 24,000: 0.1 % to 2 %. Half of them had at most
// 1 %, 16 at most 1.6 %, 19 at most 1.9 %.
func TestOf(t *testing.T) {
	r := of(t, objective(), hourly(20, func(day, _ int) float64 { return float64(day + 1) }))
	want := []struct{ target, met string }{{"99%", "0.5"}, {"98.4%", "0.8"}, {"98.1%", "0.95"}}
	if r.Windows != 20 || len(r.Targets) != 3 || r.Now.Met.String() != "0.5" || r.Distinct.String() != "20" || r.Missing() != 0 {
		t.Fatalf("%+v", r)
	}
	for i, w := range want {
		if got := r.Targets[i]; got.Target.String() != w.target || got.Met.String() != w.met || !got.Proven {
			t.Errorf("%s of windows: %s met in %s, want %+v", got.Share, got.Target, got.Met, w)
		}
	}
}

// Pages are those of the default policy at the target: at minutes, 5 % for an hour a
// week are 5 times the budget of 99 % and 50 times that of 99.9 %.
func TestPages(t *testing.T) {
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(30 * day)}, time.Minute)
	for i := range data.Total {
		data.Total[i] = 1000
		if data.Bad[i] = 0; i%(7*24*60) >= 600 && i%(7*24*60) < 660 {
			data.Bad[i] = 50
		}
	}
	s := objective()
	if r := of(t, s, data); r.Now.Pages != 0 || r.Now.Mute {
		t.Errorf("at 99 %%: %d pages", r.Now.Pages)
	}
	s.Target = 999_000_000
	if r := of(t, s, data); r.Now.Pages != 5 {
		t.Errorf("at 99.9 %%: %d pages, want one a week", r.Now.Pages)
	}
	s.Target = 900_000_000 // 14.4 × 10 % is more than all
	s.Window.Length = 2 * time.Hour
	if r := of(t, s, data); !r.Now.Mute {
		t.Error("a page at 90 %")
	}
}

// A minute after an hour of failures the page fires still: what it looks at lies
// before the period, as for a backtest of the same time.
func TestPagesOfBefore(t *testing.T) {
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(3 * day)}, time.Minute)
	for i := range data.Total {
		data.Total[i] = 1000
		if data.Bad[i] = 0; i >= 840 && i < 900 {
			data.Bad[i] = 50
		}
	}
	s := objective()
	s.Target = 999_000_000
	from := start.Add(901 * time.Minute)
	if from.Add(-Reach(s)).Before(start) {
		t.Fatalf("pages look back %s", Reach(s))
	}
	r, err := Of(s, data, slo.Period{Start: from, End: data.End()})
	if err != nil || r.Now.Pages != 1 || !r.History.Start.Equal(from) {
		t.Errorf("%d pages from %s, want 1 from %s: %v", r.Now.Pages, r.History.Start, from, err)
	}
}

func TestTooShort(t *testing.T) {
	r := of(t, objective(), hourly(5, func(int, int) float64 { return 1 }))
	if r.Windows != 5 || r.Targets != nil || r.Missing() != 15*day || r.Now.Met.String() != "1" {
		t.Errorf("%+v, missing %s", r, r.Missing())
	}
	s := objective()
	s.Window.Length = 30 * day
	if r := of(t, s, hourly(5, func(int, int) float64 { return 1 })); r.Windows != 0 || r.Missing() != 44*day || r.Now.Met.Known() {
		t.Errorf("%+v, missing %s", r, r.Missing())
	}
	empty := slo.NewSeries(slo.Period{Start: start, End: start.Add(40 * day)}, time.Hour)
	if r := of(t, objective(), empty); r.Windows != 0 || !r.History.Empty() {
		t.Errorf("nothing measured: %+v", r)
	}
}

// Windows with too many gaps say nothing.
func TestGaps(t *testing.T) {
	data := hourly(30, func(int, int) float64 { return 1 })
	for i := range 48 {
		data.Total[i+24], data.Bad[i+24] = math.NaN(), math.NaN()
	}
	if r := of(t, objective(), data); r.Windows != 28 {
		t.Errorf("%d windows, want 28", r.Windows)
	}
}

// Where nothing failed, no more is said than the events prove: 24,000 without a
// failure leave up to 3.7 / 24,000 = 0.0154 %, by Clopper and Pearson at 95 %, two-sided.
func TestNothingFailed(t *testing.T) {
	r := of(t, objective(), hourly(30, func(int, int) float64 { return 0 }))
	for _, got := range r.Targets {
		if got.Target.String() != "99.984%" || got.Proven {
			t.Errorf("%s, proven %v", got.Target, got.Proven)
		}
	}
}

// Everything fails: no target would do.
func TestNothingWorks(t *testing.T) {
	r := of(t, objective(), hourly(30, func(int, int) float64 { return 1000 }))
	if len(r.Targets) != 3 || r.Targets[0].Target != 0 || r.Now.Met.Sign() != 0 {
		t.Errorf("%+v", r.Targets)
	}
}

// A target is met by the SLI it was made of, and no target with fewer than two digits
// of error ratio between the two is.
func TestUnder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 1<<40).Draw(t, "total")
		sli := slo.NumberFrac(rapid.Int64Range(0, total).Draw(t, "good"), total)
		got := under(sli)
		if got.Number().Cmp(sli) > 0 {
			t.Fatalf("%s is over %s", got, sli)
		}
		errors := new(big.Rat).Sub(big.NewRat(1, 1), sli.Rat())
		if bound := new(big.Rat).Mul(errors, big.NewRat(111, 100)); errors.Cmp(big.NewRat(1, 1_000_000)) > 0 && got > 0 && got.Budget().Rat().Cmp(bound) > 0 {
			t.Fatalf("%s leaves %s, the SLI %s", got, got.Budget(), sli)
		}
	})
}

package backtest

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func objective(t testing.TB, target string) slo.SLO {
	t.Helper()
	parsed, err := slo.ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	return slo.SLO{Name: "x", Target: parsed, Window: slo.Window{Length: 30 * 24 * time.Hour}, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
}

// series is n minutes of 1,000 events; bad gives how many of each are bad.
func series(n int, bad func(minute int) float64) *slo.Series {
	s := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * time.Minute)}, time.Minute)
	for i := range n {
		s.Total[i], s.Bad[i] = 1000, bad(i)
	}
	return s
}

// Ten hours of history in a window of 30 days: an outage after eight spends, in its
// first three minutes, 3 × 1,000 of the 0.1 % of 30 × 1,440 × 1,000 events that the
// window will have, wherever the promise began.
func TestSpentOfYoungHistory(t *testing.T) {
	const begin = 480
	for name, c := range map[string]struct {
		since  time.Time
		change func(*slo.SLO)
		want   slo.Number
	}{
		"no since":           {time.Time{}, nil, slo.NumberFrac(3000, 43200)},
		"since long before":  {start.AddDate(0, -6, 0), nil, slo.NumberFrac(3000, 43200)},
		"since a little ago": {start.Add(-time.Hour), nil, slo.NumberFrac(3000, 43200)},
		"slices of 1 m": {start.AddDate(0, -6, 0), func(s *slo.SLO) {
			s.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: time.Minute, Target: 990_000_000}
		}, slo.NumberFrac(3000, 43200)},
		"six hours are left out": {start.AddDate(0, -6, 0), func(s *slo.SLO) {
			s.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{{Start: start, End: start.Add(6 * time.Hour)}}}}
		}, slo.NumberFrac(3000, 43200-360)},
	} {
		s := objective(t, "99.9%")
		s.Since = c.since
		if c.change != nil {
			c.change(&s)
		}
		l, err := budget.New(s, series(600, func(i int) float64 {
			if i >= begin {
				return 1000
			}
			return 0
		}))
		if err != nil {
			t.Fatal(err)
		}
		at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
		j := judgement{ledger: l}
		got := j.spent(Match{Incident: Incident{Period: slo.Period{Start: at(begin)}}, Fired: at(begin + 3)})
		if got.Cmp(c.want) != 0 {
			t.Errorf("%s: %s of the budget was spent, want %s", name, got, c.want)
		}
	}
}

// 30 % failures for 25 minutes, five days into history: by hand, page 1h/5m is over
// 14.4 × 0.001 when 48 or more of the hour's events in 1,000 … 3 minutes × 300 bad of
// 60,000 are 15 ‰ > 14.4 ‰; it is over when no bad minute is among the last 5.
func TestRun(t *testing.T) {
	const begin = 5*24*60 + 360
	s := objective(t, "99.9%")
	l, err := budget.New(s, series(7*24*60, func(i int) float64 {
		if i >= begin && i < begin+25 {
			return 300
		}
		return 0
	}))
	if err != nil {
		t.Fatal(err)
	}
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	real := []Incident{{Period: slo.Period{Start: at(begin), End: at(begin + 25)}, Name: "outage"}}
	r := Run(l, s.Policies(), real, Options{From: at(begin - 60), To: at(begin + 600)})
	page := r.Policies[0]
	if len(r.Tracks) != 3 || len(r.Policies) != 2 || len(r.Classes) != 2 || r.Late != 15*time.Minute {
		t.Fatalf("%d tracks, %d policies, %d classes, late %s", len(r.Tracks), len(r.Policies), len(r.Classes), r.Late)
	}
	if f := r.Tracks[0].Firings; len(f) != 1 || !f[0].Start.Equal(at(begin+3)) || !f[0].End.Equal(at(begin+30)) {
		t.Errorf("page 1h/5m fired %v", f)
	}
	m := page.Matches[0]
	reset, _ := m.Reset()
	if m.Outcome != Detected || m.Detection != 3*time.Minute || reset != 30*time.Minute {
		t.Errorf("%s after %s, reset %s", m.Outcome, m.Detection, reset)
	}
	// 3 × 300 bad of the 43,200 that 30 days of 1,000 a minute allow, though only 5 have passed
	if want := slo.NumberFrac(900, 43200); m.Spent.Cmp(want) != 0 {
		t.Errorf("spent %s before, want %s", m.Spent, want)
	}
	if found := Found(l, slo.Period{Start: at(begin - 60), End: at(begin + 600)}, at(begin+600)); len(found) != 1 || found[0].Period != real[0].Period {
		t.Errorf("found %v", found)
	}
}

func TestLateOf(t *testing.T) {
	s := objective(t, "99.9%")
	sliced := s
	sliced.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: 20 * time.Minute}
	delayed := s
	delayed.Delay = 20 * time.Minute
	for _, c := range []struct {
		asked time.Duration
		s     slo.SLO
		step  time.Duration
		want  time.Duration
	}{
		{0, s, time.Minute, 15 * time.Minute},
		{5 * time.Minute, s, time.Minute, 5 * time.Minute},
		{0, s, time.Hour, 2 * time.Hour},
		{0, sliced, time.Minute, 40 * time.Minute},
		{0, delayed, time.Minute, 22 * time.Minute},
		{0, delayed, time.Hour, 140 * time.Minute},
	} {
		if got := LateOf(c.asked, c.s, c.step); got != c.want {
			t.Errorf("asked %s, step %s: %s, want %s", c.asked, c.step, got, c.want)
		}
	}
}

// A year at one minute, four conditions, incidents found in the counts.
func BenchmarkYear(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	data := series(365*24*60, func(int) float64 {
		if random.IntN(5000) == 0 {
			return 500
		}
		return float64(random.IntN(3))
	})
	s := objective(b, "99.9%")
	policies := s.Policies()
	policies[1].When = append(policies[1].When, slo.Condition{Test: slo.Burn, Limit: slo.NumberOf(3), Long: 24 * time.Hour, Short: 2 * time.Hour})
	for b.Loop() {
		l, err := budget.New(s, data)
		if err != nil {
			b.Fatal(err)
		}
		Run(l, policies, Found(l, slo.Period{Start: start, End: data.End()}, data.End()), Options{From: start, To: data.End()})
	}
}

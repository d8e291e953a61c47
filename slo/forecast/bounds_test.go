package forecast

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// TestLevelShift follows an objective that fails 2 of 1,000 for 200 days and 6 from then
// on. Before, each outcome is the one that all paths have, and is held to four fifths.
// Once a week has 7 days of the new level 7 outcomes were missed; after 12 days 12 of the
// last 28 were, and the 16 before hold 12.8, under half: the mean of all is still far over
// what works. In time the new level is what is drawn from.
func TestLevelShift(t *testing.T) {
	l := ledger(t, days(7), 600, func(day int) float64 {
		if day < 200 {
			return 2
		}
		return 6
	})
	for _, c := range []struct {
		day  int
		want Reason
		held float64 // 0: somewhat more than half
	}{
		{200, "", 28 * 0.8},
		{207, "", 21 * 0.8},
		{212, MissedLately, 16 * 0.8},
		{330, "", 0},
	} {
		f := Of(l, monday.AddDate(0, 0, c.day), 1)
		recent := f.Score.Recent
		if f.Reason != c.want || c.held > 0 && !near(recent.Held, c.held) || recent.Outcomes != 28 {
			t.Errorf("day %d: reason %q, score %v; want %q and %v held", c.day, f.Reason, f.Score, c.want, c.held)
		}
		if f.Score.Coverage.Cmp(least) < 0 {
			t.Errorf("day %d: %s held in the mean", c.day, f.Score.Coverage)
		}
	}
}

// TestNothingToCome holds that nothing comes in time that is excluded: of January 19
// days are over with 190 of 19,000 allowed, 95 bad, and the rest is maintenance.
func TestNothingToCome(t *testing.T) {
	from, to := monday, time.Date(2027, 1, 20, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: from, End: to}, 24*time.Hour)
	for i := range data.Total {
		data.Total[i], data.Bad[i] = 1000, 5
	}
	rest := slo.Period{Start: to, End: to.AddDate(0, 1, 0)}
	l, err := budget.New(slo.SLO{Target: 990_000_000, Window: slo.Window{Unit: slo.Month}, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(),
		Exclusions: []slo.Exclusion{{Name: "move", Fixed: []slo.Period{rest}}}}, data)
	if err != nil {
		t.Fatal(err)
	}
	f := Of(l, to, 1)
	if f.Reason != "" || !near(f.Spent.Low, 0.5) || !near(f.Spent.High, 0.5) || f.Chance.Sign() != 0 {
		t.Errorf("got %+v, want half spent whatever comes", f)
	}
}

// possible is what an objective with hours as buckets and slices can come to, summed up
// bucket by bucket.
type possible struct {
	data   *slo.Series
	method slo.Method
	target slo.Target
	most   slo.Number // that a day has had
}

// counts returns bad and valid events, or slices, of [from, to).
func (p possible) counts(from, to time.Time) (bad, total slo.Number) {
	bad, total = slo.NumberOf(0), slo.NumberOf(0)
	for i := range p.data.Total {
		at := p.data.Time(i)
		if at.Before(from) || !at.Before(to) || p.data.Total[i] == 0 {
			continue
		}
		b, n := slo.NumberOf(int64(p.data.Bad[i])), slo.NumberOf(int64(p.data.Total[i]))
		switch p.method {
		case slo.Occurrences:
			bad, total = bad.Add(b), total.Add(n)
			continue
		case slo.Timeslices:
			if b.Quo(n).Cmp(slo.NumberFrac(1, 100)) > 0 {
				bad = bad.Add(slo.NumberOf(1))
			}
		case slo.RatioTimeslices:
			bad = bad.Add(b.Quo(n))
		}
		total = total.Add(slo.NumberOf(1))
	}
	return bad, total
}

// come returns the most that can come in d.
func (p possible) come(d time.Duration) slo.Number {
	return p.most.Mul(slo.NumberFrac(int64(d/time.Hour), 24))
}

// spent returns the share of the budget that bad of total spends.
func (p possible) spent(bad, total slo.Number) slo.Number {
	return bad.Quo(total.Mul(p.target.Budget()))
}

// TestBounds holds for any past, window and method that no figure is beyond what is
// possible: the bad events that stay, alone or with all that come.
func TestBounds(t *testing.T) {
	slack := slo.NumberFrac(1, 1_000_000_000) // of shares, for the sums of the paths
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		method := rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(rt, "method")
		w := rapid.SampledFrom([]slo.Window{days(7), days(10), {Unit: slo.Week}, {Unit: slo.Month}}).Draw(rt, "window")
		even := rapid.Bool().Draw(rt, "as many events each hour")
		outages := rapid.SampledFrom([]int{0, 1, 20, 300}).Draw(rt, "of 1,000 hours fail")
		hours := 24*rapid.IntRange(140, 190).Draw(rt, "days") + rapid.IntRange(0, 23).Draw(rt, "hours")
		p := possible{method: method, target: rapid.SampledFrom([]slo.Target{900_000_000, 990_000_000, 999_000_000}).Draw(rt, "target")}
		at := monday.Add(time.Duration(hours) * time.Hour)
		p.data = slo.NewSeries(slo.Period{Start: monday, End: at}, time.Hour)
		for i := range p.data.Total {
			if p.data.Total[i] = 50; !even {
				p.data.Total[i] = float64(r.IntN(60))
			}
			if p.data.Bad[i] = 0; r.IntN(1000) < outages {
				p.data.Bad[i] = float64(r.IntN(int(p.data.Total[i]) + 1))
				if r.IntN(2) == 0 {
					p.data.Bad[i] = p.data.Total[i]
				}
			}
		}
		if p.most = slo.NumberOf(24 * 60); method != slo.Occurrences {
			p.most = slo.NumberOf(24)
		} else if even {
			p.most = slo.NumberOf(24 * 50)
		}
		b := slo.Budgeting{Method: method}
		if b.Slices() {
			b.Slice, b.Target, b.Gaps, b.NoTraffic = time.Hour, 990_000_000, slo.GapsExclude, slo.NoTrafficIgnore
		}
		l, err := budget.New(slo.SLO{Target: p.target, Window: w, Budgeting: b, MinCoverage: slo.DefaultMinCoverage(),
			AtRisk: slo.DefaultAtRisk()}, p.data)
		if err != nil {
			rt.Fatal(err)
		}
		f := Of(l, at, 1)
		if f.Reason != "" {
			return
		}
		from := f.End.Add(-w.Length)
		if !w.Rolling() {
			from = w.Bounds(at).Start
		}
		bad, total := p.counts(from, at)
		come := p.come(f.End.Sub(at))
		all := total.Add(come) // the most: the least that what stays can spend
		low, high := p.spent(bad, all), p.spent(bad.Add(come), all)
		if f.Spent.Low.Cmp(low.Sub(slack)) < 0 || f.Spent.High.Cmp(high.Add(slack)) > 0 {
			rt.Errorf("spent %v, possible is %s to %s", f.Spent, low, high)
		}
		whole := slo.NumberOf(1).Quo(p.target.Budget())
		if f.Spent.Low.Sign() < 0 || f.Spent.Low.Cmp(f.Spent.Middle) > 0 || f.Spent.Middle.Cmp(f.Spent.High) > 0 ||
			f.Spent.High.Cmp(whole) > 0 {
			rt.Errorf("spent %v, nothing spends over %s", f.Spent, whole)
		}
		if first := p.first(w, at, f.End, even); !f.Exhaustion.Early.IsZero() && f.Exhaustion.Early.Before(first) {
			rt.Errorf("runs out on %s, cannot before %s", f.Exhaustion.Early, first)
		}
	})
}

// first returns the start of the first day on which the budget can be exhausted, at if
// the events to come are not known.
func (p possible) first(w slo.Window, at, end time.Time, even bool) time.Time {
	if !even {
		return at
	}
	for start := at; start.Before(end); {
		next := start.Truncate(24 * time.Hour).Add(24 * time.Hour)
		if next.After(end) {
			next = end
		}
		from, until := next.Add(-w.Length), next
		if !w.Rolling() {
			from, until = w.Bounds(at).Start, end
		}
		bad, total := p.counts(from, at)
		if p.spent(bad.Add(p.come(next.Sub(at))), total.Add(p.come(until.Sub(at)))).Cmp(slo.NumberOf(1)) > 0 {
			return start
		}
		start = next
	}
	return end
}

package backtest

import (
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// knob is one burn-rate condition that is tried, with the minimum of bad events
// that goes with it.
type knob struct {
	long, short time.Duration
	factor      int // of factors
	limit       slo.Number
	minBad      int64
	far         float64 // from the fast condition of the SRE Workbook, which decides between equals
}

// factors are the burn rates that are tried. They are round, so that what is found
// is no finer than what history can tell.
func factors() []slo.Number {
	var out []slo.Number
	for _, tenths := range []int64{10, 15, 20, 30, 40, 60, 80, 100, 144, 200, 300, 450, 700, 1000, 1500, 2500, 5000} {
		out = append(out, slo.NumberFrac(tenths, 10))
	}
	return out
}

// longs are the long windows that are tried.
func longs() []time.Duration {
	const m, h = time.Minute, time.Hour
	return []time.Duration{5 * m, 10 * m, 15 * m, 30 * m, h, 2 * h, 3 * h, 6 * h, 12 * h, 24 * h, 48 * h, 72 * h}
}

// minBads are the minimums of bad events that are tried.
func minBads() []int64 { return []int64{0, 5, 20, 100} }

// grid returns the conditions that are tried where windows are at most longest.
func grid(longest time.Duration) []knob {
	var out []knob
	factors := factors()
	for _, long := range longs() {
		if long > longest {
			break
		}
		for _, short := range shorts(long) {
			for _, min := range minBads() {
				for i, f := range factors {
					out = append(out, knob{long, short, i, f, min, far(long, f.Float())})
				}
			}
		}
	}
	return out
}

// shorts returns a twelfth, a sixth, a third and half of long, in whole minutes; the
// last for sources that count too coarsely for the others.
func shorts(long time.Duration) []time.Duration {
	var out []time.Duration
	for _, part := range []time.Duration{12, 6, 3, 2} {
		if short := (long / part).Round(time.Minute); short >= time.Minute && !slices.Contains(out, short) {
			out = append(out, short)
		}
	}
	return out
}

// condition returns what a policy says.
func (k knob) condition() slo.Condition {
	return slo.Condition{Test: slo.Burn, Limit: k.limit, Long: k.long, Short: k.short}
}

// policy returns a page of that condition alone.
func (k knob) policy() slo.Policy {
	p := slo.Policy{Class: slo.Page, When: []slo.Condition{k.condition()}}
	if k.minBad > 0 {
		p.MinBad = slo.NumberOf(k.minBad)
	}
	return p
}

// fits tells whether windows are made of whole steps. Half of the long window is
// only tried where a third is not.
func (k knob) fits(step time.Duration) bool {
	return k.long%step == 0 && k.short%step == 0 && (2*k.short < k.long || k.long/3%step != 0)
}

// far is 0 for 1 h at 14.4, and 1 more for every doubling or halving.
func far(long time.Duration, factor float64) float64 {
	return math.Abs(math.Log2(long.Hours())) + math.Abs(math.Log2(factor/14.4))
}

// widened returns p, the default page, with windows that a source can fill which
// counts every step: short ones of a step at least, long ones of two. Where a long
// window grows, its share of the budget stays. Conditions that become the same are one.
func widened(p slo.Policy, step time.Duration) slo.Policy {
	whole := func(d time.Duration) time.Duration { return (d + step - 1) / step * step }
	out := slo.Policy{Name: "tuned", Class: p.Class}
	for _, c := range p.When {
		long, short := max(whole(c.Long), 2*step), max(whole(c.Short), step)
		c.Limit = c.Limit.Mul(slo.NumberFrac(int64(c.Long), int64(long)))
		c.Long, c.Short = long, short
		same := func(o slo.Condition) bool { return o.Long == c.Long && o.Short == c.Short }
		if !slices.ContainsFunc(out.When, same) {
			out.When = append(out.When, c)
		}
	}
	return out
}

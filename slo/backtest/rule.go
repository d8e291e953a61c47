package backtest

import (
	"cmp"
	"math/big"
	"time"

	"github.com/nines-slo/nines/slo"
)

// DefaultMaxFalse is how many false firings a week a policy may have.
func DefaultMaxFalse() slo.Number { return slo.NumberOf(1) }

// maxFalse returns the limit that was asked for, or the default one.
func (o Options) maxFalse() slo.Number {
	if !o.MaxFalse.Known() {
		return DefaultMaxFalse()
	}
	return o.MaxFalse
}

// allowed returns how many false firings span allows: whole ones, so that a span shorter
// than it takes for one allows none.
func (o Options) allowed(span time.Duration) int {
	most := o.maxFalse().Mul(slo.NumberFrac(int64(max(span, 0)), int64(week))).Rat()
	whole := new(big.Int).Quo(most.Num(), most.Denom())
	if !whole.IsInt64() || whole.Int64() > maxAllowed {
		return maxAllowed
	}
	return int(whole.Int64())
}

// maxAllowed is more false firings than any history holds.
const maxAllowed = 1 << 40

// rule is what one stretch of history is judged by.
type rule struct{ allowed int }

// rule returns the rule for the stretch that t tells of.
func (t *Tuner) rule(of Tally) rule { return rule{t.options.allowed(of.Span)} }

// excess returns how many false firings are over the limit.
func (r rule) excess(t Tally) int { return max(0, t.False-r.allowed) }

// detection puts the policy first that keeps the limit, or is less over it, then that
// with the higher recall in time, then with the higher recall, then with the earlier
// detection.
func (r rule) detection(a, b Tally) int {
	return cmp.Or(
		cmp.Compare(r.excess(a), r.excess(b)),
		cmp.Compare(b.InTime, a.InTime),
		cmp.Compare(b.Found(), a.Found()),
		cmp.Compare(a.Delay, b.Delay))
}

// compare is detection, then fewer false firings.
func (r rule) compare(a, b Tally) int {
	return cmp.Or(r.detection(a, b), cmp.Compare(a.False, b.False))
}

// scored is a policy with how it did.
type scored struct {
	candidate
	tally Tally
}

// better puts the better of two policies first. Where their detection is equal, one
// condition is before two, then fewer false firings count, then the simpler policy.
func (t *Tuner) better(r rule, a, b scored) int {
	return cmp.Or(
		r.detection(a.tally, b.tally),
		cmp.Compare(a.conditions(), b.conditions()),
		cmp.Compare(a.tally.False, b.tally.False),
		t.order(a.candidate, b.candidate))
}

// order puts simple policies before others, and near the default before far from it.
func (t *Tuner) order(a, b candidate) int {
	return cmp.Or(
		cmp.Compare(t.knobs(a), t.knobs(b)),
		cmp.Compare(t.grid[a.a].far, t.grid[b.a].far),
		cmp.Compare(a.hold, b.hold),
		cmp.Compare(a.a, b.a),
		cmp.Compare(a.b, b.b))
}

// knobs returns how much c has besides one condition: a second one, for, min_bad.
func (t *Tuner) knobs(c candidate) int {
	n := c.conditions() - 1
	if c.hold > 0 {
		n++
	}
	if t.grid[c.a].minBad > 0 {
		n++
	}
	return n
}

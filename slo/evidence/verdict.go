package evidence

import (
	"math"
	"math/big"

	"github.com/nines-slo/nines/slo"
)

// Verdict is what an interval says about a target.
type Verdict string

const (
	Met           Verdict = "met"             // all of the interval keeps the target
	Missed        Verdict = "missed"          // none of it does
	NotEnoughData Verdict = "not_enough_data" // the target lies inside it
)

// Proves tells whether i settles that the target is met or missed. An interval
// whose end is exactly at the target keeps it, as an SLI does.
func (i Interval) Proves(target slo.Target) Verdict {
	budget := target.Budget()
	switch {
	case slo.NumberFloat(i.High).Cmp(budget) <= 0:
		return Met
	case slo.NumberFloat(i.Low).Cmp(budget) > 0:
		return Missed
	}
	return NotEnoughData
}

// BurnRate returns the interval of the burn rate: i over 1 − target. Both ends are
// ratios of 0 or more.
func (i Interval) BurnRate(target slo.Target) Interval {
	budget := target.Budget()
	return Interval{Low: slo.NumberFloat(i.Low).Quo(budget).Float(), High: slo.NumberFloat(i.High).Quo(budget).Float()}
}

// SLI returns the interval of the share of good events, low end first.
func (i Interval) SLI() Interval { return Interval{Low: 1 - i.High, High: 1 - i.Low} }

// Needed returns how many events without one bad prove the target at a confidence
// by Wilson's interval: z² × target / (1 − target), rounded up. It is unknown for a
// target of 100 %, which no number proves.
func Needed(target slo.Target, confidence slo.Number) slo.Number {
	alpha := slo.NumberOf(1).Sub(confidence).Float()
	if !(alpha > 0 && alpha < 1) || target >= slo.Full {
		return slo.Number{}
	}
	z := math.Sqrt2 * math.Erfcinv(alpha)
	n := slo.NumberFloat(z * z).Mul(target.Number()).Quo(target.Budget()).Rat()
	whole, rest := new(big.Int).QuoRem(n.Num(), n.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	return slo.NumberRat(new(big.Rat).SetInt(whole))
}

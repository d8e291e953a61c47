// Package evidence says what counts can prove: an interval that holds the
// long-run error ratio of a service at a level of confidence, given how many of
// how many events were bad, and whether that settles a target.
//
// The intervals are two-sided and take every event as a draw of its own. Failures
// that come in bursts carry less evidence than their number suggests, so that real
// intervals are wider. Slices of ratio-timeslices are means in [0, 1], whose
// variance is at most that of draws of 0 and 1 with the same mean: for them the
// interval errs on the wide side.
package evidence

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/nines-slo/nines/slo"
)

// Known tells whether m is a method: slo.Wilson, the default, is the score interval
// (Wilson, JASA 22, 1927); slo.Jeffreys is that of Brown, Cai & DasGupta (Statistical
// Science 16, 2001, §3.1.3); slo.ClopperPearson (Biometrika 26, 1934) never covers
// less than asked, often much more.
func Known(m slo.EvidenceMethod) bool {
	return m == slo.Wilson || m == slo.Jeffreys || m == slo.ClopperPearson
}

// DefaultConfidence is the level where nobody asks for another.
func DefaultConfidence() slo.Number { return slo.NumberFrac(95, 100) }

// Interval holds an error ratio: 0 ≤ Low ≤ bad/total ≤ High ≤ 1. Of an SLI it is
// [1 − High, 1 − Low].
type Interval struct{ Low, High float64 }

// Of returns the interval of an error ratio that bad of total events leave open at
// a confidence in (0, 1). Counts need not be whole. It returns false where nothing
// can be said: without events, for counts that are unknown, negative or more bad
// than total, for a confidence outside (0, 1), and for an unknown method.
func Of(m slo.EvidenceMethod, bad, total, confidence slo.Number) (Interval, bool) {
	if !Known(m) || !bad.Known() || total.Sign() <= 0 || bad.Sign() < 0 || bad.Cmp(total) > 0 {
		return Interval{}, false
	}
	alpha := slo.NumberOf(1).Sub(confidence).Float()
	if !(alpha > 0 && alpha < 1) {
		return Interval{}, false
	}
	good := total.Sub(bad)
	if bad.Cmp(good) <= 0 {
		return of(m, sample{hits: bad, misses: good, total: total}, alpha).around(bad.Quo(total)), true
	}
	i := of(m, sample{hits: good, misses: bad, total: total}, alpha) // of the smaller share, which has digits to lose
	return Interval{Low: 1 - i.High, High: 1 - i.Low}.around(bad.Quo(total)), true
}

// Over tells whether the lower end of Wilson's interval at 95 % is strictly over ratio,
// which lies in (0, 1), exactly: bad/n > ratio and (bad − n × ratio)² > z² × n × ratio ×
// (1 − ratio). It is false where Of returns false.
func Over(bad, total, ratio slo.Number) bool {
	if !bad.Known() || total.Sign() <= 0 || bad.Cmp(total) > 0 {
		return false
	}
	most := total.Mul(ratio)
	beyond := bad.Sub(most)
	if beyond.Sign() <= 0 {
		return false
	}
	variance := most.Mul(slo.NumberOf(1).Sub(ratio))
	return beyond.Mul(beyond).Cmp(variance.Mul(slo.NumberFrac(zSquared, 1e18))) > 0
}

// zSquared is z² at 95 %, 3.8414588206941259584, in units of 10^-18, rounded.
const zSquared = 3_841_458_820_694_125_958

// around widens i so that ratio lies in it, and cuts it to [0, 1].
func (i Interval) around(ratio slo.Number) Interval {
	r := ratio.Float()
	return Interval{Low: math.Max(0, math.Min(i.Low, r)), High: math.Min(1, math.Max(i.High, r))}
}

// sample is hits and misses among total events; hits are the fewer.
type sample struct{ hits, misses, total slo.Number }

func of(m slo.EvidenceMethod, s sample, alpha float64) Interval {
	ratio := s.hits.Quo(s.total).Float()
	switch n := s.total.Float(); {
	case math.IsInf(n, 1):
		return Interval{ratio, ratio} // 10³⁰⁸ events leave nothing open that a float64 could tell
	case n < 1e-9:
		return Interval{0, 1} // next to nothing, and the functions below underflow
	}
	switch m {
	case slo.Jeffreys:
		return jeffreys(s.hits.Float(), s.misses.Float(), alpha)
	case slo.ClopperPearson:
		return clopperPearson(s.hits.Float(), s.misses.Float(), alpha)
	}
	return wilson(ratio, s.misses.Quo(s.total).Float(), slo.NumberOf(1).Quo(s.total).Float(), alpha)
}

// wilson solves (p − ratio)² = z² p (1 − p) / n for p. The lower root is taken from
// the product of both, ratio² / (1 + z²/n), which cancels nothing.
func wilson(ratio, rest, perEvent, alpha float64) Interval {
	z := math.Sqrt2 * math.Erfcinv(alpha)
	w := z * z * perEvent // z²/n
	high := (2*ratio + w + math.Hypot(w, 2*math.Sqrt(w*ratio*rest))) / (2 * (1 + w))
	if high == 0 {
		return Interval{}
	}
	return Interval{Low: ratio / high * ratio / (1 + w), High: high}
}

// jeffreys returns the middle of the Beta(hits + ½, misses + ½) posterior. Without
// hits the lower limit is 0, without misses the upper 1 (Brown, Cai & DasGupta);
// below one hit, which whole counts never are, the caller pulls it down to the ratio.
func jeffreys(hits, misses, alpha float64) Interval {
	i := Interval{0, 1}
	if hits > 0 {
		i.Low = betaQuantile(hits+0.5, misses+0.5, alpha/2)
	}
	if misses > 0 {
		i.High = betaQuantile(hits+0.5, misses+0.5, 1-alpha/2)
	}
	return i
}

// clopperPearson inverts both one-sided binomial tests at alpha/2. Without hits the
// upper limit is 1 − (alpha/2)^(1/n).
func clopperPearson(hits, misses, alpha float64) Interval {
	i := Interval{0, 1}
	switch {
	case hits == 0:
		return Interval{High: -math.Expm1(math.Log(alpha/2) / misses)}
	case misses > 0:
		i.High = betaQuantile(hits+1, misses, 1-alpha/2)
	}
	if hits > 1e-3 { // below, (alpha/2)^(1/hits) is 0
		i.Low = betaQuantile(hits, misses+1, alpha/2)
	}
	return i
}

// betaQuantile returns the x at which the Beta(a, b) distribution reaches y, for a
// not far above b. The incomplete beta function loses digits where a + b is large:
// there x follows the Gamma distribution that Beta tends to for small a (Wise,
// Biometrika 37, 1950), else the normal form of Carter (Biometrika 34, 1947;
// Abramowitz & Stegun 26.5.22). All three are within 10⁻⁵ of the interval's width.
func betaQuantile(a, b, y float64) float64 {
	switch {
	case a+b <= 1e8:
		return mathext.InvRegIncBeta(a, b, y)
	case a <= 1e4:
		return -math.Expm1(-mathext.GammaIncRegInv(a, y) / (b + (a-1)/2))
	}
	z := math.Sqrt2 * math.Erfcinv(2*y)
	perA, perB := 1/(2*a-1), 1/(2*b-1)
	h, lambda := 2/(perA+perB), (z*z-3)/6
	w := z*math.Sqrt(h+lambda)/h - (perB-perA)*(lambda+5.0/6-2/(3*h))
	return a / (a + b*math.Exp(2*w))
}

package deploy

import (
	"math"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/evidence"
)

// confidence of the intervals, two-sided.
func confidence() slo.Number { return slo.NumberFrac(95, 100) }

// sample is bad of total events, as many as they are worth.
type sample struct{ bad, total slo.Number }

// over returns s with its evidence cut to 1/d of it; the ratio stays. Failures come
// in bursts, so that n events say as little as n/d that fail one by one: the
// effective sample size (Korn & Graubard, Survey Methodology 24 (1998), 193-201).
func (s sample) over(d slo.Number) sample { return sample{s.bad.Quo(d), s.total.Quo(d)} }

// Extra is how much more than a reference the hours after a deploy took: shares of
// the budget, or burn rates. All are unknown where there is no reference.
type Extra struct {
	Low, Estimate, High slo.Number
}

// times returns e in another unit.
func (e Extra) times(f slo.Number) Extra {
	return Extra{e.Low.Mul(f), e.Estimate.Mul(f), e.High.Mul(f)}
}

// difference returns the error ratio of a less that of b, with its interval:
// Newcombe's hybrid score interval, which puts together the Wilson intervals of
// both (Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10).
func difference(a, b sample) Extra {
	wa, okA := evidence.Of(slo.Wilson, a.bad, a.total, confidence())
	wb, okB := evidence.Of(slo.Wilson, b.bad, b.total, confidence())
	if !okA || !okB {
		return Extra{}
	}
	pa, pb := a.bad.Quo(a.total), b.bad.Quo(b.total)
	fa, fb := pa.Float(), pb.Float()
	d := pa.Sub(pb)
	low := math.Hypot(fa-wa.Low, wb.High-fb)
	high := math.Hypot(wa.High-fa, fb-wb.Low)
	return Extra{Low: d.Sub(slo.NumberFloat(low)), Estimate: d, High: d.Add(slo.NumberFloat(high))}
}

// dispersion returns how many times more the error ratio of the blocks of each
// group varies about that of the group than if every event failed by itself:
// Pearson's χ² over its degrees of freedom, at least 1 (McCullagh & Nelder,
// Generalized Linear Models, 2nd ed. (1989), §4.5). Blocks without events say nothing.
func dispersion(groups ...[]budget.Part) slo.Number {
	chi, freedom := 0.0, 0
	for _, blocks := range groups {
		c, f := pearson(blocks)
		chi, freedom = chi+c, freedom+f
	}
	if freedom == 0 || !(chi > float64(freedom)) {
		return slo.NumberOf(1)
	}
	return slo.NumberFloat(chi / float64(freedom))
}

// pearson returns χ² = Σ (bad − n·p)² / (n·p·(1 − p)) of blocks about their common
// error ratio p, and the degrees of freedom.
func pearson(blocks []budget.Part) (chi float64, freedom int) {
	whole := sum(blocks)
	p := whole.bad.Quo(whole.total)
	if !p.Known() {
		return 0, 0
	}
	pf, varied := p.Float(), p.Mul(slo.NumberOf(1).Sub(p)).Float()
	for _, b := range blocks {
		n := b.Counts.Total.Float()
		if !(n > 0) {
			continue
		}
		freedom++
		if off := b.Counts.Bad.Float() - n*pf; varied > 0 {
			chi += off * off / (n * varied)
		}
	}
	return chi, freedom - 1
}

// sum adds up parts.
func sum(parts []budget.Part) sample {
	s := sample{slo.NumberOf(0), slo.NumberOf(0)}
	for _, t := range parts {
		s = sample{s.bad.Add(t.Counts.Bad), s.total.Add(t.Counts.Total)}
	}
	return s
}

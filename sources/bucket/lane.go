package bucket

import (
	"math"
	"math/big"
	"time"

	"github.com/nines-slo/nines/slo"
)

// lane holds buckets that start at one phase of the step. A file has one lane
// unless the clocks change by less than a step between its rows.
type lane struct {
	phase  int64
	series *slo.Series
	frac   map[int]*fractions // of buckets that hold other counts than integers
}

// fractions add up exactly, so that the order of rows does not matter.
type fractions struct{ bad, total big.Rat }

func newLane(p slo.Period, step time.Duration, phase int64) *lane {
	return &lane{phase: phase, series: slo.NewSeries(aligned(p, int64(step/time.Second), phase), step)}
}

// aligned rounds the start of p up to the phase of the step.
func aligned(p slo.Period, step, phase int64) slo.Period {
	start := p.Start.Unix()
	if p.Start.Nanosecond() > 0 {
		start++
	}
	start += mod(phase-start, step)
	return slo.Period{Start: time.Unix(start, 0).UTC(), End: p.End.UTC()}
}

// add adds a row's counts to bucket i. It is false if whole counts then come to
// more than 2^53.
func (l *lane) add(i int, bad, total Count) bool {
	s := l.series
	if math.IsNaN(s.Total[i]) {
		s.Bad[i], s.Total[i] = 0, 0
	}
	if bad.frac == nil && total.frac == nil {
		fits := uint64(s.Total[i])+total.n <= MaxCount
		s.Bad[i] += float64(bad.n)
		s.Total[i] += float64(total.n)
		return fits
	}
	if l.frac == nil {
		l.frac = map[int]*fractions{}
	}
	if l.frac[i] == nil {
		l.frac[i] = new(fractions)
	}
	f := l.frac[i]
	f.bad.Add(&f.bad, bad.rat())
	f.total.Add(&f.total, total.rat())
	return true
}

// bucket returns the index of the bucket that starts at sec, false if it is not
// in the period.
func (l *lane) bucket(sec int64) (int, bool) {
	i := (sec - l.series.Start.Unix()) / int64(l.series.Step/time.Second)
	return int(i), sec >= l.series.Start.Unix() && i < int64(l.series.Len())
}

// finish rounds the sums with fractions, once, and returns the series in steps
// of want if that is a multiple of its own.
func (l *lane) finish(want time.Duration) *slo.Series {
	for i, f := range l.frac {
		l.series.Bad[i] = nearest(&f.bad, l.series.Bad[i])
		l.series.Total[i] = nearest(&f.total, l.series.Total[i])
	}
	if want > l.series.Step && want%l.series.Step == 0 {
		return coarsen(l.series, int(want/l.series.Step))
	}
	return l.series
}

func nearest(frac *big.Rat, whole float64) float64 {
	sum, _ := new(big.Rat).Add(frac, new(big.Rat).SetFloat64(whole)).Float64()
	return sum
}

// coarsen joins n buckets into one, which was measured if all of them were.
func coarsen(s *slo.Series, n int) *slo.Series {
	out := slo.NewSeries(slo.Period{Start: s.Start, End: s.End()}, s.Step*time.Duration(n))
	for i := range out.Len() {
		var bad, total slo.Sum
		measured := true
		for j := i * n; j < (i+1)*n && measured; j++ {
			if measured = s.Measured(j); measured {
				bad.Add(s.Bad[j])
				total.Add(s.Total[j])
			}
		}
		if measured {
			out.Bad[i], out.Total[i] = bad.Number().Float(), total.Number().Float()
		}
	}
	return out
}

package tally

import (
	"math"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// observer counts one series of native histograms.
type observer struct {
	counter *hist.Counter
	first   hist.Change
	begun   bool
	hour    int64 // of the percentiles that it adds to
}

// observe takes native histograms.
func (s *series) observe(times []int64, histograms []sample.Histogram) {
	if s.native == nil {
		s.native = &observer{counter: hist.NewCounter(*s.side.limit)}
	}
	one := make([]int64, 0, len(times))
	for i := range histograms {
		s.spread(times[i])
		c := s.native.counter.Add(&histograms[i])
		switch c.Kind {
		case hist.Ended:
			continue
		case hist.Gauge, hist.Broken:
			s.side.of.wrong(s.side, "histogram", "%s at %s is no histogram of events that adds up",
				s.labels, stamp(times[i])).
				hint("is it a gauge histogram, or damaged?")
			return
		}
		one = append(one, times[i])
		bucket := s.side.of.grid.bucket(times[i])
		switch {
		case !s.native.begun:
			s.native.begun, s.native.first = true, c
		case s.copy != nil:
			s.copy.observe(bucket, c)
		default:
			s.part.observe(bucket, c)
		}
	}
	if len(one) > 0 {
		s.keepTime(one)
	}
}

// observe adds what a replica saw to a bucket.
func (r *replica) observe(bucket int, c hist.Change) {
	if !r.of.side.of.grid.has(bucket) {
		return
	}
	r.cells.At(bucket).n++
	sum := r.seen.At(bucket)
	sum.Total, sum.Low, sum.High = sum.Total+c.Total, sum.Low+c.Low, sum.High+c.High
}

// observe adds what a histogram saw to a bucket.
func (p *part) observe(bucket int, c hist.Change) {
	if p.of.fractions(c) {
		p.refine()
	}
	for side, n := range [...]float64{total: c.Total, share: c.Low, upper: c.High} {
		units := uint64(slo.MaxUnits + 1)
		if n < slo.MaxUnits {
			units = numberOf(n).since(number{}, p.fine)
		}
		p.add(side, bucket, units)
	}
}

// fractions tells whether counts of a histogram are no whole numbers, which the answer
// says then.
func (a *asked) fractions(c hist.Change) bool {
	for _, n := range [...]float64{c.Total, c.Low, c.High} {
		if n != math.Floor(n) {
			a.sides[0].rounded = true
			return true
		}
	}
	return false
}

// spread has what the next histogram adds go to the percentiles of its hour.
func (s *series) spread(at int64) {
	if !s.side.of.req.Percentiles || s.copy != nil {
		return
	}
	hour := Bucket(at, time.Hour)
	if hour == s.native.hour {
		return
	}
	s.native.hour = hour
	if s.part.hours == nil {
		s.part.hours = map[int64]*hist.Spread{}
	}
	if s.part.hours[hour] == nil {
		s.part.hours[hour] = &hist.Spread{}
	}
	s.native.counter.Into(s.part.hours[hour])
}

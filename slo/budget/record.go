package budget

import (
	"fmt"
	"math/big"
	"time"

	"github.com/nines-slo/nines/slo"
)

// record is what was counted of an objective: the buckets with the exclusions laid
// over them, and the slices made of them. It adds up stretches of time, and judges
// nothing.
//
// A bucket belongs to the period in which it starts. It is excluded if all of it
// lies in exclusions.
type record struct {
	slo        slo.SLO
	data       *slo.Series
	first      time.Time // of data.First
	born       time.Time // the first instant of which anything can be known or was promised
	exclusions *exclusions
	recurring  *exclusions // those of them that are the shape of the promise
	excluded   []bool      // per bucket
	slices     []slice     // of the slice methods, in order
}

// slice is one slice of time with the buckets [i, j) that start in it.
type slice struct {
	period   slo.Period
	i, j     int
	bad      *big.Rat // of 1, which a slice counts; nil if it is left out
	measured bool     // some of it was
	excluded bool     // all of it is
}

func newRecord(s slo.SLO, data *slo.Series) (*record, error) {
	r := &record{slo: s, data: data, first: data.First(), born: s.Since, exclusions: &exclusions{rules: s.Exclusions},
		recurring: &exclusions{}}
	for _, e := range s.Exclusions {
		if e.Recurs(s.Window) {
			r.recurring.rules = append(r.recurring.rules, e)
		}
	}
	if s.Since.IsZero() {
		r.born = r.first
	}
	r.excluded = coveredBuckets(data, r.exclusions.in(r.span()))
	if !s.Budgeting.Slices() || data.Len() == 0 {
		return r, nil
	}
	if s.Budgeting.Slice%data.Step != 0 {
		return nil, fmt.Errorf("slices of %s are not made of whole buckets: the source counts every %s",
			slo.FormatDuration(s.Budgeting.Slice), slo.FormatDuration(data.Step))
	}
	r.slices = r.locate(r.span(), s.Budgeting.Slice)
	for i := range r.slices {
		r.judge(&r.slices[i])
	}
	return r, nil
}

// counts tells whether bucket i adds to the sums: it was measured and is not excluded.
func (r *record) counts(i int) bool { return !r.excluded[i] && r.data.Measured(i) }

// unborn tells whether s is a gap before the first data or the promise. It does not
// count, even where gaps do.
func (r *record) unborn(s slice) bool {
	return r.filled() && !s.measured && !s.period.End.After(r.born)
}

// coveredBuckets marks the buckets of data that lie wholly in periods, which are
// sorted and disjoint.
func coveredBuckets(data *slo.Series, periods []slo.Period) []bool {
	covered := make([]bool, data.Len())
	for _, p := range periods {
		for i := data.Index(p.Start); i < data.Len() && !data.Time(i+1).After(p.End); i++ {
			covered[i] = true
		}
	}
	return covered
}

// span is the time of the buckets.
func (r *record) span() slo.Period { return slo.Period{Start: r.data.Start, End: r.data.End()} }

// locate returns the slices of that length that touch span. They start at local
// midnight; where a day ends early with its clock change, so does the last one.
func (r *record) locate(span slo.Period, length time.Duration) []slice {
	out := make([]slice, 0, max(0, span.Length()/length)+2)
	eachSlice(span, length, r.slo.Window.Location(), func(p slo.Period) {
		s := slice{period: p, j: r.data.Index(p.End)}
		if n := len(out); n > 0 && out[n-1].period.End.Equal(p.Start) {
			s.i = out[n-1].j
		} else {
			s.i = r.data.Index(p.Start)
		}
		out = append(out, s)
	})
	return out
}

// eachSlice calls f with the slices of every local day that touches span, in order.
func eachSlice(span slo.Period, length time.Duration, zone *time.Location, f func(slo.Period)) {
	if span.Empty() {
		return
	}
	eachDay(span, zone, func(_ slo.Date, day slo.Period) {
		for start := day.Start; start.Before(day.End); start = start.Add(length) {
			p := slo.Period{Start: start, End: start.Add(length)}
			if p.End.After(day.End) {
				p.End = day.End
			}
			if p.End.After(span.Start) && p.Start.Before(span.End) {
				f(p)
			}
		}
	})
}

// eachDay calls f with every local day that touches span, in order and whole.
func eachDay(span slo.Period, zone *time.Location, f func(slo.Date, slo.Period)) {
	window := slo.Window{Unit: slo.Day, Zone: zone}
	for p := window.Bounds(span.Start); p.Start.Before(span.End); p = window.Bounds(p.End) {
		f(slo.DateOf(p.End.Add(-1), zone), p)
	}
}

// judge fills in what a slice counts, from its measured, not excluded buckets.
func (r *record) judge(s *slice) {
	t := r.add(s.i, s.j)
	s.measured, s.excluded = t.measured > 0, s.i < s.j && t.buckets == 0
	b := r.slo.Budgeting
	switch {
	case s.excluded, s.i == s.j: // over a clock change, no bucket may start in a slice
	case !s.measured && b.Gaps == slo.GapsBad, s.measured && t.total.IsZero() && b.NoTraffic == slo.NoTrafficBad:
		s.bad = one
	case !s.measured && b.Gaps == slo.GapsGood:
		s.bad = zero
	case !s.measured, t.total.IsZero():
	case t.bad.IsZero():
		s.bad = zero
	default:
		events := t.tally()
		s.bad = sliceBad(b, events.bad, events.total)
	}
}

var zero, one = new(big.Rat), big.NewRat(1, 1)

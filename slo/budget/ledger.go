package budget

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Ledger is an objective with its counts, made ready for judging: exclusions are
// laid over the buckets and slices are located. All figures come from it.
//
// A bucket belongs to the period in which it starts. It is excluded if all of it
// lies in exclusions. A Ledger is for one goroutine.
type Ledger struct {
	slo      slo.SLO
	data     *slo.Series
	time     *excluded
	excluded []bool    // per bucket
	slices   []slice   // of the slice methods, in order
	born     time.Time // the first instant of which anything can be known or was promised
	meter    *Meter    // made when it is asked for
}

// slice is one slice of time with the buckets [i, j) that start in it.
type slice struct {
	slo.Period
	i, j int
	worth
}

// worth is what a judged slice counts: bad of 1, or nothing at all.
type worth struct {
	bad      *big.Rat // in [0, 1]; nil if the slice is left out
	measured bool     // some of it was
	excluded bool     // all of it is
}

// New returns the ledger of s over data. It returns an error if the slices of s
// are not made of whole buckets.
func New(s slo.SLO, data *slo.Series) (*Ledger, error) {
	l := &Ledger{slo: s, data: data, time: &excluded{rules: s.Exclusions}, born: s.Since}
	if s.Since.IsZero() {
		l.born = data.First()
	}
	l.excluded = coveredBuckets(data, l.time.in(l.span()))
	if !s.Budgeting.Slices() || data.Len() == 0 {
		return l, nil
	}
	if s.Budgeting.Slice%data.Step != 0 {
		return nil, fmt.Errorf("slices of %s are not made of whole buckets: the source counts every %s",
			slo.FormatDuration(s.Budgeting.Slice), slo.FormatDuration(data.Step))
	}
	l.slices = l.locate(l.span(), s.Budgeting.Slice)
	for i := range l.slices {
		l.slices[i].worth = l.judge(l.slices[i])
	}
	return l, nil
}

// counts tells whether bucket i adds to the sums: it was measured and is not excluded.
func (l *Ledger) counts(i int) bool { return !l.excluded[i] && l.data.Measured(i) }

// unborn tells whether s is a gap before anything could be known, which is worth
// nothing even where gaps are.
func (l *Ledger) unborn(s slice) bool {
	return l.filled() && !s.measured && !s.End.After(l.born)
}

// SLO returns the objective.
func (l *Ledger) SLO() slo.SLO { return l.slo }

// Continue returns what l would be if after the first k buckets n more followed in
// which total events were valid and none was bad.
func (l *Ledger) Continue(k, n int, total float64) *Ledger {
	p := slo.Period{Start: l.data.Start, End: l.data.Time(k + n)}
	data := slo.NewSeries(p, l.data.Step)
	data.Oldest = l.data.Oldest
	copy(data.Bad, l.data.Bad[:k])
	copy(data.Total, l.data.Total[:k])
	for i := k; i < k+n; i++ {
		data.Bad[i], data.Total[i] = 0, total
	}
	next, err := New(l.slo, data)
	if err != nil {
		panic(err) // l has the same steps and slices
	}
	return next
}

// Exclusions returns the excluded time of each exclusion of the objective in p.
func (l *Ledger) Exclusions(p slo.Period) [][]slo.Period { return l.time.each(p) }

// excluded expands exclusions once, for as much time as was asked for.
type excluded struct {
	rules []slo.Exclusion
	span  slo.Period
	found [][]slo.Period // per rule, over span
}

// each returns the periods of each rule within p.
func (x *excluded) each(p slo.Period) [][]slo.Period {
	if len(x.rules) == 0 || p.Empty() {
		return make([][]slo.Period, len(x.rules))
	}
	if !x.span.Covers(p) || x.found == nil {
		x.span, x.found = x.span.Hull(p), nil
		for _, rule := range x.rules {
			x.found = append(x.found, rule.Periods(x.span))
		}
	}
	out := make([][]slo.Period, len(x.found))
	for i, periods := range x.found {
		for _, q := range periods {
			if in := q.Intersect(p); !in.Empty() {
				out[i] = append(out[i], in)
			}
		}
	}
	return out
}

// in returns the union of all rules within p.
func (x *excluded) in(p slo.Period) []slo.Period {
	return slo.Union(slices.Concat(x.each(p)...))
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

// span is the time that the data may cover.
func (l *Ledger) span() slo.Period { return slo.Period{Start: l.data.Start, End: l.data.End()} }

// locate returns the slices of that length that touch span. They start at local
// midnight; where a day ends early with its clock change, so does the last one.
func (l *Ledger) locate(span slo.Period, length time.Duration) []slice {
	out := make([]slice, 0, max(0, span.Length()/length)+2)
	eachSlice(span, length, l.slo.Window.Location(), func(p slo.Period) {
		s := slice{Period: p, j: l.data.Index(p.End)}
		if n := len(out); n > 0 && out[n-1].End.Equal(p.Start) {
			s.i = out[n-1].j
		} else {
			s.i = l.data.Index(p.Start)
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

// judge says what a slice counts, from its measured, not excluded buckets.
func (l *Ledger) judge(s slice) worth {
	t := l.add(s.i, s.j)
	w := worth{measured: t.measured > 0, excluded: s.i < s.j && t.buckets == 0}
	b := l.slo.Budgeting
	switch {
	case w.excluded:
	case !w.measured && b.Gaps == slo.GapsBad, w.measured && t.total.IsZero() && b.NoTraffic == slo.NoTrafficBad:
		w.bad = one
	case !w.measured && b.Gaps == slo.GapsGood:
		w.bad = zero
	case !w.measured, t.total.IsZero():
	case t.bad.IsZero():
		w.bad = zero
	default:
		w.bad = sliceBad(b, t.bad.Number(), t.total.Number())
	}
	return w
}

var zero, one = new(big.Rat), big.NewRat(1, 1)

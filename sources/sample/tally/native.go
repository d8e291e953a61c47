package tally

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
	"github.com/nines-slo/nines/sources/sparse"
)

// observer counts one series of native histograms.
type observer struct {
	counter *hist.Counter
	first   hist.Change
	begun   bool
	hour    int64 // of the percentiles that it adds to
	last    int64 // sample
	over    int64 // samples with more events at or below the limit than events
	overAt  int64 // the first of them
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
		if c.Kind == hist.Ended {
			continue
		}
		if !s.sound(times[i], c) {
			return
		}
		one = append(one, times[i])
		s.native.last = times[i]
		switch {
		case s.copy != nil:
			s.copy.observe(times[i], c, s.native.counter.Holds())
		case !s.native.begun:
			s.native.begun, s.native.first = true, c
		default:
			s.part.observe(s.side.of.grid.bucket(times[i]), c)
		}
	}
	if len(one) > 0 {
		s.keepTime(one)
	}
}

// sound refuses what is no histogram of events, and notes what is odd about one that is.
func (s *series) sound(at int64, c hist.Change) bool {
	all := s.native.counter.Holds().Total
	switch {
	case c.Kind == hist.Gauge, c.Kind == hist.Broken:
		s.side.of.wrong(s.side, "histogram", "%s at %s is no histogram of events that adds up", s.labels, stamp(at)).
			hint("is it a gauge histogram, or damaged?")
		return false
	case all >= 1<<63:
		s.side.of.wrong(s.side, "sample", "%s holds %v events at %s, as no histogram can", s.labels, all, stamp(at))
		return false
	case all > slo.MaxUnits:
		s.side.rounded = true
	}
	for _, n := range [...]float64{c.Total, c.Low, c.High} {
		if n != math.Floor(n) {
			s.refine()
		}
	}
	if c.Over {
		if s.native.over++; s.native.over == 1 {
			s.native.overAt = at
		}
	}
	return true
}

// observe adds what a histogram saw to a bucket.
func (p *part) observe(bucket int, c hist.Change) {
	for side, n := range [...]float64{total: c.Total, share: c.Low, upper: c.High} {
		units := uint64(slo.MaxUnits + 1)
		if n < slo.MaxUnits {
			units = numberOf(n).since(number{}, p.fine)
		}
		p.add(side, bucket, units)
	}
}

// below is what a native histogram holds at or below the limit: so many events for sure,
// which are those up to a bound, and so many at most, up to the next one.
type below struct {
	low, high number
	from, to  float64 // the bounds; the limit itself if it is one
}

func belowOf(h hist.Content) below {
	return below{numberOf(h.Low), numberOf(h.High), h.From, h.To}
}

// since returns what b has more than one before it, of so many events that came in between.
// Of those that other bounds part nothing is known.
func (b below) since(was below, events uint64, fine bool) (low, high uint64) {
	if b.from != was.from || b.to != was.to {
		return 0, events
	}
	return b.low.beyond(was.low, fine), b.high.beyond(was.high, fine)
}

// shares is what a replica knows of a native histogram beside its events.
type shares struct {
	cells sparse.Array[shared]
	began hist.Change
	first below
	base  below // the last before the first bucket
	last  below
}

// shared is what lies at or below the limit in the samples of a cell.
type shared struct {
	first, last below
	low, high   uint64 // counted from first to last
}

// hour is what a replica saw in one.
type hour struct {
	spread hist.Spread
	n      int // samples
}

// observe takes a native histogram.
func (r *replica) observe(at int64, c hist.Change, holds hist.Content) {
	if r.native == nil {
		r.native = &shares{began: c, first: belowOf(holds)}
	}
	now := belowOf(holds)
	switch b := r.of.side.of.grid.bucket(at); {
	case b < 0:
		r.native.base = now
	case r.of.side.of.grid.has(b):
		r.native.add(r.native.cells.At(b), r.cells.Get(b).n == 0, now, c, r.of.fine)
	}
	r.native.last = now
	r.see(at, numberOf(holds.Total), c.Kind == hist.Restarted)
}

// add adds a sample to a cell.
func (s *shares) add(cell *shared, first bool, now below, c hist.Change, fine bool) {
	switch {
	case first:
		cell.first = now
	case c.Kind != hist.Restarted && now.from == s.last.from && now.to == s.last.to:
		low, high := now.since(s.last, 0, fine)
		cell.low, cell.high = cell.low+low, cell.high+high
	default: // of bounds that changed the counter knows what it can
		cell.low += numberOf(c.Low).since(number{}, fine)
		cell.high += numberOf(c.High).since(number{}, fine)
	}
	cell.last = now
}

// refine counts in 10^-6 from now on.
func (s *shares) refine() {
	if s == nil {
		return
	}
	for _, c := range s.cells.All() {
		c.low, c.high = inMicro(c.low), inMicro(c.high)
	}
}

// before returns what the last histogram before the first bucket holds.
func (s *shares) before() (b below) {
	if s != nil {
		b = s.base
	}
	return b
}

// shares returns what of the events that a cell counts lies at or below the limit.
func (t turn) shares(c cell, s shared, w *walk, events uint64) (low, high uint64) {
	fine := w.group.fine
	switch t {
	case ahead:
		low, high = s.first.since(w.below, c.first.since(w.level, fine), fine)
		low, high = low+s.low, high+s.high
	case restarted:
		low, high = s.low+s.first.low.since(number{}, fine), s.high+s.first.high.since(number{}, fine)
	case behind:
		low, high = s.last.since(w.below, events, fine)
	default:
		low, high = s.low, s.high
	}
	return min(low, high, events), min(high, events)
}

// spread has what the next histogram adds go to the percentiles of its hour.
func (s *series) spread(at int64) {
	if !s.side.of.req.Percentiles {
		return
	}
	start, before := Bucket(at, time.Hour), s.native.hour
	s.native.hour = start
	switch {
	case s.copy != nil:
		s.copy.spread(at, start, before)
	case start != before:
		s.native.counter.Into(s.part.hour(start))
	}
}

// hour returns the percentiles of one.
func (p *part) hour(start int64) *hist.Spread {
	if p.hours == nil {
		p.hours = map[int64]*hist.Spread{}
	}
	if p.hours[start] == nil {
		p.hours[start] = &hist.Spread{}
	}
	return p.hours[start]
}

// spread is that of a replica. What came in a pause that ends in another hour goes to none:
// others may have told it.
func (r *replica) spread(at, start, before int64) {
	n := r.series.native
	if start != before && n.last > 0 && long(at-n.last, cmp.Or(r.series.rhythm.interval(), usual)) {
		n.counter.Into(nil)
		n.hour = 0
		return
	}
	if r.hours == nil {
		r.hours = map[int64]*hour{}
	}
	if r.hours[start] == nil {
		r.hours[start] = &hour{}
	}
	if r.hours[start].n++; start != before {
		n.counter.Into(&r.hours[start].spread)
	}
}

// spreads adds to the percentiles of each hour what the replica saw that has the most
// samples in it, the same as before where several have as many.
func (g *group) spreads() {
	all := map[int64]bool{}
	for _, r := range g.copies {
		for start := range r.hours {
			all[start] = true
		}
	}
	now := -1
	for _, start := range slices.Sorted(maps.Keys(all)) {
		best, most := -1, 0
		for i, r := range g.copies {
			if one := r.hours[start]; one != nil && (one.n > most || one.n == most && i == now) {
				best, most = i, one.n
			}
		}
		g.part.hour(start).Add(&g.copies[best].hours[start].spread)
		now = best
	}
}

// excess tells of native histograms whose buckets hold more events than there are.
func (s *side) excess() []diag.Finding {
	n, of := int64(0), (*series)(nil)
	for _, one := range s.series {
		if one == nil || one.native == nil || one.native.over == 0 {
			continue
		}
		if n += one.native.over; of == nil || one.native.overAt < of.native.overAt {
			of = one
		}
	}
	if n == 0 {
		return nil
	}
	return []diag.Finding{s.warn("excess", "%s more events at or below %s than events at all, "+
		"the first that of %s at %s: no more are taken for good than there are",
		count(n, "histogram", "has", "have"), s.limit, of.labels, stamp(of.native.overAt)).
		WithHint("the exporter is broken: its buckets do not add up")}
}

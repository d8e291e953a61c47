package hist

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Track is one histogram whose buckets, or whose kind, change in its life. It holds its
// samples: 16 bytes for each of a classic bucket, some 90 for each native histogram.
//
// At each scrape those buckets count that there are then. Where there are classic and
// native ones those count that did at the scrape before, at first the classic ones. From one
// scrape to the next came what their counts differ by: by a bound that both have, and else
// what it is at least and at most. A count that fell is a restart.
type Track struct {
	limit  Limit
	bounds []*tracked
	all    tracked // of +Inf
	count  tracked // of _count, which counts where +Inf does not
	native []nativeScrape
}

// tracked are the samples of a classic bucket.
type tracked struct {
	exact  *big.Rat
	at     float64
	times  []int64
	values []float64
	next   int // sample
}

type nativeScrape struct {
	at     int64
	change Change
	holds  Content
}

// Course is what a Track held at each scrape, as three counters.
type Course struct {
	Times            []int64
	Total, Low, High []float64

	Native      bool    // it began as a native histogram
	Parted      bool    // the limit lay between two bounds, the first time these:
	From, To    float64 // −Inf is under all buckets, +Inf over all
	Under, Over bool    // of classic buckets one at or below the limit was missing, or one at or above it
}

// NewTrack returns a track without samples.
func NewTrack(l Limit) *Track { return &Track{limit: l} }

// Classic takes samples of a bucket, in order of time: of the bound le, "" of _count. None
// is a stale marker.
func (t *Track) Classic(le string, times []int64, values []float64) {
	to := t.of(le)
	to.times, to.values = append(to.times, times...), append(to.values, values...)
}

// of returns the bucket of a bound. Two texts of one number are one.
func (t *Track) of(le string) *tracked {
	exact := decimal(le)
	switch {
	case le == "":
		return &t.count
	case exact == nil:
		return &t.all
	}
	i, found := slices.BinarySearchFunc(t.bounds, exact, func(b *tracked, at *big.Rat) int { return b.exact.Cmp(at) })
	if !found {
		at, _ := exact.Float64()
		t.bounds = slices.Insert(t.bounds, i, &tracked{exact: exact, at: at})
	}
	return t.bounds[i]
}

// Native takes a native histogram: what a Counter says of it.
func (t *Track) Native(at int64, c Change, holds Content) {
	t.native = append(t.native, nativeScrape{at, c, holds})
}

// state is what a track has at a scrape.
type state struct {
	native           bool
	total, low, high float64
	counts           []float64 // by bound; NaN: not there
	change           Change    // of a native histogram
	from, to         float64
}

// Course returns what the track held.
func (t *Track) Course() Course {
	for _, b := range append(t.bounds, &t.all, &t.count) {
		b.sort()
	}
	var out Course
	var last *state
	for next := 0; ; {
		now, at := t.scrape(last, &next)
		if now == nil {
			return out
		}
		out.see(now, last == nil)
		total, low, high := now.total, now.low, now.high
		if last != nil {
			n := len(out.Times) - 1
			more, anew := t.since(last, now)
			total, low, high = goOn(out.Total[n], more.total, anew), goOn(out.Low[n], more.low, anew), goOn(out.High[n], more.high, anew)
		}
		out.Times = append(out.Times, at)
		out.Total, out.Low, out.High = append(out.Total, total), append(out.Low, low), append(out.High, high)
		last = now
	}
}

// goOn returns the next value of a counter. One that began anew falls to it, if that is a fall.
func goOn(last, more float64, anew bool) float64 {
	if anew && more < last {
		return more
	}
	return last + more
}

// see notes which bounds there were at a scrape.
func (c *Course) see(now *state, first bool) {
	c.Native = c.Native || first && now.native
	if now.from != now.to && !c.Parted {
		c.Parted, c.From, c.To = true, now.from, now.to
	}
	c.Under = c.Under || !now.native && math.IsInf(now.from, -1)
	c.Over = c.Over || !now.native && math.IsInf(now.to, 1)
}

// sort brings samples in order, if several texts of one bound had them.
func (b *tracked) sort() {
	b.next = 0
	if slices.IsSorted(b.times) {
		return
	}
	order := make([]int, len(b.times))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(b.times[i], b.times[k]) })
	times, values := make([]int64, len(order)), make([]float64, len(order))
	for to, i := range order {
		times[to], values[to] = b.times[i], b.values[i]
	}
	b.times, b.values = times, values
}

// due returns the time of the next sample, that of no scrape if there is none.
func (b *tracked) due() int64 {
	if b.next == len(b.times) {
		return math.MaxInt64
	}
	return b.times[b.next]
}

// take returns the sample at an instant, NaN if there is none.
func (b *tracked) take(at int64) float64 {
	n := math.NaN()
	for b.due() <= at {
		if b.due() == at {
			n = b.values[b.next]
		}
		b.next++
	}
	return n
}

// scrape returns what the track has at the next scrape, nil if there is none.
func (t *Track) scrape(last *state, next *int) (now *state, at int64) {
	classic, native := min(t.all.due(), t.count.due()), int64(math.MaxInt64)
	if *next < len(t.native) {
		native = t.native[*next].at
	}
	if at = min(classic, native); at == math.MaxInt64 {
		return nil, 0
	}
	if native == at {
		one := t.native[*next]
		*next++
		now = &state{native: true, total: one.holds.Total, low: one.holds.Low, high: one.holds.High,
			change: one.change, from: one.holds.From, to: one.holds.To}
	}
	if classic == at {
		if one := t.classic(at); now == nil || last == nil || !last.native {
			now = one
		}
	}
	return now, at
}

// classic returns what the classic buckets hold at a scrape.
func (t *Track) classic(at int64) *state {
	now := &state{total: t.all.take(at), from: math.Inf(-1), to: math.Inf(1)}
	if n := t.count.take(at); math.IsNaN(now.total) {
		now.total = n
	}
	now.high = now.total
	for _, b := range t.bounds {
		n := b.take(at)
		now.counts = append(now.counts, n)
		side := b.exact.Cmp(t.limit.exact)
		if !math.IsNaN(n) && side <= 0 {
			now.from, now.low = b.at, n
		}
		if !math.IsNaN(n) && side >= 0 && math.IsInf(now.to, 1) {
			now.to, now.high = b.at, n
		}
	}
	return now
}

// since returns what came between two scrapes, and whether the histogram began anew there.
func (t *Track) since(last, now *state) (more counts, anew bool) {
	held := counts{now.total, now.low, now.high}
	if last.native && now.native {
		return counts{now.change.Total, now.change.Low, now.change.High}, now.change.Kind == Restarted
	}
	more = counts{now.total - last.total, max(0, now.low-last.high), now.high - last.low}
	if more.total < 0 || more.high < 0 {
		return held, true
	}
	more.high = min(more.high, more.total)
	found := false
	for i := range min(len(now.counts), len(last.counts)) {
		n := now.counts[i] - last.counts[i]
		side := t.bounds[i].exact.Cmp(t.limit.exact)
		switch {
		case math.IsNaN(n):
			continue
		case n < 0:
			return held, true
		}
		if side <= 0 {
			more.low = max(more.low, n)
		}
		if side >= 0 && !found {
			more.high, found = min(more.high, n), true
		}
	}
	more.high = max(more.low, more.high) // else buckets were written while events came in
	return more, false
}

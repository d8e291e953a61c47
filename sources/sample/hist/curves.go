package hist

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/nines-slo/nines/slo/order"
)

// curves are the buckets of histograms of several layouts. How many events of one layout
// are at or below a value is a line through its bounds; of all it is the sum of those lines.
type curves []span

// quantile returns the value at or below which rank events are. The event of that rank, rounded
// up, lies within the bounds for sure: at Low or below there are fewer, even if each is where its
// bucket begins, and at High there are enough, even if each is where its bucket ends.
func (c curves) quantile(rank float64) Quantile {
	var q Quantile
	q.Low = c.reaches(rank, func(b span) float64 { return b.low })
	q.High = c.reaches(rank, func(b span) float64 { return b.high })
	if math.IsInf(q.High, 1) {
		q.Value = q.Low
		if math.IsInf(q.Low, -1) {
			q.Value = c.lowest()
		}
		return q
	}
	q.Value = max(min(c.crosses(rank), q.High), q.Low)
	return q
}

// reaches returns where the counts of the buckets reach rank, each of which counts at one place.
func (c curves) reaches(rank float64, place func(span) float64) float64 {
	order.Stable(c, func(a, b span) int { return cmp.Compare(place(a), place(b)) })
	var seen float64
	for _, b := range c {
		if seen += b.count; seen >= rank {
			return place(b)
		}
	}
	return place(c[len(c)-1])
}

// lowest returns where the first of the buckets is taken to begin, as that of one that has no
// other bound.
func (c curves) lowest() float64 {
	low := math.Inf(1)
	for _, b := range c {
		if !math.IsInf(b.from, -1) {
			low = min(low, b.from)
		}
	}
	if math.IsInf(low, 1) {
		return 0
	}
	return low
}

// crosses returns where the sum of the lines crosses rank.
func (c curves) crosses(rank float64) float64 {
	var bends []float64
	for _, b := range c {
		for _, at := range []float64{b.from, b.to} {
			if !math.IsInf(at, 0) {
				bends = append(bends, at)
			}
		}
	}
	slices.Sort(bends)
	bends = slices.Compact(bends)
	i := sort.Search(len(bends), func(i int) bool { return c.below(bends[i]) >= rank })
	switch {
	case i == len(bends): // by rounding
		return math.Inf(1)
	case i == 0:
		return bends[0]
	}
	from, to := bends[i-1], bends[i]
	before, steps := c.below(from), c.steps(to)
	rise := c.below(to) - steps - before
	if rise < rank-before {
		return to
	}
	return from + (to-from)*(rank-before)/rise
}

// below returns how many events are taken to be at or below a value.
func (c curves) below(at float64) (n float64) {
	for _, b := range c {
		switch {
		case at >= b.to:
			n += b.count
		case at > b.from && !math.IsInf(b.from, -1) && !math.IsInf(b.to, 1):
			n += b.count * (at - b.from) / (b.to - b.from)
		}
	}
	return n
}

// steps returns how many events are taken to be at a value itself: those of buckets that begin
// nowhere.
func (c curves) steps(at float64) (n float64) {
	for _, b := range c {
		if b.to == at && (math.IsInf(b.from, -1) || b.from == at) {
			n += b.count
		}
	}
	return n
}

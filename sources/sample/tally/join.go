package tally

import (
	"slices"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

// counted are the counts of one bucket.
type counted struct {
	all, part uint64 // part: good, or bad events
	most      uint64 // good events at most, where histograms do not tell exactly
	is        bool   // it was measured
	odd       bool   // it is not, since its part is more than all
}

// joined is a label set's two counts in one.
type joined struct {
	first   int // the index of the first bucket; those before it and behind the last were not measured
	buckets []counted
	bad     bool   // the parts are bad events, not good ones
	over    []int  // buckets that were not measured, since their part is more than all
	most    uint64 // by which, in the first of them
}

// patience is how long after a bucket its excess may find room.
const patience = 60

// join joins the sides of a part. What it returns is good until the next one.
func (p *part) join() *joined {
	a := p.of
	from, to := a.grid.n, 0
	for _, side := range []int{total, share} {
		if first, end := p.counts[side].Span(); first < end {
			from, to = min(from, first), max(to, end)
		}
	}
	to = min(to, a.grid.n)
	from = min(from, to)
	a.room.buckets = slices.Grow(a.room.buckets[:0], to-from)[:to-from]
	j := &joined{first: from, buckets: a.room.buckets, bad: a.parted() == spec.Bad}
	p.fill(j)
	if !a.adds() {
		j.level(func(i int) bool { return p.paused[share].Get(from + i) })
	}
	exact := p.counts[upper].Empty()
	for i := range j.buckets {
		b := &j.buckets[i]
		if b.most = b.part; !exact {
			b.most = min(max(b.part, max(p.counts[upper].Get(from+i), 1)-1), b.all)
		}
	}
	return j
}

// fill sets the buckets of j to what the sides have.
func (p *part) fill(j *joined) {
	both, evaluated := p.of.adds(), p.of.counts()
	for i := 0; i < len(j.buckets); {
		all, next := p.counts[total].Held(j.first + i)
		part, _ := p.counts[share].Held(j.first + i)
		for k := range min(next-j.first, len(j.buckets)) - i {
			b, t, s := &j.buckets[i], nth(all, k), nth(part, k)
			*b = counted{is: t > 0 || both && s > 0}
			if b.is && evaluated {
				b.is = p.known(j.first + i)
			}
			switch {
			case !b.is:
			case both: // good and bad events
				b.all, b.part = max(t, 1)-1+max(s, 1)-1, max(s, 1)-1
			default:
				b.all, b.part = t-1, max(s, 1)-1
				if evaluated && p.fine && b.part > b.all && b.part-b.all <= slack(b.all) {
					b.part = b.all
				}
			}
			i++
		}
	}
}

// nth returns count k of those that are held together, 0 if none of them is.
func nth(counts []uint64, k int) uint64 {
	if k < len(counts) {
		return counts[k]
	}
	return 0
}

// excess is what a bucket has more of the part than of all.
type excess struct {
	bucket int
	left   uint64
}

// level moves what a bucket has more of the part than of all to where there is room: to
// the bucket before, and all those of a pause before that, else to those that come.
func (j *joined) level(paused func(int) bool) {
	var waiting []excess
	for i := range j.buckets {
		b := &j.buckets[i]
		for len(waiting) > 0 && waiting[0].bucket < i-patience {
			j.refuse(waiting[0])
			waiting = waiting[1:]
		}
		if !b.is {
			continue
		}
		if b.part > b.all {
			e := excess{i, b.part - b.all}
			b.part = b.all
			e.left = j.back(i, e.left, paused)
			if e.left > 0 {
				waiting = append(waiting, e)
			}
			continue
		}
		for len(waiting) > 0 && b.part < b.all {
			moved := min(waiting[0].left, b.all-b.part)
			b.part += moved
			if waiting[0].left -= moved; waiting[0].left == 0 {
				waiting = waiting[1:]
			}
		}
	}
	for _, e := range waiting {
		j.refuse(e)
	}
}

// back fills the room before bucket i, and returns what is left.
func (j *joined) back(i int, left uint64, paused func(int) bool) uint64 {
	for k := i - 1; k >= 0 && left > 0 && (k == i-1 || paused(k)); k-- {
		if b := &j.buckets[k]; b.is {
			moved := min(left, b.all-b.part)
			b.part, left = b.part+moved, left-moved
		}
	}
	return left
}

// refuse takes a bucket for not measured.
func (j *joined) refuse(e excess) {
	if len(j.over) == 0 {
		j.most = e.left
	}
	j.over = append(j.over, j.first+e.bucket)
	j.buckets[e.bucket].is, j.buckets[e.bucket].odd = false, true
}

// coarsen joins every n buckets from that of an index on into one, up to the end of a grid of
// so many. It was measured where a bucket of this length would be: if one of them has a sample
// that counts, or lies between two. Those before oldest have none.
func (j *joined) coarsen(index, n, oldest, end int) {
	first := max(j.first-index, 0) / n
	var out []counted
	for i := index + first*n; i+n <= end && i < j.first+len(j.buckets); i += n {
		sum := counted{}
		for _, b := range j.buckets[max(i-j.first, 0):min(i+n-j.first, len(j.buckets))] {
			sum.is, sum.odd = sum.is || b.is, sum.odd || b.odd
			sum.all, sum.part, sum.most = sum.all+b.all, sum.part+b.part, sum.most+b.most
		}
		sum.is = sum.is && !sum.odd && i+n > oldest
		out = append(out, sum)
	}
	j.first, j.buckets = first, out
}

// put writes a bucket into a series, false if it is too large. Events of which a histogram
// does not tell whether they are good are in its doubt.
func (j *joined) put(s *slo.Series, i int, b counted, want spec.Count) bool {
	if !b.is {
		return true
	}
	bad, doubt := b.part, uint64(0)
	if !j.bad {
		bad, doubt = b.all-b.most, b.most-b.part
	}
	switch want {
	case spec.Good:
		s.Bad[i], s.Total[i], doubt = 0, float64(b.all-bad-doubt), 0
	case spec.Bad:
		s.Bad[i], s.Total[i] = 0, float64(bad)
	case spec.Total:
		s.Bad[i], s.Total[i], doubt = 0, float64(b.all), 0
	default:
		s.Bad[i], s.Total[i] = float64(bad), float64(b.all)
	}
	if doubt > 0 {
		j.doubt(s, i, float64(doubt), want)
	}
	return b.all <= slo.MaxUnits
}

// doubt writes what is in doubt of a bucket.
func (j *joined) doubt(s *slo.Series, i int, n float64, want spec.Count) {
	if s.Doubt == nil {
		s.Doubt = &slo.Series{Start: s.Start, Step: s.Step, Decimals: s.Decimals,
			Bad: make([]float64, s.Len()), Total: make([]float64, s.Len())}
	}
	if want == spec.Bad {
		s.Doubt.Total[i] = n
		return
	}
	s.Doubt.Bad[i] = n
}

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
	a.room.buckets = slices.Grow(a.room.buckets[:0], a.grid.n)[:a.grid.n]
	clear(a.room.buckets)
	j := &joined{buckets: a.room.buckets, bad: a.parted() == spec.Bad}
	both, chance := a.adds(), a.counts() && p.fine
	for i := range j.buckets {
		t, s := p.counts[total].Get(i), p.counts[share].Get(i)
		b := &j.buckets[i]
		switch b.is = (t > 0 || both && s > 0) && p.known(i); {
		case !b.is:
		case both: // good and bad events
			b.all, b.part = max(t, 1)-1+max(s, 1)-1, max(s, 1)-1
		default:
			b.all, b.part = t-1, max(s, 1)-1
			if chance && b.part > b.all && b.part-b.all <= slack(b.all) {
				b.part = b.all
			}
		}
	}
	if !both {
		j.level(func(i int) bool { return p.paused[share].Get(i) })
	}
	for i := range j.buckets {
		b := &j.buckets[i]
		b.most = min(max(b.part, max(p.counts[upper].Get(i), 1)-1), b.all)
	}
	return j
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
	j.over = append(j.over, e.bucket)
	j.buckets[e.bucket].is, j.buckets[e.bucket].odd = false, true
}

// coarsen joins n buckets into one, from the first on that is the first of such a bucket.
// It was measured where a bucket of this length would be: if one of them has a sample that
// counts, or lies between two. Those before oldest have none.
func (j *joined) coarsen(from, n, oldest int) []counted {
	var out []counted
	for ; from+n <= len(j.buckets); from += n {
		sum := counted{}
		for _, b := range j.buckets[from : from+n] {
			sum.is, sum.odd = sum.is || b.is, sum.odd || b.odd
			sum.all, sum.part, sum.most = sum.all+b.all, sum.part+b.part, sum.most+b.most
		}
		sum.is = sum.is && !sum.odd && from+n > oldest
		out = append(out, sum)
	}
	return out
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

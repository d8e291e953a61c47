package tally

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
)

// scrapes are how many scrapes the buckets hold of what a server counts: increase() needs
// two samples in its window, and half of them may be late.
const scrapes = 4

// steps returns the lengths that buckets are given.
func steps() []time.Duration {
	return []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, time.Hour}
}

// Step returns the shortest of 1m, 2m, 5m, 10m and 1h that holds four scrapes, 1h if none
// does: the length of buckets that a server is asked to count. A twentieth of the interval
// is chance.
func Step(interval time.Duration) time.Duration { return shortest(scrapes*(interval-interval/20), 0) }

// shortest returns the shortest step that is no shorter than least and a multiple of unit.
func shortest(least, unit time.Duration) time.Duration {
	for _, step := range steps() {
		if step >= least && (unit == 0 || step%unit == 0) {
			return step
		}
	}
	if unit > time.Hour {
		return unit
	}
	return time.Hour
}

// grid are the buckets of a request.
type grid struct {
	start, step int64 // milliseconds
	n           int
}

// edge is how far a read goes beyond a period on both sides: far enough for the sample
// before its first bucket, and for the last one if buckets become longer.
const edge = time.Hour

// newGrid returns the buckets that start in the period of r, and those behind it that a
// longer one needs.
func newGrid(r sources.Request, least time.Duration) grid {
	step := r.Step
	if step <= 0 {
		step = time.Minute
	}
	if least > step {
		step = least
		if r.Step > 0 && least%r.Step != 0 {
			step = shortest(least, r.Step)
		}
	}
	g := grid{step: step.Milliseconds()}
	g.start = -floor(-r.Period.Start.UnixMilli(), g.step) * g.step
	if start := time.UnixMilli(g.start); start.Before(r.Period.Start) { // it is finer than a millisecond
		g.start += g.step
	}
	end := r.Period.End.Add(edge - 1).Truncate(edge).UnixMilli()
	if g.start < r.Period.End.UnixMilli() {
		g.n = int((end - g.start + g.step - 1) / g.step)
	}
	return g
}

// bucket returns the index of the bucket that a sample counts in; it may be none of g's.
func (g *grid) bucket(at int64) int {
	return int((Bucket(at, g.length()) - g.start) / g.step)
}

func (g *grid) length() time.Duration { return time.Duration(g.step) * time.Millisecond }

// has tells whether i is the index of a bucket.
func (g *grid) has(i int) bool { return i >= 0 && i < g.n }

// end returns the last instant of bucket i.
func (g *grid) end(i int) int64 { return g.start + int64(i+1)*g.step }

// time returns the start of bucket i.
func (g *grid) time(i int) time.Time { return time.UnixMilli(g.start + int64(i)*g.step).UTC() }

// from and to are the first and last instant that samples are read of.
func (g *grid) from() int64 {
	return floor(g.start-edge.Milliseconds(), g.step) * g.step
}

func (g *grid) to() int64 { return g.end(g.n - 1) }

// beyond returns the last instant that is read of: an edge behind the last bucket, since
// the sample behind it tells whether there was a pause, but nothing that is later than at.
func (g *grid) beyond(at time.Time) int64 {
	to := g.to() + edge.Milliseconds()
	if !at.IsZero() {
		to = min(to, at.UnixMilli())
	}
	return max(to, g.to())
}

// within returns how many buckets start before the end of a period.
func (g *grid) within(p slo.Period) int {
	n := 0
	if end := p.End.UnixNano(); !p.Empty() {
		n = int((end - g.time(0).UnixNano() + g.step*1e6 - 1) / (g.step * 1e6))
	}
	return max(0, min(n, g.n))
}

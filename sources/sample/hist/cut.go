package hist

import (
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// cut is where a limit parts the buckets of one layout. Those that hold events on
// both sides count in the high count alone.
type cut struct {
	positiveLow, positiveHigh int32 // positive buckets up to these are below
	negativeLow, negativeHigh int32 // negative buckets from these on are below
	zeroLow, zeroHigh         bool  // the zero bucket is
}

const (
	none = math.MinInt32 // as the last of the buckets that are below
	all  = math.MinInt32 // as the first
)

// newCut returns where a limit parts a histogram with h's layout.
func newCut(at float64, h *sample.Histogram) cut {
	switch {
	case h.Schema == sample.CustomBounds:
		i, found := slices.BinarySearch(h.Bounds, at)
		low := int32(i)
		if !found {
			low--
		}
		return cut{low, int32(i), all, all, true, true}
	case at < 0 && -at >= h.ZeroThreshold:
		return negativeCut(at, h)
	case at < h.ZeroThreshold:
		return cut{none, none, all, all, false, true}
	case at == 0:
		return cut{none, none, all, all, true, true}
	}
	i, bound := index(at, h.Schema)
	c := cut{i, i, all, all, true, true}
	if !bound {
		c.positiveLow--
		if at == h.ZeroThreshold { // what bucket i holds is above
			c.positiveHigh--
		}
	}
	return c
}

func negativeCut(at float64, h *sample.Histogram) cut {
	i, bound := index(-at, h.Schema)
	c := cut{none, none, i + 1, i + 1, false, false}
	if !bound {
		c.negativeHigh--
		if -at == h.ZeroThreshold { // what bucket i holds is below
			c.negativeLow--
		}
	}
	return c
}

// exact tells whether the limit parts no bucket.
func (c cut) exact() bool {
	return c.positiveLow == c.positiveHigh && c.negativeLow == c.negativeHigh && c.zeroLow == c.zeroHigh
}

// split is a cut as numbers of one histogram's buckets.
type split struct {
	positiveLow, positiveHigh int // so many are below
	negativeLow, negativeHigh int // those from here on are below
	zeroLow, zeroHigh         float64
}

func (c cut) of(h *sample.Histogram) split {
	s := split{
		positiveLow: until(h.Positive, c.positiveLow), positiveHigh: until(h.Positive, c.positiveHigh),
		negativeLow: from(h.Negative, c.negativeLow), negativeHigh: from(h.Negative, c.negativeHigh),
	}
	if c.zeroLow {
		s.zeroLow = 1
	}
	if c.zeroHigh {
		s.zeroHigh = 1
	}
	return s
}

// until counts the buckets up to last.
func until(b []sample.Bucket, last int32) int {
	n, found := slices.BinarySearchFunc(b, last, byIndex)
	if found {
		n++
	}
	return n
}

// from counts the buckets before first.
func from(b []sample.Bucket, first int32) int {
	n, _ := slices.BinarySearchFunc(b, first, byIndex)
	return n
}

func byIndex(b sample.Bucket, i int32) int {
	switch {
	case b.Index < i:
		return -1
	case b.Index > i:
		return 1
	}
	return 0
}

// below counts what is at or below the limit: what is so for sure and what may be. Terms
// are added in one order, so that counts that did not fall have no sum that fell.
func (s *split) below(h *sample.Histogram) (low, high float64) {
	low = sum(h.Negative[s.negativeLow:]) + s.zeroLow*h.ZeroCount + sum(h.Positive[:s.positiveLow])
	high = low
	if s.negativeHigh < s.negativeLow || s.positiveHigh > s.positiveLow || s.zeroHigh > s.zeroLow {
		high += sum(h.Negative[s.negativeHigh:s.negativeLow])
		high += (s.zeroHigh - s.zeroLow) * h.ZeroCount
		high += sum(h.Positive[s.positiveLow:s.positiveHigh])
	}
	return low, high
}

func sum(buckets []sample.Bucket) float64 {
	var sum float64
	for i := range buckets {
		sum += buckets[i].Count
	}
	return sum
}

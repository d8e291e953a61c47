package hist

import (
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// sound tells whether h is a histogram that can be counted.
func sound(h *sample.Histogram) bool {
	if !rose(0, h.Count) || !rose(0, h.ZeroCount) || !rose(0, h.ZeroThreshold) {
		return false
	}
	if h.Schema == sample.CustomBounds {
		return h.ZeroCount == 0 && h.ZeroThreshold == 0 && len(h.Negative) == 0 && rising(h.Bounds) &&
			ordered(h.Positive, 0, int32(len(h.Bounds)))
	}
	const last = 1 << 19 // of schema 8 buckets −274,943 to 262,145 hold numbers
	return h.Schema >= -4 && h.Schema <= finest && len(h.Bounds) == 0 &&
		ordered(h.Positive, -last, last) && ordered(h.Negative, -last, last)
}

func rising(bounds []float64) bool {
	for i, b := range bounds {
		if math.IsInf(b, 0) || math.IsNaN(b) || i > 0 && b <= bounds[i-1] {
			return false
		}
	}
	return true
}

func ordered(buckets []sample.Bucket, first, last int32) bool {
	for i, b := range buckets {
		if b.Index < first || b.Index > last || !rose(0, b.Count) || i > 0 && b.Index <= buckets[i-1].Index {
			return false
		}
	}
	return true
}

// copyTo makes to a copy of h, in the memory that to has.
func copyTo(to, h *sample.Histogram) {
	positive, negative, bounds := to.Positive[:0], to.Negative[:0], to.Bounds[:0]
	*to = *h
	to.Positive = append(positive, h.Positive...)
	to.Negative = append(negative, h.Negative...)
	to.Bounds = append(bounds, h.Bounds...)
}

// emptied returns a histogram with h's layout that holds nothing.
func emptied(h *sample.Histogram) sample.Histogram {
	return sample.Histogram{Schema: h.Schema, ZeroThreshold: h.ZeroThreshold, Bounds: slices.Clone(h.Bounds)}
}

// common brings two histograms to the layout that both can have: the coarser buckets, the
// larger zero bucket, the custom bounds that both have. It is false for custom bounds and
// others. The result shares memory with a and b.
func common(a, b *sample.Histogram) (x, y sample.Histogram, ok bool) {
	x, y = *a, *b
	if (x.Schema == sample.CustomBounds) != (y.Schema == sample.CustomBounds) {
		return x, y, false
	}
	if x.Schema == sample.CustomBounds {
		if !slices.Equal(x.Bounds, y.Bounds) {
			shared := intersect(x.Bounds, y.Bounds)
			x, y = rebound(x, shared), rebound(y, shared)
		}
		return x, y, true
	}
	for x.ZeroThreshold != y.ZeroThreshold {
		larger := max(x.ZeroThreshold, y.ZeroThreshold)
		x, y = widen(x, larger), widen(y, larger)
	}
	schema := min(x.Schema, y.Schema)
	return coarsen(x, schema), coarsen(y, schema), true
}

// widen makes h's zero bucket reach to threshold, or to the end of a bucket with events
// that it would part.
func widen(h sample.Histogram, threshold float64) sample.Histogram {
	for h.ZeroThreshold < threshold {
		h.ZeroThreshold = threshold
		var positive, negative float64
		h.Positive, positive, threshold = swallow(&h, h.Positive, threshold)
		h.Negative, negative, threshold = swallow(&h, h.Negative, threshold)
		h.ZeroCount += positive + negative
	}
	return h
}

// swallow takes the buckets that begin under h's zero threshold. It returns the rest, what
// those held, and the end of the last one with events if that is over threshold.
func swallow(h *sample.Histogram, b []sample.Bucket, threshold float64) ([]sample.Bucket, float64, float64) {
	var events float64
	for len(b) > 0 && upper(b[0].Index-1, h.Schema) < h.ZeroThreshold {
		if b[0].Count > 0 {
			threshold = max(threshold, upper(b[0].Index, h.Schema))
		}
		events += b[0].Count
		b = b[1:]
	}
	return b, events, threshold
}

// coarsen merges h's buckets to those of a coarser schema.
func coarsen(h sample.Histogram, schema int8) sample.Histogram {
	if h.Schema != schema {
		number := func(i int32) int32 { return coarser(i, h.Schema, schema) }
		h.Positive, h.Negative, h.Schema = renumber(h.Positive, number), renumber(h.Negative, number), schema
	}
	return h
}

// rebound merges h's buckets to those of some of its custom bounds.
func rebound(h sample.Histogram, some []float64) sample.Histogram {
	h.Positive = renumber(h.Positive, func(i int32) int32 {
		if int(i) == len(h.Bounds) {
			return int32(len(some))
		}
		to, _ := slices.BinarySearch(some, h.Bounds[i])
		return int32(to)
	})
	h.Bounds = some
	return h
}

// renumber gives buckets other numbers, in the same order, and adds up those of one number.
func renumber(buckets []sample.Bucket, number func(int32) int32) []sample.Bucket {
	out := make([]sample.Bucket, 0, len(buckets))
	for _, b := range buckets {
		b.Index = number(b.Index)
		if n := len(out); n > 0 && out[n-1].Index == b.Index {
			out[n-1].Count += b.Count
			continue
		}
		out = append(out, b)
	}
	return out
}

// intersect returns the bounds that are in both.
func intersect(a, b []float64) []float64 {
	var out []float64
	for _, bound := range a {
		if _, found := slices.BinarySearch(b, bound); found {
			out = append(out, bound)
		}
	}
	return out
}

// fell tells whether any count of a histogram is under that of the one before, which
// has the same layout.
func fell(before, now *sample.Histogram) bool {
	return now.Count < before.Count || now.ZeroCount < before.ZeroCount ||
		anyFell(before.Positive, now.Positive) || anyFell(before.Negative, now.Negative)
}

func anyFell(before, now []sample.Bucket) bool {
	for _, b := range before {
		for len(now) > 0 && now[0].Index < b.Index {
			now = now[1:]
		}
		var count float64
		if len(now) > 0 && now[0].Index == b.Index {
			count = now[0].Count
		}
		if count < b.Count {
			return true
		}
	}
	return false
}

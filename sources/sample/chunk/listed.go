package chunk

import (
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// Listed is a native histogram as messages and logs have it, on its own: its buckets are
// listed by the stretches of them that there are.
type Listed struct {
	Schema                               int64
	ZeroThreshold, ZeroCount, Count, Sum float64
	Positive, Negative                   Side
	Bounds                               []float64 // with sample.CustomBounds
	Reset                                byte      // what sample.Reset says, and more that is not known
}

// Side is the buckets above or below 0.
type Side struct {
	Spans  []Span
	Deltas []int64   // whole counts, each as the difference to the one before
	Counts []float64 // in their place
}

// Span is a stretch of buckets.
type Span struct {
	Offset int64 // from the end of the one before; of the first the index of its first bucket
	Length uint64
}

// Histogram returns what is listed, as Histograms would of a chunk: without buckets that
// have no events, those of a schema that is too fine put together, and an error where there
// is one of a chunk.
func (l *Listed) Histogram() (sample.Histogram, error) {
	h := sample.Histogram{ZeroThreshold: l.ZeroThreshold, ZeroCount: l.ZeroCount, Count: l.Count, Sum: l.Sum}
	if sample.Stale(h.Sum) {
		return sample.Histogram{Sum: h.Sum}, nil
	}
	if l.Reset <= byte(sample.Gauge) {
		h.Reset = sample.Reset(l.Reset)
	}
	var finer int
	var err error
	h.Schema, finer, err = schemaOf(l.Schema)
	switch {
	case err != nil:
		return sample.Histogram{}, err
	case !(l.ZeroThreshold >= 0):
		return sample.Histogram{}, errNegative
	}
	if h.Positive, err = l.Positive.buckets(finer); err == nil {
		h.Negative, err = l.Negative.buckets(finer)
	}
	if err == nil && h.Schema == sample.CustomBounds {
		h.Bounds = l.Bounds
		err = l.bounded(h)
	}
	if err != nil {
		return sample.Histogram{}, err
	}
	return h, nil
}

// bounded tells what is wrong with the bounds of h, and with buckets that have none.
func (l *Listed) bounded(h sample.Histogram) error {
	before := math.Inf(-1)
	for _, b := range h.Bounds {
		if !follows(before, b) {
			return errBounds
		}
		before = b
	}
	if len(l.Negative.Deltas)+len(l.Negative.Counts) > 0 || l.Positive.beyond(len(h.Bounds)) {
		return errSpans
	}
	return nil
}

// beyond tells whether a bucket, even one without events, stands where none of so many bounds is.
func (s *Side) beyond(bounds int) bool {
	at := place{}
	for _, span := range s.Spans {
		at.to(span)
		for range span.Length {
			if i := at.next(); i < 0 || int(i) > bounds {
				return true
			}
		}
	}
	return false
}

// buckets returns those that have events.
func (s *Side) buckets(finer int) ([]sample.Bucket, error) {
	n := len(s.Deltas) + len(s.Counts)
	switch {
	case n > MaxBuckets:
		return nil, errBuckets
	case len(s.Deltas) > 0 && len(s.Counts) > 0:
		return nil, errSpans
	}
	var out []sample.Bucket
	at := place{finer: finer}
	sum, next := int64(0), 0
	for _, span := range s.Spans {
		if !at.to(span) || span.Length > uint64(n-next) {
			return nil, errSpans
		}
		for range span.Length {
			b := sample.Bucket{Index: at.next()}
			if len(s.Counts) > 0 {
				b.Count = s.Counts[next]
			} else if sum += s.Deltas[next]; sum < 0 {
				return nil, errNegative
			} else {
				b.Count = float64(sum)
			}
			out = add(out, 0, b)
			next++
		}
	}
	if next < n {
		return nil, errSpans
	}
	return slices.Clone(out), nil // without the room beside them
}

// place is the index of a bucket, which goes from stretch to stretch. Of a schema that is
// finer than the finest 2^finer buckets are one.
type place struct {
	finer int
	at    int64
	begun bool
}

// to goes to the next stretch, false if none can be there.
func (p *place) to(s Span) bool {
	p.at += s.Offset
	ok := (!p.begun || s.Offset >= 0) && p.at >= math.MinInt32
	p.begun = true
	return ok && s.Length <= MaxBuckets && p.at <= math.MaxInt32-int64(s.Length)
}

// next returns the index, and goes to the next one.
func (p *place) next() int32 {
	index := (p.at-1)>>p.finer + 1
	p.at++
	return int32(index)
}

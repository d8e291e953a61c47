package head

import (
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

// histogram reads a histogram. One that is not wanted is passed over.
func histogram(b *folder.Bytes, whole, wanted bool) (sample.Histogram, error) {
	count := func() float64 {
		if whole {
			return float64(b.Uvarint())
		}
		return b.Float()
	}
	h := chunk.Listed{Reset: b.Byte(), Schema: b.Varint()}
	h.ZeroThreshold, h.ZeroCount, h.Count, h.Sum = b.Float(), count(), count(), b.Float()
	h.Positive.Spans, h.Negative.Spans = spans(b), spans(b)
	buckets(b, whole, &h.Positive)
	buckets(b, whole, &h.Negative)
	if h.Schema == sample.CustomBounds {
		h.Bounds = floats(b)
	}
	if b.Bad || !wanted {
		return sample.Histogram{}, nil
	}
	return h.Histogram()
}

func spans(b *folder.Bytes) []chunk.Span {
	all := make([]chunk.Span, b.Count(2))
	for i := range all {
		all[i] = chunk.Span{Offset: b.Varint(), Length: b.Uvarint()}
	}
	return all
}

// buckets reads the counts of buckets.
func buckets(b *folder.Bytes, whole bool, to *chunk.Side) {
	if !whole {
		to.Counts = floats(b)
		return
	}
	to.Deltas = make([]int64, b.Count(1))
	for i := range to.Deltas {
		to.Deltas[i] = b.Varint()
	}
}

func floats(b *folder.Bytes) []float64 {
	all := make([]float64, b.Count(8))
	for i := range all {
		all[i] = b.Float()
	}
	return all
}

package head

import (
	"fmt"
	"math"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

// Schemas of histograms. Those above maxSchema are finer than what Prometheus keeps in
// its chunks: it makes them coarser when it reads its log.
const (
	minSchema   = -4
	maxSchema   = 8
	finerSchema = 52
)

// span is a stretch of buckets.
type span struct {
	gap    int64 // to the end of the one before, or the index of its first bucket
	length uint64
}

// histogram reads a histogram. One that is not wanted is passed over.
func histogram(b *folder.Bytes, whole, wanted bool) (sample.Histogram, error) {
	count := func() float64 {
		if whole {
			return float64(b.Uvarint())
		}
		return b.Float()
	}
	h := sample.Histogram{Reset: sample.Reset(b.Byte())}
	schema := b.Varint()
	h.ZeroThreshold, h.ZeroCount, h.Count, h.Sum = b.Float(), count(), count(), b.Float()
	positive, negative := spans(b), spans(b)
	upper, lower := counts(b, whole), counts(b, whole)
	if schema == sample.CustomBounds {
		h.Bounds = make([]float64, b.Count(8))
		for i := range h.Bounds {
			h.Bounds[i] = b.Float()
		}
	}
	if b.Bad || !wanted {
		return h, nil
	}
	if schema != sample.CustomBounds && (schema < minSchema || schema > finerSchema) {
		return h, fmt.Errorf("is of schema %d, which is not known", schema)
	}
	if h.Reset > sample.Gauge {
		h.Reset = sample.ResetUnknown
	}
	h.Schema = int8(min(schema, maxSchema))
	finer := max(schema, maxSchema) - maxSchema
	var err error
	if h.Positive, err = buckets(positive, upper, finer); err != nil {
		return h, err
	}
	h.Negative, err = buckets(negative, lower, finer)
	return h, err
}

func spans(b *folder.Bytes) []span {
	all := make([]span, b.Count(2))
	for i := range all {
		all[i] = span{b.Varint(), b.Uvarint()}
	}
	return all
}

// counts reads the counts of buckets: whole ones as differences to the bucket before.
func counts(b *folder.Bytes, whole bool) []float64 {
	size := 8
	if whole {
		size = 1
	}
	all := make([]float64, b.Count(size))
	var n int64
	for i := range all {
		if whole {
			n += b.Varint()
			all[i] = float64(n)
		} else {
			all[i] = b.Float()
		}
	}
	return all
}

// buckets joins spans with the counts in them. 2^finer buckets become one.
func buckets(spans []span, counts []float64, finer int64) ([]sample.Bucket, error) {
	var all []sample.Bucket
	index := int64(0)
	for _, s := range spans {
		index += s.gap
		if s.length > uint64(len(counts)) {
			return nil, fmt.Errorf("has more buckets than counts")
		}
		for _, n := range counts[:s.length] {
			if index < math.MinInt32 || index > math.MaxInt32 {
				return nil, fmt.Errorf("has a bucket of index %d", index)
			}
			at := int32(index)
			if finer > 0 {
				at = int32((index-1)>>finer + 1)
			}
			if k := len(all) - 1; k >= 0 && all[k].Index == at {
				all[k].Count += n
			} else {
				all = append(all, sample.Bucket{Index: at, Count: n})
			}
			index++
		}
		counts = counts[s.length:]
	}
	if len(counts) > 0 {
		return nil, fmt.Errorf("has more counts than buckets")
	}
	return all, nil
}

package remote

import (
	"math"

	"github.com/nines-slo/nines/sources/sample"
	"google.golang.org/protobuf/encoding/protowire"
)

// maxHistogram is how many bytes a histogram may have.
const maxHistogram = 1 << 20

// readHistogram reads a Histogram. Buckets without events are left out.
func readHistogram(data []byte) (int64, sample.Histogram, error) {
	if len(data) > maxHistogram {
		return 0, sample.Histogram{}, errHistogram
	}
	r := histogramReader{fields: fields{rest: data}}
	for r.next() {
		r.field()
	}
	if r.err != nil {
		return 0, sample.Histogram{}, r.err
	}
	if sample.Stale(r.out.Sum) {
		return r.time, sample.Histogram{Sum: r.out.Sum}, nil
	}
	least, most := int32(math.MinInt32), int32(math.MaxInt32)
	custom := r.schema == sample.CustomBounds
	if custom {
		least, most = 0, int32(len(r.out.Bounds))
	}
	if !r.right(custom) {
		return 0, sample.Histogram{}, errHistogram
	}
	r.out.Schema = int8(r.schema)
	var err error
	if r.out.Positive, err = r.positive.buckets(least, most); err == nil {
		r.out.Negative, err = r.negative.buckets(least, most)
	}
	return r.time, r.out, err
}

// right tells whether what was read, but for the buckets, can be.
func (r *histogramReader) right(custom bool) bool {
	if custom && len(r.negative.spans) > 0 || !custom && (r.schema < -4 || r.schema > 8) {
		return false
	}
	return r.out.ZeroThreshold >= 0 && rising(r.out.Bounds) && r.out.Reset <= sample.Gauge
}

// histogramReader reads a Histogram field by field.
type histogramReader struct {
	fields
	time               int64
	schema             int64
	out                sample.Histogram
	positive, negative spans
}

// field takes the field that was read.
func (r *histogramReader) field() {
	const varint, fixed = protowire.VarintType, protowire.Fixed64Type
	switch {
	case r.number >= 8 && r.number <= 13:
		r.bucketField()
	case r.is(1, varint):
		r.out.Count = float64(r.value)
	case r.is(2, fixed):
		r.out.Count = r.float()
	case r.is(3, fixed):
		r.out.Sum = r.float()
	case r.is(4, varint):
		r.schema = protowire.DecodeZigZag(r.value)
	case r.is(5, fixed):
		r.out.ZeroThreshold = r.float()
	case r.is(6, varint):
		r.out.ZeroCount = float64(r.value)
	case r.is(7, fixed):
		r.out.ZeroCount = r.float()
	case r.is(14, varint):
		r.out.Reset = sample.Reset(min(r.value, math.MaxUint8))
	case r.is(15, varint):
		r.time = int64(r.value)
	case r.number == 16:
		r.eachNumber(fixed, func(v uint64) { r.out.Bounds = append(r.out.Bounds, math.Float64frombits(v)) })
	}
}

// bucketField takes a field of the buckets below 0, which come first, or above.
func (r *histogramReader) bucketField() {
	s, number := &r.negative, r.number
	if number >= 11 {
		s, number = &r.positive, number-3
	}
	switch number {
	case 8:
		if r.is(r.number, protowire.BytesType) {
			s.spans = append(s.spans, r.bytes)
		}
	case 9:
		r.eachNumber(protowire.VarintType, func(v uint64) { s.deltas = append(s.deltas, protowire.DecodeZigZag(v)) })
	case 10:
		r.eachNumber(protowire.Fixed64Type, func(v uint64) { s.counts = append(s.counts, math.Float64frombits(v)) })
	}
}

// rising tells whether bounds rise, and end before infinity.
func rising(bounds []float64) bool {
	before := math.Inf(-1)
	for _, b := range bounds {
		if !(b > before) || math.IsInf(b, 1) {
			return false
		}
		before = b
	}
	return true
}

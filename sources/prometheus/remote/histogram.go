package remote

import (
	"math"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
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
	h, err := r.out.Histogram()
	return r.time, h, err
}

// histogramReader reads a Histogram field by field.
type histogramReader struct {
	fields
	time int64
	out  chunk.Listed
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
		r.out.Schema = protowire.DecodeZigZag(r.value)
	case r.is(5, fixed):
		r.out.ZeroThreshold = r.float()
	case r.is(6, varint):
		r.out.ZeroCount = float64(r.value)
	case r.is(7, fixed):
		r.out.ZeroCount = r.float()
	case r.is(14, varint):
		r.out.Reset = byte(min(r.value, math.MaxUint8))
	case r.is(15, varint):
		r.time = int64(r.value)
	case r.number == 16:
		r.eachNumber(fixed, func(v uint64) { r.out.Bounds = append(r.out.Bounds, math.Float64frombits(v)) })
	}
}

// bucketField takes a field of the buckets below 0, which come first, or above.
func (r *histogramReader) bucketField() {
	s, number := &r.out.Negative, r.number
	if number >= 11 {
		s, number = &r.out.Positive, number-3
	}
	switch number {
	case 8:
		if r.is(r.number, protowire.BytesType) {
			s.Spans = append(s.Spans, r.span())
		}
	case 9:
		r.eachNumber(protowire.VarintType, func(v uint64) { s.Deltas = append(s.Deltas, protowire.DecodeZigZag(v)) })
	case 10:
		r.eachNumber(protowire.Fixed64Type, func(v uint64) { s.Counts = append(s.Counts, math.Float64frombits(v)) })
	}
}

// span reads a BucketSpan.
func (r *histogramReader) span() chunk.Span {
	var s chunk.Span
	f := fields{rest: r.bytes}
	for f.next() {
		switch {
		case f.is(1, protowire.VarintType):
			s.Offset = int64(int32(protowire.DecodeZigZag(f.value)))
		case f.is(2, protowire.VarintType):
			s.Length = f.value
		}
	}
	r.err = f.err
	return s
}

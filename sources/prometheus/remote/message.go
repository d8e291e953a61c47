package remote

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"google.golang.org/protobuf/encoding/protowire"
)

var (
	errMessage   = errors.New("answers with a message that cannot be read")
	errLabels    = errors.New("answers with a series whose labels are not right")
	errHistogram = errors.New("answers with a histogram that is not right")
	errTimes     = errors.New("answers with samples out of order")
)

// fields reads the fields of a message one by one.
type fields struct {
	rest []byte
	err  error

	number protowire.Number
	sort   protowire.Type
	bytes  []byte // of a field that has some
	value  uint64 // of any other
}

// next reads the next field, false after the last or at an error.
func (f *fields) next() bool {
	if len(f.rest) == 0 || f.err != nil {
		return false
	}
	var n int
	f.number, f.sort, n = protowire.ConsumeTag(f.rest)
	if f.take(n); f.err != nil {
		return false
	}
	switch f.sort {
	case protowire.VarintType:
		f.value, n = protowire.ConsumeVarint(f.rest)
	case protowire.BytesType:
		f.bytes, n = protowire.ConsumeBytes(f.rest)
	case protowire.Fixed64Type:
		f.value, n = protowire.ConsumeFixed64(f.rest)
	case protowire.Fixed32Type:
		_, n = protowire.ConsumeFixed32(f.rest)
	default:
		n = -1
	}
	f.take(n)
	return f.err == nil
}

func (f *fields) take(n int) {
	if n < 0 {
		f.err = errMessage
		return
	}
	f.rest = f.rest[n:]
}

// is tells whether the field is of that number. It is an error if it is of another type.
func (f *fields) is(number protowire.Number, sort protowire.Type) bool {
	if f.number == number && f.sort != sort {
		f.err = errMessage
	}
	return f.number == number && f.err == nil
}

// float is the value of a field that is one.
func (f *fields) float() float64 { return math.Float64frombits(f.value) }

// eachNumber reads a field of numbers that may be packed.
func (f *fields) eachNumber(sort protowire.Type, take func(uint64)) {
	switch f.sort {
	case sort:
		take(f.value)
		return
	case protowire.BytesType:
	default:
		f.err = errMessage
		return
	}
	for b := f.bytes; len(b) > 0; {
		var v uint64
		var n int
		if sort == protowire.VarintType {
			v, n = protowire.ConsumeVarint(b)
		} else {
			v, n = protowire.ConsumeFixed64(b)
		}
		if n < 0 {
			f.err = errMessage
			return
		}
		take(v)
		b = b[n:]
	}
}

// chunked is a part of a series in a frame.
type chunked struct {
	labels [][]byte
	chunks []packed
}

// packed is a chunk.
type packed struct {
	first    int64 // time of its first sample
	encoding chunk.Encoding
	data     []byte
}

// What a frame may have: parts of series, and chunks of each.
const (
	maxParts  = 1 << 16
	maxChunks = 1 << 20
)

// readFrame reads a ChunkedReadResponse into parts, and returns the number of the query.
func readFrame(data []byte, parts []chunked) (int64, []chunked, error) {
	var query int64
	f := fields{rest: data}
	for f.next() {
		switch {
		case f.is(1, protowire.BytesType):
			if len(parts) < cap(parts) {
				parts = parts[:len(parts)+1]
			} else {
				parts = append(parts, chunked{})
			}
			if err := parts[len(parts)-1].read(f.bytes); err != nil {
				return 0, parts, err
			}
			if len(parts) > maxParts {
				return 0, parts, errMessage
			}
		case f.is(2, protowire.VarintType):
			query = int64(f.value)
		}
	}
	return query, parts, f.err
}

// read reads a ChunkedSeries. Its chunks are put in order of their first samples.
func (c *chunked) read(data []byte) error {
	c.labels, c.chunks = c.labels[:0], c.chunks[:0]
	f := fields{rest: data}
	for f.next() {
		switch {
		case f.is(1, protowire.BytesType):
			c.labels = append(c.labels, f.bytes)
		case f.is(2, protowire.BytesType):
			p, err := readChunk(f.bytes)
			if err != nil {
				return err
			}
			c.chunks = append(c.chunks, p)
		}
		if len(c.labels) > maxLabels || len(c.chunks) > maxChunks {
			return errMessage
		}
	}
	byFirst := func(a, b packed) int { return cmp.Compare(a.first, b.first) }
	if !slices.IsSortedFunc(c.chunks, byFirst) {
		slices.SortStableFunc(c.chunks, byFirst)
	}
	return f.err
}

func readChunk(data []byte) (packed, error) {
	var p packed
	f := fields{rest: data}
	for f.next() {
		switch {
		case f.is(1, protowire.VarintType):
			p.first = int64(f.value)
		case f.is(3, protowire.VarintType):
			if f.value > math.MaxUint8 {
				return p, fmt.Errorf("chunk of encoding %d cannot be read", f.value)
			}
			p.encoding = chunk.Encoding(f.value)
		case f.is(4, protowire.BytesType):
			p.data = f.bytes
		}
	}
	return p, f.err
}

// What the labels of one series may be.
const (
	maxLabels     = 1000
	maxLabelBytes = 1 << 20
)

// readLabels reads the labels of a series.
func readLabels(messages [][]byte) (sample.Labels, error) {
	size := 0
	out := make([]sample.Label, 0, len(messages))
	for _, m := range messages {
		var name, value []byte
		f := fields{rest: m}
		for f.next() {
			switch {
			case f.is(1, protowire.BytesType):
				name = f.bytes
			case f.is(2, protowire.BytesType):
				value = f.bytes
			}
		}
		if f.err != nil {
			return nil, f.err
		}
		size += len(name) + len(value)
		if len(name) == 0 || !utf8.Valid(name) || !utf8.Valid(value) || size > maxLabelBytes {
			return nil, errLabels
		}
		out = append(out, sample.Label{Name: string(name), Value: string(value)})
	}
	labels, err := sample.NewLabels(out)
	if err != nil {
		return nil, fmt.Errorf("answers with a series in which %w", err)
	}
	return labels, nil
}

// readSample reads a Sample.
func readSample(data []byte) (t int64, v float64, err error) {
	f := fields{rest: data}
	for f.next() {
		switch {
		case f.is(1, protowire.Fixed64Type):
			v = f.float()
		case f.is(2, protowire.VarintType):
			t = int64(f.value)
		}
	}
	return t, v, f.err
}

// spans are stretches of buckets, and the counts of these: whole ones, each as the difference
// to the one before, or floats.
type spans struct {
	spans  [][]byte
	deltas []int64
	counts []float64
}

// buckets returns those that have events.
func (s *spans) buckets(from, to int32) ([]sample.Bucket, error) {
	counts := s.counts
	sum := int64(0)
	for _, d := range s.deltas {
		if sum += d; sum < 0 {
			return nil, errHistogram
		}
		counts = append(counts, float64(sum))
	}
	if len(s.deltas) > 0 && len(s.counts) > 0 {
		return nil, errHistogram
	}
	var out []sample.Bucket
	at := int64(0)
	for i, m := range s.spans {
		offset, length, err := readSpan(m)
		if err != nil {
			return nil, err
		}
		at += offset
		if i > 0 && offset < 0 || length > uint64(len(counts)) {
			return nil, errHistogram
		}
		if length > 0 && (at < int64(from) || at+int64(length)-1 > int64(to)) {
			return nil, errHistogram
		}
		for _, count := range counts[:length] {
			if count != 0 {
				out = append(out, sample.Bucket{Index: int32(at), Count: count})
			}
			at++
		}
		counts = counts[length:]
	}
	if len(counts) > 0 {
		return nil, errHistogram
	}
	return out, nil
}

func readSpan(data []byte) (offset int64, length uint64, err error) {
	f := fields{rest: data}
	for f.next() {
		switch {
		case f.is(1, protowire.VarintType):
			offset = int64(int32(protowire.DecodeZigZag(f.value)))
		case f.is(2, protowire.VarintType):
			length = f.value
		}
	}
	return offset, length, f.err
}

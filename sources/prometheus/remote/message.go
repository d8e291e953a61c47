package remote

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/order"
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

// maxChunks is how many chunks a part of a series may have, which take 40 bytes each beside
// their own.
const maxChunks = 1 << 18

// readFrame hands over the parts of series of a ChunkedReadResponse one by one, with the
// number of their query.
func readFrame(data []byte, take func(query int64, part []byte) error) error {
	var query int64
	f := fields{rest: data}
	for f.next() {
		if f.is(2, protowire.VarintType) {
			query = int64(f.value)
		}
	}
	if f.err != nil {
		return f.err
	}
	for f = (fields{rest: data}); f.next(); {
		if f.is(1, protowire.BytesType) {
			if err := take(query, f.bytes); err != nil {
				return err
			}
		}
	}
	return f.err
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
		order.Stable(c.chunks, byFirst)
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

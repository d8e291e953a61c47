package chunk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// MaxBuckets is how many buckets the histograms of a chunk may have together.
const MaxBuckets = 1 << 20

var (
	errBuckets  = fmt.Errorf("chunk has over %d buckets", MaxBuckets)
	errNegative = errors.New("chunk has a count below 0")
	errSpans    = errors.New("chunk has a bucket where none can be")
	errBounds   = errors.New("chunk has bounds that are out of order")
)

// Histograms appends the samples of a chunk of native histograms, whose times rise, none
// where it returns an error. Buckets without events are left out. The buckets are new
// slices, which several histograms share none of; Bounds are the same for all.
//
// Restarted and Gauge are what the chunk says of itself. Its first sample is else
// ResetUnknown, since the chunk before it need not be the one that is known; the others
// are Continued.
func Histograms(e Encoding, data []byte, times []int64, hs []sample.Histogram) ([]int64, []sample.Histogram, error) {
	if e < Histogram || e == XOR2 || e > FloatHistogramST {
		return times, hs, fmt.Errorf("chunk of encoding %d has no histograms that can be read", e)
	}
	if len(data) < 3 {
		return times, hs, errShort
	}
	n, flags := int(binary.BigEndian.Uint16(data)), data[2]
	c := histograms{reader: reader{data: data, pos: 24}, whole: e == Histogram || e == HistogramST}
	if e == HistogramST || e == FloatHistogramST {
		c.starts = startsOf(data)
		n, flags = n&0x3fff, data[0]
	}
	had, hadTimes := len(hs), len(times)
	times, hs = slices.Grow(times, n), slices.Grow(hs, n)
	for i := range n {
		t, h := c.next(i, resetOf(flags, i))
		if err := c.failed(); err != nil {
			return times[:hadTimes], hs[:had], err
		}
		times, hs = append(times, t), append(hs, h)
	}
	return times, hs, nil
}

// resetOf returns what the flags of a chunk say of its sample i.
func resetOf(flags byte, i int) sample.Reset {
	switch {
	case flags>>6 == 3:
		return sample.Gauge
	case i > 0:
		return sample.Continued
	case flags>>6 == 2:
		return sample.Restarted
	}
	return sample.ResetUnknown
}

// histograms reads the samples of a chunk. All have the buckets that the chunk begins with.
type histograms struct {
	reader
	whole  bool // counts are integers
	starts starts

	layout      sample.Histogram // what all have alike
	times       field
	count, zero field
	sum         packed
	positive    side
	negative    side
	read        int             // buckets
	room        []sample.Bucket // for those of histograms to come
}

// side is the buckets above or below 0.
type side struct {
	indices []int32
	fields  []field
}

// field is a number of each sample: an integer that changes by about the same each time,
// or a float of which the bits are written that change.
type field struct {
	value, change int64
	float         packed
}

// next reads sample i.
func (c *histograms) next(i int, reset sample.Reset) (int64, sample.Histogram) {
	if i == 0 {
		c.begin()
		c.first()
	} else {
		before := c.times.value
		c.times.next(&c.reader, true)
		c.later(before, c.times.change)
		c.count.next(&c.reader, c.whole)
		c.zero.next(&c.reader, c.whole)
		c.sum.next(&c.reader, c.peek())
	}
	h := sample.Histogram{Sum: math.Float64frombits(c.sum.bits)}
	switch ended := sample.Stale(h.Sum); {
	case ended && i > 0:
	case ended:
		c.buckets(i, &c.positive)
		c.buckets(i, &c.negative)
	default:
		h.Schema, h.ZeroThreshold, h.Bounds = c.layout.Schema, c.layout.ZeroThreshold, c.layout.Bounds
		h.Reset = reset
		h.Count, h.ZeroCount = c.number(c.count), c.number(c.zero)
		h.Positive, h.Negative = c.buckets(i, &c.positive), c.buckets(i, &c.negative)
	}
	c.starts.skip(&c.reader, i)
	return c.times.value, h
}

// first reads the numbers of the first sample, without its buckets.
func (c *histograms) first() {
	c.times.value = c.varbitInt()
	for _, f := range []*field{&c.count, &c.zero} {
		f.float.middle = 64
		if c.whole {
			v, _ := c.varbitUint()
			f.value = int64(v)
		} else {
			f.float.bits = c.take(64)
		}
	}
	c.sum = packed{middle: 64, bits: c.take(64)}
}

// next reads the number of the next sample.
func (f *field) next(r *reader, whole bool) {
	if whole {
		f.change += r.varbitInt()
		f.value += f.change
		return
	}
	f.float.next(r, r.peek())
}

// number returns a count.
func (c *histograms) number(f field) float64 {
	if !c.whole {
		return math.Float64frombits(f.float.bits)
	}
	if f.value < 0 {
		c.err = errNegative
	}
	return float64(f.value)
}

// buckets reads the buckets of sample i. Integers are how much a bucket differs from the
// one before it.
func (c *histograms) buckets(i int, s *side) []sample.Bucket {
	if c.read += len(s.fields); c.read > MaxBuckets {
		c.err = errBuckets
	}
	if c.left() < 0 || c.err != nil {
		return nil
	}
	if cap(c.room)-len(c.room) < len(s.fields) {
		c.room = make([]sample.Bucket, 0, max(len(s.fields), min(16*len(s.fields), 1024)))
	}
	begin := len(c.room)
	var sum field
	for n := range s.fields {
		f := &s.fields[n]
		switch {
		case i > 0:
			f.next(&c.reader, c.whole)
		case c.whole:
			f.value = c.varbitInt()
		default:
			f.float = packed{middle: 64, bits: c.take(64)}
		}
		sum.value += f.value
		sum.float = f.float
		c.add(begin, sample.Bucket{Index: s.indices[n], Count: c.number(sum)})
	}
	return c.room[begin:len(c.room):len(c.room)]
}

// add adds a bucket to those that were read from begin on.
func (c *histograms) add(begin int, b sample.Bucket) {
	last := len(c.room) - 1
	switch {
	case b.Count == 0:
	case last >= begin && c.room[last].Index == b.Index: // of a schema that is finer than the finest there is
		c.room[last].Count += b.Count
	default:
		c.room = append(c.room, b)
	}
}

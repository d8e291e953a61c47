package chunk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// MaxBuckets is how many buckets the histograms of a chunk may have together. Servers end a
// chunk at some kilobytes, but not before ten samples.
const MaxBuckets = 1 << 18

var (
	errBuckets  = fmt.Errorf("histogram has over %d buckets", MaxBuckets)
	errNegative = errors.New("histogram has a count below 0")
	errSpans    = errors.New("histogram has a bucket where none can be")
	errBounds   = errors.New("histogram has bounds that are out of order")
)

// Histograms appends the samples of a chunk of native histograms, whose times rise, none
// where it returns an error. Buckets without events are left out. The buckets are new
// slices, which several histograms share none of and have no room left; Bounds are the same for all.
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
			clear(hs[had:])
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
	room        []sample.Bucket // those of the sample that is read
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
	ended := sample.Stale(h.Sum)
	if i == 0 || !ended { // a marker of an end that is no first sample has no buckets
		positive, all := c.buckets(i)
		if !ended {
			h.Schema, h.ZeroThreshold, h.Bounds = c.layout.Schema, c.layout.ZeroThreshold, c.layout.Bounds
			h.Reset = reset
			h.Count, h.ZeroCount = c.number(c.count), c.number(c.zero)
			h.Positive, h.Negative = all[:positive:positive], all[positive:]
		}
	}
	c.starts.skip(&c.reader, i)
	return c.times.value, h
}

// buckets reads the buckets of sample i: those above 0, and how many these are, then those
// below. They have no room beside them, which would be held with them.
func (c *histograms) buckets(i int) (positive int, all []sample.Bucket) {
	c.room = c.room[:0]
	c.side(i, &c.positive)
	positive = len(c.room)
	c.side(i, &c.negative)
	if len(c.room) == 0 {
		return 0, nil
	}
	all = make([]sample.Bucket, len(c.room))
	copy(all, c.room)
	return positive, all
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

// side reads the buckets of sample i above or below 0. Integers are how much a bucket
// differs from the one before it.
func (c *histograms) side(i int, s *side) {
	if c.read += len(s.fields); c.read > MaxBuckets {
		c.err = errBuckets
	}
	if c.left() < 0 || c.err != nil {
		return
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
		c.room = add(c.room, begin, sample.Bucket{Index: s.indices[n], Count: c.number(sum)})
	}
}

// add adds a bucket to those from begin on, if it has events.
func add(room []sample.Bucket, begin int, b sample.Bucket) []sample.Bucket {
	last := len(room) - 1
	switch {
	case b.Count == 0:
	case last >= begin && room[last].Index == b.Index: // of a schema that is finer than the finest there is
		room[last].Count += b.Count
	default:
		room = append(room, b)
	}
	return room
}

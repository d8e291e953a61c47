// Package chunk reads the samples that Prometheus packs into chunks, as its blocks on disk
// and the answers of remote read hold them. It knows no file and no server.
//
// Damaged bytes are an error, never a panic; what is allocated for a chunk is bounded by
// its two bytes that count the samples, and by MaxBuckets. What a Run holds of many chunks is
// bounded by their samples and buckets.
package chunk

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// Encoding says how a chunk holds its samples. The numbers are those of chunk files and
// of remote read.
type Encoding byte

// Encodings of floats and of native histograms: with whole counts, or counts that are
// floats. Those that end in 2 and ST also hold when a series started, which is not read.
const (
	XOR              Encoding = 1
	Histogram        Encoding = 2
	FloatHistogram   Encoding = 3
	XOR2             Encoding = 4
	HistogramST      Encoding = 5
	FloatHistogramST Encoding = 6
)

// Floats tells whether chunks of the encoding hold floats.
func (e Encoding) Floats() bool { return e == XOR || e == XOR2 }

var (
	errShort = errors.New("chunk ends within a sample")
	errOrder = errors.New("chunk has samples out of order")
	errBits  = errors.New("chunk has a value of over 64 bits")
)

// Floats appends the samples of a chunk of floats, whose times rise, none where it
// returns an error.
func Floats(e Encoding, data []byte, times []int64, values []float64) ([]int64, []float64, error) {
	header := 2
	switch e {
	case XOR:
	case XOR2:
		header = 3
	default:
		return times, values, fmt.Errorf("chunk of encoding %d has no floats that can be read", e)
	}
	if len(data) < header {
		return times, values, errShort
	}
	had, n := len(times), int(binary.BigEndian.Uint16(data))
	times, values = slices.Grow(times, n)[:had+n], slices.Grow(values, n)[:len(values)+n]
	r := reader{data: data, pos: 8 * header}
	var err error
	if e == XOR {
		err = xor(&r, times[had:], values[len(values)-n:])
	} else {
		err = xor2(&r, times[had:], values[len(values)-n:])
	}
	if err != nil {
		times, values = times[:had], values[:len(values)-n]
	}
	return times, values, err
}

// xor reads samples: the first whole, of the second how much later it is, then how much
// that differs from one sample to the next; of values the bits that differ.
func xor(r *reader, times []int64, values []float64) error {
	var t, delta int64
	v := packed{middle: 64}
	for i := range times {
		w := r.peek()
		switch {
		case i == 0:
			t = r.varint()
			v.bits = r.take(64)
		case i == 1:
			delta = int64(r.uvarint())
			w = r.peek()
		case w>>63 == 0:
			r.pos++
			w <<= 1
		default:
			delta += r.deltaOfDelta(w)
			w = r.peek()
		}
		if i > 0 {
			t = r.later(t, delta)
			v.next(r, w)
		}
		if r.left() < 0 || r.err != nil {
			return r.failed()
		}
		times[i], values[i] = t, math.Float64frombits(v.bits)
	}
	return nil
}

// deltaOfDelta reads a difference of times: a number of ones that tells how many bits it
// has, and these. w is what comes.
func (r *reader) deltaOfDelta(w uint64) int64 {
	switch bits.LeadingZeros64(^w) {
	case 1:
		r.pos += 16
		return signed(w<<2>>50, 14)
	case 2:
		r.pos += 20
		return signed(w<<3>>47, 17)
	case 3:
		r.pos += 24
		return signed(w<<4>>44, 20)
	}
	r.pos += 4
	return int64(r.take(64))
}

// later returns the time that is delta after t.
func (r *reader) later(t, delta int64) int64 {
	if delta <= 0 || t > math.MaxInt64-delta {
		r.err = errOrder
	}
	return t + delta
}

// packed is a value of which the bits are written that change, all others being 0 or not
// written: it begins with all 64 of them.
type packed struct {
	bits            uint64
	leading, middle uint8 // how many were not written last before those that were, and these
}

// next reads the value after p: 0 for the same, 10 for changes among the bits that changed
// last, 11 for others. w is what comes.
func (p *packed) next(r *reader, w uint64) {
	switch w >> 62 {
	case 0, 1:
		r.pos++
	case 2:
		r.pos += 2
		p.same(r, w<<2)
	default:
		r.pos += 2
		p.other(r, w<<2)
	}
}

// same reads changes among the bits that changed last. w is what comes: of the bits that
// peek knows up to 15 were read by whoever calls.
func (p *packed) same(r *reader, w uint64) {
	const known = 57 - 15
	trailing := 64 - p.leading - p.middle
	if p.middle > known {
		p.bits ^= r.take(int(p.middle)) << (trailing & 63)
		return
	}
	r.pos += int(p.middle)
	p.bits ^= w >> ((64 - p.middle) & 63) << (trailing & 63)
}

// other reads which bits change, and the changes. w is what comes.
func (p *packed) other(r *reader, w uint64) {
	p.leading, p.middle = uint8(w>>59), uint8(w<<5>>58)
	r.pos += 11
	if p.middle == 0 {
		p.middle = 64
	}
	if p.leading+p.middle > 64 {
		r.err = errBits
		p.leading = 0
	}
	p.same(r, w<<11)
}

// signed reads the n low bits of w: from -(2^(n-1)-1) to 2^(n-1).
func signed(w uint64, n int) int64 {
	if w > 1<<(n-1) {
		return int64(w) - 1<<n
	}
	return int64(w)
}

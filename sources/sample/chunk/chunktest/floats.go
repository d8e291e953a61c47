// Package chunktest packs samples into chunks, for tests of who reads them.
package chunktest

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
)

// writer writes bits, the highest of a byte first.
type writer struct {
	data []byte
	free int // bits of the last byte
}

func (w *writer) bits(v uint64, n int) {
	for n > 0 {
		if w.free == 0 {
			w.data, w.free = append(w.data, 0), 8
		}
		m := min(n, w.free)
		part := v >> (n - m) & (1<<m - 1)
		w.free -= m
		n -= m
		w.data[len(w.data)-1] |= byte(part << w.free)
	}
}

func (w *writer) bytes(b ...byte) {
	for _, c := range b {
		w.bits(uint64(c), 8)
	}
}

// varbit writes a number of ones for how many bits follow, and these.
func (w *writer) varbit(v uint64, fits func(bits int) bool) {
	if v == 0 {
		w.bits(0, 1)
		return
	}
	ones := 1
	for _, n := range []int{3, 6, 9, 12, 18, 25, 56} {
		if fits(n) {
			w.bits(1<<(ones+1)-2, ones+1)
			w.bits(v, n)
			return
		}
		ones++
	}
	w.bits(0xff, 8)
	w.bits(v, 64)
}

func (w *writer) unsigned(v uint64) {
	w.varbit(v, func(n int) bool { return v < 1<<n })
}

func (w *writer) signed(v int64) {
	w.varbit(uint64(v), func(n int) bool { return fits(v, n) })
}

func fits(v int64, n int) bool { return v > -1<<(n-1) && v <= 1<<(n-1) }

// value is a value of which only the bits that change are written.
type value struct {
	bits            uint64
	leading, middle int // middle 0: none were written yet
}

// put writes v: same, window and other begin the three ways, of so many bits.
func (p *value) put(w *writer, v float64, same, window, other uint64, n [3]int) {
	changed := p.bits ^ math.Float64bits(v)
	p.bits ^= changed
	if changed == 0 {
		w.bits(same, n[0])
		return
	}
	leading, trailing := min(bits.LeadingZeros64(changed), 31), bits.TrailingZeros64(changed)
	if p.middle > 0 && leading >= p.leading && trailing >= 64-p.leading-p.middle {
		w.bits(window, n[1])
		w.bits(changed>>(64-p.leading-p.middle), p.middle)
		return
	}
	p.leading, p.middle = leading, 64-leading-trailing
	w.bits(other, n[2])
	w.bits(uint64(leading), 5)
	w.bits(uint64(p.middle), 6)
	w.bits(changed>>trailing, p.middle)
}

func (p *value) xor(w *writer, v float64) { p.put(w, v, 0, 0b10, 0b11, [3]int{1, 2, 2}) }

// xor2 writes v where the time is not as expected.
func (p *value) xor2(w *writer, v float64) {
	if sample.Stale(v) {
		w.bits(0b111, 3)
		return
	}
	p.put(w, v, 0, 0b10, 0b110, [3]int{1, 2, 3})
}

// Floats packs samples, of which there are less than 65,536. starts is when the series of
// each started, nil for encodings that do not tell.
func Floats(e chunk.Encoding, times []int64, values []float64, starts []int64) []byte {
	w := &writer{data: binary.BigEndian.AppendUint16(nil, uint16(len(times)))}
	st := starter{times: times, starts: starts}
	if e == chunk.XOR2 {
		w.bytes(0)
		st.header = 2
	}
	var v value
	var delta int64
	for i, t := range times {
		switch i {
		case 0:
			w.bytes(binary.AppendVarint(nil, t)...)
			w.bits(math.Float64bits(values[0]), 64)
			if e == chunk.XOR || !sample.Stale(values[0]) {
				v.bits = math.Float64bits(values[0])
			}
		case 1:
			delta = t - times[0]
			w.bytes(binary.AppendUvarint(nil, uint64(delta))...)
			if e == chunk.XOR {
				v.xor(w, values[1])
			} else {
				v.xor2(w, values[1])
			}
		default:
			change := t - times[i-1] - delta
			delta += change
			if e == chunk.XOR {
				dod(w, change)
				v.xor(w, values[i])
			} else {
				joint(w, change, &v, values[i])
			}
		}
		st.put(w, i)
	}
	return w.data
}

func dod(w *writer, v int64) {
	switch {
	case v == 0:
		w.bits(0, 1)
	case fits(v, 14):
		w.bits(0b10, 2)
		w.bits(uint64(v), 14)
	case fits(v, 17):
		w.bits(0b110, 3)
		w.bits(uint64(v), 17)
	case fits(v, 20):
		w.bits(0b1110, 4)
		w.bits(uint64(v), 20)
	default:
		w.bits(0b1111, 4)
		w.bits(uint64(v), 64)
	}
}

func joint(w *writer, change int64, v *value, to float64) {
	switch {
	case change == 0 && sample.Stale(to):
		w.bits(0b11111, 5)
		return
	case change == 0:
		v.put(w, to, 0, 0b100, 0b101, [3]int{1, 3, 3})
		return
	case change >= -1<<12 && change < 1<<12:
		w.bits(0b110, 3)
		w.bits(uint64(change), 13)
	case change >= -1<<19 && change < 1<<19:
		w.bits(0b1110, 4)
		w.bits(uint64(change), 20)
	default:
		w.bits(0b11110, 5)
		w.bits(uint64(change), 64)
	}
	v.xor2(w, to)
}

// starter writes when the series of samples started.
type starter struct {
	times, starts []int64
	header        int // index of the byte that tells which samples have it

	from int
	diff int64
}

func (s *starter) put(w *writer, i int) {
	switch {
	case s.starts == nil:
	case i == 0:
		if s.starts[0] != 0 {
			w.data[s.header] |= 0x80
			w.bytes(binary.AppendVarint(nil, s.times[0]-s.starts[0])...)
		}
	case s.from == 0 && s.starts[i] == s.starts[i-1] && i != 0x7f:
	default:
		if s.from == 0 {
			s.from = i
			w.data[s.header] |= byte(i)
		}
		diff := s.times[i-1] - s.starts[i]
		w.signed(diff - s.diff)
		s.diff = diff
	}
}

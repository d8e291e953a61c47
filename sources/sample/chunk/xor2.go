package chunk

import (
	"math"
	"math/bits"

	"github.com/nines-slo/nines/sources/sample"
)

// xor2 reads samples as xor does, of fewer bits: times and values share what says how
// they change, and the marker of an end has a sign of its own, which does not change the
// value that the next one is compared with.
func xor2(r *reader, times []int64, values []float64) error {
	starts := startsOf(r.data)
	var t, delta int64
	v := packed{middle: 64}
	for i := range times {
		stale := false
		switch i {
		case 0:
			t = r.varint()
			v.bits = r.take(64)
			if stale = sample.Stale(math.Float64frombits(v.bits)); stale {
				v.bits = 0
			}
		case 1:
			delta = int64(r.uvarint())
			stale = v.next2(r)
		default:
			stale = joint(r, &delta, &v)
		}
		if i > 0 {
			t = r.later(t, delta)
		}
		starts.skip(r, i)
		if r.left() < 0 || r.err != nil {
			return r.failed()
		}
		times[i], values[i] = t, math.Float64frombits(v.bits)
		if stale {
			values[i] = sample.StaleMarker()
		}
	}
	return nil
}

// joint reads how the time and the value of a sample change, and tells whether it is
// the marker of an end.
func joint(r *reader, delta *int64, v *packed) bool {
	w := r.peek()
	switch bits.LeadingZeros64(^w) {
	case 0:
		r.pos++
		return false
	case 1:
		r.pos += 3
		if w<<2>>63 == 0 {
			v.same(r, w<<3)
		} else {
			v.other(r, w<<3)
		}
		return false
	case 2:
		r.pos += 16
		*delta += int64(w<<3) >> 51
	case 3:
		r.pos += 24
		*delta += int64(w<<4) >> 44
	case 4:
		r.pos += 5
		*delta += int64(r.take(64))
	default:
		r.pos += 5
		return true
	}
	return v.next2(r)
}

// next2 reads the value after p: 0 for the same, 10 and 110 as next has 10 and 11; 111 is
// the marker of an end, for which it returns true.
func (p *packed) next2(r *reader) bool {
	w := r.peek()
	switch bits.LeadingZeros64(^w) {
	case 0:
		r.pos++
	case 1:
		r.pos += 2
		p.same(r, w<<2)
	case 2:
		r.pos += 3
		p.other(r, w<<3)
	default:
		r.pos += 3
		return true
	}
	return false
}

// starts says which samples of a chunk are followed by when their series started, which
// is not read.
type starts struct {
	first bool // the first one
	from  int  // and those from this one on; 0: no others
}

// startsOf reads the third byte of a chunk.
func startsOf(data []byte) starts {
	return starts{first: data[2]&0x80 != 0, from: int(data[2] & 0x7f)}
}

// skip skips what follows sample i.
func (s starts) skip(r *reader, i int) {
	switch {
	case i == 0 && s.first:
		r.varint()
	case i > 0 && s.from > 0 && i >= s.from:
		r.varbitInt()
	}
}

package chunk

import (
	"encoding/binary"
	"math/bits"
)

// reader reads bits, the highest of a byte first. Past the end all are 0: who reads looks
// at pos afterwards.
type reader struct {
	data []byte
	pos  int   // in bits
	err  error // of what was read
}

// peek returns the bits that come, the first the highest: 57 at least, then zeros.
func (r *reader) peek() uint64 {
	if i := r.pos >> 3; i+8 <= len(r.data) {
		return binary.BigEndian.Uint64(r.data[i:]) << (r.pos & 7)
	}
	return r.last()
}

// last is peek where less than 8 bytes are left.
func (r *reader) last() uint64 {
	var b [8]byte
	if i := r.pos >> 3; i < len(r.data) {
		copy(b[:], r.data[i:])
	}
	return binary.BigEndian.Uint64(b[:]) << (r.pos & 7)
}

// left returns how many bits there are still.
func (r *reader) left() int { return 8*len(r.data) - r.pos }

// failed returns what is wrong with what was read, the end of the bytes first.
func (r *reader) failed() error {
	if r.left() < 0 {
		return errShort
	}
	return r.err
}

// take reads n bits, 1 to 64.
func (r *reader) take(n int) uint64 {
	if n <= 57 {
		w := r.peek() >> (64 - n)
		r.pos += n
		return w
	}
	high := r.peek() >> 32
	r.pos += 32
	low := r.peek() >> (96 - n)
	r.pos += n - 32
	return high<<(n-32) | low
}

// uvarint reads 7 bits a byte, the lowest first, as encoding/binary has it.
func (r *reader) uvarint() uint64 {
	var v uint64
	for shift := 0; shift < 70; shift += 7 {
		b := r.take(8)
		v |= b & 0x7f << shift
		if b < 0x80 && (shift < 63 || b < 2) {
			return v
		}
	}
	r.err = errBits
	return 0
}

// varint reads a number with a sign, as encoding/binary has it.
func (r *reader) varint() int64 {
	u := r.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

// bitsOf are how many bits follow a number of ones.
var bitsOf = [...]int{0, 3, 6, 9, 12, 18, 25, 56, 64}

// varbitUint reads a number of ones, which tells how many bits follow, and these.
func (r *reader) varbitUint() (v uint64, n int) {
	w := r.peek()
	if w>>63 == 0 {
		r.pos++
		return 0, 0
	}
	ones := min(bits.LeadingZeros64(^w), 8)
	r.pos += min(ones+1, 8)
	n = bitsOf[ones]
	return r.take(n), n
}

// varbitInt is varbitUint of a number with a sign.
func (r *reader) varbitInt() int64 {
	v, n := r.varbitUint()
	if n == 0 || n == 64 {
		return int64(v)
	}
	return signed(v, n)
}

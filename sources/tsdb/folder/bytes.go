package folder

import (
	"encoding/binary"
	"hash/crc32"
	"math"
)

// Bytes takes numbers and texts off the front of a piece of a file. Once there are too
// few bytes all that it gives is zero, and Bad is true.
type Bytes struct {
	Rest []byte
	Bad  bool
}

// take returns the next n bytes.
func (b *Bytes) take(n uint64) []byte {
	if b.Bad || n > uint64(len(b.Rest)) {
		b.Bad, b.Rest = true, nil
		return nil
	}
	taken := b.Rest[:n]
	b.Rest = b.Rest[n:]
	return taken
}

// Byte returns the next byte.
func (b *Bytes) Byte() byte {
	if x := b.take(1); x != nil {
		return x[0]
	}
	return 0
}

// Uint32 returns a number of four bytes.
func (b *Bytes) Uint32() uint32 {
	if x := b.take(4); x != nil {
		return binary.BigEndian.Uint32(x)
	}
	return 0
}

// Uint64 returns a number of eight bytes.
func (b *Bytes) Uint64() uint64 {
	if x := b.take(8); x != nil {
		return binary.BigEndian.Uint64(x)
	}
	return 0
}

// Float returns a number of eight bytes.
func (b *Bytes) Float() float64 { return math.Float64frombits(b.Uint64()) }

// Uvarint returns a number of as many bytes as it needs.
func (b *Bytes) Uvarint() uint64 {
	v, n := binary.Uvarint(b.Rest)
	return b.varint(v, n)
}

// Varint returns a number with a sign, of as many bytes as it needs.
func (b *Bytes) Varint() int64 {
	v, n := binary.Varint(b.Rest)
	return int64(b.varint(uint64(v), n))
}

func (b *Bytes) varint(v uint64, n int) uint64 {
	if b.Bad || n <= 0 {
		b.Bad, b.Rest = true, nil
		return 0
	}
	b.Rest = b.Rest[n:]
	return v
}

// Count returns how many entries follow, of at least size bytes each: more than there
// is room for are none.
func (b *Bytes) Count(size int) int {
	n := b.Uvarint()
	if n > uint64(len(b.Rest)/size) {
		b.Bad, b.Rest = true, nil
		return 0
	}
	return int(n)
}

// Text returns a text, which is a part of the piece.
func (b *Bytes) Text() []byte { return b.take(b.Uvarint()) }

// Sum returns the checksum of what a file holds: CRC-32 with Castagnoli's polynomial.
func Sum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

// Add returns the checksum of what has the checksum sum, and b behind it.
func Add(sum uint32, b []byte) uint32 {
	return crc32.Update(sum, crc32.MakeTable(crc32.Castagnoli), b)
}

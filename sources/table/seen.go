package table

import (
	"crypto/sha256"
	"math"
)

// seen remembers which counts a bucket has for a set of dimensions, to tell a
// row that repeats another from one that contradicts it. The first sets, of
// which most files have few, take pages of 8 bytes a bucket; further ones a map.
type seen struct {
	sets  map[string]uint32
	pages [][]*[pageSize]uint64
	rest  map[[2]int64]uint64
}

const (
	pageSize = 1024
	maxPaged = 64
)

// Verdicts on a row.
const (
	isNew = iota
	isRepeated
	isConflict
)

func newSeen() *seen {
	return &seen{sets: map[string]uint32{}, rest: map[[2]int64]uint64{}}
}

// check compares a row with what its bucket has, and remembers it.
func (s *seen) check(key []byte, bucket int64, n *counts) int {
	slot, set := n.hash(), s.set(key)
	var was uint64
	if set < maxPaged {
		p := s.page(set, bucket)
		was = p[bucket%pageSize]
		p[bucket%pageSize] = slot
	} else {
		at := [2]int64{int64(set), bucket}
		was = s.rest[at]
		s.rest[at] = slot
	}
	switch was {
	case 0:
		return isNew
	case slot:
		return isRepeated
	}
	return isConflict
}

// set numbers the sets of dimensions. A long key is known by its hash.
func (s *seen) set(key []byte) uint32 {
	if len(key) > 2*sha256.Size {
		sum := sha256.Sum256(key)
		key = sum[:]
	}
	n, ok := s.sets[string(key)]
	if !ok {
		n = uint32(len(s.sets))
		s.sets[string(key)] = n
	}
	return n
}

func (s *seen) page(set uint32, bucket int64) *[pageSize]uint64 {
	for int(set) >= len(s.pages) {
		s.pages = append(s.pages, nil)
	}
	i := int(bucket / pageSize)
	for i >= len(s.pages[set]) {
		s.pages[set] = append(s.pages[set], nil)
	}
	if s.pages[set][i] == nil {
		s.pages[set][i] = new([pageSize]uint64)
	}
	return s.pages[set][i]
}

// hash mixes the counts of a row; it is never 0. Two rows of one bucket with
// other counts have the same hash once in 2^63, which calls a conflict a repeat.
func (n *counts) hash() uint64 {
	h := uint64(0)
	for _, v := range [...]float64{value(n.good, n.hasGood), value(n.bad, n.hasBad), value(n.total, n.hasTotal)} {
		h = (h ^ math.Float64bits(v)) * 0x9E3779B97F4A7C15 // the golden ratio: spreads neighbours
		h ^= h >> 29
	}
	return h | 1
}

// value returns a count, −1 if the row does not state it.
func value(c count, has bool) float64 {
	if !has {
		return -1
	}
	return c.float()
}

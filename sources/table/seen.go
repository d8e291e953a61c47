package table

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/nines-slo/nines/slo/diag"
)

// seen remembers which counts a bucket has for a set of dimensions, to tell a
// row that repeats another from one that contradicts it. The first sets, of
// which most files have few, take pages of 8 bytes a bucket; further ones a map,
// of about 50 bytes a row. There are at most maxSets, which take 5 MiB at most.
type seen struct {
	sets  map[string]uint32
	long  map[[sha256.Size]byte]uint32 // sets known by the hash of a long key
	pages [][]*[pageSize]uint64
	rest  map[[2]int64]uint64
}

const (
	pageSize = 1024
	maxPaged = 64
	maxSets  = 10_000
	maxKey   = 256 // bytes; a longer key is hashed
)

// Verdicts on a row.
const (
	isNew = iota
	isRepeated
	isConflict
	isTooMany // a set of dimensions beyond maxSets
)

func newSeen() *seen {
	return &seen{sets: map[string]uint32{}, long: map[[sha256.Size]byte]uint32{}, rest: map[[2]int64]uint64{}}
}

// check compares a row with what its bucket has, and remembers it.
func (s *seen) check(key []byte, bucket int64, n *counts) int {
	set, ok := s.set(key)
	if !ok {
		return isTooMany
	}
	slot := n.hash()
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

// set numbers the sets of dimensions, false if there are too many.
func (s *seen) set(key []byte) (uint32, bool) {
	if len(key) > maxKey {
		return number(s.long, sha256.Sum256(key), s.count())
	}
	n, ok := s.sets[string(key)]
	if ok {
		return n, true
	}
	return number(s.sets, string(key), s.count())
}

func (s *seen) count() int { return len(s.sets) + len(s.long) }

// number returns the number of a key; a new one gets next, false beyond maxSets.
func number[K comparable](numbers map[K]uint32, key K, next int) (uint32, bool) {
	n, ok := numbers[key]
	if !ok && next < maxSets {
		n, ok = uint32(next), true
		numbers[key] = n
	}
	return n, ok
}

// tooMany refuses the row of a file whose set of dimensions is one too many.
func (s *seen) tooMany(line int) diag.Finding {
	column, values := s.widest()
	f := diag.Errorf(diag.Pos{Line: line}, "dimensions", "rows have more than %s different sets of dimensions", diag.Thousands(maxSets))
	if values < 2 {
		return f.WithHint("leave out the columns that differ in every row, and add such rows up")
	}
	f.Message += fmt.Sprintf("; column %s alone has %s values", quote([]byte(column)), diag.Thousands(int64(values)))
	return f.WithHint("leave that column out and add its rows up; of a table with one row an event, say in the sli what is good or bad")
}

// widest returns the column with the most values among the sets whose keys are
// not hashed, and how many they are; 0 if there is none.
func (s *seen) widest() (column string, values int) {
	found := map[string]map[string]bool{}
	for key := range s.sets {
		for rest := []byte(key); len(rest) > 0; {
			var name, value []byte
			name, value, rest = cutKey(rest)
			if found[string(name)] == nil {
				found[string(name)] = map[string]bool{}
			}
			found[string(name)][string(value)] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if n := len(found[name]); n > values {
			column, values = name, n
		}
	}
	return column, values
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

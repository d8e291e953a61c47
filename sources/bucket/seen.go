package bucket

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/nines-slo/nines/sources/sparse"
)

// seen remembers which counts a bucket has for a set of dimensions, to tell a
// row that repeats another from one that contradicts it. The first sets, of
// which most files have few, take pages of 8 bytes a bucket; further ones a map,
// of about 50 bytes a row. There are at most MaxSets, which take 5 MiB at most.
type seen struct {
	sets  map[string]uint32
	long  map[[sha256.Size]byte]uint32 // sets known by the hash of a long key
	pages []*sparse.Array[uint64]      // by set
	rest  map[[2]int64]uint64
}

// MaxSets bounds the sets of labels that tell rows of one bucket apart.
const MaxSets = 10_000

const (
	maxPaged = 64
	maxKey   = 256 // bytes; a longer key is hashed
)

// likeness is how a row compares with those before it.
type likeness int

const (
	first       likeness = iota // of its bucket and set of labels
	again                       // it says the same as an earlier one
	contradicts                 // it says something else
	beyond                      // its set of labels is one too many
)

func newSeen() *seen {
	return &seen{sets: map[string]uint32{}, long: map[[sha256.Size]byte]uint32{}, rest: map[[2]int64]uint64{}}
}

// check compares a row with what its bucket has, and remembers it.
func (s *seen) check(key []byte, bucket int64, n *Counts) likeness {
	set, ok := s.set(key)
	if !ok {
		return beyond
	}
	slot := n.hash()
	var was uint64
	if set < maxPaged {
		n := s.page(set).At(int(bucket))
		was, *n = *n, slot
	} else {
		at := [2]int64{int64(set), bucket}
		was = s.rest[at]
		s.rest[at] = slot
	}
	switch was {
	case 0:
		return first
	case slot:
		return again
	}
	return contradicts
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

// number returns the number of a key; a new one gets next, false beyond MaxSets.
func number[K comparable](numbers map[K]uint32, key K, next int) (uint32, bool) {
	n, ok := numbers[key]
	if !ok && next < MaxSets {
		n, ok = uint32(next), true
		numbers[key] = n
	}
	return n, ok
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

func (s *seen) page(set uint32) *sparse.Array[uint64] {
	for int(set) >= len(s.pages) {
		s.pages = append(s.pages, new(sparse.Array[uint64]))
	}
	return s.pages[set]
}

// AppendKey adds a label to the key of a row. An empty value is left out: a row
// without the label says the same.
func AppendKey(key []byte, name string, value []byte) []byte {
	if len(value) == 0 {
		return key
	}
	key = binary.AppendUvarint(key, uint64(len(name)))
	key = append(key, name...)
	key = binary.AppendUvarint(key, uint64(len(value)))
	return append(key, value...)
}

// cutKey undoes AppendKey of the first label.
func cutKey(key []byte) (name, value, rest []byte) {
	name, rest = cutText(key)
	value, rest = cutText(rest)
	return name, value, rest
}

func cutText(key []byte) (text, rest []byte) {
	n, size := binary.Uvarint(key)
	end := size + int(n)
	return key[size:end], key[end:]
}

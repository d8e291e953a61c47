package bucket

import (
	"math"

	"github.com/nines-slo/nines/slo/spec"
)

// Counts are what a row states of one bucket, and what follows from it: of two
// the third.
type Counts struct {
	Good, Bad, Total          Count
	HasGood, HasBad, HasTotal bool
}

// Conflict is how the counts of one row contradict each other.
type Conflict int

// The conflicts that Complete finds.
const (
	NoConflict   Conflict = iota
	GoodTooLarge          // more good than total
	BadTooLarge           // more bad than total
	NotTheSum             // good and bad do not add up to total
	SumTooLarge           // the sum of good and bad is over MaxCount
)

// Complete works out the third of two counts, and tells whether those stated
// contradict each other.
func (n *Counts) Complete() Conflict {
	switch {
	case n.HasTotal && n.HasGood && n.Good.cmp(n.Total) > 0:
		return GoodTooLarge
	case n.HasTotal && n.HasBad && n.Bad.cmp(n.Total) > 0:
		return BadTooLarge
	case n.HasGood && n.HasBad && n.HasTotal:
		if n.Good.add(n.Bad).cmp(n.Total) != 0 {
			return NotTheSum
		}
	case n.HasGood && n.HasTotal:
		n.Bad, n.HasBad = n.Total.sub(n.Good), true
	case n.HasBad && n.HasTotal:
		n.Good, n.HasGood = n.Total.sub(n.Bad), true
	case n.HasGood && n.HasBad:
		n.Total, n.HasTotal = n.Good.add(n.Bad), true
		if _, fault := limit(n.Total); fault != nil {
			return SumTooLarge
		}
	}
	return NoConflict
}

// Say returns what stands in Series.Bad and Series.Total for that count, and
// whether the row says it.
func (n *Counts) Say(which spec.Count) (bad, total Count, ok bool) {
	switch which {
	case spec.Good:
		return Count{}, n.Good, n.HasGood
	case spec.Bad:
		return Count{}, n.Bad, n.HasBad
	case spec.Total:
		return Count{}, n.Total, n.HasTotal
	}
	return n.Bad, n.Total, n.HasBad && n.HasTotal
}

// hash mixes the counts of a row; it is never 0. Two rows of one bucket with
// other counts have the same hash once in 2^63, which calls a conflict a repeat.
func (n *Counts) hash() uint64 {
	h := uint64(0)
	good, bad, total := orNone(n.Good, n.HasGood), orNone(n.Bad, n.HasBad), orNone(n.Total, n.HasTotal)
	for _, v := range [...]float64{good, bad, total} {
		h = (h ^ math.Float64bits(v)) * 0x9E3779B97F4A7C15 // the golden ratio: spreads neighbours
		h ^= h >> 29
	}
	return h | 1
}

// orNone returns a count, −1 if the row does not state it.
func orNone(c Count, has bool) float64 {
	if !has {
		return -1
	}
	return c.float()
}

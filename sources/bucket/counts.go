package bucket

import (
	"math/big"

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
	TooLarge              // in the unit of all of them some, or the sum of good and bad, is over slo.MaxUnits
)

// Complete works out the third of two counts, and tells whether those stated
// contradict each other. They are compared as they were written, before they were
// rounded. Where they do not fit, the third stays unknown.
func (n *Counts) Complete() Conflict {
	fits := true
	switch {
	case n.HasTotal && n.HasGood && n.Good.cmp(n.Total) > 0:
		return GoodTooLarge
	case n.HasTotal && n.HasBad && n.Bad.cmp(n.Total) > 0:
		return BadTooLarge
	case n.HasGood && n.HasBad && n.HasTotal:
		if !isSum(n.Good, n.Bad, n.Total) {
			return NotTheSum
		}
		n.Good, fits = n.Total.sub(n.Bad)
	case n.HasGood && n.HasTotal:
		n.Bad, fits = n.Total.sub(n.Good)
		n.HasBad = fits
	case n.HasBad && n.HasTotal:
		n.Good, fits = n.Total.sub(n.Bad)
		n.HasGood = fits
	case n.HasGood && n.HasBad:
		n.Total, fits = n.Good.add(n.Bad)
		n.HasTotal = fits
	}
	if !fits {
		return TooLarge
	}
	return NoConflict
}

// isSum tells whether good and bad, as they were written, add up to total.
func isSum(good, bad, total Count) bool {
	if good.written == nil && bad.written == nil && total.written == nil {
		sum, fits := good.add(bad)
		return fits && sum.cmp(total) == 0
	}
	return new(big.Rat).Add(good.rat(), bad.rat()).Cmp(total.rat()) == 0
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
	for _, v := range [...]uint64{n.Good.orNone(n.HasGood), n.Bad.orNone(n.HasBad), n.Total.orNone(n.HasTotal)} {
		h = (h ^ v) * 0x9E3779B97F4A7C15 // the golden ratio: spreads neighbours
		h ^= h >> 29
	}
	return h | 1
}

// orNone returns a number that tells c from other counts, also from none.
func (c Count) orNone(has bool) uint64 {
	if !has {
		return 0
	}
	return c.units<<4 | uint64(c.decimals) + 1
}

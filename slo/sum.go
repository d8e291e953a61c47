package slo

import (
	"math"
	"math/big"
	"math/bits"
)

// Sum adds float64 counts exactly. While the terms are integers it is a 128-bit
// integer; fractions, as extrapolating query engines return them, go to math/big.
// The zero Sum is 0. Terms must be finite and not negative.
type Sum struct {
	hi, lo uint64
	frac   *big.Rat // what was not an integer; nil while there was none
}

// Add adds v.
func (s *Sum) Add(v float64) {
	if v == math.Trunc(v) && v < 1<<64 {
		var carry uint64
		s.lo, carry = bits.Add64(s.lo, uint64(v), 0)
		s.hi += carry
		return
	}
	if s.frac == nil {
		s.frac = new(big.Rat)
	}
	s.frac.Add(s.frac, new(big.Rat).SetFloat64(v))
}

// Number returns the sum.
func (s Sum) Number() Number {
	n := new(big.Int).SetUint64(s.hi)
	n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(s.lo))
	r := new(big.Rat).SetInt(n)
	if s.frac != nil {
		r.Add(r, s.frac)
	}
	return Number{r}
}

// IsZero tells whether nothing but zeros was added.
func (s Sum) IsZero() bool { return s.hi == 0 && s.lo == 0 && (s.frac == nil || s.frac.Sign() == 0) }

// Whole returns the sum as hi × 2^64 + lo, and false if some term was not an integer.
func (s Sum) Whole() (hi, lo uint64, whole bool) { return s.hi, s.lo, s.frac == nil }

package slo

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
)

const (
	// MaxDecimals is how fine the smallest unit of a series can be: 10^-9 events.
	MaxDecimals = 9
	// MaxUnits is how many units a bucket can hold, 2^53: each number of them up to it
	// is a float64.
	MaxUnits = 1 << 53
)

// PowerOfTen returns 10^n; n is from 0 to 19.
func PowerOfTen(n int) uint64 {
	power := uint64(1)
	for range n {
		power *= 10
	}
	return power
}

// UnitText returns the smallest unit of a series with so many decimals: "1", "0.1",
// "0.01", and "1e-6" from six on.
func UnitText(decimals int) string {
	if decimals < 6 {
		return strconv.FormatFloat(1/float64(PowerOfTen(decimals)), 'f', decimals, 64)
	}
	return "1e-" + strconv.Itoa(decimals)
}

// Events returns so many units of s as events, unknown for NaN.
func (s *Series) Events(units float64) Number {
	return NumberFloat(units).Quo(NumberOf(int64(PowerOfTen(s.Decimals))))
}

// InUnits returns s in units of 10^-decimals events, s itself if it has that unit. What
// a coarser unit cannot hold is rounded to the nearest, halves up; in a finer one no
// bucket may come to more than MaxUnits.
func (s *Series) InUnits(decimals int) *Series {
	if s == nil || s.Decimals == decimals {
		return s
	}
	out := *s
	out.Decimals, out.Doubt = decimals, s.Doubt.InUnits(decimals)
	out.Bad, out.Total = s.scaled(s.Bad, decimals), s.scaled(s.Total, decimals)
	return &out
}

func (s *Series) scaled(counts []float64, decimals int) []float64 {
	out := make([]float64, len(counts))
	finer, coarser := PowerOfTen(max(decimals-s.Decimals, 0)), PowerOfTen(max(s.Decimals-decimals, 0))
	for i, v := range counts {
		out[i] = v
		if !math.IsNaN(v) {
			out[i] = float64((uint64(v)*finer + coarser/2) / coarser)
		}
	}
	return out
}

// fits tells whether no bucket of s comes to more than MaxUnits of 10^-decimals events.
func (s *Series) fits(decimals int) bool {
	most := uint64(MaxUnits)
	if decimals > s.Decimals {
		most /= PowerOfTen(decimals - s.Decimals)
	}
	return !slices.ContainsFunc(s.Total, func(v float64) bool { return v > float64(most) })
}

// Sum adds the counts of buckets exactly: a 128-bit number of a series' smallest unit.
// Terms are whole numbers from 0 to MaxUnits. The zero Sum is 0.
type Sum struct{ hi, lo uint64 }

// Add adds v units.
func (s *Sum) Add(v float64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(int64(v)), 0) // a float64 is made an int64 in one step
	s.hi += carry
}

// Number returns the sum of units of 10^-decimals events as events.
func (s Sum) Number(decimals int) Number {
	n := new(big.Int).SetUint64(s.hi)
	n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(s.lo))
	if decimals == 0 {
		return Number{new(big.Rat).SetInt(n)}
	}
	return Number{new(big.Rat).SetFrac(n, new(big.Int).SetUint64(PowerOfTen(decimals)))}
}

// IsZero tells whether nothing but zeros was added.
func (s Sum) IsZero() bool { return s.hi == 0 && s.lo == 0 }

// Units returns the sum as hi × 2^64 + lo units.
func (s Sum) Units() (hi, lo uint64) { return s.hi, s.lo }

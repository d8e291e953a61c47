package budget

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/nines-slo/nines/slo"
)

// tape holds running sums of bad and total as whole numbers of a unit: entry k is
// the sum of the first k terms. The unit is one event or slice, or as small a part
// of it as the terms need.
//
// Some terms have no common unit, for example 10^30 and 10^-30, or error ratios with
// large denominators. They are rounded down, and the tape counts how many were: the
// true sum of a stretch is the tape's, or up to as many units more. A comparison that
// depends on which adds up the terms in fractions.
type tape struct {
	low  []pair     // the lower 64 bits
	high []pair     // the upper 64 bits, nil while no sum needs them
	cut  []int32    // how many of the first k terms were rounded down, nil if none was
	one  wide       // units that make 1; 0 if that is no whole number, or too large
	unit slo.Number // what a unit is worth
	term int        // bits that a term may have
}

// pair is 64 bits of a sum of bad and of one of total.
type pair struct{ bad, total uint64 }

const (
	narrowBits = 63  // that a sum may have that the lower halves hold
	wideBits   = 100 // that any sum may have: products of sums and limits must fit too
)

// newTape returns a tape for n terms of so many bits.
func newTape(n, term int, unit slo.Number) *tape {
	t := &tape{low: make([]pair, 1, n+1), unit: unit, term: term}
	if !t.narrow(n) {
		t.high = make([]pair, 1, n+1)
	}
	return t
}

// narrow tells whether the lower 64 bits are enough for any n terms in a row. It does not
// matter then whether those of the running sums overflow.
func (t *tape) narrow(n int) bool { return t.term+bits.Len(uint(n)) <= narrowBits }

// push adds a term; cut says that it was rounded down.
func (t *tape) push(bad, total wide, cut bool) {
	k := len(t.low) - 1
	sumBad, sumTotal := t.upTo(k)
	sumBad, sumTotal = sumBad.add(bad), sumTotal.add(total)
	t.low = append(t.low, pair{sumBad.lo, sumTotal.lo})
	if t.high != nil {
		t.high = append(t.high, pair{sumBad.hi, sumTotal.hi})
	}
	if cut && t.cut == nil {
		t.cut = make([]int32, k+1, cap(t.low))
	}
	if t.cut != nil {
		n := t.cut[k]
		if cut {
			n++
		}
		t.cut = append(t.cut, n)
	}
}

// upTo returns the sums of the first k terms.
func (t *tape) upTo(k int) (bad, total wide) {
	bad.lo, total.lo = t.low[k].bad, t.low[k].total
	if t.high != nil {
		bad.hi, total.hi = t.high[k].bad, t.high[k].total
	}
	return bad, total
}

// sums returns the sums of the terms of s, in units, rounded down.
func (t *tape) sums(s Stretch) (bad, total wide) {
	bad, total = t.upTo(s.j)
	fromBad, fromTotal := t.upTo(s.i)
	return bad.sub(fromBad), total.sub(fromTotal)
}

// lost returns how many units more than its sums s may have.
func (t *tape) lost(s Stretch) wide {
	if t.cut == nil {
		return wide{}
	}
	return wide{lo: uint64(t.cut[s.j] - t.cut[s.i])}
}

// number returns what w units are worth.
func (t *tape) number(w wide) slo.Number {
	return slo.NumberRat(new(big.Rat).SetInt(w.int())).Mul(t.unit)
}

// bucketTape returns the tape of the buckets of r. Those that do not count add
// nothing.
func bucketTape(r *record) *tape {
	data, most, places := r.data, 0.0, 0
	for i := range data.Len() {
		if r.counts(i) {
			most = max(most, data.Total[i])
			places = max(places, placesOf(data.Bad[i]), placesOf(data.Total[i]))
		}
	}
	_, whole := math.Frexp(most) // bits before the point
	places = min(places, wideBits-whole-bits.Len(uint(data.Len())))
	t := newTape(data.Len(), whole+places, powerOfTwo(-places))
	if places >= 0 && places <= wideBits {
		t.one, _ = wideOf(1, places)
	}
	for i := range data.Len() {
		var bad, total wide
		var cutBad, cutTotal bool
		if r.counts(i) {
			bad, cutBad = unitsOf(data.Bad[i], places)
			total, cutTotal = unitsOf(data.Total[i], places)
		}
		t.push(bad, total, cutBad || cutTotal)
	}
	return t
}

func powerOfTwo(n int) slo.Number {
	power := new(big.Int).Lsh(big.NewInt(1), uint(max(n, -n)))
	if n < 0 {
		return slo.NumberRat(new(big.Rat).SetFrac(big.NewInt(1), power))
	}
	return slo.NumberRat(new(big.Rat).SetInt(power))
}

// placesOf returns how many binary places v has.
func placesOf(v float64) int {
	if v == math.Trunc(v) {
		return 0
	}
	_, e := mantissa(v)
	return -e
}

// unitsOf returns v in units of 2^-places, rounded down, and whether there was a rest.
func unitsOf(v float64, places int) (w wide, rest bool) {
	if places == 0 && v < 1<<63 {
		return wide{lo: uint64(v)}, v != math.Trunc(v)
	}
	m, e := mantissa(v)
	return wideOf(m, e+places)
}

// sliceTape returns the tape of the slices of r. Those that do not count add nothing.
// Its unit is one part of the common denominator of their error ratios; where that is
// too large, of a power of two.
func sliceTape(r *record) *tape {
	n := len(r.slices)
	term := narrowBits - bits.Len(uint(n)+1)
	parts := commonParts(r.slices, 1<<(term-1))
	t := newTape(n, term, slo.NumberRat(new(big.Rat).SetFrac(big.NewInt(1), parts)))
	t.one = wide{lo: parts.Uint64()}
	for _, s := range r.slices {
		if s.bad == nil || r.unborn(s) {
			t.push(wide{}, wide{}, false)
			continue
		}
		bad, rest := new(big.Int).QuoRem(new(big.Int).Mul(s.bad.Num(), parts), s.bad.Denom(), new(big.Int))
		t.push(wide{lo: bad.Uint64()}, t.one, rest.Sign() != 0)
	}
	return t
}

// commonParts returns the least common denominator of the error ratios of slices,
// most if it is over that.
func commonParts(slices []slice, most int64) *big.Int {
	parts, limit := big.NewInt(1), big.NewInt(most)
	for _, s := range slices {
		if s.bad == nil || s.bad.IsInt() {
			continue
		}
		d := s.bad.Denom()
		parts.Mul(parts, new(big.Int).Quo(d, new(big.Int).GCD(nil, nil, parts, d)))
		if parts.Cmp(limit) > 0 {
			return limit
		}
	}
	return parts
}

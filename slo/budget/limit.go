package budget

import (
	"math/big"
	"math/bits"

	"github.com/nines-slo/nines/slo"
)

// Limit is what a count is held against, or a share of another count.
type Limit struct {
	exact    slo.Number
	num, den uint64 // the same as a fraction; 0/0 if it does not fit
}

// LimitOf returns n, which is known, as a Limit. Comparing is quick where numerator
// and denominator fit into 64 bits, as they do for what people write; math/big
// compares the rest.
func LimitOf(n slo.Number) Limit {
	l := Limit{exact: n}
	if r := n.Rat(); r.Num().IsUint64() && r.Denom().IsUint64() {
		l.num, l.den = r.Num().Uint64(), r.Denom().Uint64()
	}
	return l
}

// Number returns the limit.
func (l Limit) Number() slo.Number { return l.exact }

// fits tells whether the limit is a fraction of 64 bits.
func (l Limit) fits() bool { return l.den != 0 }

// over tells whether bad > l × total, both in the same unit.
func (l Limit) over(bad, total wide) bool {
	if !l.fits() {
		return l.cmp(bad.product(), total.product()) > 0
	}
	top, rest := bad.times(l.den)
	topMost, most := total.times(l.num)
	_, borrow := bits.Sub64(most.lo, rest.lo, 0)
	_, borrow = bits.Sub64(most.hi, rest.hi, borrow)
	_, borrow = bits.Sub64(topMost, top, borrow)
	return borrow > 0
}

// overNarrow is over for counts of 64 bits and a limit that fits.
func (l Limit) overNarrow(bad, total uint64) bool {
	hi, lo := bits.Mul64(bad, l.den)
	hiMost, most := bits.Mul64(total, l.num)
	return hi > hiMost || hi == hiMost && lo > most
}

// reached is over for a share that is enough when it is the limit.
func (l Limit) reached(bad, total uint64) bool {
	hi, lo := bits.Mul64(bad, l.den)
	hiMost, most := bits.Mul64(total, l.num)
	return hi > hiMost || hi == hiMost && lo >= most
}

// cmp compares x with l × y: −1, 0 or +1. Both have room for another 64 bits.
func (l Limit) cmp(x, y product) int {
	if l.fits() {
		return x.times(l.den).cmp(y.times(l.num))
	}
	most := new(big.Rat).SetInt(y.int())
	return new(big.Rat).SetInt(x.int()).Cmp(most.Mul(most, l.exact.Rat()))
}

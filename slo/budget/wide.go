package budget

import (
	"cmp"
	"math/big"
	"math/bits"
)

// wide is an unsigned 128-bit integer.
type wide struct{ hi, lo uint64 }

func (w wide) add(v wide) wide {
	lo, carry := bits.Add64(w.lo, v.lo, 0)
	hi, _ := bits.Add64(w.hi, v.hi, carry)
	return wide{hi, lo}
}

func (w wide) sub(v wide) wide {
	lo, borrow := bits.Sub64(w.lo, v.lo, 0)
	hi, _ := bits.Sub64(w.hi, v.hi, borrow)
	return wide{hi, lo}
}

// less tells whether w < v.
func (w wide) less(v wide) bool {
	_, borrow := bits.Sub64(w.lo, v.lo, 0)
	_, borrow = bits.Sub64(w.hi, v.hi, borrow)
	return borrow > 0
}

func (w wide) isZero() bool { return w == wide{} }

func (w wide) int() *big.Int { return w.product().int() }

// times returns w × n, the digit above 128 bits apart.
func (w wide) times(n uint64) (top uint64, rest wide) {
	carry, lo := bits.Mul64(w.lo, n)
	top, hi := bits.Mul64(w.hi, n)
	hi, c := bits.Add64(hi, carry, 0)
	return top + c, wide{hi, lo}
}

// shifted returns w × 2^n, which must be less than 2^128; n is under 64.
func (w wide) shifted(n uint) wide { return wide{hi: w.hi<<n | w.lo>>(64-n), lo: w.lo << n} }

// scaled returns w × a / b rounded down, which must be less than 2^128, and whether
// there was a rest.
func (w wide) scaled(a, b uint64) (q wide, rest bool) {
	top, x := w.times(a)
	var r uint64
	q.hi, r = bits.Div64(top, x.hi, b)
	q.lo, r = bits.Div64(r, x.lo, b)
	return q, r != 0
}

// product is an unsigned integer of up to 384 bits: n digits, the lowest first. That
// is room for two sums of a tape, or one of them and a projected one, and two numbers
// of 64 bits.
type product struct {
	digits [6]uint64
	n      int // the digits above are 0
}

func (w wide) product() product {
	p := product{n: 1}
	p.digits[0] = w.lo
	if w.hi > 0 {
		p.digits[1], p.n = w.hi, 2
	}
	return p
}

func (x product) times(n uint64) product {
	var carry uint64
	for i := range x.n {
		hi, lo := bits.Mul64(x.digits[i], n)
		lo, c := bits.Add64(lo, carry, 0)
		x.digits[i], carry = lo, hi+c
	}
	if carry > 0 {
		x.digits[x.n] = carry
		x.n++
	}
	return x
}

func (x product) timesWide(w wide) product {
	low := x.times(w.lo)
	if w.hi == 0 {
		return low
	}
	high := x.times(w.hi)
	shifted := product{n: high.n + 1}
	copy(shifted.digits[1:], high.digits[:high.n])
	return low.plus(shifted)
}

func (x product) plus(y product) product {
	var carry uint64
	x.n = max(x.n, y.n)
	for i := range x.n {
		x.digits[i], carry = bits.Add64(x.digits[i], y.digits[i], carry)
	}
	if carry > 0 {
		x.digits[x.n] = carry
		x.n++
	}
	return x
}

// cmp returns −1, 0 or +1.
func (x product) cmp(y product) int {
	for i := max(x.n, y.n) - 1; i >= 0; i-- {
		if x.digits[i] != y.digits[i] {
			return cmp.Compare(x.digits[i], y.digits[i])
		}
	}
	return 0
}

func (x product) isZero() bool { return x.digits == [6]uint64{} }

func (x product) int() *big.Int {
	n := new(big.Int)
	for i := x.n - 1; i >= 0; i-- {
		n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(x.digits[i]))
	}
	return n
}

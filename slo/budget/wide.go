package budget

import (
	"math"
	"math/big"
	"math/bits"

	"github.com/nines-slo/nines/slo"
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

// float returns w, to the last bit or two of a float64.
func (w wide) float() float64 {
	if w.hi == 0 {
		return float64(w.lo)
	}
	return float64(w.hi)*(1<<64) + float64(w.lo)
}

func (w wide) int() *big.Int {
	n := new(big.Int).SetUint64(w.hi)
	return n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(w.lo))
}

// shift returns m × 2^n cut to a whole number, and whether anything was cut off.
// The result must be less than 2^128.
func shift(m uint64, n int) (w wide, cut bool) {
	switch {
	case n >= 64:
		return wide{hi: m << (n - 64)}, false
	case n >= 0:
		return wide{hi: m >> (64 - n), lo: m << n}, false
	case n > -64:
		return wide{lo: m >> -n}, m<<(64+n) != 0
	}
	return wide{}, m != 0
}

// mantissa returns an odd m and e with v = m × 2^e, zeros for 0.
func mantissa(v float64) (m uint64, e int) {
	if v == 0 {
		return 0, 0
	}
	f, exp := math.Frexp(v)
	m = uint64(f * (1 << 53))
	zeros := bits.TrailingZeros64(m)
	return m >> zeros, exp - 53 + zeros
}

// tape holds running sums of bad and total: entry k is the sum of the first k
// terms. Sums of whole numbers under 2^53 are exact as floats; else the exact sums
// stand beside them, in units of 2^-places.
type tape struct {
	near       []pair
	slack      float64 // by how much a difference of two entries of near may be off
	bad, total []wide  // nil if slack is 0
	places     int
	loose      bool // terms were cut to units: every one may be up to a unit more
}

// pair is a bad and a total.
type pair struct{ bad, total float64 }

const (
	maxBits  = 126     // that the sum of a tape may have
	maxExact = 1 << 53 // up to which whole floats are exact
)

// newTape returns a tape for n terms that add up to no more than sum, of which
// the finest needs that many binary places. If these do not go together, terms
// are cut.
func newTape(n int, sum float64, places int) *tape {
	t := &tape{near: make([]pair, 1, n+1), places: places}
	if places == 0 && sum < maxExact {
		return t
	}
	_, exp := math.Frexp(sum)
	exp++ // what the sum itself may be off
	if exp+places > maxBits {
		t.places = maxBits - exp
	}
	t.slack = math.Ldexp(1, exp-52) + float64(n)*math.Ldexp(1, -t.places)
	t.bad, t.total = make([]wide, 1, n+1), make([]wide, 1, n+1)
	return t
}

// push adds a term that the tape can hold exactly.
func (t *tape) push(bad, total float64) {
	if t.slack > 0 {
		t.pushWide(t.units(bad), t.units(total))
		return
	}
	last := t.near[len(t.near)-1]
	t.near = append(t.near, pair{last.bad + bad, last.total + total})
}

func (t *tape) pushWide(bad, total wide) {
	k := len(t.bad) - 1
	b, all := t.bad[k].add(bad), t.total[k].add(total)
	t.bad, t.total = append(t.bad, b), append(t.total, all)
	unit := math.Ldexp(1, -t.places)
	t.near = append(t.near, pair{b.float() * unit, all.float() * unit})
}

func (t *tape) units(v float64) wide {
	m, e := mantissa(v)
	w, cut := shift(m, e+t.places)
	t.loose = t.loose || cut
	return w
}

// pushRatio adds a slice that is bad in the share r of it.
func (t *tape) pushRatio(r *big.Rat) {
	if t.slack == 0 {
		t.push(float64(r.Num().Int64()), 1) // 0 or 1
		return
	}
	n := new(big.Int).Lsh(r.Num(), uint(t.places))
	_, rest := n.QuoRem(n, r.Denom(), new(big.Int))
	t.loose = t.loose || rest.Sign() != 0
	lo := new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
	t.pushWide(wide{hi: n.Rsh(n, 64).Uint64(), lo: lo}, t.units(1))
}

// floats returns the sums of the terms [i, j), each right to within slack and a few
// units of its last place.
func (t *tape) floats(i, j int) (bad, total float64) {
	from, to := t.near[i], t.near[j]
	return to.bad - from.bad, to.total - from.total
}

// numbers returns the sums of the terms [i, j); only for a tape that is not loose.
func (t *tape) numbers(i, j int) (bad, total slo.Number) {
	if t.slack == 0 {
		b, all := t.floats(i, j)
		return slo.NumberOf(int64(b)), slo.NumberOf(int64(all))
	}
	return t.number(t.bad[j].sub(t.bad[i])), t.number(t.total[j].sub(t.total[i]))
}

func (t *tape) number(w wide) slo.Number {
	r := new(big.Rat).SetInt(w.int())
	switch {
	case t.places > 0:
		r.Quo(r, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(t.places))))
	case t.places < 0:
		r.Mul(r, new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), uint(-t.places))))
	}
	return slo.NumberRat(r)
}

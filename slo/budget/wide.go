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

// tape holds running sums of bad and total in units of 2^-places: entry k is the
// sum of the first k terms.
type tape struct {
	bad, total []wide
	places     int
	unit       float64 // 2^-places
	loose      bool    // terms were cut to units: every one may be up to a unit more
}

// maxBits is how many bits the sum of a tape may have.
const maxBits = 126

// newTape returns a tape for n terms that add up to no more than sum, of which
// the finest needs that many binary places. If these do not go together, terms
// are cut.
func newTape(n int, sum float64, places int) *tape {
	_, exp := math.Frexp(sum)
	exp++ // what the sum itself may be off
	t := &tape{bad: make([]wide, 1, n+1), total: make([]wide, 1, n+1), places: places}
	if exp+places > maxBits {
		t.places = maxBits - exp
	}
	t.unit = math.Ldexp(1, -t.places)
	return t
}

func (t *tape) push(bad, total wide) {
	k := len(t.bad) - 1
	t.bad = append(t.bad, t.bad[k].add(bad))
	t.total = append(t.total, t.total[k].add(total))
}

// pushFloats adds a term of two counts.
func (t *tape) pushFloats(bad, total float64) {
	t.push(t.units(bad), t.units(total))
}

func (t *tape) units(v float64) wide {
	m, e := mantissa(v)
	w, cut := shift(m, e+t.places)
	t.loose = t.loose || cut
	return w
}

// unitsOf returns r, which is in [0, 1].
func (t *tape) unitsOf(r *big.Rat) wide {
	if r.IsInt() {
		w, _ := shift(r.Num().Uint64(), t.places)
		return w
	}
	n := new(big.Int).Lsh(r.Num(), uint(t.places))
	n.Quo(n, r.Denom()) // a share of 1 in units: less than 2^64
	t.loose = true
	return wide{lo: n.Uint64()}
}

// floats returns the sums of the terms [i, j), and how much more each may be.
func (t *tape) floats(i, j int) (bad, total, slack float64) {
	bad, total = t.bad[j].sub(t.bad[i]).float(), t.total[j].sub(t.total[i]).float()
	if t.loose {
		slack = float64(j - i)
	}
	return bad * t.unit, total * t.unit, slack * t.unit
}

// numbers returns the sums of the terms [i, j); only for a tape that is not loose.
func (t *tape) numbers(i, j int) (bad, total slo.Number) {
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

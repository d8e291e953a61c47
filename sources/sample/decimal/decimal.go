// Package decimal reads the numbers that samples are written as, fast and to the nearest
// float: an int64 or a float64 rounded once. What takes more than that it leaves to strconv.
package decimal

import (
	"math"
	"math/bits"
)

// Number is ±Digits · 10^Power.
type Number struct {
	Digits uint64
	Power  int
	Minus  bool
}

// maxDigits is how many digits always fit into 64 bits.
const maxDigits = 19

// Read reads the number that text begins with, such as -12.5 or 1e+06, and returns how
// long it is. It is false if there is none, or it has more digits than 64 bits hold, or more
// than three of the exponent: strconv may read it nevertheless.
func Read(text []byte) (n Number, length int, ok bool) {
	i, point := 0, -1
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		n.Minus = text[0] == '-'
		i++
	}
	begin, digits := i, uint64(0)
	for ; i < len(text); i++ {
		c := text[i]
		if c-'0' <= 9 {
			digits = digits*10 + uint64(c-'0')
			continue
		}
		if c != '.' || point >= 0 {
			break
		}
		point = i
	}
	count := i - begin
	if point >= 0 {
		count--
		n.Power = point + 1 - i
	}
	if n.Digits = digits; count == 0 || count > maxDigits {
		return Number{}, 0, false
	}
	if i == len(text) || text[i]|0x20 != 'e' {
		return n, i, true
	}
	power, size := exponent(text[i+1:])
	n.Power += power
	return n, i + 1 + size, size > 0
}

// exponent reads the power of ten that text begins with. The size is 0 if there is none, or
// none of up to three digits.
func exponent(text []byte) (power, size int) {
	i, sign := 0, 1
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		if text[0] == '-' {
			sign = -1
		}
		i++
	}
	begin := i
	for ; i < len(text) && text[i]-'0' <= 9; i++ {
		if i == begin+3 {
			return 0, 0
		}
		power = power*10 + int(text[i]-'0')
	}
	if i == begin {
		return 0, 0
	}
	return sign * power, i
}

// tens are the powers of ten that 64 bits hold; floats hold them exactly too.
var tens = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// Float returns the nearest float, false if that is more than one multiplication or division.
func (n Number) Float() (v float64, ok bool) {
	exact := n.Digits <= 1<<53 // all whole floats up to there are
	switch {
	case n.Power == 0:
		v = float64(n.Digits)
	case n.Power < 0 && n.Power > -len(tens) && exact:
		v = float64(n.Digits) / float64(tens[-n.Power])
	case n.Power < 0 && n.Power > -len(tens):
		v = divided(n.Digits, tens[-n.Power])
	case n.Power > 0 && n.Power < len(tens) && exact:
		v = float64(n.Digits) * float64(tens[n.Power])
	default:
		return 0, false
	}
	if n.Minus {
		v = -v
	}
	return v, true
}

// divided returns digits/ten, to the nearest float; digits are 2^53 or more.
func divided(digits, ten uint64) float64 {
	// Both are shifted to 64 bits, so their quotient has 63 or 64, of which 53 are kept.
	up, upTen := bits.LeadingZeros64(digits), bits.LeadingZeros64(ten)
	digits <<= up
	q, rest := bits.Div64(digits>>1, digits<<63, ten<<upTen)
	drop := bits.Len64(q) - 53
	half := uint64(1) << (drop - 1)
	below := q & (half<<1 - 1)
	q >>= drop
	if below > half || below == half && (rest != 0 || q&1 == 1) {
		q++
	}
	exponent := drop - 63 + upTen - up
	return float64(q) * math.Float64frombits(uint64(1023+exponent)<<52)
}

// Thousandths returns the number as thousandths, cut towards the past, false if it is
// beyond what an int64 holds of them.
func (n Number) Thousandths() (int64, bool) {
	if n.Digits > math.MaxInt64 {
		return 0, false
	}
	v, power := int64(n.Digits), n.Power+3
	for ; power > 0; power-- {
		if v > math.MaxInt64/10 {
			return 0, false
		}
		v *= 10
	}
	rest := false
	for ; power < 0; power++ {
		rest = rest || v%10 != 0
		v /= 10
	}
	if n.Minus {
		v = -v
		if rest {
			v--
		}
	}
	return v, true
}

package match

import (
	"bytes"
	"cmp"
	"math"
	"math/bits"
	"time"
)

// decimal is ±n·10^-scale, exactly, or a little more than that in size.
type decimal struct {
	n        uint64
	scale    int // 0 to 19
	negative bool
	more     bool // digits other than 0 were cut off
}

var pow10 = [20]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

func isDigit(c byte) bool { return c-'0' < 10 }

// readDecimal reads the number of a test.
func readDecimal(text string) (Decimal, bool) {
	d, ok := parseDecimal([]byte(text))
	return Decimal{text, d}, ok
}

// parseDecimal reads "12", "-0.5" or "2.5e-06" and nothing else.
func parseDecimal(b []byte) (decimal, bool) {
	d, rest, ok := cutDecimal(b)
	return d, ok && len(rest) == 0
}

// numberLike tells whether a value, blanks around it aside, is a number.
func numberLike(b []byte) bool {
	_, ok := parseDecimal(bytes.TrimSpace(b))
	return ok
}

// cutDecimal reads the number that b begins with. Numbers of 10^19 and more are
// cut to the largest that fits.
func cutDecimal(b []byte) (d decimal, rest []byte, ok bool) {
	i := 0
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		d.negative = b[0] == '-'
		i = 1
	}
	digits, scale, point := 0, 0, false
	for ; i < len(b); i++ {
		c := b[i] - '0'
		if c >= 10 {
			if b[i] != '.' || point {
				break
			}
			point = true
			continue
		}
		digits++
		if d.n >= 1e18 {
			d.more = d.more || c != 0
			if !point {
				scale--
			}
			continue
		}
		d.n = d.n*10 + uint64(c)
		if point {
			scale++
		}
	}
	if digits == 0 {
		return d, b, false
	}
	exponent, rest := cutExponent(b[i:])
	d.rescale(scale - exponent)
	return d, rest, true
}

// cutExponent reads "e-06". What does not go on like that is no exponent.
func cutExponent(b []byte) (int, []byte) {
	if len(b) < 2 || b[0]|0x20 != 'e' {
		return 0, b
	}
	i, sign, n := 1, 1, 0
	if b[1] == '-' || b[1] == '+' {
		if b[1] == '-' {
			sign = -1
		}
		i = 2
	}
	if i == len(b) || !isDigit(b[i]) {
		return 0, b
	}
	for ; i < len(b) && isDigit(b[i]); i++ {
		n = min(n*10+int(b[i]-'0'), 1000)
	}
	return sign * n, b[i:]
}

// rescale sets the scale and brings it between 0 and 19.
func (d *decimal) rescale(scale int) {
	for scale < 0 && d.n != 0 {
		hi, lo := bits.Mul64(d.n, 10)
		if hi != 0 {
			d.n, d.more, scale = math.MaxUint64, true, 0
			break
		}
		d.n, scale = lo, scale+1
	}
	for scale > 19 && d.n != 0 {
		d.more = d.more || d.n%10 != 0
		d.n, scale = d.n/10, scale-1
	}
	d.scale = max(0, min(scale, 19))
}

// status tells whether d is a whole number of three digits.
func (d decimal) status() bool { return !d.negative && d.scale == 0 && d.n >= 100 && d.n <= 999 }

// cmp compares two decimals: −1, 0 or +1.
func (d decimal) cmp(e decimal) int {
	if d.n == 0 && !d.more && e.n == 0 && !e.more {
		return 0
	}
	switch {
	case d.negative && !e.negative:
		return -1
	case !d.negative && e.negative:
		return 1
	case d.negative:
		return e.size(d)
	}
	return d.size(e)
}

// size compares without the sign.
func (d decimal) size(e decimal) int {
	if d.scale == e.scale {
		return cmp.Or(cmp.Compare(d.n, e.n), after(d.more, e.more))
	}
	dhi, dlo := bits.Mul64(d.n, pow10[e.scale])
	ehi, elo := bits.Mul64(e.n, pow10[d.scale])
	return cmp.Or(cmp.Compare(dhi, ehi), cmp.Compare(dlo, elo), after(d.more, e.more))
}

func after(a, b bool) int {
	switch {
	case a && !b:
		return 1
	case b && !a:
		return -1
	}
	return 0
}

// parseSpan reads a duration: a bare number in unit, or numbers with units as
// in "1m30s". more tells that the duration is a little over ns. It is false for
// a bare number without unit, a negative duration and one over 292 years.
func parseSpan(b []byte, unit time.Duration) (ns uint64, more, ok bool) {
	for {
		d, rest, ok := cutDecimal(b)
		if !ok || d.negative && (d.n > 0 || d.more) {
			return 0, false, false
		}
		u, rest := cutUnit(rest)
		if u == 0 {
			if len(rest) > 0 || unit == 0 && d.n > 0 || ns > 0 {
				return 0, false, false
			}
			u = max(unit, 1)
		}
		n, m, ok := d.times(uint64(u))
		ns += n
		if !ok || ns > math.MaxInt64 {
			return 0, false, false
		}
		more = more || m
		if len(rest) == 0 {
			return ns, more, true
		}
		b = bytes.TrimLeft(rest, " ")
	}
}

// times returns d × unit in whole numbers, and whether something is left over.
func (d decimal) times(unit uint64) (n uint64, more, ok bool) {
	hi, lo := bits.Mul64(d.n, unit)
	if d.scale == 0 {
		return lo, d.more, hi == 0 && lo <= math.MaxInt64
	}
	if hi == 0 {
		p := pow10[d.scale]
		return lo / p, d.more || lo%p != 0, lo/p <= math.MaxInt64
	}
	if hi >= pow10[d.scale] {
		return 0, false, false
	}
	n, rest := bits.Div64(hi, lo, pow10[d.scale])
	return n, d.more || rest != 0, n <= math.MaxInt64
}

// UnitOf returns the unit that a file may say bare numbers are in: ns, us, ms, s, m or h.
func UnitOf(name string) (time.Duration, bool) {
	unit, rest := cutUnit([]byte(name))
	return unit, unit > 0 && unit <= time.Hour && len(rest) == 0 && name[0] != ' '
}

// cutUnit reads the unit that b begins with, blanks before it aside.
func cutUnit(b []byte) (time.Duration, []byte) {
	b = bytes.TrimLeft(b, " ")
	i := 0
	for i < len(b) && !isDigit(b[i]) && b[i] != ' ' && b[i] != '.' {
		i++
	}
	switch string(b[:i]) {
	case "ns":
		return 1, b[i:]
	case "us", "µs", "μs":
		return time.Microsecond, b[i:]
	case "ms":
		return time.Millisecond, b[i:]
	case "s":
		return time.Second, b[i:]
	case "m":
		return time.Minute, b[i:]
	case "h":
		return time.Hour, b[i:]
	case "d":
		return 24 * time.Hour, b[i:]
	case "w":
		return 7 * 24 * time.Hour, b[i:]
	}
	return 0, b
}

package openmetrics

import (
	"math"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources/sample"
)

// maxExact is the first whole number behind which not all are floats.
const maxExact = 1 << 53

// tens are the powers of ten that floats hold exactly.
var tens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// value reads the number that text begins with, up to a blank or the end, and tells how
// long it is. A number of which both the digits and the power of ten are exact as floats
// is their product or quotient, rounded once; all others are left to strconv.
func value(text []byte) (v float64, length int, ok bool) {
	d := decimal{text: text}
	if d.read() {
		if v, ok := d.float(); ok {
			return v, d.at, true
		}
	}
	length = token(text)
	v, ok = slowValue(string(text[:length]))
	return v, length, ok
}

// slowValue reads what is no short decimal. NaN is how dumps print the marker of an end,
// and is taken as one.
func slowValue(text string) (float64, bool) {
	if text == "" || strings.ContainsAny(text, "xXpP_") {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	if math.IsNaN(v) {
		v = sample.StaleMarker()
	}
	return v, err == nil
}

// decimal is a number as its digits say it: ±digits · 10^power.
type decimal struct {
	text   []byte
	at     int // behind what was read
	minus  bool
	digits uint64
	power  int
}

// read reads text up to a blank or its end, false if that is no decimal whose digits an
// int64 holds.
func (d *decimal) read() bool {
	if d.at < len(d.text) && (d.text[d.at] == '-' || d.text[d.at] == '+') {
		d.minus = d.text[d.at] == '-'
		d.at++
	}
	count := d.run()
	if d.at < len(d.text) && d.text[d.at] == '.' {
		d.at++
		n := d.run()
		count, d.power = count+n, -n
	}
	if count == 0 || count > 19 || d.digits > math.MaxInt64 {
		return false
	}
	if d.at < len(d.text) && d.text[d.at]|0x20 == 'e' && !d.exponent() {
		return false
	}
	return d.at == len(d.text) || blank(d.text[d.at])
}

// run reads digits and returns how many there are.
func (d *decimal) run() int {
	begin, n := d.at, d.digits
	for d.at < len(d.text) {
		c := d.text[d.at] - '0'
		if c > 9 {
			break
		}
		n = n*10 + uint64(c)
		d.at++
	}
	d.digits = n
	return d.at - begin
}

// exponent reads the power of ten behind the digits.
func (d *decimal) exponent() bool {
	e := decimal{text: d.text, at: d.at + 1}
	if e.at < len(e.text) && (e.text[e.at] == '-' || e.text[e.at] == '+') {
		e.minus = e.text[e.at] == '-'
		e.at++
	}
	if n := e.run(); n == 0 || n > 3 {
		return false
	}
	d.at = e.at
	if e.minus {
		d.power -= int(e.digits)
	} else {
		d.power += int(e.digits)
	}
	return true
}

// float returns the number, false if that takes more than one rounding.
func (d *decimal) float() (float64, bool) {
	v := float64(d.digits)
	switch {
	case d.digits > maxExact:
		return 0, false
	case d.power == 0:
	case d.power > 0 && d.power < len(tens):
		v *= tens[d.power]
	case d.power < 0 && -d.power < len(tens):
		v /= tens[-d.power]
	default:
		return 0, false
	}
	if d.minus {
		v = -v
	}
	return v, true
}

// thousandths returns the number as thousandths, cut towards the past, false if it is
// beyond what an int64 holds of them.
func (d *decimal) thousandths() (int64, bool) {
	n, power := int64(d.digits), d.power+3
	for ; power > 0; power-- {
		if n > math.MaxInt64/100 {
			return 0, false
		}
		n *= 10
	}
	rest := false
	for ; power < 0; power++ {
		rest = rest || n%10 != 0
		n /= 10
	}
	if d.minus {
		n = -n
		if rest {
			n--
		}
	}
	return n, true
}

// stamp reads the timestamp that text begins with, and tells how long it is: seconds, or
// milliseconds, which are whole numbers.
func stamp(text []byte, seconds bool) (ms int64, length int, ok bool) {
	d := decimal{text: text}
	if !d.read() {
		return 0, token(text), false
	}
	if seconds {
		ms, ok = d.thousandths()
		return ms, d.at, ok
	}
	ms, ok = int64(d.digits), d.at > 0 && d.power == 0 && whole(text[:d.at])
	if d.minus {
		ms = -ms
	}
	return ms, d.at, ok
}

// whole tells whether a number is written without a point and an exponent.
func whole(text []byte) bool {
	for _, c := range text {
		if c == '.' || c|0x20 == 'e' {
			return false
		}
	}
	return true
}

// token returns the length of what text begins with, up to a blank or the end.
func token(text []byte) int {
	for i, c := range text {
		if blank(c) {
			return i
		}
	}
	return len(text)
}

// blanks returns how many blanks text begins with.
func blanks(text []byte) int {
	n := 0
	for n < len(text) && blank(text[n]) {
		n++
	}
	return n
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

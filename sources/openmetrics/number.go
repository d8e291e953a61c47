package openmetrics

import (
	"math"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/decimal"
)

// value reads the number that text begins with, up to a blank or the end, and tells how
// long it is.
func value(text []byte) (v float64, length int, ok bool) {
	if n, length, ok := number(text); ok {
		if v, ok := n.Float(); ok {
			return v, length, true
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

// number reads the number that text begins with, up to a blank or the end, false if that
// is no short decimal.
func number(text []byte) (n decimal.Number, length int, ok bool) {
	n, length, ok = decimal.Read(text)
	return n, length, ok && (length == len(text) || blank(text[length]))
}

// stamp reads the timestamp that text begins with, and tells how long it is: seconds, or
// milliseconds, which are whole numbers.
func stamp(text []byte, seconds bool) (ms int64, length int, ok bool) {
	n, length, ok := number(text)
	if !ok {
		return 0, token(text), false
	}
	if seconds {
		ms, ok = n.Thousandths()
		return ms, length, ok
	}
	ms, ok = int64(n.Digits), n.Digits <= math.MaxInt64 && whole(text[:length])
	if n.Minus {
		ms = -ms
	}
	return ms, length, ok
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

package wire

import (
	"math"
	"strconv"

	"github.com/nines-slo/nines/sources/sample/decimal"
)

// quickest is how many bytes the quick way wants to see, which is more than it takes.
const quickest = 64

// quick takes a point that is written as servers write most, [1700000000.123,"12.5"]. If
// it returns false nothing was taken.
func (l *lexer) quick() (at int64, v float64, ok bool) {
	if l.end-l.pos < quickest {
		return 0, 0, false
	}
	b := l.buf[l.pos : l.pos+quickest]
	at, i, ok := quickTime(b)
	if !ok || b[i] != ',' || b[i+1] != '"' {
		return 0, 0, false
	}
	from := i + 2
	v, i, ok = quickValue(b, from)
	if !ok {
		if v, i, ok = longValue(b, from); !ok {
			return 0, 0, false
		}
	}
	if b[i+1] != ']' {
		return 0, 0, false
	}
	l.pos += i + 2
	return at, v, true
}

// longValue reads a number of any digits from i on, as far as b holds it, and returns where
// its quote stands.
func longValue(b []byte, i int) (v float64, end int, ok bool) {
	from := i
	for b[i] != '"' {
		if i++; i == quickest-1 {
			return 0, 0, false
		}
	}
	if !plainNumber(b[from:i]) {
		return 0, 0, false
	}
	v, err := strconv.ParseFloat(string(b[from:i]), 64)
	return v, i, err == nil
}

// quickTime reads the time that follows a bracket, and returns where it ends.
func quickTime(b []byte) (at int64, end int, ok bool) {
	if b[0] != '[' || b[1] == '0' {
		return 0, 0, false
	}
	i := 1
	for ; i < 12 && b[i]-'0' <= 9; i++ {
		at = at*10 + int64(b[i]-'0')
	}
	if i == 1 || i == 12 {
		return 0, 0, false
	}
	at *= 1000
	if b[i] != '.' {
		return at, i, true
	}
	i++
	for unit := int64(100); unit > 0 && b[i]-'0' <= 9; unit /= 10 {
		at += unit * int64(b[i]-'0')
		i++
	}
	return at, i, b[i-1] != '.'
}

// quickValue reads a number from i on, and returns where its quote stands.
func quickValue(b []byte, i int) (v float64, end int, ok bool) {
	n, length, ok := decimal.Read(b[i : quickest-1])
	if i += length; !ok || b[i] != '"' {
		return 0, 0, false
	}
	v, ok = n.Float()
	return v, i, ok
}

// point takes a point, however it is written.
func (l *lexer) point() (at int64, v float64, err error) {
	if at, v, ok := l.quick(); ok {
		return at, v, nil
	}
	if err := l.expect('['); err != nil {
		return 0, 0, err
	}
	if at, err = l.time(); err == nil {
		err = l.expect(',')
	}
	if err == nil {
		v, err = l.value()
	}
	if err == nil {
		err = l.expect(']')
	}
	return at, v, err
}

// time takes seconds since the epoch and returns milliseconds.
func (l *lexer) time() (int64, error) {
	text, err := l.number()
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.Abs(seconds) >= 1e10 {
		return 0, refused("the answer has a point at %q, which is no time", text)
	}
	// A float has seconds of these years to a few microseconds, so a whole number of
	// milliseconds is told from any other that a server may mean.
	ms := math.Round(seconds * 1000)
	if math.Abs(seconds*1000-ms) > 0.01 {
		return 0, refused("the answer has a point at %q, which is no whole millisecond", text)
	}
	return int64(ms), nil
}

// value takes a text that holds a number.
func (l *lexer) value() (float64, error) {
	if c := l.peek(); c != '"' && c != 0 {
		return 0, refused("the answer has a value that is no text at byte %d", l.at())
	}
	text, err := l.str(maxNumber)
	if err != nil {
		return 0, err
	}
	switch string(text) {
	case "NaN":
		return math.NaN(), nil
	case "+Inf", "Inf":
		return math.Inf(1), nil
	case "-Inf":
		return math.Inf(-1), nil
	}
	if !plainNumber(text) {
		return 0, refused("the answer has a value of %q, which is no number", text)
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, refused("the answer has a value of %q, which is no number", text)
	}
	return v, nil
}

// plainNumber tells whether a number is of digits, and of nothing else that ParseFloat takes.
func plainNumber(text []byte) bool {
	for _, c := range text {
		if c-'0' > 9 && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return false
		}
	}
	return len(text) > 0
}

package bucket

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
)

// MaxCount is 2^53: every integer up to it is a float64.
const MaxCount = 1 << 53

// Fault says why a text cannot be used, and how to mend it.
type Fault struct {
	Code, Why, Hint string
}

// Count is a number of events, exactly as it was written.
type Count struct {
	n    uint64   // at most MaxCount
	frac *big.Rat // the value instead of n, if it is not an integer
}

// Whole returns the count of n events.
func Whole(n uint64) Count { return Count{n: n} }

// ParseCount reads a plain decimal number, 0 to 2^53. Spaces around it are not
// part of it. Signs, exponents, separators and other bases are refused, since a
// guess at what they mean would be a wrong figure.
func ParseCount(text []byte) (Count, *Fault) {
	text = bytes.TrimSpace(text)
	if n, ok := digits(text); ok && len(text) <= 18 {
		return limit(Count{n: n})
	}
	whole, part, point := bytes.Cut(text, []byte("."))
	if !point || !isDigits(whole) || !isDigits(part) || len(text) > 40 {
		return Count{}, explain(text)
	}
	if len(bytes.Trim(part, "0")) == 0 && len(whole) <= 18 { // 12.0, as many programs write 12
		n, _ := digits(whole)
		return limit(Count{n: n})
	}
	r, _ := new(big.Rat).SetString(string(text))
	return limit(Count{frac: r})
}

func limit(c Count) (Count, *Fault) {
	if c.cmp(Count{n: MaxCount}) > 0 {
		return Count{}, &Fault{Code: "count", Why: "is over 2^53 and cannot be held exactly",
			Hint: "use a shorter step, or count in larger units"}
	}
	return c, nil
}

// digits returns the value of text if it is one to eighteen ASCII digits.
func digits(text []byte) (n uint64, ok bool) {
	if len(text) == 0 || len(text) > 18 {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}

func isDigits(text []byte) bool {
	return len(text) > 0 && len(bytes.Trim(text, "0123456789")) == 0
}

// explain returns what is wrong with a text that is no count.
func explain(text []byte) *Fault {
	s := strings.ToLower(string(text[:min(len(text), 64)]))
	f := &Fault{Code: "count"}
	switch {
	case s == "":
		f.Why, f.Hint = "is empty", "write 0 for no traffic; leave the row out if nothing was measured"
	case isDigits([]byte(strings.Replace(s, ".", "", 1))) && len(s) > 18:
		f.Why, f.Hint = "is too long a number", "counts are at most 2^53"
	case strings.Trim(s, "+-") == "nan", s == "null", s == "none", s == "n/a", s == "-":
		f.Why, f.Hint = "is not a count", "leave the row out if nothing was measured"
	case strings.HasPrefix(strings.Trim(s, "+-"), "inf"):
		f.Why, f.Hint = "is not a count", "counts are finite"
	case s[0] == '-':
		f.Why, f.Hint = "is negative", "counts are 0 or more"
	case s[0] == '+':
		f.Why, f.Hint = "has a sign", "write the digits alone"
	case strings.HasPrefix(s, "0x"):
		f.Why, f.Hint = "is hexadecimal", "write it in decimal digits"
	case strings.ContainsAny(s, separators) && strings.Trim(s, "0123456789."+separators) == "":
		f.Why, f.Hint = "has a separator", "write the digits alone, and a point before decimals"
	case strings.Trim(s, "0123456789.e+-") == "" && strings.Contains(s, "e"):
		f.Why, f.Hint = "has an exponent", "write the number in full"
	default:
		f.Why, f.Hint = "is not a count", "counts are plain decimal numbers, 0 or more"
	}
	return f
}

func (c Count) rat() *big.Rat {
	if c.frac != nil {
		return c.frac
	}
	return new(big.Rat).SetInt64(int64(c.n))
}

func (c Count) cmp(d Count) int {
	switch {
	case c.frac != nil || d.frac != nil:
		return c.rat().Cmp(d.rat())
	case c.n < d.n:
		return -1
	case c.n > d.n:
		return 1
	}
	return 0
}

// sub returns c − d; d must not be more than c.
func (c Count) sub(d Count) Count {
	if c.frac == nil && d.frac == nil {
		return Count{n: c.n - d.n}
	}
	return normal(new(big.Rat).Sub(c.rat(), d.rat()))
}

func (c Count) add(d Count) Count {
	if c.frac == nil && d.frac == nil {
		return Count{n: c.n + d.n}
	}
	return normal(new(big.Rat).Add(c.rat(), d.rat()))
}

func normal(r *big.Rat) Count {
	if r.IsInt() && r.Num().IsInt64() {
		return Count{n: r.Num().Uint64()}
	}
	return Count{frac: r}
}

// float returns the nearest float64, which is the value itself for integers up to 2^53.
func (c Count) float() float64 {
	if c.frac == nil {
		return float64(c.n)
	}
	f, _ := c.frac.Float64()
	return f
}

// String returns the number in full.
func (c Count) String() string {
	if c.frac == nil {
		return fmt.Sprint(c.n)
	}
	return strings.TrimRight(c.frac.FloatString(18), "0")
}

// separators are the marks between thousands that people write, three kinds of
// blank among them.
const separators = ",_'\u0020\u00a0\u202f"

package table

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"
)

// maxCount is 2^53: every integer up to it is a float64.
const maxCount = 1 << 53

// fault says why a text cannot be used, and how to mend it.
type fault struct{ code, why, hint string }

// count is a number of events, exactly as the file wrote it.
type count struct {
	n    uint64   // at most maxCount
	frac *big.Rat // the value instead of n, if it is not an integer
}

// parseCount reads a plain decimal number, 0 to 2^53. Spaces around it are not
// part of it. Signs, exponents, separators and other bases are refused, since a
// guess at what they mean would be a wrong figure.
func parseCount(text []byte) (count, *fault) {
	text = bytes.TrimSpace(text)
	if n, ok := digits(text); ok && len(text) <= 18 {
		return limit(count{n: n})
	}
	whole, part, point := bytes.Cut(text, []byte("."))
	if !point || !isDigits(whole) || !isDigits(part) || len(text) > 40 {
		return count{}, explain(text)
	}
	if len(bytes.Trim(part, "0")) == 0 && len(whole) <= 18 { // 12.0, as many programs write 12
		n, _ := digits(whole)
		return limit(count{n: n})
	}
	r, _ := new(big.Rat).SetString(string(text))
	return limit(count{frac: r})
}

func limit(c count) (count, *fault) {
	if c.cmp(count{n: maxCount}) > 0 {
		return count{}, &fault{"count", "is over 2^53 and cannot be held exactly", "use a shorter step, or count in larger units"}
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
func explain(text []byte) *fault {
	s := strings.ToLower(string(text[:min(len(text), 64)]))
	f := &fault{code: "count"}
	switch {
	case s == "":
		f.why, f.hint = "is empty", "write 0 for no traffic; leave the row out if nothing was measured"
	case isDigits([]byte(strings.Replace(s, ".", "", 1))) && len(s) > 18:
		f.why, f.hint = "is too long a number", "counts are at most 2^53"
	case strings.Trim(s, "+-") == "nan", s == "null", s == "none", s == "n/a", s == "-":
		f.why, f.hint = "is not a count", "leave the row out if nothing was measured"
	case strings.HasPrefix(strings.Trim(s, "+-"), "inf"):
		f.why, f.hint = "is not a count", "counts are finite"
	case s[0] == '-':
		f.why, f.hint = "is negative", "counts are 0 or more"
	case s[0] == '+':
		f.why, f.hint = "has a sign", "write the digits alone"
	case strings.HasPrefix(s, "0x"):
		f.why, f.hint = "is hexadecimal", "write it in decimal digits"
	case strings.ContainsAny(s, separators) && strings.Trim(s, "0123456789."+separators) == "":
		f.why, f.hint = "has a separator", "write the digits alone, and a point before decimals"
	case strings.Trim(s, "0123456789.e+-") == "" && strings.Contains(s, "e"):
		f.why, f.hint = "has an exponent", "write the number in full"
	default:
		f.why, f.hint = "is not a count", "counts are plain decimal numbers, 0 or more"
	}
	return f
}

func (c count) rat() *big.Rat {
	if c.frac != nil {
		return c.frac
	}
	return new(big.Rat).SetInt64(int64(c.n))
}

func (c count) cmp(d count) int {
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
func (c count) sub(d count) count {
	if c.frac == nil && d.frac == nil {
		return count{n: c.n - d.n}
	}
	return normal(new(big.Rat).Sub(c.rat(), d.rat()))
}

func (c count) add(d count) count {
	if c.frac == nil && d.frac == nil {
		return count{n: c.n + d.n}
	}
	return normal(new(big.Rat).Add(c.rat(), d.rat()))
}

func normal(r *big.Rat) count {
	if r.IsInt() && r.Num().IsInt64() {
		return count{n: r.Num().Uint64()}
	}
	return count{frac: r}
}

// float returns the nearest float64, which is the value itself for integers up to 2^53.
func (c count) float() float64 {
	if c.frac == nil {
		return float64(c.n)
	}
	f, _ := c.frac.Float64()
	return f
}

func (c count) String() string {
	if c.frac == nil {
		return fmt.Sprint(c.n)
	}
	return strings.TrimRight(c.frac.FloatString(18), "0")
}

// separators are the marks between thousands that people write, three kinds of
// blank among them.
const separators = ",_'\u0020\u00a0\u202f"

package bucket

import (
	"bytes"
	"fmt"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo"
)

// Fault says why a text cannot be used, and how to mend it.
type Fault struct {
	Code, Why, Hint string
}

// Count is a number of events: units of 10^-decimals, at most slo.MaxUnits of them, and
// no more decimals than it needs. One that was written with more than slo.MaxDecimals is
// rounded to the nearest, halves up.
type Count struct {
	units    uint64
	decimals int
	written  *big.Rat // what was rounded, to compare with; nil if nothing was
}

// Whole returns the count of n events.
func Whole(n uint64) Count { return Count{units: n} }

// ParseCount reads a decimal number, 0 to 2^53, that may have an exponent: 1.5e3 is
// 1500. Spaces around it are not part of it. Signs, separators and other bases are
// refused, since a guess at what they mean would be a wrong figure.
func ParseCount(text []byte) (Count, *Fault) {
	text = bytes.TrimSpace(text)
	if n, ok := digits(text); ok && n <= slo.MaxUnits {
		return Count{units: n}, nil
	}
	number, exponent, ok := notation(text)
	if !ok || len(text) > maxText {
		return Count{}, explain(text)
	}
	return valueOf(number, exponent)
}

// maxText is the longest text of a number.
const maxText = 100

// notation returns the digits of a number without zeros around them, which are worth
// digits × 10^exponent; false if the text has another form.
func notation(text []byte) (number string, exponent int, ok bool) {
	mantissa, power := text, []byte("0")
	if i := bytes.IndexAny(text, "eE"); i >= 0 {
		mantissa, power = text[:i], text[i+1:]
	}
	whole, part, point := bytes.Cut(mantissa, []byte("."))
	if !isDigits(whole) || point && !isDigits(part) {
		return "", 0, false
	}
	if sign := bytes.TrimLeft(power, "+-"); len(power)-len(sign) > 1 || !isDigits(sign) || len(sign) > 4 {
		return "", 0, false
	}
	exponent, _ = strconv.Atoi(string(power))
	number = strings.TrimLeft(string(whole)+string(part), "0")
	trimmed := strings.TrimRight(number, "0")
	return trimmed, exponent - len(part) + len(number) - len(trimmed), true
}

// valueOf returns number × 10^exponent.
func valueOf(number string, exponent int) (Count, *Fault) {
	switch {
	case number == "":
		return Count{}, nil
	case len(number)+exponent > maxDigits:
		return Count{}, tooMany()
	case exponent >= 0:
		n, _ := digits([]byte(number))
		return limit(Count{units: n * slo.PowerOfTen(exponent)})
	}
	c := Count{decimals: -exponent}
	if exponent < -slo.MaxDecimals {
		c.written = worth(number, exponent)
		number, c.decimals = rounded(number, -exponent-slo.MaxDecimals), slo.MaxDecimals
	}
	if len(number) > 18 {
		return Count{}, tooFine(worth(number, -c.decimals), c.decimals)
	}
	c.units, _ = digits([]byte(number))
	return limit(c.shortened())
}

// maxDigits are those of 2^53 before the point.
const maxDigits = 16

// worth returns number × 10^exponent as a fraction.
func worth(number string, exponent int) *big.Rat {
	value, _ := new(big.Rat).SetString(number + "e" + strconv.Itoa(exponent))
	return value
}

// rounded returns number without its last n digits, halves up.
func rounded(number string, n int) string {
	if n > len(number) {
		return "0"
	}
	kept, up := new(big.Int), number[len(number)-n] >= '5'
	kept.SetString("0"+number[:len(number)-n], 10)
	if up {
		kept.Add(kept, big.NewInt(1))
	}
	return kept.String()
}

// shortened returns c without decimals that it does not need.
func (c Count) shortened() Count {
	for c.decimals > 0 && c.units%10 == 0 {
		c.units, c.decimals = c.units/10, c.decimals-1
	}
	return c
}

func limit(c Count) (Count, *Fault) {
	switch {
	case c.units <= slo.MaxUnits:
		return c, nil
	case c.decimals == 0:
		return Count{}, tooMany()
	}
	return Count{}, tooFine(worth(strconv.FormatUint(c.units, 10), -c.decimals), c.decimals)
}

func tooMany() *Fault {
	return &Fault{Code: "count", Why: "is over 2^53 and cannot be held exactly",
		Hint: "use a shorter step, or count in larger units"}
}

// tooFine says that value is too many units of 10^-decimals.
func tooFine(value *big.Rat, decimals int) *Fault {
	fewer, most := decimals, big.NewRat(slo.MaxUnits, 1)
	for fewer > 0 && new(big.Rat).Mul(value, rational(slo.PowerOfTen(fewer))).Cmp(most) > 0 {
		fewer--
	}
	if value.Cmp(most) > 0 {
		return tooMany()
	}
	return &Fault{Code: "count", Why: "is over 2^53 times " + slo.UnitText(decimals) +
		", the last decimal, and cannot be held exactly", Hint: fmt.Sprintf("write at most %d decimals", fewer)}
}

func rational(n uint64) *big.Rat {
	return new(big.Rat).SetFrac(new(big.Int).SetUint64(n), big.NewInt(1))
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
	case len(text) > maxText && strings.Trim(s, "0123456789.e+-") == "":
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
	default:
		f.Why, f.Hint = "is not a count", "counts are plain decimal numbers, 0 or more"
	}
	return f
}

// rat returns what was written.
func (c Count) rat() *big.Rat {
	if c.written != nil {
		return c.written
	}
	return worth(strconv.FormatUint(c.units, 10), -c.decimals)
}

// cmp compares what was written, before it was rounded.
func (c Count) cmp(d Count) int {
	if c.written != nil || d.written != nil {
		return c.rat().Cmp(d.rat())
	}
	hi, lo := bits.Mul64(c.units, slo.PowerOfTen(d.decimals))
	hiOther, other := bits.Mul64(d.units, slo.PowerOfTen(c.decimals))
	switch {
	case hi == hiOther && lo == other:
		return 0
	case hi < hiOther || hi == hiOther && lo < other:
		return -1
	}
	return 1
}

// in returns c in units of 10^-decimals, which are no coarser than its own, false if
// they are over slo.MaxUnits.
func (c Count) in(decimals int) (units uint64, ok bool) {
	hi, lo := bits.Mul64(c.units, slo.PowerOfTen(decimals-c.decimals))
	return lo, hi == 0 && lo <= slo.MaxUnits
}

// together returns c and d in the finer of their units, false if one is too large.
func (c Count) together(d Count) (a, b uint64, decimals int, ok bool) {
	decimals = max(c.decimals, d.decimals)
	a, fits := c.in(decimals)
	b, ok = d.in(decimals)
	return a, b, decimals, ok && fits
}

// sub returns c − d, as they were rounded; d must not be more than c. It is false if
// no unit holds both.
func (c Count) sub(d Count) (Count, bool) {
	a, b, decimals, ok := c.together(d)
	return Count{units: a - b, decimals: decimals}.shortened(), ok
}

// add returns c + d, as they were rounded, false if no unit holds it.
func (c Count) add(d Count) (Count, bool) {
	a, b, decimals, ok := c.together(d)
	sum := Count{units: a + b, decimals: decimals}
	return sum.shortened(), ok && sum.units <= slo.MaxUnits
}

// String returns what was written, in full, up to 18 decimals.
func (c Count) String() string {
	switch {
	case c.written != nil:
		return strings.TrimRight(c.written.FloatString(18), "0")
	case c.decimals == 0:
		return fmt.Sprint(c.units)
	}
	return c.rat().FloatString(c.decimals)
}

// separators are the marks between thousands that people write, three kinds of
// blank among them.
const separators = ",_'\u0020\u00a0\u202f"

package rules

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// exact writes a number as PromQL reads it: as a decimal where it is one, else as a
// decimal divided by a whole number.
func exact(n slo.Number) string {
	r := n.Rat()
	twos := r.Denom().TrailingZeroBits()
	den, fives := fifths(new(big.Int).Rsh(r.Denom(), twos))
	digits := max(int(twos), fives)
	if den.IsInt64() && den.Int64() == 1 {
		if text, ok := decimal(r, digits); ok {
			return text
		}
		return r.FloatString(digits)
	}
	return new(big.Rat).Mul(r, new(big.Rat).SetInt(den)).FloatString(digits) + " / " + den.String()
}

// decimal writes a number that has so many digits behind the point, false if it is below 0 or
// needs large integers: FloatString, which knows all numbers, takes far longer.
func decimal(r *big.Rat, digits int) (string, bool) {
	if !r.Num().IsInt64() || !r.Denom().IsInt64() || digits >= 18 {
		return "", false
	}
	num, den, scale := r.Num().Int64(), r.Denom().Int64(), int64(slo.PowerOfTen(digits))
	if num < 0 || num > math.MaxInt64/scale {
		return "", false
	}
	text := strconv.FormatInt(num*scale/den, 10)
	if digits == 0 {
		return text, true
	}
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	point := len(text) - digits
	return text[:point] + "." + text[point:], true
}

// fifths takes all factors 5 out of n, which is not 0, and tells how many there were.
func fifths(n *big.Int) (rest *big.Int, times int) {
	five, quotient, left := big.NewInt(5), new(big.Int), new(big.Int)
	for ; ; times++ {
		if quotient.QuoRem(n, five, left); left.Sign() != 0 {
			return n, times
		}
		n, quotient = quotient, n
	}
}

// operand is exact, in parentheses where it is a division.
func operand(n slo.Number) string {
	text := exact(n)
	if strings.Contains(text, "/") {
		return "(" + text + ")"
	}
	return text
}

// length writes a window as PromQL reads it.
func length(d time.Duration) string { return slo.FormatDuration(d) }

// points writes a window so that it has as many points of a grid as steps, whether or not
// ranges take in what lies at their beginning, as those of Prometheus 2 do.
func points(d time.Duration) string { return slo.FormatDuration(d - time.Second) }

// spellings are the texts by which libraries call a bucket's bound: 10000000 is also 10000000.0,
// 1e+07 for those that write as Go and Python do, and 1.0E7 for those of Java.
func spellings(f float64) []string {
	decimal := strconv.FormatFloat(f, 'f', -1, 64)
	out := []string{decimal, strconv.FormatFloat(f, 'g', -1, 64)}
	if !strings.Contains(decimal, ".") {
		out = append(out, decimal+".0")
	}
	if java := f > 0 && f < 1e-3 || f >= 1e7; java {
		digits, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		if !strings.Contains(digits, ".") {
			digits += ".0"
		}
		out = append(out, digits+"E"+strings.TrimPrefix(exponent[:1], "+")+strings.TrimLeft(exponent[1:], "0"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

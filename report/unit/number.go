package unit

import (
	"math/big"
	"strings"

	"github.com/nines-slo/nines/slo"
)

// SLI returns the actual as a percentage, rounded down, with one digit more than
// the target has. Unknown is "–".
//
// Since the target needs fewer digits, what is shown is under the target if and
// only if the objective is missed, and "100.00%" says that it is exactly that.
func (l Language) SLI(n slo.Number, t slo.Target) string {
	_, frac, _ := strings.Cut(strings.TrimSuffix(t.String(), "%"), ".")
	return l.Percent(n, len(frac)+1)
}

// Target returns "99.9%".
func (l Language) Target(t slo.Target) string { return t.String() }

// Spent returns a share of budget as whole percent, rounded up: "116%",
// "12,345%". Unknown is "–".
func (l Language) Spent(n slo.Number) string { return shown(n, 2, 0, ceil, "%") }

// Share returns a small share of a budget: a percentage with one decimal, rounded
// up, "24.3%", and "0%" for nothing at all. Unknown is "–".
func (l Language) Share(n slo.Number) string {
	if n.Known() && n.Sign() == 0 {
		return "0%"
	}
	return shown(n, 2, 1, ceil, "%")
}

// Shares returns the range of a share of a budget, rounded outwards: "22.9% to
// 25.3%", 「22.9%〜25.3%」.
func (l Language) Shares(low, high slo.Number) string {
	return shown(low, 2, 1, floor, "%") + l.say(" to ", "〜") + shown(high, 2, 1, ceil, "%")
}

// Percent returns a share as a percentage with that many decimals, rounded down.
func (l Language) Percent(n slo.Number, decimals int) string {
	return shown(n, 2, decimals, floor, "%")
}

// Count returns a number of events or slices, "5,659"; fractions with two
// decimals, rounded half up, since more events are neither good nor bad news.
func (l Language) Count(n slo.Number) string {
	if n.IsInt() {
		return shown(n, 0, 0, floor, "")
	}
	return shown(n, 0, 2, nearest, "")
}

// Burn returns a burn rate: "14.4×", rounded up; from 100 on without decimals.
func (l Language) Burn(n slo.Number) string {
	if !n.Known() {
		return Unknown
	}
	return l.Multiple(n) + "×"
}

// AtLeast returns a burn rate that is proven, "6.2×", rounded down.
func (l Language) AtLeast(n slo.Number) string { return shown(n, 0, 1, floor, "×") }

// Multiple returns a day's share over an even day's: "0.4", rounded up; from 100
// on without decimals.
func (l Language) Multiple(n slo.Number) string {
	decimals := 1
	if n.Cmp(slo.NumberOf(100)) >= 0 {
		decimals = 0
	}
	return shown(n, 0, decimals, ceil, "")
}

// rounding returns r as an integer.
type rounding func(r *big.Rat) *big.Int

func floor(r *big.Rat) *big.Int { // big.Int.Div rounds down for positive divisors
	return new(big.Int).Div(r.Num(), r.Denom())
}

func ceil(r *big.Rat) *big.Int {
	n := floor(new(big.Rat).Neg(r))
	return n.Neg(n)
}

func nearest(r *big.Rat) *big.Int {
	return floor(new(big.Rat).Add(r, big.NewRat(1, 2)))
}

// shown returns n·10^shift, rounded to that many decimals, with thousands
// separators and the suffix.
func shown(n slo.Number, shift, decimals int, round rounding, suffix string) string {
	if !n.Known() {
		return Unknown
	}
	i := round(new(big.Rat).Mul(n.Rat(), pow10(shift+decimals)))
	return point(i, decimals) + suffix
}

func pow10(n int) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil))
}

// point writes i / 10^decimals.
func point(i *big.Int, decimals int) string {
	digits := new(big.Int).Abs(i).String()
	if n := decimals + 1 - len(digits); n > 0 {
		digits = strings.Repeat("0", n) + digits
	}
	whole, frac := digits[:len(digits)-decimals], digits[len(digits)-decimals:]
	text := thousands(whole)
	if frac != "" {
		text += "." + frac
	}
	if i.Sign() < 0 {
		return "-" + text
	}
	return text
}

func thousands(digits string) string {
	first := (len(digits)-1)%3 + 1
	groups := []string{digits[:first]}
	for rest := digits[first:]; rest != ""; rest = rest[3:] {
		groups = append(groups, rest[:3])
	}
	return strings.Join(groups, ",")
}

package unit

import (
	"math/big"
	"strings"

	"github.com/nines-slo/nines/slo"
)

// Rounded is a figure as people are shown it: rounded once, towards the bad news.
// Every output that shows the figure shows this one, so that a page and a workbook
// agree in the last digit.
type Rounded struct {
	Value    slo.Number // rounded; unknown if the figure is
	Decimals int        // that are shown, of the percentage if it is one
	Percent  bool
	Up       bool // Value is the next one at or above the figure, else at or below it
}

// String writes the figure with thousands separators: "116%", "14.4". Unknown is "–".
func (r Rounded) String() string {
	if !r.Value.Known() {
		return Unknown
	}
	text := point(floor(new(big.Rat).Mul(r.Value.Rat(), pow10(r.places()))), r.Decimals)
	if r.Percent {
		text += "%"
	}
	return text
}

// places returns how many decimals Value has.
func (r Rounded) places() int {
	if r.Percent {
		return r.Decimals + 2
	}
	return r.Decimals
}

// Format returns the number format by which a spreadsheet shows Value as String
// writes it: "0%", "#,##0.0". A percentage under 1,000 has no thousands separator,
// which some programs misplace.
func (r Rounded) Format() string {
	format := "#,##0"
	if r.Percent && r.Value.Cmp(slo.NumberOf(10)) < 0 {
		format = "0"
	}
	if r.Decimals > 0 {
		format += "." + strings.Repeat("0", r.Decimals)
	}
	if r.Percent {
		format += "%"
	}
	return format
}

// Grain returns how many of the last digits that are shown make up 1.
func (r Rounded) Grain() int64 { return pow10(r.places()).Num().Int64() }

// up rounds n to that many decimals, to the next figure at or above it.
func up(n slo.Number, decimals int) Rounded {
	return Rounded{Decimals: decimals, Up: true}.of(n, ceil)
}

// down rounds n to that many decimals, to the next figure at or below it.
func down(n slo.Number, decimals int) Rounded { return Rounded{Decimals: decimals}.of(n, floor) }

// percentUp rounds a share up, to a percentage with that many decimals.
func percentUp(n slo.Number, decimals int) Rounded {
	return Rounded{Decimals: decimals, Percent: true, Up: true}.of(n, ceil)
}

// percentDown rounds a share down, to a percentage with that many decimals.
func percentDown(n slo.Number, decimals int) Rounded {
	return Rounded{Decimals: decimals, Percent: true}.of(n, floor)
}

// of returns r with n, rounded to its last digit.
func (r Rounded) of(n slo.Number, round rounding) Rounded {
	if !n.Known() {
		return r
	}
	grain := pow10(r.places())
	units := round(new(big.Rat).Mul(n.Rat(), grain))
	r.Value = slo.NumberRat(new(big.Rat).Quo(new(big.Rat).SetInt(units), grain))
	return r
}

// SLI rounds an actual down, as a percentage with one digit more than the target
// has.
//
// Since the target needs fewer digits, what is shown is under the target if and
// only if the objective is missed, and "100.00%" says that it is exactly that.
func SLI(n slo.Number, t slo.Target) Rounded {
	_, frac, _ := strings.Cut(strings.TrimSuffix(t.String(), "%"), ".")
	return percentDown(n, len(frac)+1)
}

// Spent rounds a share of budget up to whole percent.
func Spent(n slo.Number) Rounded { return percentUp(n, 0) }

// Share rounds a small share of a budget up to a percentage with one decimal; that
// of nothing at all has none.
func Share(n slo.Number) Rounded {
	if n.Known() && n.Sign() == 0 {
		return percentUp(n, 0)
	}
	return percentUp(n, 1)
}

// ShareAtLeast is Share for the lower end of a range: rounded down.
func ShareAtLeast(n slo.Number) Rounded { return percentDown(n, 1) }

// Percent rounds a share down to a percentage with that many decimals.
func Percent(n slo.Number, decimals int) Rounded { return percentDown(n, decimals) }

// Multiple rounds a day's share over an even day's, or a burn rate, up to one
// decimal; from 100 on to whole ones.
func Multiple(n slo.Number) Rounded {
	if n.Cmp(slo.NumberOf(100)) >= 0 {
		return up(n, 0)
	}
	return up(n, 1)
}

// Count shows a number of events or slices in full if it has up to slo.MaxDecimals. Any
// other fraction is rounded to two decimals, half up, since more events are neither good
// nor bad news.
func Count(n slo.Number) Rounded {
	for decimals := range slo.MaxDecimals + 1 {
		if r := down(n, decimals); r.Value.Cmp(n) == 0 {
			return r
		}
	}
	return Rounded{Decimals: 2}.of(n, nearest)
}

// EventsLeft rounds the events or slices left of a budget down to whole ones; below
// zero it is what was overspent.
func EventsLeft(n slo.Number) Rounded { return down(n, 0) }

// MinutesLeft rounds the minutes left of a budget down, to whole ones, under 10 to
// one decimal and under 1 to two; below zero it is what was overspent.
// Language.Left writes the same figure, less than a minute in seconds.
func MinutesLeft(n slo.Number) Rounded {
	size := n
	if n.Sign() < 0 {
		size = slo.NumberOf(0).Sub(n)
	}
	decimals := 0
	switch {
	case n.Sign() == 0 || size.Cmp(slo.NumberOf(10)) >= 0:
	case size.Cmp(slo.NumberOf(1)) >= 0:
		decimals = 1
	default:
		decimals = 2
	}
	r := down(n, decimals)
	if r.Value.IsInt() {
		r.Decimals = 0
	}
	return r
}

// Whole rounds a number of what went well down to a whole one.
func Whole(n slo.Number) Rounded { return down(n, 0) }

// WholeMinutes rounds a length in minutes up to whole ones.
func WholeMinutes(n slo.Number) Rounded { return up(n, 0) }

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

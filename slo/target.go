package slo

import (
	"fmt"
	"strconv"
	"strings"
)

// ppb is parts per billion: the grain of a Target.
const ppb = 1_000_000_000

// Target is the promised share of good events in parts per billion, exact.
// The zero Target is not set.
type Target int64

// Full is 100 %, allowed for slices only.
const Full Target = ppb

// ParseTarget reads "99.9%" or "0.999". The text must be a plain decimal: no
// exponent, underscore, sign or hexadecimal. It returns an error outside (0, 1),
// or beyond nine decimals of the ratio; it accepts 100 %, which callers refuse
// where it makes no sense.
func ParseTarget(text string) (Target, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	digits = strings.TrimRight(digits, " ")
	whole, frac, _ := strings.Cut(digits, ".")
	if whole == "" || strings.Trim(whole+frac, "0123456789") != "" || strings.HasSuffix(digits, ".") {
		return 0, fmt.Errorf("target %q is not a decimal such as 99.9%% or 0.999", text)
	}
	places := 9
	if percent {
		places = 7
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > places {
		return 0, fmt.Errorf("target %q is finer than one part per billion", text)
	}
	whole = strings.TrimLeft(whole, "0")
	if len(whole) > 3 {
		return 0, fmt.Errorf("target %q is over 100 %%", text)
	}
	n, err := strconv.ParseInt("0"+whole+frac+strings.Repeat("0", places-len(frac)), 10, 64)
	switch {
	case err != nil:
		return 0, fmt.Errorf("target %q is not a decimal such as 99.9%% or 0.999", text)
	case n == 0:
		return 0, fmt.Errorf("target %q must be over 0", text)
	case !percent && n >= ppb:
		const form = "target %q is a ratio and must be under 1: did you mean %s%%?"
		return 0, fmt.Errorf(form, text, strings.TrimSpace(text))
	case n > ppb:
		return 0, fmt.Errorf("target %q is over 100 %%", text)
	}
	return Target(n), nil
}

// ParseShare reads a share as ParseTarget does a target, or none of it: "0%".
func ParseShare(text string) (Target, error) {
	digits := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	whole, frac, dot := strings.Cut(digits, ".")
	if whole != "" && dot == (frac != "") && strings.Trim(whole+frac, "0") == "" {
		return 0, nil
	}
	return ParseTarget(text)
}

// Number returns the target as a ratio in (0, 1].
func (t Target) Number() Number { return NumberFrac(int64(t), ppb) }

// Budget returns 1 − t: the share of events that may be bad.
func (t Target) Budget() Number { return NumberFrac(ppb-int64(t), ppb) }

// String returns the shortest exact percentage, "99.9%".
func (t Target) String() string {
	s := fmt.Sprintf("%d.%07d", int64(t)/(ppb/100), int64(t)%(ppb/100))
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") + "%"
}

// MarshalJSON writes the ratio, 0.999.
func (t Target) MarshalJSON() ([]byte, error) { return t.Number().MarshalJSON() }

// UnmarshalJSON reads the ratio that MarshalJSON writes.
func (t *Target) UnmarshalJSON(text []byte) error {
	var ratio Number
	if err := ratio.UnmarshalJSON(text); err != nil {
		return err
	}
	billionths := ratio.Mul(NumberOf(ppb))
	if !billionths.IsInt() || billionths.Cmp(NumberOf(ppb)) > 0 || billionths.Sign() <= 0 {
		return fmt.Errorf("%s is not a target: a ratio over 0, of whole parts per billion", text)
	}
	*t = Target(billionths.Rat().Num().Int64())
	return nil
}

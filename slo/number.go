package slo

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
)

// Number is an exact rational, or unknown. The zero Number is unknown; unknown
// spreads through arithmetic, and dividing by zero is unknown. Verdicts compare
// Numbers, so that 1,440 failures of 1,440,000 at 99.9 % spend exactly 1.
// A Number is never changed after it was made. What makes one is not copied into its
// callers, who are hundreds: that would be some 60 kB of the program.
type Number struct{ rat *big.Rat }

// NumberOf returns n as a Number.
//
//go:noinline
func NumberOf(n int64) Number { return Number{new(big.Rat).SetInt64(n)} }

// NumberFrac returns a/b; b must not be 0.
//
//go:noinline
func NumberFrac(a, b int64) Number { return Number{big.NewRat(a, b)} }

// Minutes returns d in minutes.
//
//go:noinline
func Minutes(d time.Duration) Number { return NumberFrac(int64(d), int64(time.Minute)) }

// NumberFloat returns the rational that f is exactly, unknown for NaN and ±Inf.
func NumberFloat(f float64) Number {
	if r := new(big.Rat).SetFloat64(f); r != nil {
		return Number{r}
	}
	return Number{}
}

// NumberRat returns r, which must not be changed afterwards, as a Number; nil is unknown.
func NumberRat(r *big.Rat) Number { return Number{r} }

// Known tells whether n has a value.
func (n Number) Known() bool { return n.rat != nil }

// Rat returns a copy of the value, nil if it is unknown.
func (n Number) Rat() *big.Rat {
	if n.rat == nil {
		return nil
	}
	return new(big.Rat).Set(n.rat)
}

// Float returns the nearest float64, NaN if n is unknown.
func (n Number) Float() float64 {
	if n.rat == nil {
		return math.NaN()
	}
	f, _ := n.rat.Float64()
	return f
}

// Add returns n + m.
//
//go:noinline
func (n Number) Add(m Number) Number { return n.with(m, (*big.Rat).Add) }

// Sub returns n − m.
//
//go:noinline
func (n Number) Sub(m Number) Number { return n.with(m, (*big.Rat).Sub) }

// Mul returns n × m.
//
//go:noinline
func (n Number) Mul(m Number) Number { return n.with(m, (*big.Rat).Mul) }

// Quo returns n / m, unknown if m is 0.
//
//go:noinline
func (n Number) Quo(m Number) Number {
	if m.rat == nil || m.rat.Sign() == 0 {
		return Number{}
	}
	return n.with(m, (*big.Rat).Quo)
}

// with does op unless a number is unknown.
//
//go:noinline
func (n Number) with(m Number, op func(z, x, y *big.Rat) *big.Rat) Number {
	if n.rat == nil || m.rat == nil {
		return Number{}
	}
	return Number{op(new(big.Rat), n.rat, m.rat)}
}

// Cmp compares n with m: −1, 0 or +1. An unknown number sorts before all others;
// ask Known first where that matters.
func (n Number) Cmp(m Number) int {
	switch {
	case n.rat == nil && m.rat == nil:
		return 0
	case n.rat == nil:
		return -1
	case m.rat == nil:
		return 1
	}
	return n.rat.Cmp(m.rat)
}

// Sign returns −1, 0 or +1; 0 if n is unknown.
func (n Number) Sign() int {
	if n.rat == nil {
		return 0
	}
	return n.rat.Sign()
}

// IsInt tells whether n is a known integer.
func (n Number) IsInt() bool { return n.rat != nil && n.rat.IsInt() }

// String returns what MarshalJSON writes, and "unknown".
func (n Number) String() string {
	b, _ := n.MarshalJSON()
	if n.rat == nil {
		return "unknown"
	}
	return string(b)
}

// UnmarshalJSON reads what MarshalJSON writes: a decimal is the rational that it says,
// null is unknown.
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		n.rat = nil
		return nil
	}
	var decimal json.Number
	if err := json.Unmarshal(text, &decimal); err != nil {
		return err
	}
	value, ok := new(big.Rat).SetString(decimal.String())
	if !ok {
		return fmt.Errorf("%s is not a number", text)
	}
	n.rat = value
	return nil
}

// MarshalJSON writes what counts can be, integers and decimals up to MaxDecimals, in
// full, other values as the shortest text of the nearest float64, and null for unknown.
func (n Number) MarshalJSON() ([]byte, error) {
	switch {
	case n.rat == nil:
		return []byte("null"), nil
	case n.rat.IsInt():
		return n.rat.Num().Append(nil, 10), nil
	}
	shortest, err := json.Marshal(n.Float())
	if err == nil && n.isDecimal() && !n.is(shortest) {
		return []byte(strings.TrimRight(n.rat.FloatString(MaxDecimals), "0")), nil
	}
	return shortest, err
}

// isDecimal tells whether n is whole in units of 10^-MaxDecimals.
func (n Number) isDecimal() bool {
	d := n.rat.Denom()
	return d.IsUint64() && d.Uint64() <= PowerOfTen(MaxDecimals) && PowerOfTen(MaxDecimals)%d.Uint64() == 0
}

// is tells whether a text says n exactly.
func (n Number) is(text []byte) bool {
	said, ok := new(big.Rat).SetString(string(text))
	return ok && said.Cmp(n.rat) == 0
}

package unit

import "github.com/nines-slo/nines/slo"

// SLI returns the actual as a percentage, "99.91%". Unknown is "–".
func (l Language) SLI(n slo.Number, t slo.Target) string { return SLI(n, t).String() }

// Spent returns a share of budget as whole percent: "116%", "12,345%". Unknown is
// "–".
func (l Language) Spent(n slo.Number) string { return Spent(n).String() }

// Share returns a small share of a budget, "24.3%", and "0%" for nothing at all.
// Unknown is "–".
func (l Language) Share(n slo.Number) string { return Share(n).String() }

// Shares returns the range of a share of a budget, rounded outwards: "22.9% to
// 25.3%", 「22.9%〜25.3%」.
func (l Language) Shares(low, high slo.Number) string {
	return l.Say("unit.shares", "low", ShareAtLeast(low).String(), "high", percentUp(high, 1).String())
}

// Percent returns a share as a percentage with that many decimals, rounded down.
func (l Language) Percent(n slo.Number, decimals int) string { return Percent(n, decimals).String() }

// Count returns a number of events or slices, "5,659", "19.9"; fractions that no nine
// decimals hold with two.
func (l Language) Count(n slo.Number) string { return Count(n).String() }

// Burn returns a burn rate: "14.4×", rounded up; from 100 on without decimals.
func (l Language) Burn(n slo.Number) string { return times(Multiple(n)) }

// AtLeast returns a burn rate that is proven, "6.2×", rounded down.
func AtLeast(n slo.Number) string { return times(down(n, 1)) }

func times(r Rounded) string {
	if !r.Value.Known() {
		return Unknown
	}
	return r.String() + "×"
}

// Multiple returns a day's share over an even day's: "0.4", rounded up; from 100
// on without decimals.
func (l Language) Multiple(n slo.Number) string { return Multiple(n).String() }

package rules

import (
	"math/big"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// exact writes a number as PromQL reads it: as a decimal where it is one, else as a
// decimal divided by a whole number.
func exact(n slo.Number) string {
	r := n.Rat()
	den := new(big.Int).Set(r.Denom())
	digits := max(divide(den, 2), divide(den, 5))
	if den.IsInt64() && den.Int64() == 1 {
		return r.FloatString(digits)
	}
	return new(big.Rat).Mul(r, new(big.Rat).SetInt(den)).FloatString(digits) + " / " + den.String()
}

// divide takes a factor out of n, which is not 0, and returns how often it was in it.
func divide(n *big.Int, factor int64) int {
	for times := 0; ; times++ {
		quotient, rest := new(big.Int).QuoRem(n, big.NewInt(factor), new(big.Int))
		if rest.Sign() != 0 {
			return times
		}
		n.Set(quotient)
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

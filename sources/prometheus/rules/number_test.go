package rules

import (
	"testing"

	"github.com/nines-slo/nines/slo"
)

func TestExact(t *testing.T) {
	for _, c := range []struct {
		n       slo.Number
		want    string
		operand string
	}{
		{slo.NumberFrac(144, 10000), "0.0144", "0.0144"}, // 14.4 at 99.9 %
		{slo.NumberOf(5), "5", "5"},
		{slo.NumberFrac(28, 30000), "0.0028 / 3", "(0.0028 / 3)"}, // 28/30 at 99.9 %
		{slo.NumberFrac(1, 1_000_000_000), "0.000000001", "0.000000001"},
		{slo.NumberFrac(1, 3), "1 / 3", "(1 / 3)"},
		{slo.NumberFrac(1, 8), "0.125", "0.125"},
		{slo.NumberOf(0), "0", "0"},
	} {
		if got := exact(c.n); got != c.want || operand(c.n) != c.operand {
			t.Errorf("got %q and %q, want %q and %q", got, operand(c.n), c.want, c.operand)
		}
	}
}

// What machine integers write is what large ones do.
func TestDecimal(t *testing.T) {
	for _, num := range []int64{-7, 0, 1, 3, 99, 1001, 14_400_000_001, 1 << 62, 1<<63 - 1} {
		for _, den := range []int64{1, 2, 5, 8, 1000, 1 << 17, 1_000_000_000, 1 << 40} {
			n := slo.NumberFrac(num, den)
			r := n.Rat()
			places, _ := r.FloatPrec()
			if got, want := exact(n), r.FloatString(places); got != want {
				t.Errorf("%s: got %s, want %s", r, got, want)
			}
		}
	}
}

package rules

import (
	"slices"
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

func TestSpellings(t *testing.T) {
	for f, want := range map[float64][]string{
		1:        {"1", "1.0"},
		0.3:      {"0.3"},
		0.0005:   {"0.0005", "5.0E-4"},
		0.000025: {"0.000025", "2.5E-5", "2.5e-05"},
		1e6:      {"1000000", "1000000.0", "1e+06"},
		2.5e7:    {"2.5E7", "2.5e+07", "25000000", "25000000.0"},
		1e-11:    {"0.00000000001", "1.0E-11", "1e-11"},
	} {
		if got := spellings(f); !slices.Equal(got, want) {
			t.Errorf("%v: got %q, want %q", f, got, want)
		}
	}
}

package fold

import (
	"testing"

	"github.com/nines-slo/nines/slo"
)

// The share of unread lines is rounded up, so that one over the limit does not
// look like the limit.
func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{
		{1, 1, "100 %"}, {999, 1000, "100 %"}, {1, 10, "10 %"}, {101, 1000, "11 %"}, {3, 100, "3 %"},
		{100, 10_000, "1 %"}, {104, 10_000, "1.1 %"}, {100_001, 10_000_000, "1.1 %"}, {996, 100_000, "1 %"},
		{1, 3000, "0.034 %"}, {1, 9_000_000_000, "0.000000012 %"},
	} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: got %s, want %s", c.part, c.whole, got, c.want)
		}
	}
	for limit, want := range map[string]string{"1%": "1 %", "7%": "7 %", "0.07": "7 %", "0.1%": "0.1 %", "12.345678%": "12.345678 %"} {
		n, err := slo.ParseTarget(limit)
		if got := percentOf(n.Number().Rat()); err != nil || got != want {
			t.Errorf("limit %s: got %s, %v; want %s", limit, got, err, want)
		}
	}
}

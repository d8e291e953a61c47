package words

import (
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

func TestSpread(t *testing.T) {
	n := slo.NumberOf
	for want, s := range map[string]report.Spread{"3 / 9": {Median: n(3), Worst: n(9)}, "3": {Median: n(3),
		Worst: n(3)}} {
		if got := Spread(s, slo.Number.String); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

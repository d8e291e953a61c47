package evidence

import (
	"testing"

	"github.com/nines-slo/nines/slo"
)

// TestProves holds what counts settle at 95 %, by Wilson's interval.
func TestProves(t *testing.T) {
	for _, c := range []struct {
		name       string
		bad, total int64
		target     string
		want       Verdict
	}{
		{"1,000 of 1,000 good do not prove 99.9%", 0, 1000, "99.9%", NotEnoughData},
		{"3,837 of 3,837 do not either", 0, 3837, "99.9%", NotEnoughData},
		{"3,838 of 3,838 do: z² × 999 = 3,837.6", 0, 3838, "99.9%", Met},
		{"exactly on target nothing is settled", 1000, 1_000_000, "99.9%", NotEnoughData},
		{"a little better: 900 + 1.96 × √900 < 1,000", 900, 1_000_000, "99.9%", Met},
		{"a little worse: 1,100 − 1.96 × √1,100 > 1,000", 1100, 1_000_000, "99.9%", Missed},
		{"one failure alone proves nothing", 1, 1, "99.9%", Missed},
		{"one failure of one against a low target", 1, 1, "50%", NotEnoughData},
		{"all bad", 50, 50, "50%", Missed},
	} {
		target, err := slo.ParseTarget(c.target)
		if err != nil {
			t.Fatal(err)
		}
		i, ok := Of(slo.Wilson, slo.NumberOf(c.bad), slo.NumberOf(c.total), DefaultConfidence())
		if got := i.Proves(target); !ok || got != c.want {
			t.Errorf("%s: got %s from %v, want %s", c.name, got, i, c.want)
		}
	}
}

// TestNeeded holds that one event fewer than needed would not do.
func TestNeeded(t *testing.T) {
	for _, target := range []slo.Target{1, slo.Full / 2, 950_000_000, 990_000_000, 999_000_000, 999_900_000, 999_990_000} {
		for _, level := range []string{"8/10", "95/100", "999/1000"} {
			n := Needed(target, number(level))
			for less, want := range map[int64]Verdict{0: Met, 1: NotEnoughData} {
				i, ok := Of(slo.Wilson, slo.NumberOf(0), n.Sub(slo.NumberOf(less)), number(level))
				if got := i.Proves(target); ok && got != want {
					t.Errorf("%s at %s: %s events less %d: got %s, want %s", target, level, n, less, got, want)
				}
			}
		}
	}
	if n := Needed(slo.Full, DefaultConfidence()); n.Known() {
		t.Errorf("%s events are said to prove 100%%", n)
	}
}

// TestBurnRate holds that the burn rate is the ratio over 1 − target: 10 % of a
// 99 % target burn ten times too fast.
func TestBurnRate(t *testing.T) {
	if got, want := (Interval{Low: 0.1, High: 0.5}).BurnRate(990_000_000), (Interval{Low: 10, High: 50}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, want := (Interval{Low: 0.25, High: 0.5}).SLI(), (Interval{Low: 0.5, High: 0.75}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

package hist

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"testing"
)

// Texts of one number are one bound; bounds rise as decimals, not as floats.
func TestReadBounds(t *testing.T) {
	bounds, odd := ReadBounds([]string{"+Inf", "1.0", "0.3", "10", "x", "3e-01", "0.30", "1", "Inf", "", "NaN", "-Inf",
		"0.1", "0.10000000000000000001", "-5", "0.30", "1e400", "0", "-0"})
	got := fmt.Sprint(bounds)
	if want := "[-5 -0 0.1 0.10000000000000000001 0.3 1 10 +Inf]"; got != want {
		t.Errorf("bounds %s, want %s", got, want)
	}
	if want := []string{"0.3", "0.30", "3e-01"}; !slices.Equal(bounds[4].Texts, want) {
		t.Errorf("texts of 0.3 are %v, want %v", bounds[4].Texts, want)
	}
	if last := bounds[len(bounds)-1]; !math.IsInf(last.At, 1) || !slices.Equal(last.Texts, []string{"+Inf", "Inf"}) {
		t.Errorf("last bound %+v", last)
	}
	if want := []string{"x", "", "NaN", "-Inf", "1e400"}; !slices.Equal(odd, want) {
		t.Errorf("odd %v, want %v", odd, want)
	}
	if bounds, _ := ReadBounds(nil); len(bounds) != 1 || bounds[0].Texts != nil {
		t.Errorf("no series: %+v, want +Inf alone, without texts", bounds)
	}
}

// A limit is on a bound, or its two neighbours say how many may be below.
func TestPlace(t *testing.T) {
	bounds, _ := ReadBounds([]string{"0.1", "0.30", "1.0", "+Inf"})
	for _, test := range []struct {
		at   string
		want Place
	}{
		{"0.3", Place{1, 1}}, {"3e-1", Place{1, 1}}, {"0.300000000000000001", Place{1, 2}}, {"1", Place{2, 2}},
		{"0.25", Place{0, 1}}, {"0.05", Place{-1, 0}}, {"2", Place{2, 3}},
	} {
		got := bounds.Place(limitOf(t, test.at))
		if got != test.want || got.Exact() != (got.Low == got.High) {
			t.Errorf("%s is at %v, want %v", test.at, got, test.want)
		}
	}
	// The third of 0.1, 0.1 + 0.1 and so on is no 0.3, whatever its author meant.
	odd, _ := ReadBounds([]string{"0.1", "0.2", "0.30000000000000004"})
	if got := odd.Place(limitOf(t, "0.3")); got != (Place{1, 2}) {
		t.Errorf("0.3 is at %v", got)
	}
	if got := odd.Place(limitOf(t, "0.30000000000000004")); !got.Exact() {
		t.Errorf("0.30000000000000004 is at %v", got)
	}
	none, _ := ReadBounds(nil)
	if got := none.Place(limitOf(t, "0.3")); got != (Place{-1, 0}) {
		t.Errorf("without bounds 0.3 is at %v", got)
	}
}

// Whatever stands in le, bounds rise, each text is one bound's or odd, and a limit written
// as a bound is that bound.
func FuzzReadBounds(f *testing.F) {
	for _, le := range []string{"0.3", "+Inf", "3e-01", "0x1p-2", "1_0", "1e-999999999", "0e9999999", ".5", "5."} {
		f.Add(le, "0.25")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		bounds, odd := ReadBounds([]string{a, b})
		texts := len(odd)
		for i, bound := range bounds {
			texts += len(bound.Texts)
			if i > 0 && bounds[i-1].At > bound.At {
				t.Errorf("%v does not rise", bounds)
			}
			if i == len(bounds)-1 {
				break
			}
			if v, err := strconv.ParseFloat(bound.String(), 64); err != nil || v != bound.At {
				t.Errorf("%q is %v, %v", bound.String(), bound.At, err)
			}
			threshold, err := ReadThreshold("<= "+bound.String(), false)
			if err != nil {
				continue // with blanks around, say
			}
			l, err := threshold.Of("x")
			if err != nil {
				t.Fatal(err)
			}
			if got := bounds.Place(l); got != (Place{i, i}) {
				t.Errorf("%s is at %v of %v", bound, got, bounds)
			}
		}
		if texts != 2 && a != b {
			t.Errorf("%q and %q: %v and %v", a, b, bounds, odd)
		}
	})
}

package sparse

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// An array holds what a map does, and lists it in order.
func TestLikeAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a Array[int]
		twin := map[int]int{}
		if !a.Empty() {
			t.Fatal("the zero array is not empty")
		}
		for _, i := range rapid.SliceOf(rapid.OneOf(rapid.IntRange(0, 200), rapid.IntRange(0, 1_100_000))).Draw(t, "touched") {
			if got := a.Get(i); got != twin[i] {
				t.Fatalf("%d: got %d, want %d", i, got, twin[i])
			}
			*a.At(i)++
			twin[i]++
		}
		if a.Empty() != (len(twin) == 0) {
			t.Fatalf("empty: %t, with %d values", a.Empty(), len(twin))
		}
		got, order := map[int]int{}, []int{}
		for i, n := range a.All() {
			if *n != 0 {
				got[i], order = *n, append(order, i)
			}
		}
		if !maps.Equal(got, twin) || !slices.IsSorted(order) {
			t.Fatalf("got %v, want %v", got, twin)
		}
		for range a.All() {
			break // it may end early
		}
		from, to := a.Span()
		for i := range twin {
			if i < from || i >= to {
				t.Fatalf("%d is not in %d to %d", i, from, to)
			}
		}
		for i := 0; i < to; { // those before the span are not held
			values, next := a.Held(i)
			for k := range next - i {
				switch {
				case k < len(values) && values[k] != twin[i+k], len(values) == 0 && twin[i+k] != 0:
					t.Fatalf("held with %d: %v, want %d at %d", i, values, twin[i+k], i+k)
				case k < len(values) && (i < from || i+k >= to):
					t.Fatalf("%d is held, and is not in %d to %d", i+k, from, to)
				}
			}
			i = next
		}
	})
}

// What is far apart takes a page and a book each, whatever lies between.
func TestFarApartIsSmall(t *testing.T) {
	made := testing.AllocsPerRun(1, func() {
		var a Array[[2]uint64]
		for day := range 730 {
			*a.At(day * 1440) = [2]uint64{1, 1}
		}
	})
	if made > 730+300 {
		t.Errorf("%v allocations for 730 values", made)
	}
}

func BenchmarkAt(b *testing.B) {
	var a Array[[2]uint64]
	i := 0
	for b.Loop() {
		a.At(i % 500_000)[0]++
		i++
	}
}

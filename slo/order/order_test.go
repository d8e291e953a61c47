package order_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/order"
)

// TestStable compares with package slices, which sorts in a way of its own.
func TestStable(t *testing.T) {
	type element struct{ key, at int }
	rapid.Check(t, func(t *rapid.T) {
		var list []element
		for at, key := range rapid.SliceOfN(rapid.IntRange(0, 9), 0, 60).Draw(t, "keys") {
			list = append(list, element{key, at})
		}
		byKey := func(a, b element) int { return cmp.Compare(a.key, b.key) }
		want := slices.Clone(list)
		slices.SortStableFunc(want, byKey)
		if order.Stable(list, byKey); !slices.Equal(list, want) {
			t.Errorf("got %v, want %v", list, want)
		}
	})
}

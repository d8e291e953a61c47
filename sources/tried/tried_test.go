package tried

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/match"
)

// What is sampled of many values does not depend on their order, nor on who read them.
func TestSampleDoesNotDependOnOrder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	e := match.And{match.Test{Name: "region", Is: match.OneOf{"v77x"}}}
	var values []string
	for range 5000 {
		values = append(values, fmt.Sprintf("v%d", rnd.IntN(500)))
	}
	said := func(parts int) string {
		var all []Condition
		for range parts {
			all = append(all, New(e))
		}
		for _, i := range rnd.Perm(len(values)) {
			all[rnd.IntN(parts)].Add(match.No, [][]byte{[]byte(values[i])})
		}
		for i := range all[1:] {
			all[0].Merge(&all[1+i])
		}
		f := all[0].fields[0]
		if len(f.values) != maxValues {
			t.Errorf("%d values are kept, want %d", len(f.values), maxValues)
		}
		near := f.occurring()
		f.near = nil
		return near + " | " + f.occurring()
	}
	first := said(1)
	if !strings.HasPrefix(first, `"v77" |`) {
		t.Errorf("the closest value is not shown: %s", first)
	}
	for parts := range 6 {
		if got := said(parts + 1); got != first {
			t.Errorf("of %d parts: %s, want %s", parts+1, got, first)
		}
	}
}

package tried

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
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

// Of a field that is called as a secret is no value is shown, also none that is close.
func TestSecretsAreNotShown(t *testing.T) {
	for name, want := range map[string]string{
		"region": `"region" was "hush-1"`, "api_token": `"api_token" was something else, which is not shown`,
	} {
		one, other := New(match.And{match.Test{Name: name, Is: match.OneOf{"hush-2"}}}), New(match.And{match.Test{Name: name, Is: match.OneOf{"hush-2"}}})
		other.Add(match.No, [][]byte{[]byte("hush-1")})
		one.Merge(&other)
		got := one.Unmet(diag.Pos{}, "csv", "bad", "1 row", "row")
		if !strings.Contains(got.Message, want) || name != "region" && strings.Contains(got.Message+got.Hint, "hush-1") {
			t.Errorf("%s: got %s, hint %s", name, got.Message, got.Hint)
		}
	}
}

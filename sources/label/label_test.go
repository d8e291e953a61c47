package label

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
)

func newTestSplit(per ...string) *Split[*int] {
	var columns []int
	for i := range per {
		columns = append(columns, i)
	}
	return New(sources.Request{Per: per}, columns, func() *int { return new(int) })
}

func partsOf(s *Split[*int]) (got []string) {
	for labels, n := range s.All() {
		got = append(got, fmt.Sprintf("%v%d", labels, *n))
	}
	return got
}

func TestSplitDealsByLabels(t *testing.T) {
	s := newTestSplit("a", "b")
	for _, v := range [][2]string{{"x", "yz"}, {"xy", "z"}, {"x", "yz"}, {"", ""}, {"b", "\xff"}, {"b", "\x8e失"}, {"aaa", "1"}} {
		*s.Part([][]byte{[]byte(v[0]), []byte(v[1])})++
	}
	want := []string{"map[a: b:]1", "map[a:aaa b:1]1", "map[a:b b:\\x8e失]1", "map[a:b b:\\xff]1", "map[a:x b:yz]2", "map[a:xy b:z]1"}
	if got := partsOf(s); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSplitWithoutLabelsHasOnePart(t *testing.T) {
	s, other := newTestSplit(), newTestSplit()
	if s.Len() != 0 {
		t.Errorf("%d parts before the first event", s.Len())
	}
	for range 3 {
		*s.Part(nil)++
		*other.Part(nil)++
	}
	s.Merge(other, func(to, from *int) { *to += *from })
	*s.Part(nil)++
	if got := partsOf(s); !slices.Equal(got, []string{"map[]7"}) {
		t.Errorf("got %q", got)
	}
}

// What is cut is told, and a character is not cut in two.
func TestSplitCutsLongValues(t *testing.T) {
	s := newTestSplit("a")
	long := strings.Repeat("a", 255) + "é"
	*s.Part([][]byte{[]byte(long)})++
	*s.Part([][]byte{[]byte(long + "more")})++
	if got, want := partsOf(s), "map[a:"+strings.Repeat("a", 255)+"]2"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := diag.List(s.Notes()).Error(), "per: a has values of over 256 bytes; they are cut and counted together [per/long]"; got != want {
		t.Errorf("notes: got %q, want %q", got, want)
	}
}

// One label set more than there may be refuses the split, by name of the first of all sets
// in whatever order they come and are merged. There are no more parts then.
func TestSplitRefusesTooManyParts(t *testing.T) {
	for _, c := range []struct {
		per  []string
		most int
		want string
	}{
		{[]string{"a"}, 0, `per: a has more than 1,000 different values, as max_sets allows, such as "00000", "00001", "00002" [per/many]`},
		{[]string{"a"}, 1, `per: a has more than 1 different values, as max_sets allows, such as "00000", "00001" [per/many]`},
		{[]string{"a", "b"}, 7, `per: a, b has more than 7 label sets, as max_sets allows, such as "a=00000,b=0", "a=00001,b=1", "a=00002,b=0" [per/many]`},
	} {
		req := sources.Request{Per: c.per, MaxSets: c.most}
		most := cmp.Or(c.most, 1000)
		fresh := func() *Split[*int] { return New(req, []int{0, 1}[:len(c.per)], func() *int { return new(int) }) }
		part := func(s *Split[*int], i int) *int {
			return s.Part([][]byte{fmt.Appendf(nil, "%05d", i), fmt.Append(nil, i%2)})
		}
		up, down, one, other := fresh(), fresh(), fresh(), fresh()
		for i := range most {
			part(up, i)
			part(down, most-i)
			part([]*Split[*int]{one, other}[i%2], i)
		}
		if part(up, most-1) == nil || up.Err() != nil {
			t.Errorf("%d parts are refused: %v", most, up.Err())
		}
		part(other, most)
		one.Merge(other, func(to, from *int) { *to += *from })
		if part(up, most) != nil || part(down, 0) != nil || up.Len() != most || one.Len() != most {
			t.Errorf("%d parts and more are taken", most)
		}
		for name, s := range map[string]*Split[*int]{"rising": up, "falling": down, "merged": one} {
			if err := s.Err(); err == nil || err.Error() != c.want {
				t.Errorf("%s: got %v, want %s", name, err, c.want)
			}
		}
	}
}

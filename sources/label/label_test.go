package label

import (
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
	for _, v := range [][2]string{{"x", "yz"}, {"xy", "z"}, {"x", "yz"}, {"", ""}, {"b", "\xff"}, {"aaa", "1"}} {
		*s.Part([][]byte{[]byte(v[0]), []byte(v[1])})++
	}
	want := []string{"map[a: b:]1", "map[a:aaa b:1]1", "map[a:b b:\uFFFD]1", "map[a:x b:yz]2", "map[a:xy b:z]1"}
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

func TestSplitRefusesTooManyParts(t *testing.T) {
	part := func(s *Split[*int], i int) *int { return s.Part([][]byte{fmt.Append(nil, i)}) }
	s, other := newTestSplit("a"), newTestSplit("a")
	for i := range MaxParts {
		part(s, i)
	}
	if part(s, 7) == nil || s.Err() != nil {
		t.Errorf("%d parts are refused: %v", MaxParts, s.Err())
	}
	part(other, MaxParts)
	other.Merge(s, func(to, from *int) { *to += *from })
	if part(s, MaxParts) != nil || s.Err() == nil || other.Err() == nil {
		t.Errorf("%d parts are taken: %v, merged %v", MaxParts+1, s.Err(), other.Err())
	}
}

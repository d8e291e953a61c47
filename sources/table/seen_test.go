package table

import (
	"fmt"
	"strings"
	"testing"
)

// Rows are told apart by bucket and set of dimensions, also when there are more
// sets than have pages, and when their texts are long.
func TestSeen(t *testing.T) {
	s := newSeen()
	long := strings.Repeat("x", 100)
	for set := range 3 * maxPaged {
		for _, bucket := range []int64{0, 1, pageSize, 50*pageSize - 1} {
			key := fmt.Appendf(nil, "%s%d", long[:set%100], set)
			row := counts{total: count{n: uint64(set)}, hasTotal: true, bad: count{n: uint64(bucket)}, hasBad: true}
			other := counts{total: count{n: uint64(set) + 1}, hasTotal: true, bad: count{n: uint64(bucket)}, hasBad: true}
			got := [...]int{s.check(key, bucket, &row), s.check(key, bucket, &row), s.check(key, bucket, &other)}
			if want := [...]int{isNew, isRepeated, isConflict}; got != want {
				t.Fatalf("set %d, bucket %d: got %v, want %v", set, bucket, got, want)
			}
		}
	}
}

func TestAppendKey(t *testing.T) {
	key := func(pairs ...string) string {
		var out []byte
		for i := 0; i < len(pairs); i += 2 {
			out = AppendKey(out, pairs[i], []byte(pairs[i+1]))
		}
		return string(out)
	}
	if key("a", "b", "c", "d") == key("a", "bc", "", "d") || key("a", "b\x00c") == key("a", "b", "c", "") || key("ab", "c") == key("a", "bc") {
		t.Error("two sets of dimensions have one key")
	}
	if key("a", "", "b", "1") != key("b", "1") {
		t.Error("an empty value differs from none")
	}
}

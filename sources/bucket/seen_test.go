package bucket

import (
	"fmt"
	"strings"
	"testing"
)

// Rows are told apart by bucket and set of dimensions, also when there are more
// sets than have pages, and when their texts are long.
func TestSeen(t *testing.T) {
	s := newSeen()
	long := strings.Repeat("x", 300)
	for set := range 3 * maxPaged {
		for _, bucket := range []int64{0, 1, 1024, 51_199} {
			key := fmt.Appendf(nil, "%s%d", long[:set%300], set)
			row := Counts{Total: Whole(uint64(set)), HasTotal: true, Bad: Whole(uint64(bucket)), HasBad: true}
			other := Counts{Total: Whole(uint64(set) + 1), HasTotal: true, Bad: Whole(uint64(bucket)), HasBad: true}
			got := [...]likeness{s.check(key, bucket, &row), s.check(key, bucket, &row), s.check(key, bucket, &other)}
			if want := [...]likeness{first, again, contradicts}; got != want {
				t.Fatalf("set %d, bucket %d: got %v, want %v", set, bucket, got, want)
			}
		}
	}
}

// Every row names a set of its own, of short and of long texts.
func TestSeenRefusesTooManySets(t *testing.T) {
	row := Counts{Total: Whole(1), HasTotal: true}
	for _, long := range []string{"", strings.Repeat("x", maxKey)} {
		s := newSeen()
		key := func(i int) []byte {
			return AppendKey(AppendKey(nil, "host", fmt.Append(nil, i%7)), "id", fmt.Append(nil, i, long))
		}
		for i := range MaxSets {
			if got := s.check(key(i), 0, &row); got != first {
				t.Fatalf("set %d: got %d, want %d", i, got, first)
			}
		}
		if got := s.check(key(MaxSets), 0, &row); got != beyond {
			t.Errorf("set %d: got %d, want %d", MaxSets, got, beyond)
		}
		if got := s.check(key(3), 0, &row); got != again {
			t.Errorf("a set seen before: got %d, want %d", got, again)
		}
		name, values := s.widest()
		if long == "" && (name != "id" || values != MaxSets) || long != "" && values > 0 {
			t.Errorf("the widest label is %q of %d values", name, values)
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

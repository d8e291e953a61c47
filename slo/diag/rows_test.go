package diag

import (
	"strings"
	"testing"
)

func TestRows(t *testing.T) {
	var b strings.Builder
	if err := Rows(&b, "what there is:", [][]string{{"a", "long", "x\x1b"}, {"longer", "b", ""}, {"c"}}); err != nil {
		t.Fatal(err)
	}
	want := "\nwhat there is:\n  a       long  x\\x1b\n  longer  b\n  c\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

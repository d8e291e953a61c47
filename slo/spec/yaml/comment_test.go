package yaml

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestComments(t *testing.T) {
	got := Comments([]byte("# first\n#\n#   indented\na: 1 # beside\nb: 'no # comment'\nc: |\n  # text\n  more\n# last #\n"))
	want := []Comment{{1, "first"}, {2, ""}, {3, "  indented"}, {4, "beside"}, {9, "last #"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Comments([]byte("# one\na: [\n")); len(got) != 1 {
		t.Errorf("of a broken file: %v", got)
	}
}

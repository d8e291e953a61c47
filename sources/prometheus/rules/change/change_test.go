package change

import (
	"strings"
	"testing"
)

const before = `# Made.
groups:
  - name: a
    rules:
      - record: x
        expr: 1
  - name: b
    rules: []
`

func TestWrite(t *testing.T) {
	for _, c := range []struct{ name, after, want string }{
		{"the same", before, ""},
		{"one line", strings.Replace(before, "expr: 1", "expr: 2", 1), "changed group a\n-        expr: 1\n+        expr: 2\n"},
		{"one goes and one comes", strings.Replace(before, "name: b", "name: c", 1), "removed group b\nadded group c\n"},
		{"another head", "# Other.\n" + strings.SplitN(before, "\n", 2)[1], "changed what is outside of groups\n-# Made.\n+# Other.\n"},
	} {
		var out strings.Builder
		any, err := Write(&out, before, c.after)
		if err != nil || out.String() != c.want || any != (c.want != "") {
			t.Errorf("%s: got %v, %v\n%s\nwant\n%s", c.name, any, err, out.String(), c.want)
		}
	}
	var out strings.Builder
	if any, _ := Write(&out, "", before); !any || !strings.Contains(out.String(), "added group a\nadded group b\n") {
		t.Errorf("of no file: %s", out.String())
	}
}

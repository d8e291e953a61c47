package change

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
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

const objects = `# Made.
kind: PrometheusRule
metadata:
  name: nines-a
spec:
  groups:
    - name: a
---
# Made.
kind: PrometheusRule
metadata:
  name: nines-b
spec:
  groups:
    - name: b
`

// changes returns what is written of two files, of which the new one comes a few bytes at once.
func changes(t *testing.T, before, after string, step int) (string, bool) {
	t.Helper()
	var out strings.Builder
	w, err := NewWriter(&out, strings.NewReader(before), int64(len(before)))
	if err != nil {
		t.Fatal(err)
	}
	for rest := after; rest != ""; {
		n := min(step, len(rest))
		io.WriteString(w, rest[:n])
		rest = rest[n:]
	}
	any, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), any
}

func TestWriter(t *testing.T) {
	head, rest, _ := strings.Cut(before, "  - name: a")
	for _, c := range []struct{ name, before, after, want string }{
		{"the same", before, before, ""},
		{"one line", before, strings.Replace(before, "expr: 1", "expr: 2", 1), "changed group a\n-        expr: 1\n+        expr: 2\n"},
		{"one goes and one comes", before, strings.Replace(before, "name: b", "name: c", 1), "added group c\nremoved group b\n"},
		{"another head", before, "# Other.\n" + strings.SplitN(before, "\n", 2)[1], "changed what is outside of groups\n-# Made.\n+# Other.\n"},
		{"no file", "", before, "added what is outside of groups\nadded group a\nadded group b\n"},
		{"no rules", before, "", "removed what is outside of groups\nremoved group a\nremoved group b\n"},
		{"another order", before, head + "  - name: b\n    rules: []\n  - name: a" + strings.TrimSuffix(rest, "  - name: b\n    rules: []\n"), "changed the order of groups\n"},
		{"a group twice", before, before + "  - name: b\n    rules: []\n", "added group b (2)\n"},
		{"no end of the last line", before, strings.TrimSuffix(before, "\n"), "changed group b\n"},
		{"the same objects", objects, objects, ""},
		{"another object", objects, strings.ReplaceAll(objects, "nines-b", "nines-c"), "added object nines-c\nremoved object nines-b\n"},
		{"another head of one", objects, objects[:strings.LastIndex(objects, "Made")] + "Other" + objects[strings.LastIndex(objects, "Made")+4:],
			"changed object nines-b\n-# Made.\n+# Other.\n"},
		{"another group of one", objects, objects[:len(objects)-2] + "c\n", "added group c\nremoved group b\n"},
	} {
		for _, step := range []int{1, 7, 1000} {
			if got, any := changes(t, c.before, c.after, step); got != c.want || any != (c.want != "") {
				t.Errorf("%s, %d bytes at once: got %v\n%s\nwant\n%s", c.name, step, any, got, c.want)
			}
		}
	}
}

// A change of some lines is those lines, whatever the files are.
func TestLines(t *testing.T) {
	line := rapid.SampledFrom([]string{"a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.SliceOfN(line, 0, 9).Draw(t, "before"), rapid.SliceOfN(line, 0, 9).Draw(t, "after")
		var text strings.Builder
		out := bufio.NewWriter(&text)
		lines(out, before, after)
		out.Flush()
		var gone, come []string
		for l := range strings.Lines(text.String()) {
			if l = strings.TrimSuffix(l, "\n"); l[0] == '-' {
				gone = append(gone, l[1:])
			} else {
				come = append(come, l[1:])
			}
		}
		if len(before)-len(gone) != len(after)-len(come) || len(before)-len(gone) != longest(before, after) {
			t.Fatalf("%q to %q is\n%s", before, after, text.String())
		}
	})
}

// longest is the length of the longest common part of two lists.
func longest(a, b []string) int {
	switch {
	case len(a) == 0 || len(b) == 0:
		return 0
	case a[0] == b[0]:
		return 1 + longest(a[1:], b[1:])
	}
	return max(longest(a[1:], b), longest(a, b[1:]))
}

// What is too long to be compared goes and comes as a whole.
func TestManyLines(t *testing.T) {
	before, after := "- name: a\n", "- name: a\n"
	for i := range 2000 {
		before, after = before+fmt.Sprintln("old", i), after+fmt.Sprintln("new", i)
	}
	got, _ := changes(t, before+"end\n", after+"end\n", 4096)
	if strings.Count(got, "\n-old") != 2000 || strings.Count(got, "\n+new") != 2000 || strings.Contains(got, "end") {
		t.Error(got)
	}
}

package yaml

import (
	"fmt"
	"strings"
	"testing"
)

// Text over several lines is what YAML says it is, and stands where it begins.
func TestTextOverSeveralLines(t *testing.T) {
	for _, c := range []struct{ yaml, text, at string }{
		{"a: b\n  c\n", "b c", "1:4"},
		{"a: b\n -\n \n", "b -", "1:4"},
		{"a:\n  b\n\n  b\n  b\n\n\n", "b\nb b", "2:3"},
		{"a: 'b\n  c'\n", "b c", "1:4"},
		{"a: \"b\t\"\nc: d\n", "b\t", "1:4"},
		{"a: \"b\n  c\"\n", "b c", "1:4"},
		{"a: \"b\t\n  \tc\"\n", "b c", "1:4"},
		{"a: >-\n  b\n  c\n", "b c", "1:4"},
		{"a: |\n  b\n  c\n", "b\nc\n", "1:4"},
		{"a: b\n  -c # d\n", "b -c", "1:4"},
		{"a: b\n  - c\n  # d\n\n  # e\nf: g\n", "b - c", "1:4"},
		{"b: c\n  d\na: c\n  d\n\n\ne: f\n", "c d", "3:4"},
		{"b: >\n  c\n  d\na: c\n  d\n\n\ne: f\n", "c d", "4:4"},
		{"a: [b c\n  d, c\n  d]\n", "c d", "2:6"},
		{"a: [\"x\",\t\"b\tc\\u00e9\"]\n", "", "1:12: a tab inside double quotes is not read"},
		{"a: [\"x\",\t\"b\\ud83d\\ude80\"]\n", "b🚀", "1:10"},
		{"{\"b\":\t\"c\",\t\"a\":\t\"d\"}", "d", "1:17"},
	} {
		docs, findings := Parse("x.yaml", []byte(c.yaml))
		if len(findings) > 0 || len(docs) != 1 {
			if c.text != "" || !strings.HasPrefix(findings.Error(), "x.yaml:"+c.at) {
				t.Errorf("%q: %v", c.yaml, findings)
			}
			continue
		}
		v := docs[0].Get("a")
		if v.Kind == List {
			v = v.Items[1]
		}
		if at := fmt.Sprintf("%d:%d", v.Pos.Line, v.Pos.Col); v.Text != c.text || at != c.at {
			t.Errorf("%q: got %q at %s, want %q at %s", c.yaml, v.Text, at, c.text, c.at)
		}
	}
}

package yaml

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is read into the files of testdata anew")

// Signs of testdata for what cannot be seen: a tab, a blank at a line's end, a
// carriage return, a bell, a byte order mark, a file that ends without a line break.
var invisible = strings.NewReplacer("→", "\t", "␣", " ", "␍", "\r", "␇", "\a", "¤", "\ufeff", "∎\n", "")

// suiteCase is a YAML text and what is read of it.
type suiteCase struct{ name, text, want string }

// suite returns the cases of a file: a line "=== name", the text, a line "==>", and
// what is read.
func suite(t testing.TB, file string) []suiteCase {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []suiteCase
	for i, part := range strings.Split("\n"+string(raw), "\n=== ") {
		name, rest, _ := strings.Cut(part, "\n")
		text, want, ok := strings.Cut("\n"+rest+"\n", "\n==>\n")
		switch {
		case i > 0 && !ok:
			t.Fatalf("%s: case %q has no ==>", file, name)
		case i > 0:
			text = strings.TrimPrefix(text+"\n", "\n")
			cases = append(cases, suiteCase{name, text, strings.TrimRight(want, "\n")})
		}
	}
	return cases
}

// What YAML says of the texts in testdata, and what this package refuses of it.
func TestSuite(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		var anew strings.Builder
		for _, c := range suite(t, file) {
			got := describe(invisible.Replace(c.text))
			if got != c.want && !*update {
				t.Errorf("%s: %s:\n%s\ngot\n%s\nwant\n%s", file, c.name, c.text, got, c.want)
			}
			fmt.Fprintf(&anew, "=== %s\n%s==>\n%s\n\n", c.name, c.text, got)
		}
		if *update {
			if err := os.WriteFile(file, []byte(anew.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// describe returns the documents of a text, one value a line with its place, and
// the findings.
func describe(text string) string {
	var lines []string
	docs, findings := Parse("x.yaml", []byte(text))
	for _, doc := range docs {
		lines = append(lines, "document")
		lines = append(lines, outline(doc, "  ", "")...)
	}
	for _, f := range findings {
		lines = append(lines, f.Error())
		if f.Hint != "" {
			lines = append(lines, "  hint: "+f.Hint)
		}
	}
	if len(lines) == 0 {
		return "nothing"
	}
	return strings.Join(lines, "\n")
}

// outline returns v and what is in it, indented; label says what v belongs to.
func outline(v Value, indent, label string) []string {
	line := fmt.Sprintf("%s%d:%d %s", indent, v.Pos.Line, v.Pos.Col, label)
	switch v.Kind {
	case Null:
		return []string{line + "null"}
	case Scalar:
		if v.Quoted {
			label = "quoted "
		} else {
			label = ""
		}
		return []string{fmt.Sprintf("%s%s%q", line, label, v.Text)}
	case List:
		lines := []string{fmt.Sprintf("%slist of %d", line, len(v.Items))}
		for _, item := range v.Items {
			lines = append(lines, outline(item, indent+"  ", "")...)
		}
		return lines
	}
	lines := []string{fmt.Sprintf("%smap of %d", line, len(v.Fields))}
	for _, f := range v.Fields {
		key := fmt.Sprintf("%d:%d %q ", f.Pos.Line, f.Pos.Col, f.Key)
		lines = append(lines, outline(f.Value, indent+"  ", key)...)
	}
	return lines
}

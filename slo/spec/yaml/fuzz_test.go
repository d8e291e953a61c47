package yaml

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
)

// scalars calls f with every scalar and key of v and its place.
func scalars(v Value, f func(text string, pos diag.Pos)) {
	if v.Kind == Scalar && !v.Quoted {
		f(v.Text, v.Pos)
	}
	for _, item := range v.Items {
		scalars(item, f)
	}
	for _, field := range v.Fields {
		f(field.Key, field.Pos)
		scalars(field.Value, f)
	}
}

// placed fails unless every finding has a code, a message, and a place in text.
func placed(t *testing.T, text string, findings diag.List) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for _, f := range findings {
		if f.Pos.Line < 1 || f.Pos.Line > len(lines)+1 || f.Code == "" || f.Message == "" {
			t.Fatalf("finding without a place: %+v\n%s", f, text)
		}
		beyond := f.Pos.Line <= len(lines) && f.Pos.Col > utf8.RuneCountInString(lines[f.Pos.Line-1])+1
		if f.Pos.Col < 1 || beyond && utf8.ValidString(text) {
			t.Fatalf("no such column: %+v\n%s", f, text)
		}
	}
}

// FuzzParse: whatever a file holds, what is refused has a place, and what is read
// stands in the file where its position says, and has the same key when it is read
// again.
func FuzzParse(f *testing.F) {
	for _, glob := range []string{"testdata/*.txt", "../testdata/ok/*.yaml", "../testdata/err/*.yaml"} {
		files, _ := filepath.Glob(glob)
		for _, file := range files {
			if strings.HasSuffix(file, ".txt") {
				for _, c := range suite(f, file) {
					f.Add(invisible.Replace(c.text))
				}
				continue
			}
			raw, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(raw))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		docs, findings := Parse("x.yaml", []byte(text))
		placed(t, text, findings)
		if len(findings) > 0 || strings.ContainsAny(text, "&*\r\u0085\u2028\u2029\ufeff") {
			return
		}
		lines := strings.Split(text, "\n")
		for _, doc := range docs {
			scalars(doc, func(word string, pos diag.Pos) {
				line := []rune(lines[pos.Line-1])
				first, _, _ := strings.Cut(word, " ")
				first, _, _ = strings.Cut(first, "\n")
				if pos.Col > len(line) {
					t.Errorf("%s is not in\n%q", pos, text)
					return
				}
				here := strings.TrimLeft(string(line[pos.Col-1:]), `"'`)
				if !strings.HasPrefix(here, first) && !strings.ContainsAny(text, `"'|>`) {
					t.Errorf("%q is not at %s of\n%q", word, pos, text)
				}
			})
		}
		again, _ := Parse("y.yaml", []byte("# moved\n"+text))
		for i := range min(len(docs), len(again)) {
			if docs[i].Key() != again[i].Key() {
				t.Errorf("%s read again is %s", docs[i].Key(), again[i].Key())
			}
			block := Block(docs[i], nil)
			if printed, findings := Parse("z.yaml", []byte(block)); len(findings) > 0 || len(printed) != 1 || printed[0].Key() != docs[i].Key() {
				t.Errorf("%s is written as\n%s\nwhich is %v %v", docs[i].Key(), block, printed, findings)
			}
		}
	})
}

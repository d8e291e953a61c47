package yaml

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/token"
	"pgregory.net/rapid"
)

// said writes tokens line by line, with all that is read of them.
func said(all tokens) string {
	var b strings.Builder
	for _, t := range all {
		kind, value := t.Type.String(), ""
		switch {
		case isType(t, token.SingleQuoteType, token.DoubleQuoteType):
			value = t.Value
		case isScalar(t) && !isType(t, token.NullType, token.MergeKeyType):
			kind = "plain"
		}
		fmt.Fprintf(&b, "%d:%d %s %q %q\n", t.Position.Line, t.Position.Column, kind, source(t), value)
	}
	return b.String()
}

// samePlain fails unless the library's scanner finds the same in a text of plain lines.
func samePlain(t interface {
	Helper()
	Errorf(string, ...any)
}, text string) bool {
	t.Helper()
	text, problem := decode("x.yaml", text)
	if problem != nil {
		return false
	}
	got, ok := new(Reader).plainTokens(text)
	if !ok {
		return false
	}
	want, problem := scan("x.yaml", text, nil)
	if problem != nil {
		t.Errorf("%q is plain, and to the library %v", text, problem)
	} else if said(got) != said(want) {
		t.Errorf("%q:\n%s\nto the library\n%s", text, said(got), said(want))
	}
	return true
}

func TestPlain(t *testing.T) {
	for text, plain := range map[string]bool{
		"a: b":                                   true,
		"a:\n- b\n- c: d\n  e: 'f' # g\n\n# h\n": true,
		"---\na: 1\n---\n- - x\n  - y\n":         true,
		"a: sum(x{b=\"c\"}[5m]) > 1":             true,
		"a: é # x\nb: ~":                         true,
		"a: \"\"\nb:\n  c: null\nnull: d":        true,
		"a: b\n c":                               false,
		"a: b\n  c: d":                           false,
		"- a\n - b":                              false,
		"a: [b]":                                 false,
		"a: |\n  b":                              false,
		"a: &b c":                                false,
		"a: *b":                                  false,
		"a: b: c":                                false,
		"a: \"b\\n\"":                            false,
		"a: 'b''c'":                              false,
		"a: \"b\"c":                              false,
		"a: \"b":                                 false,
		"\ta: b":                                 false,
		"<<: a":                                  false,
		"a b: c":                                 false,
		"just a text":                            false,
	} {
		if got := samePlain(t, text); got != plain {
			t.Errorf("%q: plain is %v", text, got)
		}
	}
}

// What a reader found in one file is not what it finds in the next.
func TestReader(t *testing.T) {
	texts := []string{"a: b\nc:\n- d\n", "x: {y: z}", "c: 'd'\ne: f: g", "a: b", "", strings.Repeat("- a: 1\n", 3*chunk), "a:\n  b: 2"}
	var r Reader
	var read [][]Value
	for _, text := range slices.Concat(texts, texts) {
		docs, _ := r.Parse("x.yaml", text)
		read = append(read, docs)
	}
	for i, got := range read {
		want, _ := new(Reader).Parse("x.yaml", texts[i%len(texts)])
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %v, want %v", texts[i%len(texts)], got, want)
		}
	}
}

// Files as they are have plain lines in them, and what the others do to those is known.
func TestPlainTwin(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "b", "1", "null", "~", "true", "é", "x-1", "a.b/c", "-", "--", "---", "...", "{a}", "x[1]", "'q'",
		`"q"`, `"q # r"`, "'q: r'", "|", ">", "#", "&x", "*x", "!t", "@", "%", "?", "x:y", "x: y", "x:", ":", "$a", "(a)", "/b", "<<", "a b", "a#b", "\\n", ","})
	line := rapid.Custom(func(t *rapid.T) string {
		text := strings.Repeat(" ", rapid.IntRange(0, 4).Draw(t, "indent"))
		text += rapid.SampledFrom([]string{"", "", "", "- ", "-  ", "- - ", "-", "? ", "# "}).Draw(t, "dash")
		text += rapid.SampledFrom([]string{"", "a:", "b: ", "c:  ", "a: ", "null: ", "x y: ", "'k': "}).Draw(t, "key")
		text += rapid.SampledFrom([]string{"", word.Draw(t, "word"), word.Draw(t, "word") + " " + word.Draw(t, "another")}).Draw(t, "value")
		return text + rapid.SampledFrom([]string{"", "", " ", " # note", "#no note"}).Draw(t, "end")
	})
	plain := 0
	rapid.Check(t, func(t *rapid.T) {
		if samePlain(t, strings.Join(rapid.SliceOfN(line, 1, 6).Draw(t, "lines"), "\n")) {
			plain++
		}
	})
	if plain == 0 {
		t.Error("no text was plain")
	}
}

// FuzzPlain: what is found in plain lines is what the library's scanner finds.
func FuzzPlain(f *testing.F) {
	files, _ := filepath.Glob("../testdata/*/*.yaml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, text string) { samePlain(t, text) })
}

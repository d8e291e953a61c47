package yaml

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/diag"
)

// A part of a text stands in the file where Within says, however the text is written.
func TestWithin(t *testing.T) {
	for name, test := range map[string]struct {
		file, part string // part of the text of key a
		want       string // file:line:col of it, and its length
		length     int
	}{
		"plain":            {"a: one two three", "two", "f:1:8", 3},
		"single quotes":    {"a: 'one two'", "two", "f:1:9", 3},
		"double quotes":    {`a: "one two"`, "two", "f:1:9", 3},
		"one of two":       {"a: 'it''s me'", "me", "f:1:11", 2},
		"a quote itself":   {"a: 'it''s me'", "'", "f:1:7", 2},
		"an escape before": {`a: "\"x\" me"`, "me", "f:1:11", 2},
		"an escape within": {`a: "sum \u0065nd"`, "end", "f:1:9", 8},
		"blank escapes":    {`a: "x\n\ty\x20z"`, "z", "f:1:15", 1},
		"wide":             {"a: 名前 二 z", "z", "f:1:9", 1},
		"over lines":       {"a: one\n  two\n\n  three", "three", "f:4:3", 5},
		"lines in quotes":  {"a: \"one\n  two\"", "two", "f:2:3", 3},
		"escaped break":    {"a: \"one\\\n   two\"", "two", "f:2:4", 3},
		"block":            {"a: |\n  one\n    two\n  three\n", "two\nthree", "f:3:5", 3},
		"block folded":     {"a: >-\n\n  one\n  two\n  three\n", "three", "f:5:3", 5},
		"block, second":    {"b: 1\na: |2\n     one\n  two\n", "two", "f:4:3", 3},
		"in brackets":      {"x: {a: 'it''s', b: 1}", "s", "f:1:13", 1},
		"the end":          {"a: 'it''s'", "", "f:1:10", 1},
		"the end, plain":   {"a: one", "", "f:1:7", 1},
		"the end, block":   {"a: |\n  one\n  two\n", "", "f:3:6", 1},
	} {
		docs, findings := Parse("f", []byte(test.file))
		if len(findings) > 0 {
			t.Fatalf("%s: %v", name, findings)
		}
		v := docs[0]
		if v.Get("x").Is() {
			v = v.Get("x")
		}
		v = v.Get("a")
		start := strings.Index(v.Text, test.part)
		if test.part == "" {
			start = len(v.Text)
		}
		if pos := v.Within(start, start+len(test.part)); pos.String() != test.want || pos.Len != test.length {
			t.Errorf("%s: %q of %q at %v, %d long, want %s, %d", name, test.part, v.Text, pos, pos.Len, test.want, test.length)
		}
	}
}

// What was built and not read has one place.
func TestWithinBuilt(t *testing.T) {
	docs, _ := Parse("f", []byte("a: one two"))
	whole := docs[0].Get("a").Pos
	if pos := Text(whole, "rate(one)").Within(5, 8); pos != whole {
		t.Errorf("got %v, want %v", pos, whole)
	}
}

// A text that was joined has the places of its parts; those of words that no file has are
// that of the whole.
func TestWithinJoined(t *testing.T) {
	docs, _ := Parse("f", []byte("a: 'rate(x[{{w}}])'\nb: two"))
	a, b := docs[0].Get("a"), docs[0].Get("b")
	window := strings.Index(a.Text, "{{w}}")
	v := Join(docs[0].Pos, Part{Of: a, To: window}, Words("$step"), Part{Of: a, From: window + 5, To: len(a.Text)}, Words(" / "), Whole(b))
	if v.Text != "rate(x[$step]) / two" {
		t.Fatalf("got %s", v.Text)
	}
	for part, want := range map[string]diag.Pos{
		"rate":      {File: "f", Line: 1, Col: 5, Len: 4},
		"$step":     docs[0].Pos,
		"])":        {File: "f", Line: 1, Col: 17, Len: 2},
		"two":       {File: "f", Line: 2, Col: 4, Len: 3},
		"x[$step])": {File: "f", Line: 1, Col: 10, Len: 9},
		"x[$st":     {File: "f", Line: 1, Col: 10, Len: 2},
		") / two":   {File: "f", Line: 1, Col: 18, Len: 1},
	} {
		start := strings.Index(v.Text, part)
		if got := v.Within(start, start+len(part)); got != want {
			t.Errorf("%s stands at %v, %d long, want %v, %d", part, got, got.Len, want, want.Len)
		}
	}
	if got := Join(b.Pos).Within(0, 0); got != b.Pos {
		t.Errorf("nothing stands at %v", got)
	}
}

// Any words, written in any way, stand where Within says.
func TestWithinAny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-z'"\\é名]{1,6}`), 1, 6).Draw(t, "words")
		gap := rapid.SampledFrom([]string{" ", "\n   ", "  "}).Draw(t, "gap")
		way := rapid.SampledFrom([]struct{ begin, end, pairs string }{
			{"'", "'", "' ''"}, {`"`, `"`, `" \" \ \\ é \u00e9`}, {"|\n   ", "", ""}, {">-\n   ", "", ""},
		}).Draw(t, "way")
		pairs := strings.Fields(way.pairs)
		file := "a: " + way.begin + strings.NewReplacer(pairs...).Replace(strings.Join(words, gap)) + way.end
		docs, findings := Parse("f", []byte(file))
		if len(findings) > 0 {
			t.Fatalf("%q: %v", file, findings)
		}
		v := docs[0].Get("a")
		from := 0
		for _, word := range words {
			at := from + strings.Index(v.Text[from:], word)
			from = at + len(word)
			pos := v.Within(at, from)
			line := []rune(strings.Split(file, "\n")[pos.Line-1])
			found := string(line[pos.Col-1 : pos.Col-1+pos.Len])
			if want := strings.NewReplacer(pairs...).Replace(word); found != want {
				t.Fatalf("%q: %q found at %v of %q", word, found, pos, file)
			}
		}
	})
}

package spec

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

func okFiles(t testing.TB) map[string]string {
	t.Helper()
	files, _ := filepath.Glob("testdata/ok/*.yaml")
	texts := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(raw)
	}
	return texts
}

// check fails unless every finding has a code, a message, and a place in text.
func check(t *testing.T, text string, findings diag.List) {
	t.Helper()
	lines := strings.Split(text, "\n")
	for _, f := range findings {
		if f.Pos.File == "" || f.Pos.Line < 1 || f.Pos.Col < 1 || f.Pos.Line > len(lines)+1 || f.Code == "" || f.Message == "" {
			t.Fatalf("finding without a place: %+v\n%s", f, text)
		}
		if f.Excerpt != "" && f.Pos.Col > utf8.RuneCountInString(f.Excerpt)+1 {
			t.Fatalf("column %d is beyond %q", f.Pos.Col, f.Excerpt)
		}
	}
}

// Every line of a valid file that has a key is dropped, its key renamed, its
// value replaced by other types, nothing and something huge: whatever comes out
// has a place, and an invented key is always found.
func TestBrokenKeys(t *testing.T) {
	values := map[string]string{
		"empty": "", "null": "~", "map": "{}", "map with key": "{a: b}", "list": "[]", "list in list": "[[1]]", "text": "text", "empty text": `""`,
		"zero": "0", "negative": "-5", "nan": ".nan", "underscore": "99_9", "hex": "0x63", "exponent": "1e2", "yes": "yes", "bool": "true",
		"date": "2026-02-30", "huge": strings.Repeat("9", 5_000), "long": strings.Repeat("長い", 6_000), "control": `"\0\e[31m"`,
		"open": "[", "quote": `"`, "alias": "*none", "tag": "!!binary x", "block": "|", "deep": strings.Repeat("[", 500),
	}
	for file, text := range okFiles(t) {
		lines := strings.SplitAfter(text, "\n")
		for i, line := range lines {
			key, _, ok := strings.Cut(line, ":")
			if !ok || strings.HasPrefix(strings.TrimSpace(line), "#") {
				continue
			}
			with := func(t *testing.T, changed string) (string, diag.List) {
				broken := strings.Join(lines[:i], "") + changed + strings.Join(lines[i+1:], "")
				_, findings := read(file, broken)
				check(t, broken, findings)
				return broken, findings
			}
			with(t, "")
			if broken, findings := with(t, strings.Replace(line, key, key+"x", 1)); !findings.Errors() && !inLabels(lines, i) {
				t.Errorf("line %d of %s, %q, may be misspelled:\n%s", i+1, file, key, broken)
			}
			for name, v := range values {
				t.Run(fmt.Sprintf("%s:%d/%s", filepath.Base(file), i+1, name), func(t *testing.T) { with(t, key+": "+v+"\n") })
			}
		}
	}
}

// inLabels tells whether the key of a line is the user's own: a source's name.
func inLabels(lines []string, i int) bool {
	return strings.Contains(lines[i], "{type: accesslog, path: [") // no SLO's only source
}

func TestHostile(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		p := string(c - 1)
		bomb += fmt.Sprintf("%c: &%c [*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s,*%s]\n", c, c, p, p, p, p, p, p, p, p, p)
	}
	mergeBomb := "a: &a {x: 1}\n"
	for i := range 60 {
		mergeBomb += fmt.Sprintf("b%d: &b%d {<<: [*a, *a], k%d: *a}\n", i, i, i)
		mergeBomb += fmt.Sprintf("c%d: &a {<<: *b%d, l: *b%d}\n", i, i, i)
	}
	nested := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		return b.String()
	}
	tests := []struct{ name, text, want string }{
		{"empty", "", `x.yaml:1:1: the file says nothing`},
		{"comments", "# nothing\n# at all\n", `x.yaml:1:1: the file says nothing`},
		{"document marks", "---\n---\n...\n", `x.yaml:1:1: the file says nothing`},
		{"a text", "hello", `x.yaml:1:1: this must be a map`},
		{"a list", "- a", `x.yaml:1:1: this must be a map`},
		{"NUL", "a: b\n  \x00", `x.yaml:2:3: byte 0x00 is not text`},
		{"invalid UTF-8", "a: 日\xff", `x.yaml:1:5: byte 0xff is not UTF-8`},
		{"UTF-16", "\xff\xfea\x00", `x.yaml:1:1: byte 0xff is not UTF-8`},
		{"binary", "\x7fELF\x02\x01", `x.yaml:1:1: byte 0x7f is not text`},
		{"10 MB", strings.Repeat("a: b\n", 2<<20), `x.yaml:1:1: file is over 1 MiB`},
		{"many lines", strings.Repeat("a: b\n", 200_000), `x.yaml:50001:1: file holds more than 100000 words and signs`},
		{"many items", "[" + strings.Repeat("a, ", 70_000), `x.yaml:1:1: the list "[" is never closed`},
		{"many words", "[" + strings.Repeat("a,", 95_000), `holds more than 150000 words and signs`},
		{"many signs", "[" + strings.Repeat(",", 300_000), `x.yaml:1:1: file holds more than 100000 words and signs`},
		{"signs of directives", strings.Repeat("%", 300_000), `x.yaml:1:1: file holds more than 100000 words and signs`},
		{"the same as a value", "a: " + strings.Repeat("% ", 150_000), `x.yaml:1:1: file holds more than 100000 words and signs`},
		{"blank lines behind a text", "a:\n  - b: |\n" + strings.Repeat("\n", 60_000), `too many blank lines stand in or behind texts`},
		{"the same with blanks", "a: >- # c\n  x\n" + strings.Repeat("   \n", 60_000), `too many blank lines stand in or behind texts`},
		{"the same many times", strings.Repeat("- |\n x\n"+strings.Repeat("\n", 900), 100), `too many blank lines stand in or behind texts`},
		{"tabs in quotes", "a: \"" + strings.Repeat("\t", 60_000) + "\"\n", `x.yaml:1:1: there are too many tabs in lines as long as this one`},
		{"tabs between words", "a: \"" + strings.Repeat("b\t", 60_000) + "\"\n", `x.yaml:1:1: there are too many tabs in lines as long as this one`},
		{"folded lines", "a: >\n" + strings.Repeat(" word\n", 90_000), `key "apiVersion" is missing`},
		{"blank lines", strings.Repeat("\n", 90_000), `the file says nothing`},
		{"many values", "- &a [x,x,x,x,x,x,x,x,x,x]\n" + strings.Repeat("- *a\n", 9_000), `aliases stand for more than 100000 values`},
		{"long line", "a: " + strings.Repeat("x", yaml.MaxBytes-10), `key "apiVersion" is missing`},
		{"10,000 lists", strings.Repeat("[", 10_000), `x.yaml:1:66: nested deeper than 64 levels`},
		{"10,000 maps", strings.Repeat("{a: ", 10_000), `nested deeper than 64 levels`},
		{"10,000 dashes", strings.Repeat("- ", 10_000), `nested deeper than 64 levels`},
		{"1,000 levels", nested(1000), `nested deeper than 64 levels`},
		{"alias bomb", bomb, `aliases stand for more than 100000 values`},
		{"merge bomb", mergeBomb, `aliases stand for more than 100000 values`},
		{"an alias of itself", "a: &a [*a]\n", `x.yaml:1:9: alias "a" has no anchor above it`},
		{"quotation marks", strings.Repeat(`"`, 1<<16), `x.yaml:1:3: unexpected`},
		{"open quotation mark", "a: 'x\n" + strings.Repeat("b: 1\n", 1000), `x.yaml:1:4: the quotation mark is never closed`},
		{"open list", "a: [1,\n2\n", `x.yaml:1:4: the list "[" is never closed`},
		{"tab", "a:\n\tb: 1\n", `x.yaml:2:1: a tab cannot indent a line`},
		{"tab in double quotes", "a: \"b\tc\"\nd: e\n", `x.yaml:1:6: a tab inside double quotes is not read`},
		{"escape without digits", "a: \"C:\\xampp\"\n", `x.yaml:1:7: this escape is no character`},
		{"escape over two lines", "\"\\x\na\"a", `x.yaml:1:2: this escape is no character`},
		{"value under a value", "a: b\n c: d\n", `x.yaml:2:3: unexpected ":"`},
		{"value under a value that begins with a dash", "a: b\n -c: d\n", `x.yaml:2:4: unexpected ":"`},
		{"the same with a tab", "a: b\n -c:\td\n", `x.yaml:2:4: unexpected ":"`},
		{"the same without a value", "a: b\n -c:\n\n  d\n", `x.yaml:2:4: unexpected ":"`},
		{"text below a note", "a: b\n -\n\n #c\n d\n", `x.yaml:4:2: unexpected "#"`},
		{"tab behind an anchor", "a: &b\tc d\n", `x.yaml:1:5: a tab cannot stand behind the name of an anchor`},
		{"colon at the end of a text", "a: [b, http:,x]\n", `x.yaml:1:12: unexpected ":"`},
		{"escape beyond Unicode", `a: "\U00110000"`, `x.yaml:1:5: this escape is no character`},
		{"half a pair", `a: "\ude80"`, `x.yaml:1:5: this escape is no character`},
		{"tabs before a wrong escape", "\"\t\t\\c", `x.yaml:1:6: unknown escape character 'c'`},
		{"text out of its column", "a: \nb}\n -c: d}\n  ", `x.yaml:2:1: unexpected "***"`},
		{"a space that is text", "\u2006\ns", `x.yaml:1:1: this must be a map`},
		{"two values", "a: 'b' 'c'\n", `x.yaml:1:8: unexpected "***"`},
		{"map on the line of its key", "a: b: c\n", `x.yaml:1:4: a map or list cannot begin on the line of its key`},
		{"question mark", "? a\n: b\n", `keys of the form ? key are not read`},
		{"tag", "a: !!binary eA==\n", `x.yaml:1:4: tag "***" is not read`},
		{"directive", "%YAML 1.1\n---\na: b\n", `x.yaml:1:7: YAML "***" is not read`},
		{"another format", "apiVersion: openslo/v1\nkind: SLO\n", `x.yaml:1:13: apiVersion "openslo/v1" is not a known format`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := read("x.yaml", tt.text)
			check(t, tt.text, findings)
			if len(findings) == 0 || !strings.Contains(findings[0].Error(), tt.want) {
				t.Errorf("got  %.200v\nwant %s", findings, tt.want)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	for _, text := range okFiles(f) {
		f.Add(text)
	}
	broken, _ := filepath.Glob("testdata/err/*.yaml")
	for _, file := range broken {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	for _, k := range FileKeys() {
		c := checker{types: scalarTypes()}
		f.Add(fmt.Sprintf("apiVersion: nines/v1\nservice: x\n%s: %s\n", k.Name, c.sample(k)))
	}
	f.Add("apiVersion: nines/v1\nservice: &b\nexclusions: [{only: [a,*b,&c]}]\n") // names of nothing
	f.Fuzz(func(t *testing.T, text string) {
		_, findings := read("x.yaml", text)
		check(t, text, findings)
	})
}

package promql

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

var update = flag.Bool("update", false, "write the findings of testdata/*.txt anew")

// read returns a text as it stands in a file, from line 2 and column 3 on.
func read(t testing.TB, text string) spec.Value {
	t.Helper()
	block, err := spec.ParseBlock("f", "q: |-\n  "+strings.ReplaceAll(text, "\n", "\n  "), "")
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return block.Get("q")
}

// check returns the findings of a text under a key.
func check(v spec.Value, key string, per []string) diag.List {
	if key == "selector" {
		_, findings := Selector(v)
		return findings
	}
	e, findings := Parse(v)
	if key == "value" {
		findings = append(findings, e.CheckValue(per)...)
	} else {
		findings = append(findings, e.CheckCount(key, per)...)
	}
	findings.Sort()
	return findings
}

// say writes findings with the words at their places.
func say(t *testing.T, text string, findings diag.List) string {
	t.Helper()
	var b strings.Builder
	lines := strings.Split(text, "\n")
	for _, f := range findings {
		line, col := f.Pos.Line-2, f.Pos.Col-3
		if text == "" {
			line, col = 0, 0
		}
		if line < 0 || line >= len(lines) || col < 0 || col > len(lines[line]) {
			t.Fatalf("%q: finding at %v", text, f.Pos)
		}
		rest := lines[line][col:]
		fmt.Fprintf(&b, "%v %s at %s\n    %s\n", f.Severity, f.Code, rest[:min(f.Pos.Len, len(rest))], f.Message)
		if f.Hint != "" {
			fmt.Fprintf(&b, "    hint: %s\n", f.Hint)
		}
	}
	return b.String()
}

// What is found in texts stands in testdata: "=== key, or key and labels of per:", the
// text, "==>", the findings.
func TestFindings(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for c := range strings.SplitSeq(string(raw), "=== ") {
			if c == "" {
				continue
			}
			head, rest, _ := strings.Cut(c, "\n")
			text, want, _ := strings.Cut(rest, "\n==>\n")
			keys := strings.Fields(head)
			got := say(t, text, check(read(t, text), keys[0], keys[1:]))
			fmt.Fprintf(&out, "=== %s\n%s\n==>\n%s\n", head, text, got)
			if got != strings.TrimSuffix(want, "\n") && !*update {
				t.Errorf("%s: %s %s\ngot\n%swant\n%s", file, head, text, got, want)
			}
		}
		if *update {
			if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

var _ = time.Second

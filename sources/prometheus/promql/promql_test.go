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
	"github.com/nines-slo/nines/sources/sample"
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
		rest := []rune(lines[line])[col:]
		fmt.Fprintf(&b, "%v %s at %s\n    %s\n", f.Severity, f.Code, string(rest[:min(f.Pos.Len, len(rest))]), f.Message)
		if f.Hint != "" {
			fmt.Fprintf(&b, "    hint: %s\n", f.Hint)
		}
	}
	return b.String()
}

// A text of 4 KiB is read, in whatever way it is written; one byte more is not.
func TestLongest(t *testing.T) {
	for _, n := range []int{maxText, maxText + 1} {
		text := strings.Repeat("(", n/2-1) + "up" + strings.Repeat(")", n/2-1)
		text += strings.Repeat(" ", n-len(text))
		_, findings := Selector(spec.Value{Kind: spec.Scalar, Text: text})
		if findings.Errors() != (n > maxText) {
			t.Errorf("%d bytes: %v", n, findings)
		}
	}
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

// The length of a bucket is put in, and all texts that say the same have one key.
func TestExpr(t *testing.T) {
	for _, test := range []struct {
		text, at, key string
		counter       string
		selectors     string
	}{
		{"sum by (job) (increase(x_total{b=\"$step\", a='1'}[$step])) # per $step",
			"sum by (job) (increase(x_total{b=\"$step\", a='1'}[1m30s])) # per $step",
			`sum by (job) (increase(x_total{a="1",b="$step"}[$step]))`, `x_total{a="1",b="$step"}`, `x_total{b="$step",a="1"}`},
		{"increase( x_total [ $step ] )", "increase( x_total [ 1m30s ] )", "increase(x_total[$step])", "x_total", "x_total"},
		{"(sum((increase(x_total[$step]))))", "(sum((increase(x_total[1m30s]))))", "(sum((increase(x_total[$step]))))", "x_total", "x_total"},
		{"increase({\"x.total\"}[$step])", "increase({\"x.total\"}[1m30s])", `increase({__name__="x.total"}[$step])`,
			`{__name__="x.total"}`, `{__name__="x.total"}`},
		{"increase(x_total[5m])", "increase(x_total[5m])", "increase(x_total[5m])", "", "x_total"},
		{"increase(job:x_total[$step])", "increase(job:x_total[1m30s])", "increase(job:x_total[$step])", "", "job:x_total"},
		{"increase(x_total[$step] offset 1m)", "increase(x_total[1m30s] offset 1m)", "increase(x_total[$step] offset 1m)", "", "x_total"},
		{"avg(increase(x_total[$step]))", "avg(increase(x_total[1m30s]))", "avg(increase(x_total[$step]))", "", "x_total"},
		{"x_total[$step:$step]", "x_total[1m30s:1m30s]", "x_total[$step:$step]", "", "x_total"},
		{"a{le=~\"5..\"}+b+a{le=~'5..'}", "a{le=~\"5..\"}+b+a{le=~'5..'}", `a{le=~"5.."} + b + a{le=~"5.."}`, "", `a{le=~"5.."} b`},
		{"up", "up", "up", "", "up"},
	} {
		e, findings := Parse(read(t, test.text))
		if findings.Errors() {
			t.Errorf("%s: %v", test.text, findings)
			continue
		}
		if got := e.At(90 * time.Second); got != test.at {
			t.Errorf("%s at 90 s: %s", test.text, got)
		}
		if got := e.String(); got != test.key {
			t.Errorf("%s: key %s, want %s", test.text, got, test.key)
		}
		if got, ok := e.Counter(); got != test.counter || ok != (got != "") {
			t.Errorf("%s: counter %s, %t, want %s", test.text, got, ok, test.counter)
		}
		var selectors []string
		for _, s := range e.Selectors() {
			selectors = append(selectors, s.String())
		}
		if got := strings.Join(selectors, " "); got != test.selectors {
			t.Errorf("%s: selectors %s, want %s", test.text, got, test.selectors)
		}
		if s, ok := e.Selector(); ok != (test.text == "up") || ok && s.String() != "up" {
			t.Errorf("%s: selector %v, %t", test.text, s, ok)
		}
	}
	if (Expr{}).Is() || (Expr{}).String() != "" || len((Expr{}).Selectors()) > 0 {
		t.Error("no expression says something")
	}
}

// A plain selector takes the series that it says.
func TestSelector(t *testing.T) {
	s, findings := Selector(read(t, "http_requests_total{code=~\"5..\", job!='x'}"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	series := func(code, job string) sample.Labels {
		return sample.Labels{{Name: sample.MetricName, Value: "http_requests_total"}, {Name: "code", Value: code}, {Name: "job", Value: job}}
	}
	if !s.Takes(series("503", "y")) || s.Takes(series("5030", "y")) || s.Takes(series("503", "x")) || s.Metric() != "http_requests_total" {
		t.Errorf("%v takes others", s)
	}
}

// What is found stands where the file has it, however the text is written.
func TestPlace(t *testing.T) {
	for _, test := range []struct{ file, want string }{
		{`q: sum(increse(x_total[$step]))`, "f:1:8"},
		{`q: 'increse(x_total{a=''b''}[$step]) + increse(x[$step])'`, "f:1:5 f:1:40"},
		{`q: "sum(x_total{a=\"b\"}) / increse(x[$step])"`, "f:1:29"},
		{"q: |\n  sum(\n    increse(x[$step])\n  )\n", "f:3:5"},
		{"q: >\n  sum(\n    increse(x[$step])\n  )\n", "f:3:5"},
		{"q: sum(\n   increse(x[$step]))", "f:2:4"},
		{"q: {not: text}", "f:1:4"},
		{"q: \"sum(\"", "f:1:8"},
	} {
		block, err := spec.ParseBlock("f", test.file, "")
		if err != nil {
			t.Fatal(err)
		}
		_, findings := Parse(block.Get("q"))
		var at []string
		for _, f := range findings {
			at = append(at, f.Pos.String())
		}
		if got := strings.Join(at, " "); got != test.want {
			t.Errorf("%s: at %s, want %s: %v", test.file, got, test.want, findings)
		}
	}
}

// One note tells what increase does, and what to write.
func TestAdvice(t *testing.T) {
	part := func(key, text string) Part {
		e, findings := Parse(read(t, text))
		if findings.Errors() {
			t.Fatal(findings)
		}
		return Part{key, e}
	}
	for _, test := range []struct {
		parts []Part
		hint  string
	}{
		{[]Part{part("bad", "increase(x_total{a='b'}[$step])"), part("total", "sum(increase(x_total[$step]))")},
			"for exact counts write bad: {counter: 'x_total{a=\"b\"}'}, total: {counter: 'x_total'}"},
		{[]Part{part("bad", "increase(x_total[$step])"), part("total", "increase(y_total[$step]) + increase(x_total[$step])")},
			"counter: and a selector, in place of PromQL, gives exact counts"},
		{[]Part{part("good", `sum(increase(h_seconds_bucket{job="a",le="0.3"}[$step]))`), part("total", `sum(increase(h_seconds_count{job="a"}[$step]))`)},
			"for exact counts write histogram: 'h_seconds{job=\"a\"}', good: \"<= 300ms\""},
		{[]Part{part("good", `sum(increase(h_bucket{le="5"}[$step]))`), part("total", `sum(increase(h_bucket{le="+Inf"}[$step]))`)},
			"for exact counts write histogram: 'h', good: \"<= 5\""},
		{[]Part{part("bad", `sum(increase(h_bucket{le="+Inf"}[$step])) - sum(increase(h_bucket{le="5"}[$step]))`),
			part("total", `sum(increase(h_count[$step]))`)}, "for exact counts write histogram: 'h', good: \"<= 5\""},
		{[]Part{part("good", `sum(increase(h_bucket{job="b",le="5"}[$step]))`), part("total", `sum(increase(h_count[$step]))`)},
			"for exact counts write histogram: and a selector, with good: \"<= 300ms\""},
		{[]Part{part("bad", `sum(increase(h_bucket{le="5"}[$step]))`), part("total", `sum(increase(h_count[$step]))`)},
			"for exact counts write histogram: and a selector, with good: \"<= 300ms\""},
		{[]Part{part("", `sum(increase(h_bucket{le="5"}[$step]))`)}, "for exact counts write histogram: and a selector, with good: \"<= 300ms\""},
		{[]Part{part("bad", "count(up == 0)"), part("total", "count(up)")}, ""},
		{[]Part{{}}, ""},
		{nil, ""},
	} {
		notes := Advice(test.parts...)
		if len(notes) > 1 || notes.Errors() || (len(notes) > 0) != (test.hint != "") || len(notes) > 0 && notes[0].Hint != test.hint {
			t.Errorf("%v, want %s", notes, test.hint)
		}
	}
}

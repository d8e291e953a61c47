package promql

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Findings of parts are those of the whole: what is around an expression adds its own and
// hides none.
func TestPairs(t *testing.T) {
	around := map[string][]string{
		"sum(%)": nil, "(%)": nil, "sum by (region) (%)": nil, "sum without (pod) (%)": nil, "% * 2": nil, "-%": nil,
		"avg(%)":                              {"promql/aggregation"},
		"topk(3, %)":                          {"promql/aggregation"},
		"% or vector(0)":                      {"promql/zeros"},
		"% / % ":                              {"promql/ratio"},
		"% - %":                               {"promql/minus"},
		"% + rate(y_total[$step])":            {"promql/plus", "promql/rate"},
		"y_total + %":                         {"promql/counter", "promql/plus"},
		"% and on () up == 1":                 nil,
		"histogram_quantile(0.9, %)":          {"promql/quantile"},
		"ln(%)":                               {"promql/function"},
		"increase(y_total[2m]) + %":           {"promql/plus", "promql/range"},
		"absent(y) + %":                       {"promql/absent", "promql/plus"},
		"% + increase(z[$step] offset 1)":     {"promql/gauge", "promql/plus", "promql/shift"},
		"(% or vector(0)) + (% or vector(0))": nil,
		"(% or vector(0)) + 2":                {"promql/zeros"},
	}
	inner := map[string][]string{
		"increase(x_total[$step])":            nil,
		"increase(x_total[5m])":               {"promql/range"},
		"rate(x_total[$step])":                {"promql/rate"},
		"x_total":                             {"promql/counter"},
		"increase(x_total[$step] @ 5)":        {"promql/shift"},
		"increase(x_bucket{le='1'}[$step])":   nil,
		"delta(x_total[$step])":               {"promql/gauge"},
		"avg_over_time(x[$step])":             {"promql/function"},
		"sum_over_time(x_total[$step])":       {"promql/counter"},
		"sum_over_time((x > 1)[$step:1m])":    {"promql/subquery"},
		"sum_over_time((x > 1)[1h:1m])":       {"promql/range"},
		"increase(x_total{a=\"$b\"}[$step])":  {"promql/variable"},
		"job:x:rate5m":                        {"promql/recorded"},
		"increase({a='b'}[$step])":            nil,
		"increase(sum(x_total)[$step:])":      {"promql/subquery"},
		"label_replace(x, 'a', 'b', 'c', '')": nil,
	}
	for outside, theirs := range around {
		for inside, ours := range inner {
			text := strings.ReplaceAll(outside, "%", inside)
			got := map[string]bool{}
			for _, f := range check(read(t, text), "total", nil) {
				got[f.Code] = true
			}
			want := map[string]bool{}
			for _, code := range slices.Concat(theirs, ours) {
				want[code] = true
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s\ngot  %v\nwant %v", text, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
		}
	}
}

// labelled is an expression and the labels that its series have, by a slow twin that goes
// from inside to outside with all labels there are.
type labelled struct {
	text   string
	labels map[string]bool
}

var names = []string{"a", "b", "c"}

func drawLabelled(t *rapid.T, depth int) labelled {
	if depth == 0 {
		return labelled{"increase(x_total[$step])", map[string]bool{"a": true, "b": true, "c": true}}
	}
	in := drawLabelled(t, depth-1)
	some := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 2, rapid.ID).Draw(t, "labels")
	list := "(" + strings.Join(some, ", ") + ")"
	only, but := map[string]bool{}, maps.Clone(in.labels)
	for _, l := range some {
		if in.labels[l] {
			only[l] = true
		}
		delete(but, l)
	}
	switch rapid.SampledFrom([]string{"by", "without", "sum", "paren", "on", "ignoring", "and", "scaled", "replace", "topk", "left"}).Draw(t, "how") {
	case "by":
		return labelled{"sum by " + list + " (" + in.text + ")", only}
	case "without":
		return labelled{"sum without " + list + " (" + in.text + ")", but}
	case "sum":
		return labelled{"sum(" + in.text + ")", map[string]bool{}}
	case "on":
		return labelled{"(" + in.text + ") + on " + list + " increase(y_total[$step])", only}
	case "ignoring":
		return labelled{"(" + in.text + ") + ignoring " + list + " increase(y_total[$step])", but}
	case "and":
		return labelled{"(" + in.text + ") unless on " + list + " sum(y)", in.labels}
	case "scaled":
		return labelled{"2 * (" + in.text + ")", in.labels}
	case "topk":
		return labelled{"topk(1, " + in.text + ")", in.labels}
	case "replace":
		out := maps.Clone(in.labels)
		out["b"] = true
		return labelled{"label_replace(" + in.text + ", 'b', '$1', 'a', '(.*)')", out}
	case "left":
		out := maps.Clone(in.labels)
		for _, l := range some {
			out[l] = true
		}
		return labelled{"(" + in.text + ") * on () group_left " + list + " z", out}
	}
	return labelled{"(" + in.text + ")", in.labels}
}

// A label of per: is refused where the series of the answer do not have it.
func TestLabels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := drawLabelled(t, rapid.IntRange(0, 5).Draw(t, "depth"))
		v := yaml.Text(placeOf(e.text), e.text)
		for _, label := range names {
			parsed, findings := Parse(v)
			if findings.Errors() {
				t.Fatalf("%s: %v", e.text, findings)
			}
			refused := false
			for _, f := range parsed.CheckCount("total", []string{label}) {
				refused = refused || f.Code == "promql/per"
			}
			if refused == e.labels[label] {
				t.Fatalf("%s: label %s refused: %t", e.text, label, refused)
			}
		}
	})
}

// Any text has findings within it or an expression, which has a key and can be put to any
// length of a bucket.
func FuzzParse(f *testing.F) {
	for _, text := range cases(f) {
		f.Add(text, int64(60_000))
	}
	f.Fuzz(func(t *testing.T, text string, ms int64) {
		step := time.Duration(max(ms%(400*86_400_000), 1)) * time.Millisecond
		v := yaml.Text(placeOf(text), text)
		e, findings := Parse(v)
		findings = append(findings, e.CheckValue(names)...)
		findings = append(findings, e.CheckCount("total", names)...)
		selector, more := Selector(v)
		for _, f := range append(findings, more...) {
			if f.Pos.Line != 1 || f.Pos.Col < 1 || f.Pos.Col+f.Pos.Len > v.Pos.Len+2 || f.Message == "" {
				t.Fatalf("%q: place %+v", text, f)
			}
		}
		if !more.Errors() {
			again, wrong := Selector(yaml.Text(v.Pos, selector.String()))
			if wrong.Errors() || again.String() != selector.String() {
				t.Fatalf("%q: selector %s, then %s: %v", text, selector, again, wrong)
			}
		}
		if !e.Is() {
			return
		}
		key := e.String()
		again, wrong := Parse(yaml.Text(v.Pos, key))
		if wrong.Errors() || again.String() != key {
			t.Fatalf("%q: key %s, then %s: %v", text, key, again, wrong)
		}
		put, wrong := Parse(yaml.Text(v.Pos, e.At(step)))
		if wrong.Errors() {
			t.Fatalf("%q at %v: %s: %v", text, step, e.At(step), wrong)
		}
		if want, _ := Parse(yaml.Text(v.Pos, again.At(step))); put.String() != want.String() {
			t.Fatalf("%q at %v: %s, of its key %s", text, step, put, want)
		}
	})
}

// placeOf is where a text stands that a file has in one line.
func placeOf(text string) diag.Pos {
	return diag.Pos{File: "f", Line: 1, Col: 1, Len: utf8.RuneCountInString(text)}
}

// cases returns the texts of testdata.
func cases(t testing.TB) (texts []string) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for c := range strings.SplitSeq(string(raw), "=== ") {
			_, rest, _ := strings.Cut(c, "\n")
			text, _, _ := strings.Cut(rest, "\n==>\n")
			texts = append(texts, text)
		}
	}
	return texts
}

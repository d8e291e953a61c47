package report_test

import (
	"bytes"
	stdcsv "encoding/csv"
	stdjson "encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/csv"
	"github.com/nines-slo/nines/report/github"
	"github.com/nines-slo/nines/report/gitlab"
	"github.com/nines-slo/nines/report/html"
	njson "github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/junit"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// TestNothingRaw puts each hostile string into every text of every model and draws it in
// every form: none holds a raw control character or turns text, no line is a command of a
// pipeline, and what has a form of its own keeps it.
func TestNothingRaw(t *testing.T) {
	for _, s := range reporttest.Strings() {
		if s == "" {
			continue // is no text
		}
		for name, write := range drawings(t, s) {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Errorf("%s of %.40q: %v", name, s, err)
				continue
			}
			sound(t, name, s, out.String())
		}
	}
}

// drawings are the forms of models whose texts are s.
func drawings(t *testing.T, s string) map[string]func(io.Writer) error {
	t.Helper()
	r, g := hostileReport(t, s), hostileGate(t, s)
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	b := &report.Backtest{From: at, To: at, Zone: time.UTC, Objectives: []report.Backtested{{Service: s, Name: s, Failed: s,
		Labels: map[string]string{s: s}, By: []string{s}, Warnings: r.Objectives[0].Warnings,
		Policies: []report.Alerted{{Name: s, Class: slo.Page}}}}, Sources: r.Sources}
	p := &report.Suggestions{From: at, To: at, Zone: time.UTC, Objectives: []report.Suggested{{Service: s, Name: s, Failed: s,
		Labels: map[string]string{s: s}, By: []string{s}, Warnings: r.Objectives[0].Warnings}}, Sources: r.Sources}
	a, m := &report.Alerts{Status: r.Status}, hostileBrief(t, s)
	return map[string]func(io.Writer) error{
		"report json": func(w io.Writer) error { return njson.Report(w, r) },
		"report html": func(w io.Writer) error { return html.Write(w, r) },
		"report md":   func(w io.Writer) error { return markdown.Report(w, r) },
		"report text": func(w io.Writer) error { return text.Report(w, r, text.Options{}) },
		"status text": func(w io.Writer) error { return text.Status(w, &r.Status, text.Options{}) },
		"status wide": func(w io.Writer) error { return text.Status(w, &r.Status, text.Options{Wide: true}) },
		"status csv":  func(w io.Writer) error { return csv.Status(w, &r.Status) },
		"status md":   func(w io.Writer) error { return markdown.Status(w, &r.Status) },
		"explain text": func(w io.Writer) error {
			return text.Explain(w, &r.Objectives[0], text.Question{Pos: s, Counts: []string{s}})
		},
		"gate text":      func(w io.Writer) error { return text.Gate(w, g, text.Options{}) },
		"gate json":      func(w io.Writer) error { return njson.Gate(w, g) },
		"gate md":        func(w io.Writer) error { return markdown.Gate(w, g) },
		"gate junit xml": func(w io.Writer) error { return junit.Gate(w, g) },
		"gate github":    func(w io.Writer) error { return github.Gate(w, g) },
		"gate gitlab":    func(w io.Writer) error { return gitlab.Gate(w, g) },
		"backtest text":  func(w io.Writer) error { return text.Backtest(w, b, text.Options{}) },
		"backtest csv":   func(w io.Writer) error { return csv.Backtest(w, b) },
		"backtest json":  func(w io.Writer) error { return njson.Backtest(w, b) },
		"backtest md":    func(w io.Writer) error { return markdown.Backtest(w, b) },
		"suggest text":   func(w io.Writer) error { return text.Suggest(w, p, text.Options{}) },
		"suggest json":   func(w io.Writer) error { return njson.Suggest(w, p) },
		"suggest md":     func(w io.Writer) error { return markdown.Suggest(w, p) },
		"alerts text":    func(w io.Writer) error { return text.Alerts(w, a, text.Options{Wide: true}) },
		"alerts json":    func(w io.Writer) error { return njson.Alerts(w, a) },
		"alerts md":      func(w io.Writer) error { return markdown.Alerts(w, a) },
		"summary json":   func(w io.Writer) error { return njson.Brief(w, m) },
		"summary md":     func(w io.Writer) error { return message(markdown.Message)(w, m) },
	}
}

// hostileBrief returns the sample with s for every text.
func hostileBrief(t *testing.T, s string) *report.Brief {
	t.Helper()
	var form bytes.Buffer
	b := *sampleBrief
	b.Objectives = b.Objectives[:3]
	if err := njson.Brief(&form, &b); err != nil {
		t.Fatal(err)
	}
	back, err := report.ReadBrief(form.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	fill(reflect.ValueOf(back).Elem(), s)
	return back
}

var (
	sampleBrief  = reporttest.Brief(unit.English)
	sampleReport = reporttest.Sample(unit.English)
	sampleGate   = reporttest.Gate(unit.English)
)

// hostileReport returns the sample with s for every text, cut to a few objectives.
func hostileReport(t *testing.T, s string) *report.Report {
	t.Helper()
	var form bytes.Buffer
	r := *sampleReport
	r.Objectives, r.Incidents = r.Objectives[:2], r.Incidents[:1]
	if err := njson.Report(&form, &r); err != nil {
		t.Fatal(err)
	}
	back, err := report.ReadReport(form.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	fill(reflect.ValueOf(back).Elem(), s)
	if !strings.ContainsAny(s, `<"`) { // without the library of charts, which takes longer than all others
		back.Objectives[0].Detail, back.Objectives[1].Detail = nil, nil
	}
	return back
}

func hostileGate(t *testing.T, s string) *report.Gate {
	t.Helper()
	var form bytes.Buffer
	if err := njson.Gate(&form, sampleGate); err != nil {
		t.Fatal(err)
	}
	back, err := report.ReadGate(form.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	ids := back.Objectives
	fill(reflect.ValueOf(back).Elem(), s)
	for i := range back.Notes {
		back.Notes[i].Objectives = []string{ids[0].ID}
	}
	return back
}

// fill puts s into every text within v, a new field's too.
func fill(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fill(v.Elem(), s)
		}
	case reflect.Slice:
		for i := range v.Len() {
			fill(v.Index(i), s)
		}
	case reflect.Map:
		if v.Type() == reflect.TypeFor[map[string]string]() && v.Len() > 0 {
			v.Set(reflect.ValueOf(map[string]string{s: s}))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && !parsed(v.Type().Field(i).Name, f) {
				fill(f, s)
			}
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			v.SetString(s)
		}
	}
}

// parsed tells of fields that are no text, but lengths and names of this program, or that
// nothing stands beside.
func parsed(field string, v reflect.Value) bool {
	return field == "Owner" && v.IsZero() || slices.Contains([]string{"Kind", "Length", "Date", "Window", "Windows"}, field)
}

// sound tells what is wrong with an output.
func sound(t *testing.T, name, s, out string) {
	t.Helper()
	if raw := reporttest.Raw(out); raw != "" {
		t.Errorf("%s of %.40q holds %q", name, s, raw)
	}
	if line := reporttest.Obeyed(out); line != "" && !strings.HasSuffix(name, "github") {
		t.Errorf("%s of %.40q has the command %.80q", name, s, line)
	}
	_, form, _ := strings.Cut(name, " ")
	switch {
	case form == "json" || form == "gitlab":
		var v any
		if err := stdjson.Unmarshal([]byte(out), &v); err != nil {
			t.Errorf("%s of %.40q: %v", name, s, err)
		}
		if want := string([]rune(s)); !strings.Contains(fmt.Sprint(v), want) {
			t.Errorf("%s of %.40q does not read back", name, s)
		}
	case form == "csv":
		rows, err := stdcsv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s of %.40q: %d rows, %v", name, s, len(rows), err)
		}
	case strings.HasSuffix(form, "xml"):
		dec := xml.NewDecoder(strings.NewReader(out))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Errorf("%s of %.40q: %v", name, s, err)
				break
			}
		}
	case form == "md":
		if found := meant(out); found != "" {
			t.Errorf("%s of %.40q: %q is no text\n%.600s", name, s, found, out)
		}
	}
}

var (
	escaped = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]`)
	codes   = regexp.MustCompile("(?m)^    .*$|(?s)```yaml\n.*?\n```\n")
	heads   = regexp.MustCompile(`(?m)^#+ `)
	links   = regexp.MustCompile("(?i)(?:https?|ftp)://|www\\.|@[a-z]|#[0-9]|[\\[\\]<>`~]|&[^#]|:[a-z_]+:|(?m:^- [-+=]+ )")
)

// meant returns the first markup of a Markdown text that the program did not mean: the text
// without what is escaped, code, and the heads of its own.
func meant(text string) string {
	text = heads.ReplaceAllString(codes.ReplaceAllString(text, ""), "")
	return links.FindString(strings.ReplaceAll(escaped.ReplaceAllString(text, ""), "&#8203;", "\u200b"))
}

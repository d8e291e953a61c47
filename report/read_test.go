package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/csv"
	"github.com/nines-slo/nines/report/excel"
	"github.com/nines-slo/nines/report/github"
	"github.com/nines-slo/nines/report/gitlab"
	"github.com/nines-slo/nines/report/html"
	njson "github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/junit"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/letter"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// TestReadReport: what is drawn from the JSON of a report is what was drawn from the
// report, byte by byte.
func TestReadReport(t *testing.T) {
	outputs := map[string]func(io.Writer, *report.Report) error{
		"json": njson.Report, "html": html.Write, "excel": excel.Write, "markdown": markdown.Report,
		"text":  func(w io.Writer, r *report.Report) error { return text.Report(w, r, text.Options{}) },
		"csv":   func(w io.Writer, r *report.Report) error { return csv.Status(w, &r.Status) },
		"table": func(w io.Writer, r *report.Report) error { return text.Status(w, &r.Status, text.Options{Wide: true}) },
	}
	for name, r := range map[string]*report.Report{
		"sample": reporttest.Sample(unit.English), "in Japanese": reporttest.Sample(unit.Japanese),
		"running": reporttest.Running(unit.Japanese), "deploys": reporttest.Deployed(unit.English), "hostile": reporttest.Hostile(unit.English),
	} {
		var form bytes.Buffer
		if err := njson.Report(&form, r); err != nil {
			t.Fatal(err)
		}
		back, err := report.ReadReport(form.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		drawAlike(t, name, outputs, r, back)
	}
}

// TestReadGate: what is drawn from the JSON of a gate is what was drawn from the gate.
func TestReadGate(t *testing.T) {
	outputs := map[string]func(io.Writer, *report.Gate) error{
		"json": njson.Gate, "markdown": markdown.Gate, "junit": junit.Gate, "github": github.Gate, "gitlab": gitlab.Gate,
		"text": func(w io.Writer, g *report.Gate) error { return text.Gate(w, g, text.Options{Color: true}) },
	}
	open := reporttest.Gate(unit.Japanese)
	open.Objectives, open.Overrides, open.Opens, open.Verdict, open.Reasons = nil, nil, nil, slo.CannotTell, 0
	for name, g := range map[string]*report.Gate{
		"sample": reporttest.Gate(unit.English), "in Japanese": reporttest.Gate(unit.Japanese),
		"hostile": reporttest.HostileGate(unit.English), "hostile in Japanese": reporttest.HostileGate(unit.Japanese),
		"of nothing": open,
	} {
		var form bytes.Buffer
		if err := njson.Gate(&form, g); err != nil {
			t.Fatal(err)
		}
		back, err := report.ReadGate(form.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		drawAlike(t, name, outputs, g, back)
	}
}

// TestReadStatus: what is drawn from the JSON of a status is what was drawn from the
// status, but for its days.
func TestReadStatus(t *testing.T) {
	outputs := map[string]func(io.Writer, *report.Status) error{
		"json": njson.Status, "markdown": markdown.Status, "csv": csv.Status,
		"table": func(w io.Writer, s *report.Status) error { return text.Status(w, s, text.Options{}) },
		"wide":  func(w io.Writer, s *report.Status) error { return text.Status(w, s, text.Options{Wide: true}) },
	}
	for name, r := range map[string]*report.Report{
		"sample": reporttest.Sample(unit.English), "running": reporttest.Running(unit.Japanese),
		"hostile": reporttest.Hostile(unit.Japanese),
	} {
		st := r.Status
		st.Schema = report.StatusSchema
		st.Objectives = slices.Clone(st.Objectives)
		for i := range st.Objectives {
			st.Objectives[i].Days = nil
		}
		var form bytes.Buffer
		if err := njson.Status(&form, &st); err != nil {
			t.Fatal(err)
		}
		back, err := report.ReadStatus(form.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		drawAlike(t, name, outputs, &st, back)
	}
}

// TestReadBrief: a message made of the JSON of a summary is that of the summary.
func TestReadBrief(t *testing.T) {
	outputs := map[string]func(io.Writer, *report.Brief) error{
		"json": njson.Brief, "markdown": message(markdown.Message),
		"text": message(func(w io.Writer, m notify.Message) error { _, err := io.WriteString(w, notify.Plain(m)); return err }),
	}
	for name, b := range map[string]*report.Brief{
		"sample": reporttest.Brief(unit.English), "in Japanese": reporttest.Brief(unit.Japanese),
		"hostile": reporttest.HostileBrief(unit.English),
	} {
		var form bytes.Buffer
		if err := njson.Brief(&form, b); err != nil {
			t.Fatal(err)
		}
		back, err := report.ReadBrief(form.Bytes())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		drawAlike(t, name, outputs, b, back)
	}
}

// message draws a summary as the message that it is.
func message(write func(io.Writer, notify.Message) error) func(io.Writer, *report.Brief) error {
	return func(w io.Writer, b *report.Brief) error {
		m, err := letter.Summary(b)
		m = letter.WithUnsent(m, []string{"2026-W19"})
		if err != nil {
			return err
		}
		return write(w, m)
	}
}

// drawAlike complains of outputs that differ between a model and what was read back.
func drawAlike[M any](t *testing.T, name string, outputs map[string]func(io.Writer, M) error, model, back M) {
	t.Helper()
	for output, write := range outputs {
		var got, want bytes.Buffer
		if err := write(&got, back); err != nil {
			t.Fatal(err)
		}
		if err := write(&want, model); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Errorf("%s: the %s of what was read back differs", name, output)
		}
	}
}

// Any model reads back as it was written, and again.
func TestReadAnyModel(t *testing.T) {
	t.Run("status", func(t *testing.T) { readBack(t, report.StatusSchema, report.ReadStatus) })
	t.Run("report", func(t *testing.T) { readBack(t, report.ReportSchema, report.ReadReport) })
	t.Run("gate", func(t *testing.T) { readBack(t, report.GateSchema, report.ReadGate) })
	t.Run("alerts", func(t *testing.T) { readBack(t, report.AlertsSchema, report.ReadAlerts) })
	t.Run("backtest", func(t *testing.T) { readBack(t, report.BacktestSchema, report.ReadBacktest) })
	t.Run("summary", func(t *testing.T) { readBack(t, report.BriefSchema, report.ReadBrief) })
	t.Run("suggestions", func(t *testing.T) { readBack(t, report.SuggestSchema, report.ReadSuggestions) })
}

func readBack[T any](t *testing.T, schema string, read func([]byte) (*T, error)) {
	rapid.Check(t, func(t *rapid.T) {
		model := new(T)
		draw(t, reflect.ValueOf(model).Elem(), "model")
		reflect.ValueOf(model).Elem().FieldByName("Schema").SetString(schema)
		once := reread(t, model, read)
		if path := differs(reflect.ValueOf(model).Elem(), reflect.ValueOf(once).Elem(), true); path != "" {
			t.Fatalf("read back, %s differs", path)
		}
		twice := reread(t, once, read)
		if path := differs(reflect.ValueOf(once).Elem(), reflect.ValueOf(twice).Elem(), false); path != "" {
			t.Fatalf("read back twice, %s differs", path)
		}
	})
}

func reread[T any](t *rapid.T, model *T, read func([]byte) (*T, error)) *T {
	form, err := json.Marshal(model)
	if err != nil {
		t.Fatal(err)
	}
	back, err := read(form)
	if err != nil {
		t.Fatalf("%v\n%s", err, form)
	}
	return back
}

// draw fills v, leaving out what JSON does not carry.
func draw(t *rapid.T, v reflect.Value, name string) {
	if special(t, v, name) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if rapid.Bool().Draw(t, name+" is there") {
			v.Set(reflect.New(v.Type().Elem()))
			draw(t, v.Elem(), name)
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(t, name+" length")
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			draw(t, v.Index(i), name)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Tag.Get("json") != "-" {
				draw(t, v.Field(i), f.Name)
			}
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(rapid.MapOfN(rapid.String(), rapid.String(), 1, 2).Draw(t, name)))
	case reflect.String:
		v.SetString(rapid.String().Draw(t, name))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, name))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1e12, 1e12).Draw(t, name))
	default:
		t.Fatalf("%s: draw does not know %s", name, v.Type())
	}
}

// special fills values of which not all are allowed.
func special(t *rapid.T, v reflect.Value, name string) bool {
	zones := rapid.SampledFrom([]string{"UTC", "Asia/Tokyo", "America/New_York"})
	var out any
	switch v.Interface().(type) {
	case slo.Number:
		out = drawNumber(t, name)
	case time.Time:
		out = drawTime(t, name)
	case slo.Target:
		out = slo.Target(rapid.Int64Range(1, 1e9).Draw(t, name))
	case slo.Date:
		out = slo.DateOf(drawTime(t, name), time.UTC)
	case report.Level:
		out = report.Level(rapid.IntRange(0, 4).Draw(t, name))
	case diag.Severity:
		out = diag.Severity(rapid.IntRange(0, 1).Draw(t, name))
	case report.Buckets:
		step := time.Duration(rapid.IntRange(1, 1e4).Draw(t, name)) * time.Minute
		out = report.Buckets{Step: step, Elapsed: 3, Measured: 2, Excluded: 1}
	case report.BurnRates:
		out = report.BurnRates{{Window: 5 * time.Minute, Rate: drawNumber(t, name)}, {Window: 72 * time.Hour, Rate: drawNumber(t, name)}}
	case slo.Percentiles:
		nanoseconds := rapid.Int64Range(0, 1e13)
		out = slo.Percentiles{Start: drawTime(t, name), P50: time.Duration(nanoseconds.Draw(t, name)), P99: time.Duration(nanoseconds.Draw(t, name)), Count: 3,
			Over: rapid.SampledFrom([]int{0, 50, 95, 99}).Draw(t, name)}
	case report.SuggestedTarget:
		target := slo.Target(rapid.Int64Range(1, 1e9).Draw(t, name))
		out = report.SuggestedTarget{Target: target, Number: target.Number(), Pages: drawNumber(t, name)}
	case report.Window:
		out = report.Window{Kind: "rolling", Start: drawTime(t, name), End: drawTime(t, name), Timezone: zones.Draw(t, name)}
	case string:
		switch name {
		case "Timezone":
			out = zones.Draw(t, name)
		case "Window":
			out = rapid.SampledFrom([]string{"30d", "month", "1h30m"}).Draw(t, name)
		default:
			return false
		}
	default:
		return false
	}
	v.Set(reflect.ValueOf(out))
	return true
}

func drawNumber(t *rapid.T, name string) slo.Number {
	n, over := rapid.Int64().Draw(t, name), rapid.Int64Range(0, 1e6).Draw(t, name+" over")
	return slo.NumberOf(n).Quo(slo.NumberOf(over))
}

func drawTime(t *rapid.T, name string) time.Time {
	return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, name), rapid.Int64Range(0, 999_999_999).Draw(t, name+" ns")).UTC()
}

// differs returns where a and b are not the same, "" if they are: numbers as they
// print, times as instants, nothing as an empty list. Carried leaves out what JSON
// does not carry.
func differs(a, b reflect.Value, carried bool) string {
	same := func(is bool) string {
		if is {
			return ""
		}
		return " "
	}
	switch x := a.Interface().(type) {
	case slo.Number:
		return same(x.String() == b.Interface().(slo.Number).String())
	case time.Time:
		return same(x.Equal(b.Interface().(time.Time)))
	case *time.Location:
		return same(x.String() == b.Interface().(*time.Location).String())
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return same(a.IsNil() == b.IsNil())
		}
		return differs(a.Elem(), b.Elem(), carried)
	case reflect.Slice:
		if a.Len() != b.Len() {
			return " length"
		}
		for i := range a.Len() {
			if path := differs(a.Index(i), b.Index(i), carried); path != "" {
				return path
			}
		}
		return ""
	case reflect.Struct:
		for i := range a.NumField() {
			f := a.Type().Field(i)
			if carried && f.Tag.Get("json") == "-" {
				continue
			}
			if path := differs(a.Field(i), b.Field(i), carried); path != "" {
				return f.Name + "." + strings.TrimSpace(path)
			}
		}
		return ""
	case reflect.Float64:
		return same(a.Float() == b.Float() || math.IsNaN(a.Float()) && math.IsNaN(b.Float()))
	}
	return same(reflect.DeepEqual(a.Interface(), b.Interface()))
}

// What is no such model is refused.
func TestReadRefuses(t *testing.T) {
	for form, want := range map[string]string{
		`{"schema": "nines.status/v1"}`:                             `this is "nines.status/v1", not "nines.report/v1"`,
		`{"schema": "nines.report/v1", "timezone": "Asia/Nowhere"}`: "unknown time zone Asia/Nowhere",
		`{"schema": "nines.report/v1", "slos": [{"target": 1.5}]}`:  "1.5 is not a target",
		`{"schema": "nines.report/v1", "slos": [{"sli": "much"}]}`:  "much",
		`{`: "unexpected end of JSON input",
	} {
		if _, err := report.ReadReport([]byte(form)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", form, err, want)
		}
	}
}

// Lengths that JSON says as numbers are whole again.
func TestReadLengths(t *testing.T) {
	var s report.Summary
	var b report.Backtested
	var g report.Suggested
	for form, into := range map[string]any{`{"incident_minutes": 0.3333333333333333}`: &s, `{"late_minutes": 15}`: &b, `{"missing_days": 1.5, "window": "month"}`: &g} {
		if err := json.Unmarshal([]byte(form), into); err != nil {
			t.Fatal(err)
		}
	}
	if s.IncidentLength != 20*time.Second || b.Late != 15*time.Minute || g.Missing != 36*time.Hour || g.Length != 30*24*time.Hour {
		t.Errorf("got %s, %s, %s, %s", s.IncidentLength, b.Late, g.Missing, g.Length)
	}
}

package rules_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
	"github.com/nines-slo/nines/sources/prometheus/rules/change"
	"github.com/nines-slo/nines/sources/prometheus/rules/unit"
)

// hostile are texts that mean something to YAML, to PromQL, to templates or to a shell.
func hostile() []string {
	return []string{
		`"}) or vector(1) #`, `'`, `it's "so"`, "two\nlines", "- name: x\n  rules: []", "tab\tbed", "cr\r\nlf", "\x1b[31m", "\u0085", "\u2028", "\ufeff",
		`{{ $value }}`, `{{`, `}}`, `{{"}}`, "{", "{{/*", `{{ template "x" }}`, "$1", "$$", "${1}", "支払い", "🚀", "é", "%", "%d %s%%", "a: b", ": ", "a #b", "# b",
		"- x", "-", "*", "*a", "&", "&a", "!", "!!int 1", "|", ">", "[", "]", "{}", ",", "?", "@", "`", "~", "null", "yes", "No", "on", "1e3", "0x1f", "1_000", ".5",
		"2026-01-01", "<<", "=", "...", "---", `back\slash`, `\`, `\n`, `\u0041`, " x ", "a/b", "..", strings.Repeat("長", 100), strings.Repeat("x", 300),
	}
}

// tame is the text that hostile ones stand for.
const tame = "tame name"

// called returns objectives of all forms with a text in the place of every name.
func called(t *testing.T, all []spec.Objective, text string) []spec.Objective {
	t.Helper()
	all = slices.Clone(all)
	policies := []slo.Policy{
		{Name: text, Class: slo.Page, When: []slo.Condition{
			{Test: slo.Burn, Long: 30 * time.Minute, Short: 5 * time.Minute, Limit: slo.NumberOf(14)},
			{Test: slo.Burn, Long: time.Hour, Short: 5 * time.Minute, Limit: slo.NumberOf(10)}}},
		{Name: text + "2", Class: slo.Ticket, When: []slo.Condition{{Test: slo.Burn, Long: time.Hour, Short: 30 * time.Minute, Limit: slo.NumberOf(3)}}},
	}
	for i := range all {
		o := &all[i]
		o.Service, o.Name, o.Owner, o.Description = text, text+" "+strconv.Itoa(i), text, text
		o.Labels = map[string]string{"team": text, "empty": "", text: "x", "nines_class": text}
		o.Links = map[string]string{text: "https://x.example/" + text, text + "-": text}
		o.Alerts = policies
	}
	return all
}

// quoted returns a text as it stands within quotes of PromQL.
func quoted(text string) string {
	text = strconv.Quote(text)
	return text[1 : len(text)-1]
}

// Names may hold anything: what reads the file reads them back, Prometheus takes it, and no
// query changes but for the name in its quotes.
func TestHostileNames(t *testing.T) {
	forms := load(t, "testdata/forms.yaml")
	want, _ := written(t, called(t, forms, tame))
	wanted := ruleNodes(t, want)
	for _, text := range hostile() {
		got, _ := written(t, called(t, forms, text))
		nodes := ruleNodes(t, got)
		if len(nodes) != len(wanted) {
			t.Fatalf("%q: %d rules, want %d", text, len(nodes), len(wanted))
		}
		for i, rule := range nodes {
			checkRule(t, text, rule, wanted[i])
		}
		file := filepath.Join(t.TempDir(), "rules.yaml")
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		promtool(t, "check", "rules", file)
	}
}

// checkRule compares a rule with that of tame names.
func checkRule(t *testing.T, text string, rule, want spec.Value) {
	t.Helper()
	expr := want.Get("expr").Text
	if want.Get("alert").Is() { // label_replace puts groups in for $
		expr = strings.ReplaceAll(expr, `", "nines_condition", "`+tame, `", "nines_condition", "`+tame)
	}
	parts := strings.Split(expr, `"nines_condition", "`)
	for i, part := range parts {
		if i > 0 {
			replaced, rest, _ := strings.Cut(part, `", "", ""`)
			parts[i] = strings.ReplaceAll(replaced, tame, quoted(strings.ReplaceAll(text, "$", "$$"))) + `", "", ""` + strings.ReplaceAll(rest, tame, quoted(text))
			continue
		}
		parts[i] = strings.ReplaceAll(part, tame, quoted(text))
	}
	if got, want := rule.Get("expr").Text, strings.Join(parts, `"nines_condition", "`); got != want {
		t.Errorf("%q: the query is\n%s\nwant\n%s", text, got, want)
	}
	literal := func(s string) string { return s }
	if want.Get("alert").Is() { // what a template prints
		literal = func(s string) string { return strings.ReplaceAll(s, "{", `{{"{"}}`) }
	}
	for _, label := range want.Get("labels").Fields {
		got, want := rule.Get("labels").Get(label.Key).Text, strings.ReplaceAll(label.Value.Text, tame, literal(text))
		if got != want {
			t.Errorf("%q: label %s is %q, want %q", text, label.Key, got, want)
		}
	}
	if got, want := len(rule.Get("annotations").Fields), len(want.Get("annotations").Fields); got != want {
		t.Errorf("%q: %d annotations, want %d", text, got, want)
	}
}

// ruleNodes returns the rules of a file.
func ruleNodes(t *testing.T, text string) []spec.Value {
	t.Helper()
	docs, findings := yaml.Parse("f", []byte(text))
	if findings.Errors() || len(docs) != 1 {
		t.Fatalf("%v\n%s", findings, text)
	}
	var out []spec.Value
	for _, group := range docs[0].Get("groups").Items {
		out = append(out, group.Get("rules").Items...)
	}
	return out
}

// Alerts whose names mean something to queries or templates fire and clear when they should.
func TestHostileAlerts(t *testing.T) {
	counters := load(t, "testdata/forms.yaml")[1:2]
	for i, text := range hostile() {
		if !strings.ContainsAny(text, "\"\\{}$%\n") {
			continue
		}
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			fires(t, called(t, counters, text))
		})
	}
}

// fires has promtool run the test of an objective.
func fires(t *testing.T, all []spec.Objective) {
	t.Helper()
	made, findings := written(t, all)
	if findings.Errors() {
		t.Fatal(findings)
	}
	test, err := unit.Outage(all[0], burn.Prometheus2)
	if err != nil {
		t.Fatal(err)
	}
	var tests bytes.Buffer
	f := unit.NewFile(&tests, "rules.yaml")
	f.Add(test)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"rules.yaml": made, "tests.yaml": tests.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	promtool(t, "test", "rules", filepath.Join(dir, "tests.yaml"))
}

func changed(t *testing.T, out io.Writer, before, after string) bool {
	t.Helper()
	w, err := change.NewWriter(out, strings.NewReader(before), int64(len(before)))
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, after)
	any, err := w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return any
}

// What changes between two files is told by their groups, a line for a line, whatever texts
// hold.
func TestHostileDiff(t *testing.T) {
	forms := load(t, "testdata/forms.yaml")[:2]
	for _, text := range hostile() {
		all := called(t, forms, text)
		before, _ := written(t, all)
		for i := range all {
			all[i].Labels = map[string]string{"team": text + "2"}
		}
		after, _ := written(t, all)
		var same, out strings.Builder
		if any := changed(t, &same, before, before); any || same.Len() > 0 {
			t.Errorf("%q: of one file: %v, %q", text, any, same.String())
		}
		if !changed(t, &out, before, after) {
			t.Errorf("%q: no change", text)
		}
		groups := 0
		for line := range strings.Lines(out.String()) {
			if strings.HasPrefix(line, "changed group ") {
				groups++
			} else if line[0] != '-' && line[0] != '+' {
				t.Errorf("%q: the line %q", text, line)
			}
		}
		if groups != 2*len(all) {
			t.Errorf("%q: %d groups changed, want %d\n%s", text, groups, 2*len(all), out.String())
		}
	}
}

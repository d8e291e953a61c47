package dashboard_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus"
	"github.com/nines-slo/nines/sources/prometheus/rules"
	"github.com/nines-slo/nines/sources/prometheus/rules/dashboard"
	"github.com/nines-slo/nines/sources/prometheus/rules/yamlout"
	"github.com/nines-slo/nines/sources/sample"
)

// board is what the tests look at.
type board struct {
	UID, Title    string
	Tags          []string
	SchemaVersion int
	Templating    struct{ List []variable }
	Panels        []panel
}

type variable struct{ Name, Type, Definition string }

type panel struct {
	ID                       int
	Type, Title, Description string
	GridPos                  struct{ X, Y, W, H int }
	Targets                  []struct{ RefID, Expr string }
}

// read returns the dashboard and its text.
func read(t *testing.T) (board, string) {
	t.Helper()
	var text bytes.Buffer
	if err := dashboard.Write(&text); err != nil {
		t.Fatal(err)
	}
	var b board
	if err := json.Unmarshal(text.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	if len(b.Panels) == 0 || len(b.Templating.List) == 0 {
		t.Fatal("nothing is in it")
	}
	return b, text.String()
}

// chosen is an expression with all that variables can choose.
func chosen(expr string) string { return regexp.MustCompile(`\$\w+`).ReplaceAllString(expr, ".*") }

// exprs returns the queries of the panels, by the title of their panel and their letter.
func exprs(b board) map[string]string {
	out := map[string]string{}
	for _, p := range b.Panels {
		for _, q := range p.Targets {
			out[p.Title+" "+q.RefID] = q.Expr
		}
	}
	return out
}

func TestPanels(t *testing.T) {
	b, _ := read(t)
	if b.UID == "" || b.Title == "" || len(b.Tags) == 0 || b.SchemaVersion < 39 {
		t.Errorf("uid %q, title %q, tags %q, schema %d", b.UID, b.Title, b.Tags, b.SchemaVersion)
	}
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range b.Panels {
		if ids[p.ID] || p.ID == 0 || p.Title == "" || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %d %q: its number is taken, or something is missing", p.ID, p.Title)
		}
		ids[p.ID] = true
		if !slices.Contains([]string{"stat", "table", "timeseries"}, p.Type) {
			t.Errorf("panel %q is a %s", p.Title, p.Type)
		}
		if p.GridPos.X+p.GridPos.W > 24 || p.GridPos.W < 1 || p.GridPos.H < 1 {
			t.Errorf("panel %q is at %+v, the grid has 24 columns", p.Title, p.GridPos)
		}
		for x := range p.GridPos.W {
			for y := range p.GridPos.H {
				at := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
				if other := taken[at]; other != "" {
					t.Fatalf("panels %q and %q overlap", other, p.Title)
				}
				taken[at] = p.Title
			}
		}
	}
}

// Every variable that is used is there, and there is none that nobody uses.
func TestVariables(t *testing.T) {
	b, text := read(t)
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{?(\w+)`).FindAllStringSubmatch(text, -1) {
		if name := m[1]; !strings.HasPrefix(name, "__") && name != "1" { // ours; $1 is a group of a regexp
			used[name] = true
		}
	}
	for _, v := range b.Templating.List {
		if !used[v.Name] {
			t.Errorf("nothing uses the variable %s", v.Name)
		}
		delete(used, v.Name)
	}
	if len(used) > 0 {
		t.Errorf("there are no variables %v", used)
	}
}

// Every query is PromQL over series that rules record, and over labels that they have.
func TestQueries(t *testing.T) {
	recorded, known := recorded(t)
	b, _ := read(t)
	queries := exprs(b)
	for _, v := range b.Templating.List {
		if series, label, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(v.Definition, "label_values("), ")"), ", "); ok {
			queries["variable "+v.Name] = "count by (" + label + ") (" + series + ")"
		}
	}
	for title, query := range queries {
		root, err := parser.NewParser(parser.Options{}).ParseExpr(query)
		if err != nil {
			t.Errorf("%s: %v", title, err)
			continue
		}
		parser.Inspect(root, func(n parser.Node, _ []parser.Node) error {
			for _, label := range named(n) {
				if !known[label] {
					t.Errorf("%s: nothing has the label %s", title, label)
				}
			}
			if v, ok := n.(*parser.VectorSelector); ok && !recorded[v.Name] {
				t.Errorf("%s: nothing records %s", title, v.Name)
			}
			return nil
		})
	}
}

// named returns the labels that a node names.
func named(n parser.Node) []string {
	var out []string
	switch n := n.(type) {
	case *parser.AggregateExpr:
		out = n.Grouping
	case *parser.BinaryExpr:
		if n.VectorMatching != nil {
			out = n.VectorMatching.MatchingLabels
		}
	case *parser.VectorSelector:
		for _, m := range n.LabelMatchers {
			if m.Name != sample.MetricName {
				out = append(out, m.Name)
			}
		}
	}
	return out
}

// recorded returns the series that the rules of the package above record, and all labels.
func recorded(t *testing.T) (series, known map[string]bool) {
	t.Helper()
	series, known = map[string]bool{"ALERTS": true}, map[string]bool{"alertstate": true}
	files, err := filepath.Glob("../testdata/*.rules")
	if err != nil || len(files) == 0 {
		t.Fatal("no rules", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^ +- record: (\S+)$`).FindAllStringSubmatch(string(text), -1) {
			series[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`[{ ](nines_\w+): `).FindAllStringSubmatch(string(text), -1) {
			known[m[1]] = true
		}
	}
	return series, known
}

const file = `apiVersion: nines/v1
service: shop
owner: payments-team
sources: {prom: {type: prometheus, url: 'http://prometheus.example:9090', step: 1m}}
defaults: {target: 99%, window: 6h}
slos:
  - {name: paid, sli: {source: prom, bad: {counter: 'errors_total'}, total: {counter: 'requests_total'}}}
  - {name: paid in each region, per: [region], sli: {source: prom, bad: {counter: 'errors_total'}, total: {counter: 'requests_total'}}}
  - {name: this month, window: month, sli: {source: prom, bad: {counter: 'errors_total'}, total: {counter: 'requests_total'}}}
  - {name: silent, sli: {source: prom, bad: {counter: 'none_total'}, total: {counter: 'none_total'}}}
`

// Half of the events of region a are bad, and none of region b.
const input = `rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'requests_total{region="a"}', values: 0+100x240}
      - {series: 'requests_total{region="b"}', values: 0+100x240}
      - {series: 'errors_total{region="a"}', values: 0+50x240}
    promql_expr_test:
`

// values are what the stats and the counts of alerts show after four hours.
func values() map[string]int {
	return map[string]int{
		"Objectives A": 4, "Budgets exhausted A": 2, "Not measured A": 1,
		"Pages firing A": 4, "Tickets firing A": 2, "Firing alerts A": 4, "Firing alerts B": 2, "Firing alerts C": 0,
	}
}

// series are how many lines or rows the others have: one an objective, or one a label set.
func series() map[string]int {
	return map[string]int{
		"Lowest budget remaining A": 1, "Budget remaining A": 3, "Burn rates A": 14,
		"Events in 5 minutes A": 4, "Bad events in 5 minutes A": 4, "Firing now A": 6,
		"All objectives A": 4, "All objectives B": 2, "All objectives C": 2, "All objectives D": 3,
		"All objectives E": 4, "All objectives F": 4,
	}
}

// Every query answers over objectives of all forms, one with per: and one without beside
// each other, one over a calendar window and one that is not measured.
func TestAnswers(t *testing.T) {
	program, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("NINES_CI") == "1" {
			t.Fatal(err)
		}
		t.Skip("promtool is not installed: apt-get install prometheus")
	}
	b, _ := read(t)
	tests := input
	for title, query := range exprs(b) {
		value, single := values()[title]
		if !single {
			query, value = "count("+query+")", series()[title]
		}
		tests += "      - expr: " + yamlout.Text(chosen(query)) + "\n        eval_time: 4h\n" +
			"        exp_samples: [{labels: '{}', value: " + strconv.Itoa(value) + "}]\n"
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"rules.yaml": written(t, load(t, dir)), "tests.yaml": tests} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "test", "rules", "tests.yaml")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// written returns the rules of objectives.
func written(t *testing.T, all []spec.Objective) string {
	t.Helper()
	var out bytes.Buffer
	f := rules.NewFile(&out)
	for _, o := range all {
		groups, findings := rules.Of(o)
		if findings.Errors() {
			t.Fatal(findings)
		}
		f.Add(groups)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// load reads the objectives from a file in a folder.
func load(t *testing.T, dir string) []spec.Objective {
	t.Helper()
	path := filepath.Join(dir, "slo.yaml")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	set, findings := spec.Load(nil, []string{path}, spec.Known{Formats: formats.Formats(false), Sources: sources.Specs([]sources.Kind{prometheus.Kind()})})
	if findings.Errors() {
		t.Fatal(findings)
	}
	return set.Objectives
}

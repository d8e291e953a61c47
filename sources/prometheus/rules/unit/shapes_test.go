package unit

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

const file = `apiVersion: nines/v1
service: shop
sources: {prom: {type: prometheus, url: 'http://prometheus.example:9090', step: 1m}}
slos:
  - name: paid
    target: 99%
    window: 6h
    sli: {source: prom, bad: {counter: 'http_requests_total{job="shop",code=~"5.."}'}, total: {counter: 'http_requests_total{job="shop"}'}}
    alerts:
      - {name: page, class: page, when: [{burn: 14.4, long: 1h, short: 5m}, {burn: 6, long: 2h, short: 30m}]}
      - {name: patient, class: page, for: 10m, when: [{burn: 14.4, long: 1h, short: 5m}]}
      - {name: many, class: page, min_bad: 100, when: [{burn: 6, long: 2h, short: 30m}]}
      - {name: ticket, class: ticket, when: [{burn: 3, long: 3h, short: 1h}, {burn: 3, long: 2h, short: none}]}
`

// tiles are objectives whose windows add up tiles.
const tiles = `apiVersion: nines/v1
service: shop
timezone: Asia/Kathmandu
sources: {prom: {type: prometheus, url: 'http://prometheus.example:9090', step: 1m}}
defaults: {target: 90%, window: 6h}
slos:
  - name: excluded
    sli: {source: prom, bad: {counter: 'errors_total'}, total: {counter: 'requests_total'}}
    exclusions:
      - {name: in the outage, start: 1970-01-01T04:00:00Z, end: 1970-01-01T04:30:00Z}
      - {name: over its end, start: 1970-01-01T05:30:00Z, end: 1970-01-01T06:10:00Z}
    alerts: ALERTS
  - name: slices
    budgeting: {method: timeslices, slice: 5m, target: 60%}
    sli: {source: prom, bad: {counter: 'errors_total'}, total: {counter: 'requests_total'}}
    alerts: ALERTS
  - name: busy slices
    budgeting: {method: timeslices, slice: 15m, target: 83%, no_traffic: bad}
    sli: {source: prom, good: {counter: 'requests_total{code="200"}'}, total: {counter: 'requests_total'}}
    exclusions: [{name: some, start: 1970-01-01T04:00:00Z, end: 1970-01-01T04:30:00Z}]
    alerts: ALERTS
  - name: ratios
    budgeting: {method: ratio-timeslices, slice: 5m}
    sli: {source: prom, bad: {counter: 'requests_total{code="500"}'}, good: {counter: 'requests_total{code="200"}'}}
    alerts: ALERTS
`

const tileAlerts = `
      - {name: page, class: page, when: [{burn: 5, long: 1h, short: 15m}, {burn: 3, long: 2h, short: 30m}]}
      - {name: patient, class: page, for: 7m, min_bad: 3, when: [{burn: 4, long: 1h, short: none}]}`

func objectives(t *testing.T, file string) []spec.Objective {
	t.Helper()
	path := filepath.Join(t.TempDir(), "slo.yaml")
	if err := os.WriteFile(path, []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	set, findings := spec.Load(nil, []string{path}, spec.Known{Formats: formats.Formats(false), Sources: sources.Specs([]sources.Kind{prometheus.Kind()})})
	if findings.Errors() {
		t.Fatal(findings)
	}
	return set.Objectives
}

// warm is when shapes begin: the longest window is full by then.
const warm = 3*60 + 20

// shape is an incident: what happens in the minutes after warm.
type shape struct {
	name string
	late bool
	at   func(i int) (bad, total int)
}

func shapes() []shape {
	steady := func(bad func(i int) int) func(int) (int, int) {
		return func(i int) (int, int) { return bad(i), 100 }
	}
	within := func(i, from, to int) bool { return i >= from && i < to }
	pick := func(is bool, a, b int) int {
		if is {
			return a
		}
		return b
	}
	return []shape{
		{"quiet", false, steady(func(int) int { return 0 })},
		{"short total outage", false, steady(func(i int) int { return pick(within(i, 0, 12), 100, 0) })},
		{"long total outage", false, steady(func(i int) int { return pick(within(i, 0, 150), 100, 0) })},
		{"long slow burn", false, steady(func(i int) int { return pick(within(i, 0, 250), 7, 0) })},
		{"too slow to tell", false, steady(func(i int) int { return pick(i >= 0, 2, 0) })},
		{"spikes", false, steady(func(i int) int { return pick(i >= 0 && i%60 == 0, 100, 0) })},
		{"flapping", false, steady(func(i int) int { return pick(i >= 0 && i/10%2 == 0, 40, 0) })},
		{"ramp", false, steady(func(i int) int { return min(max(i/5, 0), 60) })},
		{"begins with the first error", true, steady(func(i int) int { return pick(within(i, 0, 90), 50, 0) })},
		{"idle before", false, func(i int) (int, int) { return pick(within(i, 0, 30), 60, 0), pick(i < -60 || i >= 0, 100, 0) }},
		{"idle after", false, func(i int) (int, int) { return pick(within(i, 0, 30), 60, 0), pick(within(i, 30, 160), 0, 100) }},
		{"errors in an idle hour", false, func(i int) (int, int) { return pick(within(i, 0, 30), 1, 0), pick(within(i, -60, 60), 1, 1000) }},
		{"traffic doubles", false, func(i int) (int, int) { return pick(within(i, 0, 90), 17, 0), pick(within(i, 60, 240), 200, 100) }},
		{"one event", false, func(i int) (int, int) { return pick(i == 7, 1, 0), pick(i%30 == 7, 1, 0) }},
	}
}

func (s shape) counts() Counts {
	c := Counts{Late: s.late}
	for i := range warm + 420 {
		bad, total := s.at(i - warm)
		c.Bad, c.Total = append(c.Bad, bad), append(c.Total, total)
	}
	return c
}

// promtool has the real one run tests of rules: that of Prometheus 2 unless NINES_PROMTOOL3
// is the path of one of Prometheus 3.
func promtool(t *testing.T, ruleFile, tests []byte) {
	t.Helper()
	name := "promtool"
	if semantics() == burn.Prometheus3 {
		name = os.Getenv("NINES_PROMTOOL3")
	}
	program, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("NINES_CI") == "1" {
			t.Fatal(err)
		}
		t.Skip("promtool is not installed: apt-get install prometheus")
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"rules.yaml": ruleFile, "tests.yaml": tests} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "test", "rules", "tests.yaml")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// semantics are those of the promtool that is asked.
func semantics() burn.Semantics {
	if os.Getenv("NINES_PROMTOOL3") != "" {
		return burn.Prometheus3
	}
	return burn.Prometheus2
}

// The rules fire at the minutes at which a backtest says they do, whatever happens.
func TestShapes(t *testing.T) {
	t.Run("windows", func(t *testing.T) { testShapes(t, objectives(t, file)[0], shapes(), 50) })
	some := slices.DeleteFunc(shapes(), func(s shape) bool {
		return !slices.Contains([]string{"long total outage", "flapping", "idle before", "idle after", "errors in an idle hour", "ramp"}, s.name)
	})
	for _, o := range objectives(t, strings.ReplaceAll(tiles, " ALERTS", tileAlerts)) {
		t.Run(o.Name, func(t *testing.T) { testShapes(t, o, some, 20) })
	}
}

// testShapes tests the rules of an objective over shapes, in which alerts fire often enough.
func testShapes(t *testing.T, o spec.Objective, shapes []shape, enough int) {
	var ruleFile, tests bytes.Buffer
	groups, findings := rules.Of(o)
	if findings.Errors() {
		t.Fatal(findings)
	}
	r := rules.NewFile(&ruleFile)
	r.Add(groups)
	f := NewFile(&tests, "rules.yaml")
	fires := 0
	for _, s := range shapes {
		test, err := Of(o, s.counts(), warm-10, semantics())
		if err != nil {
			t.Fatal(err)
		}
		test.Name = s.name
		for _, c := range test.Checks {
			if c.True {
				fires++
			}
		}
		f.Add(test)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if fires < enough {
		t.Errorf("only %d checks have an alert that fires", fires)
	}
	promtool(t, ruleFile.Bytes(), tests.Bytes())
}

package unit

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
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

// promtool has the real one run tests of rules.
func promtool(t *testing.T, ruleFile, tests []byte) {
	t.Helper()
	program, err := exec.LookPath("promtool")
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

// The rules fire at the minutes at which a backtest says they do, whatever happens.
func TestShapes(t *testing.T) {
	all := objectives(t, file)
	m := rules.NewMaker(all)
	var ruleFile, tests bytes.Buffer
	groups, findings := m.Of(all[0])
	if findings.Errors() {
		t.Fatal(findings)
	}
	r := rules.NewFile(&ruleFile)
	r.Add(groups)
	f := NewFile(&tests, "rules.yaml")
	fires := 0
	for _, s := range shapes() {
		test, err := Of(m, all[0], s.counts(), warm-10, burn.Prometheus2)
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
	if fires < 50 {
		t.Errorf("only %d checks have an alert that fires", fires)
	}
	promtool(t, ruleFile.Bytes(), tests.Bytes())
}

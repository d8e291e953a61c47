package unit

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

const tame = `apiVersion: nines/v1
service: tame
sources: {prom: {type: prometheus, url: 'http://prometheus.example:9090', step: 1m}}
slos:
  - name: tame
    target: 90%
    window: 1h
    sli: {source: prom, bad: {counter: 'errors_total{path="tame"}'}, total: {counter: 'requests_total{path="tame"}'}}
    alerts: [{class: page, when: [{burn: 4, long: 20m, short: 5m}, {burn: 3, long: 30m, short: 10m}]}]
`

// Whatever names, labels and texts hold, rules and tests are those of a tame one: no query
// is another, and each alert fires and clears at the same minutes.
func TestHostileNames(t *testing.T) {
	var all []spec.Objective
	hostile := []string{
		`"}) or vector(1) #`, "two\nlines", "{{ $value }}", `{{"}}`, "$1 $$ ${2}", "支払い", "a: b", "- x", `back\slash\\`, "it's", "%d %s",
		"\u2028", "{", "*", "&a", "!tag", "yes", "1e3", "\t", "😀", strings.Repeat("long ", 60) + "end", "tame",
	}
	for _, name := range hostile {
		o := objectives(t, strings.ReplaceAll(tame, `{path="tame"}`, `{path=`+strings.ReplaceAll(strconv.Quote(name), "'", "''")+`}`))[0]
		o.Service, o.Name, o.Owner = name, name, name
		o.Labels = map[string]string{"team": name}
		o.Links = map[string]string{"runbook": name}
		policy := o.Policies()[0]
		policy.Name, policy.Labels, policy.Annotations = name, map[string]string{"route": "to"}, map[string]string{"note": "n"}
		o.Alerts = []slo.Policy{policy}
		all = append(all, o)
	}
	var want string // of the tame one, which is the last
	for i := len(all) - 1; i >= 0; i-- {
		got := strings.ReplaceAll(hostileFiles(t, all[i]), strconv.Quote(hostile[i]), `"tame"`)
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%q changes a query:\n%s\nof\n%s", hostile[i], got, want)
		}
	}
}

// hostileFiles has promtool test the rules of an objective, and returns their queries apart
// from those that name alerts and conditions.
func hostileFiles(t *testing.T, o spec.Objective) string {
	t.Helper()
	var ruleFile, tests bytes.Buffer
	r, f := rules.NewFile(&ruleFile), NewFile(&tests, "rules.yaml")
	groups, findings := rules.Of(o)
	if findings.Errors() {
		t.Fatal(findings)
	}
	r.Add(groups)
	test, err := Outage(o, semantics())
	if err != nil {
		t.Fatalf("%q: %v", o.Name, err)
	}
	f.Add(test)
	for _, err := range []error{r.Close(), f.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	promtool(t, ruleFile.Bytes(), tests.Bytes())
	var queries strings.Builder
	for _, g := range groups {
		for _, one := range g.Rules {
			if !strings.Contains(one.Expr, "label_replace") {
				queries.WriteString(one.Expr + "\n")
			}
		}
	}
	return queries.String()
}

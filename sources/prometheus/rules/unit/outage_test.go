package unit

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

const forms = `apiVersion: nines/v1
service: shop
sources: {prom: {type: prometheus, url: 'http://prometheus.example:9090', step: 1m}}
defaults: {target: 99%, window: 6h}
slos:
  - {name: bad, sli: {source: prom, bad: {counter: 'errors_total{code=~"5.."}'}, total: {counter: requests_total}}, ALERTS}
  - {name: good, sli: {source: prom, good: {counter: 'requests_total{code!~"5.."}'}, total: {counter: requests_total}}, ALERTS}
  - {name: parts, sli: {source: prom, good: {counter: 'requests_total{code!~"5.."}'}, bad: {counter: 'requests_total{code=~"5.."}'}}, ALERTS}
  - {name: bucket, sli: {source: prom, good: 'sum(increase(seconds_bucket{code!~"5..",le="0.5"}[$step]))', total: 'sum(increase(seconds_count{code!~"5.."}[$step]))'}, ALERTS}
  - {name: query, sli: {source: prom, bad: 'sum(increase(errors_total[$step]))', total: 'sum(increase(requests_total{job="shop"}[$step]))'}, ALERTS}
  - {name: slices, budgeting: {method: timeslices, slice: 5m, target: 95%}, sli: {source: prom, bad: {counter: errors_total}, total: {counter: requests_total}}, ALERTS}
  - {name: regions, per: [region], sli: {source: prom, bad: {counter: errors_total}, total: {counter: requests_total}}, ALERTS}
`

// Each form in which counters count gets a test that passes.
func TestOutage(t *testing.T) {
	all := objectives(t, strings.ReplaceAll(forms, "ALERTS",
		"alerts: [{class: page, when: [{burn: 14.4, long: 1h, short: 5m}, {burn: 6, long: 2h, short: 30m}]}]"))
	for _, o := range all {
		t.Run(o.Name, func(t *testing.T) { testOutage(t, o) })
	}
}

func testOutage(t *testing.T, o spec.Objective) {
	var ruleFile, tests bytes.Buffer
	r, f := rules.NewFile(&ruleFile), NewFile(&tests, "rules.yaml")
	groups, findings := rules.Of(o)
	if findings.Errors() {
		t.Fatal(findings)
	}
	r.Add(groups)
	test, err := Outage(o, semantics())
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range test.Series {
		if names[s.Name] {
			t.Errorf("two series %s", s.Name)
		}
		names[s.Name] = true
	}
	f.Add(test)
	for _, err := range []error{r.Close(), f.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if fired := bytes.Count(tests.Bytes(), []byte("value: 1")); fired < 4 {
		t.Errorf("only %d checks have an alert that fires", fired)
	}
	promtool(t, ruleFile.Bytes(), tests.Bytes())
}

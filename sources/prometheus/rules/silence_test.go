package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// silentFile is of counters that are not there for a while around an excluded hour.
const silentFile = `apiVersion: nines/v1
service: shop
sources: {prom: {type: prometheus, url: 'http://prometheus.example', step: 1m}}
defaults: {target: 99%, window: 30d}
alerts: [{name: silent, class: page, alert: Silent, when: [{no_data: 30m}]}]
exclusions: [{name: move, start: 1970-01-01T01:00:00Z, end: 1970-01-01T02:00:00Z}]
slos:
  - {name: before, sli: {source: prom, bad: {counter: 'before_total{code="500"}'}, total: {counter: before_total}}}
  - {name: within, sli: {source: prom, bad: {counter: 'within_total{code="500"}'}, total: {counter: within_total}}}
  - {name: behind, sli: {source: prom, bad: {counter: 'behind_total{code="500"}'}, total: {counter: behind_total}}}
  - name: slices
    budgeting: {method: timeslices, slice: 30m, target: 95%}
    sli: {source: prom, bad: {counter: 'within_total{code="500"}'}, total: {counter: within_total}}
`

// silentTest: one counter stops ten minutes before the hour, and twenty behind it are missing;
// one is away within the hour alone; one stops half an hour behind it.
const silentTest = `rule_files: [rules.yaml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: before_total, values: '0+10x50 _x200'}
      - {series: within_total, values: '0+10x70 _x49 0+10x200'}
      - {series: behind_total, values: '0+10x150 _x200'}
    alert_rule_test:
      - {alertname: Silent, eval_time: 99m, exp_alerts: []}
      - {alertname: Silent, eval_time: 110m, exp_alerts: []}
      - {alertname: Silent, eval_time: 125m, exp_alerts: []}
      - {alertname: Silent, eval_time: 139m, exp_alerts: []}
      - eval_time: 140m
        alertname: Silent
        exp_alerts: [BEFORE]
      - eval_time: 179m
        alertname: Silent
        exp_alerts: [BEFORE]
      - eval_time: 180m
        alertname: Silent
        exp_alerts: [BEFORE, BEHIND]
`

// folder returns what writes files to a folder of their own.
func folder(t *testing.T) func(name, text string) string {
	dir := t.TempDir()
	return func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
}

// Excluded time neither counts as missing nor ends a row that began before, as in a backtest.
func TestSilence(t *testing.T) {
	write := folder(t)
	text, findings := written(t, load(t, write("slo.yaml", silentFile)))
	if findings.Errors() {
		t.Fatal(findings)
	}
	write("rules.yaml", text)
	alert := func(slo string) string {
		return `{exp_labels: {nines_service: shop, nines_slo: ` + slo + `, nines_class: page, nines_condition: silent no data 30m},
          exp_annotations: {summary: shop/` + slo + ` is not measured, description: "Nothing was counted for 30m. No data is not good news: an outage may look like this."}}`
	}
	test := strings.NewReplacer("BEFORE", alert("before"), "BEHIND", alert("behind")).Replace(silentTest)
	promtool(t, "test", "rules", write("test.yaml", test))
}

// excludedFile has steps as long as a tile.
const excludedFile = `apiVersion: nines/v1
service: shop
sources: {prom: {type: prometheus, url: 'http://prometheus.example'}}
defaults: {target: 99%, window: 30d}
exclusions: [{name: move, start: 1970-01-01T01:00:00Z, end: 1970-01-01T02:00:00Z}]
slos: [{name: steps, sli: {source: prom, bad: {counter: b_total}, total: {counter: t_total}}}]
`

// excludedTest is of ten events a minute, of which one is bad, and an excluded hour. All groups are
// evaluated at one instant, those of budgets first.
const excludedTest = `rule_files: [rules.yaml]
evaluation_interval: 5m
tests:
  - interval: 1m
    input_series:
      - {series: b_total, values: '0+1x400'}
      - {series: t_total, values: '0+10x400'}
    promql_expr_test:
      - {expr: 'nines:total:tile * 1', eval_time: 60m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 50}]}
      - {expr: 'nines:total:tile * 1', eval_time: 65m, exp_samples: []}
      - {expr: 'nines:total:tile * 1', eval_time: 120m, exp_samples: []}
      - {expr: 'nines:total:tile * 1', eval_time: 125m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 50}]}
      - {expr: 'nines:total:increase1h * 1', eval_time: 60m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 600}]}
      - {expr: 'nines:total:increase1h * 1', eval_time: 90m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 300}]}
      - {expr: 'nines:bad:increase1h * 1', eval_time: 150m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 30}]}
      - {expr: 'nines:total:increase1h * 1', eval_time: 185m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 600}]}
      - {expr: 'nines:total:window * 1', eval_time: 400m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 3400}]}
      - {expr: 'nines:bad:window * 1', eval_time: 400m, exp_samples: [{labels: '{nines_service="shop",nines_slo="steps"}', value: 340}]}
`

// Excluded time has no events, in no window, and what is around it has all of its own.
func TestExcluded(t *testing.T) {
	write := folder(t)
	text, findings := written(t, load(t, write("slo.yaml", excludedFile)))
	if findings.Errors() {
		t.Fatal(findings)
	}
	write("rules.yaml", text)
	promtool(t, "test", "rules", write("test.yaml", excludedTest))
}

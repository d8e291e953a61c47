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

// Excluded time neither counts as missing nor ends a row that began before, as in a backtest.
func TestSilence(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
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

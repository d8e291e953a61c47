package openslo

import (
	"flag"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec/formattest"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

var _ = flag.Bool("update", false, "write the golden files anew")

func TestFiles(t *testing.T) { formattest.Run(t, Format(false)) }

func FuzzNative(f *testing.F) { formattest.Fuzz(f, Format(true)) }

// What breaks the rules of OpenSLO and has one meaning is an error that names it, and a warning to
// who is lenient.
func TestLenient(t *testing.T) {
	const slo = `apiVersion: openslo/v1
kind: SLO
metadata: {name: a}
spec:
  service: s
  indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {type: Prometheus, spec: {query: a_total}}}, total: {metricSource: {metricSourceRef: main, type: Prometheus, spec: {query: b_total}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Timeslices
  objectives: [{target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5m}]
`
	for _, test := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"op beside a ratio", "target: 0.99,", "target: 0.99, op: gt,", "op has no meaning for a ratio: it is left out"},
		{"value beside a ratio", "target: 0.99,", "target: 0.99, value: 1,", "value has no meaning for a ratio: it is left out"},
		{"minutes", "timeSliceWindow: 5m", "timeSliceWindow: 5", `timeSliceWindow "5" has no unit: minutes`},
		{"no slice", ", timeSliceWindow: 5m", "", "Timeslices need a timeSliceWindow: a minute"},
		{"no type", "metricSourceRef: main, type: Prometheus,", "metricSourceRef: main,",
			`no document read is the DataSource "main", and nothing says its type: it is taken for one of Prometheus`},
		{"a calendar that rolls", "isRolling: true", "isRolling: true, calendar: {startTime: 2026-01-01 00:00:00, timeZone: UTC}",
			"a window that rolls has a calendar: the calendar is left out"},
		{"no calendar", "isRolling: true", "isRolling: false", "a window that does not roll has no calendar: it is taken as one that rolls"},
	} {
		text := strings.Replace(slo, test.old, test.new, 1)
		docs, broken := yaml.Parse("x.yaml", []byte(text))
		if len(broken) > 0 {
			t.Fatal(broken)
		}
		strict, found := Format(false).Native(docs)(docs[0])
		if (len(strict) == 1) != (test.want == "") || found.Errors() != (test.want != "") {
			t.Errorf("%s: strictly %d documents, %v", test.name, len(strict), found)
		}
		for _, f := range found {
			if !strings.HasPrefix(f.Hint, "--lenient reads it: ") {
				t.Errorf("%s: the hint is %q", test.name, f.Hint)
			}
		}
		lax, found := Format(true).Native(docs)(docs[0])
		got := ""
		for _, f := range found {
			got += f.Message
		}
		if len(lax) != 1 || found.Errors() || got != test.want {
			t.Errorf("%s: got %q, want %q, %d documents", test.name, got, test.want, len(lax))
		}
	}
}

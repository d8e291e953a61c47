package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/all"
	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
)

// The objectives of a hostile server, and one of a server that answers well. Of the hour
// before faultTime each of them counts what stands in wanted.
const hostileFile = `apiVersion: nines/v1
service: shop
since: 2026-04-01
sources:
  bad: {type: prometheus, url: "%s?key=canary-query", %s}
  well: {type: prometheus, url: "%s"}
slos:
  - {name: promql, target: 50%%, window: 1h, sli: {source: bad, bad: 'increase(http_requests_total{code=~"5.."}[$step])', total: 'increase(http_requests_total[$step])'}}
  - {name: counter, target: 50%%, window: 1h, sli: {source: bad, bad: {counter: 'http_requests_total{code=~"5.."}'}, total: {counter: http_requests_total}}}
  - {name: value, target: 50%%, window: 1h, sli: {source: bad, value: probe_success, good: ">= 1"}}
  - {name: judged, target: 50%%, window: 1h, sli: {source: bad, value: 'max(probe_success)', good: ">= 1"}}
  - {name: latency, target: 50%%, window: 1h, sli: {source: bad, histogram: latency_seconds, good: "<= 300ms"}}
  - {name: well, target: 50%%, window: 1h, sli: {source: well, bad: {counter: 'http_requests_total{code=~"5.."}'}, total: {counter: http_requests_total}}}
`

// secretKeys are ways for a source to say who asks. The variables hold secrets.
var secretKeys = []string{
	"http: {bearer_token_env: TOKEN}",
	"http: {basic_auth: {username: me, password_env: PASSWORD}}, token_env: KEY, token_header: X-Shop-Secret",
}

// wanted are the bad and all events of the objectives.
func wanted() map[string][2]int64 {
	return map[string][2]int64{
		"promql": {60, 660}, "counter": {60, 660}, "value": {60, 240}, "judged": {15, 60},
		"latency": {120, 240}, "well": {60, 660},
	}
}

// hostileSeries are what the servers keep: a scrape every 15 seconds from six hours before
// faultTime on. A minute has 11 requests, of which one fails at its end.
func hostileSeries() (all []wiretest.Series, answers map[string][]wiretest.Series) {
	label := func(pairs ...string) (l sample.Labels) {
		for i := 0; i < len(pairs); i += 2 {
			l = append(l, sample.Label{Name: pairs[i], Value: pairs[i+1]})
		}
		return l
	}
	add := func(value func(i int) float64, labels sample.Labels) {
		s := wiretest.Series{Labels: labels}
		for i := range 6*240 + 1 {
			s.Times = append(s.Times, faultTime.Add(time.Duration(i)*15*time.Second-6*time.Hour).UnixMilli())
			s.Values = append(s.Values, value(i))
		}
		all = append(all, s)
	}
	where := []string{"instance", "a:9090", "job", "api"}
	named := func(name string, more ...string) sample.Labels {
		pairs := append([]string{sample.MetricName, name}, more...)
		return label(append(pairs, where...)...)
	}
	each := func(n int) func(int) float64 { return func(i int) float64 { return float64(i / n) } }
	add(func(i int) float64 { return float64(i/4*10) + 100 }, named("http_requests_total", "code", "200"))
	add(func(i int) float64 { return float64(i / 4) }, named("http_requests_total", "code", "500"))
	add(func(int) float64 { return 1 }, named("up"))
	add(func(i int) float64 { return min(1, float64(i%4)) }, named("probe_success"))
	add(each(2), label(sample.MetricName, "latency_seconds_bucket", "instance", "a:9090", "job", "api", "le", "0.3"))
	add(each(1), label(sample.MetricName, "latency_seconds_bucket", "instance", "a:9090", "job", "api", "le", "+Inf"))

	ranged := func(query string, value func(i int) float64) {
		s := wiretest.Series{}
		for i := range 6 * 60 {
			s.Times = append(s.Times, faultTime.Add(time.Duration(i+1)*time.Minute-6*time.Hour).UnixMilli())
			s.Values = append(s.Values, value(i))
		}
		answers[query] = []wiretest.Series{s}
	}
	answers = map[string][]wiretest.Series{}
	ranged(`increase(http_requests_total{code=~"5.."}[1m])`, func(int) float64 { return 1 })
	ranged(`increase(http_requests_total[1m])`, func(int) float64 { return 11 })
	ranged(`max(probe_success)`, func(i int) float64 { return min(1, float64(i%4)) })
	return all, answers
}

// goodServer answers well.
func goodServer(t testing.TB) *wiretest.Server {
	s := wiretest.New(t)
	s.Series, s.Answers = hostileSeries()
	streamed(s, nil)
	return s
}

// hostile is a run of the program on a hostile server.
type hostile struct {
	dir, file string
	app       app
	out, err  strings.Builder
}

func newHostile(t *testing.T, bad, well, secrets string) *hostile {
	h := &hostile{dir: t.TempDir()}
	h.file = filepath.Join(h.dir, "slos.yaml")
	if err := os.WriteFile(h.file, fmt.Appendf(nil, hostileFile, bad, secrets, well), 0o600); err != nil {
		t.Fatal(err)
	}
	h.app = app{
		kinds: all.Kinds(), stdout: &h.out, stderr: &h.err, now: func() time.Time { return faultTime },
		http: transport.New(time.Now), getenv: func(name string) string {
			if strings.HasPrefix(name, "NINES") || strings.HasSuffix(strings.ToLower(name), "_proxy") {
				return ""
			}
			return "canary-" + name
		},
	}
	return h
}

// run runs a command. Nothing that it writes may show a secret.
func (h *hostile) run(t *testing.T, args ...string) int {
	t.Helper()
	h.out.Reset()
	h.err.Reset()
	code := h.app.run(t.Context(), args)
	h.keeps(t, "stdout", h.out.String())
	h.keeps(t, "stderr", h.err.String())
	files, err := filepath.Glob(filepath.Join(h.dir, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h.keeps(t, name, string(text))
	}
	return code
}

func (h *hostile) keeps(t *testing.T, where, text string) {
	t.Helper()
	if i := strings.Index(text, "canary"); i >= 0 {
		t.Errorf("%s shows a secret: %s", where, text[max(0, i-100):min(len(text), i+50)])
	}
}

// figures holds the figures of a run against what is wanted: those of the good server
// are right, the others right or none. It returns the errors of those that have none.
func figures(t *testing.T, all []report.Objective) map[string]string {
	t.Helper()
	failed, left := map[string]string{}, wanted()
	for _, o := range all {
		want := left[o.Name]
		delete(left, o.Name)
		if o.State == slo.NoData {
			failed[o.Name] = o.Failed
			continue
		}
		got := [2]string{o.Events.Bad.String(), o.Events.Total.String()}
		if got != [2]string{fmt.Sprint(want[0]), fmt.Sprint(want[1])} {
			t.Errorf("%s: got %s bad events of %s, want %d of %d", o.Name, got[0], got[1], want[0], want[1])
		}
	}
	if _, lost := failed["well"]; lost || len(left) > 0 {
		t.Errorf("there is no answer to %v, and well fails: %s", slices.Collect(maps.Keys(left)), failed["well"])
	}
	return failed
}

// The program answers rightly, or not at all, whatever a server does.
func TestHostileServer(t *testing.T) {
	well := goodServer(t)
	modes := append([]wiretest.Fault{{Name: "no fault"}}, wiretest.Faults()...)
	for i, fault := range modes {
		for _, way := range []string{"read", "instant", "export"} {
			t.Run(fault.Name+"/"+way, func(t *testing.T) {
				t.Parallel()
				bad := goodServer(t)
				bad.Fault = fault
				if way != "read" {
					bad.Read, bad.Victoria = nil, way == "export"
				}
				hostileCommands(t, newHostile(t, bad.URL(), well.URL(), secretKeys[i%len(secretKeys)]))
			})
		}
	}
}

// hostileCommands runs every command. The gate may be open only if all is right.
func hostileCommands(t *testing.T, h *hostile) {
	const limit = "--timeout=3s"
	out := filepath.Join(h.dir, "out")
	var failed map[string]string
	runs := []struct {
		args []string
		read func(t *testing.T, text []byte) error
	}{
		{[]string{"status", "-o", "json"}, func(t *testing.T, text []byte) error {
			var s report.Status
			err := json.Unmarshal(text, &s)
			failed = figures(t, s.Objectives)
			return err
		}},
		{[]string{"report", "--from=2026-05-01T11:00", "--to=2026-05-01T12:00", "--json", filepath.Join(out, "report.json"), "--html", filepath.Join(out, "report.html")}, func(t *testing.T, _ []byte) error {
			var r report.Report
			text, err := os.ReadFile(filepath.Join(out, "report.json"))
			if err == nil {
				err = json.Unmarshal(text, &r)
			}
			figures(t, r.Objectives)
			return err
		}},
		{[]string{"gate", "-o", "json"}, func(t *testing.T, text []byte) error {
			var g report.Gate
			err := json.Unmarshal(text, &g)
			var all []report.Objective
			for _, o := range g.Objectives {
				all = append(all, o.Status)
				if o.Status.Failed != "" && o.Verdict != slo.CannotTell {
					t.Errorf("gate: %s is %s", o.ID, o.Verdict)
				}
			}
			if lost := figures(t, all); len(lost) > 0 && g.Verdict != slo.CannotTell || len(lost) == 0 && g.Verdict != slo.Open {
				t.Errorf("gate: %s, without %v", g.Verdict, lost)
			}
			return err
		}},
		{[]string{"alerts", "-o", "json"}, func(_ *testing.T, text []byte) error { return json.Unmarshal(text, &report.Alerts{}) }},
		{[]string{"backtest", "-o", "json", "--from=2026-05-01T11:00", "--to=2026-05-01T12:00"}, func(_ *testing.T, text []byte) error { return json.Unmarshal(text, &report.Backtest{}) }},
		{[]string{"explain"}, nil},
	}
	for _, run := range runs {
		code := h.run(t, append(append(run.args[:1:1], h.file, limit), run.args[1:]...)...)
		said := h.err.String()
		if run.read != nil {
			if err := run.read(t, []byte(h.out.String())); err != nil {
				t.Errorf("%s: exit %d, %v, %s", run.args[0], code, err, said)
			}
		}
		want := exitAnswered
		if len(failed) > 0 && (run.args[0] == "gate" || errorsOf(failed)) {
			want = exitUncertain
		}
		if code != want {
			t.Errorf("%s: exit %d, want %d: %s %v", run.args[0], code, want, said, failed)
		}
		for name, why := range failed {
			if why != "" && !strings.Contains(said+h.out.String(), "asked for ") && !strings.Contains(said+h.out.String(), "[prometheus/sample]") {
				t.Errorf("%s: nothing is said of %s, which fails: %s\n%.1000s", run.args[0], name, why, said+h.out.String())
			}
		}
	}
	t.Log(failed)
}

func errorsOf(failed map[string]string) bool {
	for _, why := range failed {
		if why != "" {
			return true
		}
	}
	return false
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"

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
	out, err  *screen // of the last run
}

// screen is what a run writes. One that is given up may write on.
type screen struct {
	lock sync.Mutex
	text strings.Builder
}

// Write takes what is written.
func (s *screen) Write(p []byte) (int, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.Write(p)
}

// String returns what was written.
func (s *screen) String() string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.text.String()
}

func newHostile(t testing.TB, bad, well, secrets string) *hostile {
	h := &hostile{dir: t.TempDir()}
	h.file = filepath.Join(h.dir, "slos.yaml")
	if err := os.WriteFile(h.file, fmt.Appendf(nil, hostileFile, bad, secrets, well), 0o600); err != nil {
		t.Fatal(err)
	}
	h.app = app{
		kinds: all.Kinds(), now: func() time.Time { return faultTime },
		http: transport.New(time.Now), getenv: func(name string) string {
			if strings.HasPrefix(name, "NINES") || strings.HasSuffix(strings.ToLower(name), "_proxy") {
				return ""
			}
			return "canary-" + name
		},
	}
	return h
}

// ends runs a command.
func (h *hostile) ends(ctx context.Context, args ...string) int {
	h.out, h.err = &screen{}, &screen{}
	once := h.app
	once.stdout, once.stderr = h.out, h.err
	return once.run(ctx, args)
}

// run runs a command. Nothing that it writes may show a secret.
func (h *hostile) run(t testing.TB, args ...string) int {
	t.Helper()
	code := h.ends(t.Context(), args...)
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

func (h *hostile) keeps(t testing.TB, where, text string) {
	t.Helper()
	if i := strings.Index(text, "canary"); i >= 0 {
		t.Errorf("%s shows a secret: %s", where, text[max(0, i-100):min(len(text), i+50)])
	}
}

// figures holds the figures of a run against what is wanted: those of the good server
// are right, the others right or none. It returns the errors of those that have none.
func figures(t testing.TB, all []report.Objective) map[string]string {
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

// cell is one fault of a server, read in one way. Its errors say which.
type cell struct {
	testing.TB
	name string
}

// Errorf says in which cell something is wrong.
func (c cell) Errorf(format string, args ...any) {
	c.Helper()
	c.TB.Errorf("%s: %s", c.name, fmt.Sprintf(format, args...))
}

// cells runs tests side by side, however many processors there are: most wait for servers.
func cells(t *testing.T, all map[string]func(t cell)) {
	slots := make(chan struct{}, 16)
	var running sync.WaitGroup
	for _, name := range slices.Sorted(maps.Keys(all)) {
		slots <- struct{}{}
		running.Go(func() {
			all[name](cell{t, name})
			<-slots
		})
	}
	running.Wait()
}

// The program answers rightly, or not at all, whatever a server does.
func TestHostileServer(t *testing.T) {
	well := goodServer(t)
	all := map[string]func(t cell){}
	for i, fault := range append(wiretest.Faults(), wiretest.Fault{Name: "no fault"}) {
		for _, way := range []string{"read", "instant", "export"} {
			all[fault.Name+" of "+way] = func(t cell) {
				bad := goodServer(t)
				bad.Fault = fault
				if way != "read" {
					bad.Read, bad.Victoria = nil, way == "export"
				}
				h := newHostile(t, bad.URL(), well.URL(), secretKeys[i%len(secretKeys)])
				failed := h.commands(t, way == "export")
				t.Log(t.name, failed)
			}
		}
	}
	cells(t, all)
}

// hostileTime is the time of each command on a hostile server.
const hostileTime = 4 * time.Second

// busy is what a machine with more to do may add to what ends at once. What does not end
// takes minutes.
const busy = 20 * time.Second

// commands runs every command, or the first ones, and returns the errors of objectives. The
// gate may be open only if all is right.
func (h *hostile) commands(t cell, few bool) map[string]string {
	var failed map[string]string
	all, out := map[string]string{}, filepath.Join(h.dir, "out")
	runs := []struct {
		args []string
		read func(text []byte) error
	}{
		{[]string{"status", "-o", "json"}, func(text []byte) error {
			var s report.Status
			err := json.Unmarshal(text, &s)
			failed = figures(t, s.Objectives)
			return err
		}},
		{[]string{"gate", "-o", "json"}, func(text []byte) error { return gateOf(t, text) }},
		{[]string{"report", "--from=2026-05-01T11:00", "--to=2026-05-01T12:00", "--json", filepath.Join(out, "report.json"),
			"--html", filepath.Join(out, "report.html")}, func([]byte) error {
			var r report.Report
			text, err := os.ReadFile(filepath.Join(out, "report.json"))
			if err == nil {
				err = json.Unmarshal(text, &r)
			}
			figures(t, r.Objectives)
			return err
		}},
		{[]string{"alerts", "-o", "json"}, func(text []byte) error { return json.Unmarshal(text, &report.Alerts{}) }},
		{[]string{"backtest", "-o", "json", "--from=2026-05-01T11:00", "--to=2026-05-01T12:00"},
			func(text []byte) error { return json.Unmarshal(text, &report.Backtest{}) }},
		{[]string{"explain"}, func([]byte) error { return nil }},
	}
	if few {
		runs = runs[:2]
	}
	for _, run := range runs {
		failed = nil
		begun := time.Now()
		code := h.run(t, append(append(run.args[:1:1], h.file, "--timeout", hostileTime.String()), run.args[1:]...)...)
		took, said := time.Since(begun), h.err.String()+h.out.String()
		if code == exitUncertain && h.out.String() == "" && took > hostileTime+graceTimeout && strings.Contains(said, "the --timeout") {
			t.Log(t.name, "the machine had no time to write an answer")
			continue
		}
		if took > hostileTime+busy {
			t.Errorf("%s: ends after %s", run.args[0], took)
		}
		if err := run.read([]byte(h.out.String())); err != nil {
			t.Errorf("%s: exit %d, %v, %s", run.args[0], code, err, h.err.String())
		}
		uncertain := code == exitUncertain
		if lost := len(failed) > 0 && run.args[0] == "gate" || errorsOf(failed); lost && !uncertain || code != exitAnswered && !uncertain {
			t.Errorf("%s: exit %d: %s %v", run.args[0], code, h.err.String(), failed)
		}
		if uncertain && !explained(said) && (errorsOf(failed) || run.args[0] != "gate") {
			t.Errorf("%s: it fails, and says %.2000s", run.args[0], said)
		}
		maps.Copy(all, failed)
	}
	return all
}

// explained tells whether a text says which query of the source failed, or that there was
// no time left; what samples are wrong is said at the place of their query.
func explained(said string) bool {
	for _, part := range []string{"asked for increase(", "asked for http_requests_total", "asked for latency_seconds", "asked for probe_success",
		"asked for max(", "the list of series", "[prometheus/sample]", "the --timeout"} {
		if strings.Contains(said, part) {
			return true
		}
	}
	return false
}

// gateOf reads a gate. It may be open only if there are figures for everything.
func gateOf(t cell, text []byte) error {
	var g report.Gate
	err := json.Unmarshal(text, &g)
	var all []report.Objective
	for _, o := range g.Objectives {
		all = append(all, o.Status)
		if o.Status.State == slo.NoData && o.Verdict != slo.CannotTell {
			t.Errorf("gate: %s is %s without data", o.ID, o.Verdict)
		}
	}
	if lost := figures(t, all); len(lost) > 0 && g.Verdict != slo.CannotTell || len(lost) == 0 && g.Verdict != slo.Open {
		t.Errorf("gate: %s, without %v", g.Verdict, lost)
	}
	return err
}

func errorsOf(failed map[string]string) bool {
	for _, why := range failed {
		if why != "" {
			return true
		}
	}
	return false
}

// Frames of remote read that are damaged are no counts.
func TestHostileFrames(t *testing.T) {
	well := goodServer(t)
	other := sample.Labels{{Name: sample.MetricName, Value: "http_requests_total"}, {Name: "code", Value: "500"}}
	at, bomb := faultTime.UnixMilli(), snappy.Encode(nil, make([]byte, 64<<20))
	later := func(index int64, times ...int64) func([]byte) []byte {
		return func(body []byte) []byte {
			return append(body, frameOf(chunkOf(index, other, times, make([]float64, len(times))))...)
		}
	}
	all := map[string]func(t cell){}
	for name, test := range map[string]struct {
		mangle func([]byte) []byte
		kind   string
		right  bool // all is answered in the end
	}{
		"damaged":         {mangle: func(b []byte) []byte { b[len(b)/2] ^= 0x10; return b }},
		"wrong checksum":  {mangle: func(b []byte) []byte { b[3] ^= 1; return b }},
		"cut in a frame":  {mangle: func(b []byte) []byte { return b[:len(b)-5] }},
		"a huge frame":    {mangle: func(b []byte) []byte { return append(b, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0) }},
		"an endless size": {mangle: func(b []byte) []byte { return append(b, bytes.Repeat([]byte{0xff}, 4096)...) }},
		"another query":   {mangle: later(99, at)},
		"a negative one":  {mangle: later(-1, at)},
		"unordered":       {mangle: later(0, at, at-1)},
		"words":           {mangle: func([]byte) []byte { return []byte("query timed out for canary-TOKEN") }},
		"no snappy":       {mangle: func(b []byte) []byte { return b }, kind: "application/x-protobuf"},
		"a snappy bomb": {mangle: func([]byte) []byte { return bomb },
			kind: "application/x-protobuf"},
		"a bomb that lies": {mangle: func([]byte) []byte { return []byte{0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3} },
			kind: "application/x-protobuf"},
		"outside of the time": {mangle: later(0, 1, 2, 3), right: true},
		"all twice":           {mangle: func(b []byte) []byte { return append(b, b...) }},
	} {
		all[name] = func(t cell) {
			bad := goodServer(t)
			streamed(bad, test.mangle)
			if read := bad.Read; test.kind != "" {
				bad.Read = func(r *http.Request, spoil func([]wiretest.Series) []wiretest.Series) (string, []byte, error) {
					_, body, err := read(r, spoil)
					return test.kind, body, err
				}
			}
			failed := newHostile(t, bad.URL(), well.URL(), secretKeys[0]).commands(t, true)
			if _, lost := failed["counter"]; lost == test.right {
				t.Errorf("counter: %q, want an answer: %t", failed["counter"], test.right)
			}
			t.Log(t.name, failed)
		}
	}
	cells(t, all)
}

// slowServer hangs on every question that names slow_total.
func slowServer(t testing.TB, read bool) *wiretest.Server {
	s := goodServer(t)
	if !read {
		s.Read = nil
	}
	s.Fault = wiretest.Find("hang")
	s.Spoils = func(r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/read") {
			return strings.Contains(r.Form.Get("query"), "slow_total")
		}
		packed, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(packed))
		data, _ := snappy.Decode(nil, packed)
		return bytes.Contains(data, []byte("slow_total"))
	}
	return s
}

// One query that hangs fails its own objective: those beside it are answered in time.
func TestOneSlowQuery(t *testing.T) {
	all := map[string]func(t cell){}
	for _, read := range []bool{true, false} {
		for form, sli := range map[string]string{
			"counter": `bad: {counter: '%s{code=~"5.."}'}, total: {counter: http_requests_total}`,
			"promql":  `bad: 'increase(%s{code=~"5.."}[$step])', total: 'increase(http_requests_total[$step])'`,
		} {
			all[fmt.Sprintf("%s, remote read: %t", form, read)] = func(t cell) {
				s := slowServer(t, read)
				h := newHostile(t, s.URL(), s.URL(), secretKeys[0])
				text := "apiVersion: nines/v1\nservice: shop\nsince: 2026-04-01\nsources: {m: {type: prometheus, url: " + s.URL() + "}}\nslos:\n"
				for i := range 10 {
					metric := "http_requests_total"
					if i == 3 {
						metric = "slow_total"
					}
					text += fmt.Sprintf("  - {name: o%d, target: 50%%, window: 1h, sli: {source: m, %s}}\n", i, fmt.Sprintf(sli, metric))
				}
				if err := os.WriteFile(h.file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				code := h.run(t, "status", h.file, "-o", "json", "--timeout", "6s")
				var got report.Status
				if err := json.Unmarshal([]byte(h.out.String()), &got); err != nil || code != exitUncertain {
					t.Errorf("exit %d, %v: %s", code, err, h.err.String())
				}
				for _, o := range got.Objectives {
					if slow := o.Name == "o3"; slow != (o.State == slo.NoData) || slow && !strings.Contains(o.Failed, "slow_total") {
						t.Errorf("%s: %s %s", o.Name, o.State, o.Failed)
					}
				}
				if strings.Contains(h.err.String(), "--timeout") {
					t.Errorf("the time is over: %s", h.err.String())
				}
			}
		}
	}
	cells(t, all)
}

// A command that is interrupted says so and ends within a second, whatever it waits for. It is
// tried with one server at a time, and again where other programs have the processors.
func TestInterruptedWhileAsking(t *testing.T) {
	well := goodServer(t)
	for _, name := range []string{"hang", "hang in the body", "drip", "503", "429 for 2 s", "truncated", "endless", "gzip bomb", "moved in a loop"} {
		for _, read := range []bool{true, false} {
			bad := goodServer(t)
			bad.Fault = wiretest.Find(name)
			if !read {
				bad.Read = nil
			}
			h := newHostile(t, bad.URL(), well.URL(), secretKeys[0])
			wrong := h.interrupted(t)
			for try := 1; wrong != "" && try < 5; try++ {
				wrong = h.interrupted(t)
			}
			if wrong != "" {
				t.Errorf("%s, remote read: %t: %s", name, read, wrong)
			}
		}
	}
}

// interrupted interrupts a command, and returns what is wrong with how it ends, "" if
// nothing is.
func (h *hostile) interrupted(t *testing.T) string {
	ctx, cancel := context.WithCancelCause(t.Context())
	told := time.Now().Add(700 * time.Millisecond)
	time.AfterFunc(time.Until(told), func() { cancel(interruption(os.Interrupt)) })
	code := h.ends(ctx, "status", h.file)
	took, said := time.Since(told), h.err.String()
	switch {
	case code == exitUncertain && ctx.Err() == nil: // it ended before
	case code != exitInterrupted || took > time.Second || !strings.Contains(said, "interrupted"):
		return fmt.Sprintf("exit %d after %s: %s", code, took, said)
	}
	return ""
}

// What a server holds less than was asked, or refuses in part, no gate is opened on.
func TestServerHoldsLess(t *testing.T) {
	const slos = "apiVersion: nines/v1\nservice: shop\n%ssources: {m: {type: prometheus, url: %s%s}}\nslos:\n" +
		"  - {name: counter, target: 50%%, %s, sli: {source: m, bad: {counter: 'http_requests_total{code=~\"5..\"}'}, total: {counter: http_requests_total}}}\n" +
		"  - {name: promql, target: 50%%, %s, sli: {source: m, bad: 'increase(http_requests_total{code=~\"5..\"}[$step])', total: 'increase(http_requests_total[$step])'}}\n"
	const since = "since: 2026-04-01\n"
	keep := func(from, to time.Duration) func(*wiretest.Server) {
		return func(s *wiretest.Server) {
			cut := func(all []wiretest.Series) (out []wiretest.Series) {
				for _, one := range all {
					cut := wiretest.Series{Labels: one.Labels}
					for i, at := range one.Times {
						if age := faultTime.Sub(time.UnixMilli(at)); age <= from && age >= to {
							cut.Times, cut.Values = append(cut.Times, at), append(cut.Values, one.Values[i])
						}
					}
					out = append(out, cut)
				}
				return out
			}
			s.Series = cut(s.Series)
			for query, known := range s.Answers {
				s.Answers[query] = cut(known)
			}
		}
	}
	warn := func(s *wiretest.Server) { s.Warnings, s.Read = []string{"store 2 is gone"}, nil }
	all := map[string]func(t cell){}
	for name, test := range map[string]struct {
		since, source, slo string
		change             func(*wiretest.Server)
		says               string // each objective, or its gate
		open               bool
	}{
		"all":                               {since: since, slo: "window: 4h", change: keep(5*time.Hour, 0), open: true},
		"infos":                             {since: since, slo: "window: 4h", change: func(s *wiretest.Server) { s.Infos = []string{"PromQL info: odd"} }, open: true, says: "the server says: PromQL info: odd"},
		"short retention":                   {slo: "window: 4h", change: keep(2*time.Hour, 0), says: "begin"},
		"retention under min_coverage":      {since: since, slo: "window: 4h", change: keep(2*time.Hour, 0), says: "measured"},
		"late":                              {since: since, slo: "window: 4h, min_coverage: 10%", change: keep(5*time.Hour, 90*time.Minute), says: "the newest sample is of 2026-05-01T10:30:00Z, 1h30m before"},
		"late, with a delay that allows it": {since: since, source: ", delay: 1h", slo: "window: 4h, min_coverage: 10%", change: keep(6*time.Hour, 90*time.Minute), open: true},
		"late, over the delay":              {since: since, source: ", delay: 10m", slo: "window: 4h, min_coverage: 10%", change: keep(6*time.Hour, 90*time.Minute), says: "the newest sample is of 2026-05-01T10:30:00Z, 1h30m before"},
		"too many label sets": {since: since, slo: "window: 4h, per: [code], max_sets: 1", change: func(s *wiretest.Server) {
			for query, known := range s.Answers {
				two := known[0]
				known[0].Labels, two.Labels = sample.Labels{{Name: "code", Value: "a"}}, sample.Labels{{Name: "code", Value: "b"}}
				s.Answers[query] = []wiretest.Series{known[0], two}
			}
		}, says: "max_sets"},
		"warnings": {since: since, slo: "window: 4h", change: warn, says: "store 2 is gone"},
	} {
		for _, read := range []bool{true, false} {
			all[fmt.Sprintf("%s, remote read: %t", name, read)] = func(t cell) {
				s := goodServer(t)
				test.change(s)
				if !read {
					s.Read = nil
				}
				h := newHostile(t, s.URL(), s.URL(), secretKeys[0])
				text := fmt.Sprintf(slos, test.since, s.URL(), test.source, test.slo, test.slo)
				if err := os.WriteFile(h.file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				code := h.run(t, "gate", h.file, "-o", "json")
				var g report.Gate
				if err := json.Unmarshal([]byte(h.out.String()), &g); err != nil || len(g.Objectives) == 0 {
					t.Errorf("%v: %s", err, h.err.String())
				}
				if (g.Verdict == slo.Open) != test.open || (code == exitAnswered) != test.open || (code == exitUncertain) == test.open {
					t.Errorf("gate: exit %d, %s\n%s", code, g.Verdict, h.err.String())
				}
				for _, o := range g.Objectives {
					if (o.Verdict == slo.Open) != test.open {
						t.Errorf("gate: %s is %s", o.ID, o.Verdict)
					}
				}
				for _, args := range [][]string{{"gate"}, {"status"}, {"status", "-o", "json"}, {"report", "--markdown=-", "--from=2026-05-01T08:00", "--to=2026-05-01T12:00"}} {
					h.run(t, append([]string{args[0], h.file}, args[1:]...)...)
					said := h.out.String() + h.err.String()
					if !strings.Contains(said, test.says) {
						t.Errorf("%v does not say %q: %s", args, test.says, said)
					}
				}
			}
		}
	}
	cells(t, all)
}

package prometheus_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

// The samples of all scenes lie in these 92 days, in which clocks are put back in Europe
// and forward on the Chatham Islands.
var (
	dawn = time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC)
	dusk = time.Date(2024, 11, 1, 0, 0, 0, 0, time.UTC)
)

const (
	second = int64(1000)
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// world is what is put into servers, and what must come out of it. What must come out is
// added up as events are put in, and knows no rule of package tally but that events count
// at the scrape that sees them.
type world struct {
	rand   *rand.Rand
	series []*made
	pushed []*made  // by remote write, since no text has staleness markers
	spans  *spanned // pushed too
	scenes []*scene
}

// made is one series.
type made struct {
	labels string // as PromQL has them
	times  []int64
	values []float64
}

func (m *made) add(at int64, v float64) { m.times, m.values = append(m.times, at), append(m.values, v) }

// scene is an indicator whose counts are known.
type scene struct {
	name   string
	sli    string
	source string // more keys of the source
	per    []string
	step   time.Duration // asked for
	period slo.Period
	want   map[string]*truth // by the values of per
	notes  []string          // codes
	plain  string            // the values of per of a set without notes
	fails  string            // the code, or a part of the message

	pushed bool    // its samples are pushed
	query  bool    // its sli is PromQL
	native bool    // its histograms are
	bound  float64 // of increase(): by how much its sums may differ from the truth, as a share
}

// truth is the counts of a label set, by the start of the bucket.
type truth struct {
	step                int64
	bad, total, unclear map[int64]int64
}

func newTruth(step time.Duration) *truth {
	return &truth{step.Milliseconds(), map[int64]int64{}, map[int64]int64{}, map[int64]int64{}}
}

// start returns the start of the bucket of a sample: one on a step belongs to what was.
func (t *truth) start(at int64) int64 {
	if at%t.step == 0 {
		return at - t.step
	}
	return at - at%t.step
}

// count has a scrape see events.
func (t *truth) count(at, bad, total int64) {
	b := t.start(at)
	t.bad[b] += bad
	t.total[b] += total
}

// quiet has nothing happen between two scrapes.
func (t *truth) quiet(from, to int64) {
	for b := t.start(from) + t.step; b < t.start(to); b += t.step {
		t.count(b+1, 0, 0)
	}
}

// sums returns the events in [from, to).
func (t *truth) sums(p slo.Period) (bad, total int64) {
	for b := p.Start.UnixMilli(); b < p.End.UnixMilli(); b += t.step {
		bad, total = bad+t.bad[b], total+t.total[b]
	}
	return bad, total
}

// span is [from, to) in milliseconds.
type span struct{ from, to int64 }

func (s span) has(at int64) bool { return at >= s.from && at < s.to }

func within(all []span, at int64) bool {
	return slices.ContainsFunc(all, func(s span) bool { return s.has(at) })
}

// visits are the scrapes of one target.
type visits struct {
	every, offset, jitter int64
	from, to              int64
	pauses                []span // without a scrape
	outages               []span // in which all fails
	misses                int    // one scrape of so many fails, alone; 0: none does
	restarts              int    // one scrape of so many sees a new process; 0: none does
	quiet                 bool   // there are no bad events but in outages
	most                  int    // events of a scrape; 0: 40
}

func (v visits) times(w *world) (all []int64) {
	missed := int64(0)
	for at := v.from - v.from%v.every + v.offset; at < v.to; at += v.every {
		if v.misses > 0 && at > missed+20*v.every && w.rand.IntN(v.misses) == 0 {
			missed = at
			continue
		}
		if at >= v.from && !within(v.pauses, at) {
			jitter := int64(0)
			if v.jitter > 0 {
				jitter = w.rand.Int64N(2*v.jitter+1) - v.jitter
			}
			all = append(all, at+jitter)
		}
	}
	return all
}

// adds a series.
func (w *world) adds(format string, args ...any) *made {
	m := &made{labels: fmt.Sprintf(format, args...)}
	w.series = append(w.series, m)
	return m
}

// counter is the state of a counter while it is made.
type counter struct {
	*made
	n int64
}

// saw has a scrape see more events, which are returned. A new process begins below what
// the old one had, as nobody can tell it otherwise.
func (c *counter) saw(at, more int64, restart bool) int64 {
	if restart {
		more = min(more, max(c.n-1, 0))
		c.n = 0
	}
	c.n += more
	c.add(at, float64(c.n))
	return more
}

// serve makes the counters of a target, good events of code 200 and bad ones of 500.
func (w *world) serve(metric, labels string, v visits, into ...*truth) []int64 {
	good := counter{w.adds("%s{code=\"200\",%s}", metric, labels), w.rand.Int64N(1e6)}
	bad := counter{w.adds("%s{code=\"500\",%s}", metric, labels), w.rand.Int64N(1e3)}
	times, most := v.times(w), v.most
	if most == 0 {
		most = 40
	}
	for i, at := range times {
		ok, failed := w.rand.Int64N(int64(most)), int64(0)
		if !v.quiet && w.rand.IntN(100) == 0 {
			failed = w.rand.Int64N(4)
		}
		if within(v.outages, at-1) {
			ok, failed = 0, ok+1
		}
		restart := v.restarts > 0 && w.rand.IntN(v.restarts) == 0
		ok, failed = good.saw(at, ok, restart), bad.saw(at, failed, restart)
		for _, t := range into {
			if i > 0 {
				t.count(at, failed, ok+failed)
				if at-times[i-1] <= 2*(v.every+v.jitter) {
					t.quiet(times[i-1], at)
				}
			}
		}
	}
	return times
}

// exact adds a scene of the counters of a metric.
func (w *world) exact(metric string, step time.Duration, p slo.Period, notes ...string) *scene {
	s := &scene{
		name: metric, step: step, period: p, notes: notes, want: map[string]*truth{"": newTruth(step)},
		sli: fmt.Sprintf("bad: {counter: '%s{code=~\"5..\"}'}\ntotal: {counter: %[1]s}\n", metric),
	}
	w.scenes = append(w.scenes, s)
	return s
}

// days returns the days of a span of time from dawn on, without two hours at its start.
func days(from, to int) slo.Period {
	return slo.Period{Start: dawn.AddDate(0, 0, from).Add(2 * time.Hour), End: dawn.AddDate(0, 0, to)}
}

func at(d int64, more ...int64) int64 {
	ms := dawn.UnixMilli() + d*day
	for _, m := range more {
		ms += m
	}
	return ms
}

// newWorld makes all scenes.
func newWorld(seed uint64) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 11))}
	w.pairs()
	w.shop()
	w.long()
	w.changes()
	w.pods()
	w.replicas()
	w.labels()
	w.histograms()
	w.absent()
	w.gauges()
	w.queries()
	w.pushes()
	return w
}

// pairs vary how a target is scraped: how often, on a step or off it, by the clock or not,
// with restarts, scrapes that fail alone, and pauses of three scrapes, an hour and half a day.
func (w *world) pairs() {
	for _, every := range []int64{15 * second, 30 * second, minute, 5 * minute} {
		for _, offset := range []int64{0, 1 + w.rand.Int64N(every-1)} {
			for _, jitter := range []int64{0, 1 + w.rand.Int64N(every/150)} {
				d := w.rand.Int64N(80)
				v := visits{every: every, offset: offset, jitter: jitter, from: at(d), to: at(d+3, hour),
					misses: 100, restarts: 200}
				for _, length := range []int64{3 * every, 4 * every, hour, 12 * hour} {
					from := at(d) + 5*hour + w.rand.Int64N(2*day)
					v.pauses = append(v.pauses, span{from, from + length})
				}
				step := max(time.Minute, time.Duration(every)*time.Millisecond)
				name := fmt.Sprintf("pair_%ds_at_%dms_by_%dms_total", every/second, offset, jitter)
				s := w.exact(name, step, days(int(d), int(d)+3), "pause")
				w.serve(name, `instance="a",job="pair"`, v, s.want[""])
			}
		}
	}
}

// The outages of the shop: minutes whole, so that an incident begins and ends as they do.
func outages() []span {
	return []span{
		{at(70, 9*hour), at(70, 9*hour+47*minute)}, {at(80, 3*hour+5*minute), at(80, 3*hour+17*minute)},
	}
}

// shop is two targets that are scraped each minute for 92 days.
func (w *world) shop() {
	s := w.exact("shop_requests_total", time.Minute, days(0, 92))
	by := &scene{name: "shop by instance", step: s.step, period: s.period, sli: s.sli, per: []string{"instance"},
		want: map[string]*truth{"0": newTruth(s.step), "1": newTruth(s.step)}}
	w.scenes = append(w.scenes, by)
	for i, offset := range []int64{7 * second, 31 * second} {
		v := visits{every: minute, offset: offset, from: at(0), to: at(92), outages: outages(), quiet: i == 1}
		w.serve(s.name, fmt.Sprintf(`instance="%d",job="shop"`, i), v, s.want[""], by.want[fmt.Sprint(i)])
	}
}

// long are 30 days of 15 s with a clock that is not exact, and 90 days of 5 m.
func (w *world) long() {
	s := w.exact("quick_requests_total", time.Minute, days(60, 91))
	v := visits{every: 15 * second, offset: 4*second + 321, jitter: 90,
		from: at(60), to: at(91, hour), restarts: 40_000}
	w.serve(s.name, `instance="a",job="quick"`, v, s.want[""])
	s = w.exact("slow_requests_total", 5*time.Minute, days(1, 91))
	v = visits{every: 5 * minute, offset: 0, from: at(1), to: at(91, hour)}
	w.serve(s.name, `instance="a",job="slow"`, v, s.want[""])
	s = w.exact("short_requests_total", time.Minute, days(60, 90)) // begins inside
	v = visits{every: minute, offset: 0, from: at(85), to: at(90, hour)}
	w.serve(s.name, `instance="a",job="short"`, v, s.want[""])
}

// changes are series that appear, disappear and change a label.
func (w *world) changes() {
	s := w.exact("late_requests_total", time.Minute, days(10, 20), "births")
	t := s.want[""]
	v := visits{every: 30 * second, offset: 3 * second, from: at(10), to: at(20, hour)}
	times := w.serve(s.name, `instance="a",job="late"`, v, t)
	late := counter{made: w.adds(`%s{code="503",instance="a",job="late"}`, s.name)}
	gone := counter{made: w.adds(`%s{code="404",instance="a",job="late"}`, s.name), n: 50}
	old := counter{made: w.adds(`%s{code="301",instance="a",job="late"}`, s.name), n: 1_000_000}
	renamed := counter{made: w.adds(`%s{code="301",instance="a",job="late",to="b"}`, s.name)}
	for i, now := range times {
		n := w.rand.Int64N(5)
		if now >= at(13, 7*hour) { // it appears with what it has seen
			n++
			t.count(now, late.saw(now, n, false), n)
		}
		if now < at(14) {
			n = gone.saw(now, n, false)
			if i > 0 {
				t.count(now, 0, n)
			}
		}
		switch {
		case now < at(16):
			n = old.saw(now, n, false)
		case renamed.n == 0: // which adds nothing: nobody knows what of it is new
			renamed.saw(now, old.n+n, false)
			n = 0
		default:
			n = renamed.saw(now, n, false)
		}
		if i > 0 {
			t.count(now, 0, n)
		}
	}
}

// pods live for some hours each, under a name of their own.
func (w *world) pods() {
	for _, tells := range []bool{true, false} {
		name, notes := "untold_requests_total", []string{"births"}
		if tells {
			name, notes = "pod_requests_total", nil
		}
		s := w.exact(name, time.Minute, days(30, 35), notes...)
		t := s.want[""]
		w.serve(name, `instance="always",job="pods"`, visits{every: 30 * second, from: at(30), to: at(35, hour)}, t)
		for pod := range 60 {
			born := at(30, 3*hour) + w.rand.Int64N(4*day)
			labels := fmt.Sprintf(`instance="%s-%d",job="pods"`, name, pod)
			v := visits{every: 30 * second, offset: w.rand.Int64N(30 * second),
				from: born, to: born + w.rand.Int64N(8*hour) + hour}
			hits := counter{made: w.adds(`%s{code="500",%s}`, name, labels)}
			var began *made
			if tells {
				began = w.adds(`process_start_time_seconds{%s}`, labels)
			}
			for i, now := range v.times(w) {
				n := hits.saw(now, 1+w.rand.Int64N(9), false)
				if began != nil {
					began.add(now, float64(born)/1000)
				}
				if i > 0 || tells {
					t.count(now, n, n)
				}
			}
		}
	}
}

// replicas are two servers that scrape the same minute, after what happened in it. Each
// misses a day of its own.
func (w *world) replicas() {
	s := w.exact("twice_requests_total", time.Minute, days(40, 47))
	var all [2][2]counter
	for i, name := range []string{"a", "b"} {
		for k, code := range []string{"200", "500"} {
			all[i][k] = counter{made: w.adds(`%s{code="%s",instance="x",job="twice",prometheus_replica="%s"}`,
				s.name, code, name)}
		}
	}
	n := [2]int64{700, 30}
	misses := [2][]span{{{at(42, 5*hour), at(43, 5*hour)}}, {{at(44), at(45)}}}
	for now := at(40); now < at(47, hour); now += minute {
		ok, bad := w.rand.Int64N(30), w.rand.Int64N(3)
		if w.rand.IntN(3000) == 0 {
			n, ok, bad = [2]int64{}, min(ok, n[0]-1), min(bad, n[1]-1)
		}
		n[0], n[1] = n[0]+ok, n[1]+bad
		s.want[""].count(now+5*second, bad, ok+bad)
		for i := range all {
			for k, c := range all[i] {
				if !within(misses[i], now) {
					c.add(now+5*second+int64(i)*15*second, float64(n[k]))
				}
			}
		}
	}
}

// labels are sets of 1, 20 and 1,000 values, of which only a few have bad events.
func (w *world) labels() {
	for _, sets := range []int{1, 20, 1000} {
		s := w.exact(fmt.Sprintf("per%d_requests_total", sets), 5*time.Minute, days(50, 51))
		s.per, s.want = []string{"shop"}, map[string]*truth{}
		for i := range sets {
			name := fmt.Sprintf("shop-%d", i)
			s.want[name] = newTruth(s.step)
			v := visits{every: 5 * minute, offset: w.rand.Int64N(minute), from: at(50), to: at(51, hour),
				quiet: i%9 != 0}
			w.serve(s.name, fmt.Sprintf(`instance="a",job="per",shop="%s"`, name), v, s.want[name])
		}
	}
}

// histograms are classic ones, asked for a bound and for what lies between two.
func (w *world) histograms() {
	p := days(55, 62)
	scene := func(name, limit string, notes ...string) *truth {
		t := newTruth(time.Minute)
		w.scenes = append(w.scenes, &scene{name: name, step: time.Minute, period: p, notes: notes,
			sli:  "histogram: 'wait_seconds{job=\"wait\"}'\ngood: \"<= " + limit + "\"\n",
			want: map[string]*truth{"": t}})
		return t
	}
	at300, at200 := scene("histogram at 300ms", "300ms"), scene("histogram at 200ms", "200ms", "bound")
	bounds := []string{"0.1", "0.3", "1.0", "+Inf"}
	for i := range 2 {
		var all []counter
		for _, le := range bounds {
			all = append(all, counter{made: w.adds(`wait_seconds_bucket{instance="%d",job="wait",le="%s"}`, i, le)})
		}
		v := visits{every: 30 * second, offset: w.rand.Int64N(30 * second), from: at(55), to: at(62, hour)}
		for k, now := range v.times(w) {
			var in [4]int64
			sum := int64(0)
			restart := w.rand.IntN(5000) == 0 && k > 9
			for b := range in {
				in[b] = w.rand.Int64N(12 >> b)
				if sum += in[b]; restart {
					all[b].n = 0
				}
				all[b].n += sum
				all[b].add(now, float64(all[b].n))
			}
			if k > 0 {
				at300.count(now, in[2]+in[3], sum)
				at200.count(now, in[2]+in[3], sum)
				at200.unclear[at200.start(now)] += in[1]
			}
		}
	}
}

// absent is what has no series: no error yet, an error in the name, and one in a label.
func (w *world) absent() {
	metric := func(name, bad, total, fails string) *truth {
		s := &scene{name: name, step: time.Minute, period: days(20, 22), fails: fails, want: map[string]*truth{}}
		s.sli = fmt.Sprintf("bad: {counter: '%s'}\ntotal: {counter: %s}\n", bad, total)
		s.want[""] = newTruth(time.Minute)
		w.scenes = append(w.scenes, s)
		return s.want[""]
	}
	const all = "calm_requests_total"
	zero := metric("no error yet", all+`{code=~"5.."}`, all, "")
	metric("a misspelt metric", `calm_request_total{code=~"5.."}`, all, "metric")
	metric("a misspelt label", all+`{status=~"5.."}`, all, "label")
	v := visits{every: minute, offset: 11 * second, from: at(20), to: at(22, hour)}
	c := counter{made: w.adds(`%s{code="200",instance="a",job="calm"}`, all)}
	for i, now := range v.times(w) {
		if n := c.saw(now, w.rand.Int64N(20), false); i > 0 {
			zero.count(now, 0, n)
		}
	}
}

// gauges are the samples of up, with an outage in which there are no counters.
func (w *world) gauges() {
	s := w.exact("down_requests_total", time.Minute, days(25, 28), "pause")
	up := &scene{name: "up", step: time.Minute, period: s.period, per: []string{"instance"},
		sli: "value: 'up{job=\"down\"}'\ngood: \">= 1\"\n", want: map[string]*truth{}}
	w.scenes = append(w.scenes, up)
	for i := range 3 {
		name := fmt.Sprint(i)
		up.want[name] = newTruth(time.Minute)
		out := span{at(26, 4*hour), at(26, 5*hour+11*minute)}
		v := visits{every: minute, offset: int64(i) * 20 * second, from: at(25), to: at(28, hour), pauses: []span{out}}
		w.serve(s.name, fmt.Sprintf(`instance="%s",job="down"`, name), v, s.want[""])
		v.pauses = nil
		m := w.adds(`up{instance="%s",job="down"}`, name)
		for _, now := range v.times(w) {
			alive, bad := 1.0, int64(0)
			if out.has(now) {
				alive, bad = 0, 1
			}
			m.add(now, alive)
			up.want[name].count(now, bad, 1)
		}
	}
}

// queries are counts that the server makes.
func (w *world) queries() {
	query := func(name, of string, step time.Duration) {
		s := w.scene(of)
		t := newTruth(step)
		for b, n := range s.want[""].total {
			t.count(b+1, s.want[""].bad[b], n)
		}
		w.scenes = append(w.scenes, &scene{name: name, step: step, period: s.period, query: true, bound: 0.04,
			source: "step: " + slo.FormatDuration(step) + "\n",
			sli: fmt.Sprintf("bad: 'sum(increase(%s{code=~\"5..\"}[$step]))'\n"+
				"total: 'sum(increase(%[1]s[$step]))'\n", of),
			want: map[string]*truth{"": t}})
	}
	query("increase over 1m of 15s", "quick_requests_total", time.Minute)
	query("increase over 5m of 1m", "shop_requests_total", 5*time.Minute)
	query("increase over 1h of 5m", "slow_requests_total", time.Hour)
}

// openMetrics writes the series as text; stamp writes times.
func (w *world) openMetrics(t *testing.T, file, end string, stamp func(int64) string) {
	t.Helper()
	var text bytes.Buffer
	for _, m := range w.series {
		for i, at := range m.times {
			fmt.Fprintf(&text, "%s %v %s\n", m.labels, m.values[i], stamp(at))
		}
	}
	text.WriteString(end)
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// parts returns the labels of a series, its name first.
func (m *made) parts() (all [][2]string) {
	name, rest, _ := strings.Cut(m.labels, "{")
	all = append(all, [2]string{"__name__", name})
	for _, pair := range strings.Split(strings.TrimSuffix(rest, "}"), ",") {
		name, value, _ := strings.Cut(pair, "=")
		all = append(all, [2]string{name, strings.Trim(value, `"`)})
	}
	return all
}

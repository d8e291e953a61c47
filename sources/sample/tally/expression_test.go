package tally

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// canned answers expressions with what was written for their text, of which it hands over
// the points that are asked for: block by block, in an order of its own.
type canned struct {
	answers map[string][]sampletest.Series
	fail    map[string]error
	block   int // points of a block; 0: 2
	seed    uint64
	asked   []Evaluation
}

func (c *canned) evaluate(_ context.Context, all []Evaluation, take func(int, sample.Block) error) ([][]string, error) {
	c.asked = append(c.asked, all...)
	size := max(c.block, 2)
	type piece struct {
		n int
		sample.Block
	}
	var pieces []piece
	var failed []error
	for n, e := range all {
		if err := c.fail[e.Query]; err != nil {
			failed = append(failed, &sample.QueryError{Query: n, Err: err})
			continue
		}
		step := e.Step.Milliseconds()
		for i, s := range c.answers[e.Query] {
			b := sample.Block{Series: i, Labels: s.Labels}
			for k, at := range s.Times {
				if at >= e.From && at <= e.To && at%step == 0 && e.From%step == 0 {
					b.Times, b.Values = append(b.Times, at), append(b.Values, s.Values[k])
				}
			}
			for from := 0; from < len(b.Times); from += size {
				to := min(from+size, len(b.Times))
				pieces = append(pieces, piece{n, sample.Block{
					Series: i, Labels: s.Labels, Times: b.Times[from:to], Values: b.Values[from:to],
				}})
			}
		}
	}
	rand.New(rand.NewPCG(1, c.seed)).Shuffle(len(pieces), func(i, k int) { pieces[i], pieces[k] = pieces[k], pieces[i] })
	for _, p := range pieces {
		if err := take(p.n, p.Block); err != nil {
			return nil, err
		}
	}
	return make([][]string, len(all)), errors.Join(failed...)
}

// points reads lines of points, one a minute, the first that of the minute up to noon.
func points(text string) []sampletest.Series { return sampletest.Lines(noon, time.Minute, text) }

// expressions asks for minutes from noon on.
func expressions(t testing.TB, sli string, minutes int, per ...string) sources.Request {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", sli, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if findings := CheckQueries(b, "prometheus", per); findings.Errors() {
		t.Fatalf("%s: %v", sli, findings)
	}
	return sources.Request{SLI: b, Per: per, Step: time.Minute,
		Period: slo.Period{Start: noon, End: noon.Add(time.Duration(minutes) * time.Minute)}}
}

const (
	increases = `{bad: 'increase(r_total{code="500"}[$step])', total: 'increase(r_total[$step])'}`
	ofBad     = `increase(r_total{code="500"}[1m])`
	ofTotal   = `increase(r_total[1m])`
	scraped15 = `r_total{code="200"} 0+10x40
		r_total{code="500"} 0+1x40`
)

// ask answers an sli of increases, of which the server says bad and total.
func ask15(t testing.TB, bad, total string, c Config, req sources.Request) []sources.Answer {
	t.Helper()
	server := &canned{answers: map[string][]sampletest.Series{ofBad: points(bad), ofTotal: points(total)}}
	c.Evaluate = server.evaluate
	return fetch(t, lines(scraped15), c, req)
}

// A point counts in the bucket whose end it stands at; what is no number of events, or more
// than all of them, is told.
func TestExpressions(t *testing.T) {
	const none = `{code="500"} _x9`
	for _, test := range []struct{ name, bad, total, want string }{
		{"the point at noon is of the minute before", `{code="500"} 9 1 2 3 4`, "{} 90 10 20 30 40", "1/10 2/20 3/30"},
		{"several series add up", `{code="500"} 9 1 2 3
			{code="503"} 9 1 0 1`, `{code="200"} 0 10 20 30
			{code="500"} 9 5 5 5`, "2/15 2/25 4/35"},
		{"no point of bad is no bad event", `{code="500"} 0 _ 2`, "{} 90 10 20 30", "0/10 2/20 0/30"},
		{"no point of total is a gap", `{code="500"} 0 1 2 3`, "{} 90 10 _ 30", "1/10 - 3/30"},
		{"NaN of total is a gap", `{code="500"} 0 1 2 3`, "{} 90 10 NaN 30", "1/10 - 3/30 nan"},
		{"NaN of bad is no zero", `{code="500"} 0 NaN 2 3`, "{} 90 10 20 30", "- 2/20 3/30 nan"},
		{"NaN of one series is no zero either", `{code="500"} 0 NaN 2 3
			{code="503"} 0 1 1 1`, "{} 90 10 20 30", "- 3/20 4/30 nan"},
		{"NaN before the period is nothing", `{code="500"} NaN 1 2 3`, "{} NaN 10 20 30", "1/10 2/20 3/30"},
		{"rounded to millionths", `{code="500"} 0 0.00000051 0.00000049 1e-30`, "{} 9 10 10.25 10.3333333333",
			"0.000001/10 0/10.25 0/10.333333"},
		{"a little less than nothing is nothing", `{code="500"} 0 -0.0000004 -1e-20 -0`, "{} 9 10 20 30", "0/10 0/20 0/30"},
		{"a little more than all is all", `{code="500"} 0 10.000001 0 0`, "{} 9 10 20.5 30", "10/10 0/20.5 0/30"},
		{"an outage is not hidden by chance", `{code="500"} 0 10.2500014 20.2500009 30.500001`, "{} 9 10.25 20.25 30.5",
			"10.25/10.25 20.25/20.25 30.5/30.5"},
		{"sums of floats may be wrong by a billionth", `{code="500"} 0 1000000000.5 0 0`, "{} 9 1000000000 0.5 1",
			"1000000000/1000000000 0/0.5 0/1"},
		{"what is more finds room before", `{code="500"} 0 1 22 3`, "{} 9 10 20 30", "3/10 20/20 3/30"},
		{"more bad events than all", `{code="500"} 0 40 40 40`, "{} 9 10 20 30", "- - - excess"},
		{"negative", `{code="500"} 0 1 -3 3`, "{} 9 10 20 30",
			`error: slo.yaml:1:7: the expression is -3 at 2026-03-10T12:02:00Z for {code="500"}, which is no number of events [prometheus/sample]`},
		{"infinite", none, `{} 9 10 Inf 30`,
			`error: slo.yaml:1:54: the expression is +Inf at 2026-03-10T12:02:00Z for {}, which is no number of events [prometheus/sample]`},
		{"less than infinite", none, `{} 9 10 -Inf -Inf`,
			`error: slo.yaml:1:54: the expression is -Inf at 2026-03-10T12:02:00Z for {}, which is no number of events [prometheus/sample]`},
		{"too many", none, `{} 9 10 1e18 30`,
			`error: slo.yaml:1:1: the bucket of 2026-03-10T12:01:00Z has over 2^53 events, or millionths of one, which cannot be held exactly [prometheus/count]`},
		{"nearly 2^53, in whole events", none, `{} 9 10 9007199254740991 30`, "0/10 0/9007199254740991 0/30"},
	} {
		got := says(ask15(t, test.bad, test.total, Config{}, expressions(t, increases, 3))[0])
		if got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

// Decimals are there only where an answer has fractions.
func TestExpressionDecimals(t *testing.T) {
	for total, want := range map[string]int{"{} 0 10 20 30": 0, "{} 0 10 20.5 30": microDecimals, "{} 0 10 20.0000001 30": 0} {
		if a := ask15(t, `{code="500"} 0 1 2 3`, total, Config{}, expressions(t, increases, 3))[0]; a.Series.Decimals != want {
			t.Errorf("%s: %d decimals, want %d", total, a.Series.Decimals, want)
		}
	}
}

// Series that differ in a label of replicas alone are one, of which the fuller counts; per
// tells label sets apart, of which there may be too many.
func TestExpressionLabels(t *testing.T) {
	const total = `{pod="a",replica="1"} 0 10 _ 30.5 7
		{pod="a",replica="2"} 0 9 20 NaN _
		{pod="b",replica="1"} 0 1 1 1 1`
	const bad = `{pod="a",replica="1"} 0 1 1 1 NaN
		{pod="a",replica="2"} 0 2 _ 0 NaN`
	sli := `{bad: 'increase(r_total{code="500"}[$step])', total: 'increase(r_total[$step])'}`
	if got, want := says(ask15(t, bad, total, Config{}, expressions(t, sli, 4))[0]), "2/11 1/21 1/31.5 - nan"; got != want {
		t.Errorf("in one: got %s, want %s", got, want)
	}
	var got []string
	for _, a := range ask15(t, bad, total, Config{}, expressions(t, sli, 4, "pod")) {
		got = append(got, a.Labels["pod"]+" "+says(a))
	}
	slices.Sort(got)
	if text, want := strings.Join(got, "; "), "a 2/10 1/20 1/30.5 - nan; b 0/1 0/1 0/1 0/1"; text != want {
		t.Errorf("per pod: got %s, want %s", text, want)
	}
	if got, want := says(ask15(t, bad, total, Config{Replica: []string{"ha"}}, expressions(t, sli, 4))[0]), "3/20 1/21 - - nan"; got != want {
		t.Errorf("replica is no label of replicas: got %s, want %s", got, want)
	}
	few := expressions(t, sli, 4, "pod")
	few.MaxSets = 1
	if a := ask15(t, bad, total, Config{}, few)[0]; a.Err == nil || a.Series != nil {
		t.Errorf("two pods, one allowed: got %v", a.Err)
	}
}

// Replicas of whole events are held up to 2^53 as others are.
func TestExpressionReplicasDecimals(t *testing.T) {
	a := ask15(t, `{} _`, `{replica="1"} 0 9007199254740991
		{replica="2"} 0 5`, Config{}, expressions(t, increases, 1))[0]
	if got, want := says(a), "0/9007199254740991"; got != want || a.Series.Decimals != 0 {
		t.Errorf("got %s with %d decimals, want %s", got, a.Series.Decimals, want)
	}
}

// $step is what the source says, else it holds four scrapes of the slowest selector, and
// never less than is asked for.
func TestExpressionStep(t *testing.T) {
	every := func(d time.Duration, metric string) []sampletest.Series {
		return sampletest.Lines(noon.Add(-before), d, metric+" 0+1x200")
	}
	for _, test := range []struct {
		name        string
		store       []sampletest.Series
		step, asked time.Duration
		want        time.Duration
	}{
		{"15 s", every(15*time.Second, "r_total"), 0, time.Minute, time.Minute},
		{"15 s and a little", every(15100*time.Millisecond, "r_total"), 0, time.Minute, time.Minute},
		{"30 s", every(30*time.Second, "r_total"), 0, time.Minute, 2 * time.Minute},
		{"60 s", every(time.Minute, "r_total"), 0, time.Minute, 5 * time.Minute},
		{"5 m", every(5*time.Minute, "r_total"), 0, time.Minute, time.Hour},
		{"the slower of two", append(every(15*time.Second, `r_total{code="200"}`), every(time.Minute, `b_total`)...), 0, time.Minute, 5 * time.Minute},
		{"no samples", nil, 0, time.Minute, time.Minute},
		{"the source says it", every(time.Minute, "r_total"), 10 * time.Minute, time.Minute, 10 * time.Minute},
		{"the source says less", every(time.Minute, "r_total"), time.Minute, time.Minute, time.Minute},
		{"the source says less than a scrape", every(5*time.Minute, "r_total"), time.Minute, time.Minute, 5 * time.Minute},
		{"less than a scrape, no samples", nil, time.Minute, time.Minute, time.Minute},
		{"more is asked for", every(15*time.Second, "r_total"), 0, time.Hour, time.Hour},
		{"more than the source says", every(15*time.Second, "r_total"), 5 * time.Minute, 10 * time.Minute, 10 * time.Minute},
		{"they have no common multiple below an hour", every(15*time.Second, "r_total"), 45 * time.Minute, 2 * time.Minute, time.Hour},
	} {
		server := &canned{}
		req := expressions(t, `{bad: 'increase(b_total[$step])', total: 'increase(r_total[$step])'}`, 60)
		req.Step = test.asked
		a := fetch(t, sampletest.New(test.store...), Config{Step: test.step, Evaluate: server.evaluate}, req)[0]
		if a.Err != nil || a.Series.Step != test.want {
			t.Errorf("%s: got %v, %v, want %v", test.name, a.Series, a.Err, test.want)
		}
		for _, e := range server.asked {
			if e.Step != test.want || !strings.Contains(e.Query, "["+slo.FormatDuration(test.want)+"]") ||
				e.From%test.want.Milliseconds() != 0 || e.From > noon.UnixMilli() || e.Lookback != 0 {
				t.Errorf("%s: asked %+v", test.name, e)
			}
		}
	}
}

// The step is the same however long ago samples ended: it is looked for where they did, and
// two scrape intervals of which the later one holds do not depend on the instant either.
func TestExpressionStepEnded(t *testing.T) {
	for _, ago := range []time.Duration{0, time.Minute, 10 * time.Minute, time.Hour, 5 * time.Hour, 3 * 24 * time.Hour, 20 * 24 * time.Hour} {
		store := sampletest.New(sampletest.Lines(noon, 15*time.Second, "r_total 0+1x60")...)
		later := sampletest.Lines(noon.Add(16*time.Minute), time.Minute, "r_total 61+1x60")[0]
		store.Held[0].Times = append(store.Held[0].Times, later.Times...)
		store.Held[0].Values = append(store.Held[0].Values, later.Values...)
		end := noon.Add(76 * time.Minute)
		server := &canned{}
		a := fetch(t, store, Config{At: end.Add(ago), Evaluate: server.evaluate}, expressions(t, increases, 28*24*60))[0]
		if a.Err != nil || a.Series.Step != 5*time.Minute {
			t.Errorf("ended %v before: step %v, %v", ago, a.Series.Step, a.Err)
		}
	}
}

// Where no samples tell how far scrapes are apart the step is a guess, and a note says so.
func TestExpressionStepGuessed(t *testing.T) {
	for _, test := range []struct {
		held string
		step time.Duration
		want string
	}{
		{"r_total 0+1x20", 0, "1/10 2/20"},
		{"r_total 0+1x1", 0, "1/10 2/20 step"},
		{"r_total 0+1x1", time.Minute, "1/10 2/20"},
	} {
		server := &canned{answers: map[string][]sampletest.Series{ofBad: points("{} 0 1 2"), ofTotal: points("{} 0 10 20")}}
		a := fetch(t, lines(test.held), Config{Step: test.step, Evaluate: server.evaluate}, expressions(t, increases, 2))[0]
		if got := says(a); got != test.want {
			t.Errorf("%s, step %v: got %s, want %s: %v", test.held, test.step, got, test.want, a.Notes)
		}
	}
}

// The interval of selectors is looked for where the time asked about ends, and ever further
// back; all requests of a plan are asked about together. Where they have no samples those of
// their metrics tell.
func TestExpressionScrapes(t *testing.T) {
	store := sampletest.New(sampletest.Lines(noon, time.Minute, "r_total 0+1x60")...)
	server := &canned{}
	req := expressions(t, increases, 3*24*60)
	other := expressions(t, `{bad: 'increase(none_total[$step])', total: 'increase(r_total{code="500"}[$step])'}`, 3*24*60)
	a := fetch(t, store, Config{Evaluate: server.evaluate}, req, other)
	if a[0].Series.Step != 5*time.Minute || a[1].Series.Step != 5*time.Minute {
		t.Errorf("steps %v and %v", a[0].Series.Step, a[1].Series.Step)
	}
	if n := len(store.Asked); n > 16 {
		t.Errorf("the store was asked %d times", n)
	}
	store.Fail = func(q sample.Query) error {
		if q.Selector.Metric() == "none_total" {
			return errors.New("down")
		}
		return nil
	}
	a = fetch(t, store, Config{Evaluate: server.evaluate}, req, other)
	if a[0].Err != nil || a[1].Err == nil || a[1].Series != nil {
		t.Errorf("got errors %v and %v, want one of the second request", a[0].Err, a[1].Err)
	}
}

// The value of an expression is judged once a step, and is as old as two scrapes at most.
func TestExpressionValues(t *testing.T) {
	const query = "min by (instance) (probe_success)"
	sli := `{value: '` + query + `', good: ">= 1"}`
	for _, test := range []struct {
		step  time.Duration
		every time.Duration
		back  time.Duration
		want  string
	}{
		{0, 15 * time.Second, time.Minute, "0/2 1/2 1/1 1/1"},
		{time.Minute, 45 * time.Second, 90 * time.Second, "0/2 1/2 1/1 1/1"},
		{time.Minute, 2 * time.Minute, 4 * time.Minute, "1/2 1/1"},
	} {
		server := &canned{answers: map[string][]sampletest.Series{query: points(`{instance="a"} 1 1 0 NaN _
			{instance="b"} 1 1 1 0 -Inf`)}}
		store := sampletest.New(sampletest.Lines(noon.Add(-before), test.every, "probe_success 1x60")...)
		got := says(fetch(t, store, Config{Step: test.step, Evaluate: server.evaluate}, expressions(t, sli, 4))[0])
		if got != test.want || server.asked[0].Lookback != test.back {
			t.Errorf("every %v: got %s, looks back %v; want %s, %v", test.every, got, server.asked[0].Lookback, test.want, test.back)
		}
	}
}

// Replicas of a value are one event.
func TestExpressionValueReplicas(t *testing.T) {
	server := &canned{answers: map[string][]sampletest.Series{"max by (replica) (u)": points(`{replica="a"} 1 1 1 _ _
		{replica="b"} 1 1 _ 0 _`)}}
	a := fetch(t, lines("u 1x20"), Config{Evaluate: server.evaluate},
		expressions(t, `{value: 'max by (replica) (u)', good: ">= 1"}`, 4))[0]
	if got, want := says(a), "0/1 0/1 1/1 -"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// An expression without a point is 0 only if the metrics and labels that it names are there.
func TestExpressionMissing(t *testing.T) {
	const (
		nothing = "error: slo.yaml:1:7: the expression gives nothing, though there are series of r_total{code="
		part    = "}: another part of its sum or difference has none [prometheus/nothing]"
		filled  = "write (… or vector(0)) for parts that may have no series"
	)
	for _, test := range []struct{ name, bad, want, hint string }{
		{"no error yet", `increase(r_total{code="503"}[$step])`, "0/10 0/20 0/30", ""},
		{"no such metric", `increase(rr_total{code="500"}[$step])`,
			`error: slo.yaml:1:7: there is no metric "rr_total" in the time asked about [prometheus/metric]`, "did you mean r_total?"},
		{"no such label", `increase(r_total{status="500"}[$step])`,
			`error: slo.yaml:1:7: no series of r_total has a label "status" in the time asked about [prometheus/label]`, ""},
		{"one of two metrics", `increase(r_total{code="503"}[$step]) + increase(timeouts_total[$step])`,
			`error: slo.yaml:1:7: there is no metric "timeouts_total" in the time asked about [prometheus/metric]`, ""},
		{"one of two series", `sum(increase(r_total{code="500"}[$step])) + sum(increase(r_total{code="503"}[$step]))`, nothing + `"500"` + part, filled},
		{"none of two", `sum(increase(r_total{code="503"}[$step])) + sum(increase(r_total{code="504"}[$step]))`, "0/10 0/20 0/30", ""},
		{"one of all but others", `sum(increase(r_total{code=~".+"}[$step])) - sum(increase(r_total{code="503"}[$step]))`,
			strings.Replace(nothing, "=", "=~", 1) + `".+"` + part, filled},
		{"one of two that are filled in", `sum(increase(r_total{code="500"}[$step])) + (sum(increase(r_total{code="503"}[$step])) or vector(0))`,
			nothing + `"500"` + part, filled},
		{"two that are filled in", `(sum(increase(r_total{code="500"}[$step])) or vector(0)) + (sum(increase(r_total{code="503"}[$step])) or vector(0))`,
			"0/10 0/20 0/30", ""},
	} {
		server := &canned{answers: map[string][]sampletest.Series{ofTotal: points("{} 0 10 20 30")}}
		sli := fmt.Sprintf(`{bad: '%s', total: 'increase(r_total[$step])'}`, test.bad)
		a := fetch(t, lines(scraped15), Config{Evaluate: server.evaluate}, expressions(t, sli, 3))[0]
		if got := says(a); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
		var list diag.List
		if test.hint != "" && (!errors.As(a.Err, &list) || list[0].Hint != test.hint) {
			t.Errorf("%s: no hint %q in %+v", test.name, test.hint, list)
		}
	}
}

// A number that stands in for what is missing hides no metric or label that is not there.
func TestExpressionFilled(t *testing.T) {
	const (
		metric = `error: slo.yaml:1:%s: there is no metric "rr_total" in the time asked about [prometheus/metric]`
		label  = `error: slo.yaml:1:7: no series of r_total has a label "status" in the time asked about [prometheus/label]`
		fine   = `increase(r_total[$step])`
	)
	for _, test := range []struct{ name, bad, total, want string }{
		{"it is there", `increase(r_total{code="503"}[$step]) or vector(0)`, fine, "0/10 0/20 0/30"},
		{"no such metric", `increase(rr_total{code="500"}[$step]) or vector(0)`, fine, fmt.Sprintf(metric, "7")},
		{"with on()", `sum(increase(rr_total[$step])) or on() vector(0)`, fine, fmt.Sprintf(metric, "7")},
		{"the other way round", `vector(0) or sum(increase(rr_total[$step]))`, fine, fmt.Sprintf(metric, "7")},
		{"within a sum", `sum(increase(r_total{code="500"}[$step]) or vector(0)) + (sum(increase(rr_total[$step])) or vector(0))`,
			fine, fmt.Sprintf(metric, "7")},
		{"no such label", `increase(r_total{status="500"}[$step]) or vector(0)`, fine, label},
		{"of all events", `increase(r_total{code="503"}[$step])`, `increase(rr_total[$step]) or vector(0)`, fmt.Sprintf(metric, "54")},
		{"times nothing", `increase(rr_total[$step]) or 0 * increase(r_total[$step])`, fine, fmt.Sprintf(metric, "7")},
		{"less itself", `sum(increase(rr_total[$step])) or sum(increase(r_total[$step]) - increase(r_total[$step]))`, fine, fmt.Sprintf(metric, "7")},
		{"told by their absence", `increase(rr_total[$step]) or absent(rr_total) * 0`, fine, fmt.Sprintf(metric, "7")},
		{"all events", `increase(r_total[$step]) - increase(rr_total[$step]) or increase(r_total[$step])`, fine, fmt.Sprintf(metric, "7")},
		{"no more than nothing", `increase(rr_total[$step]) or clamp_max(increase(r_total[$step]), 0)`, fine, fmt.Sprintf(metric, "7")},
		{"the name before", `increase(rr_total{code="500"}[$step]) or increase(r_total{code="503"}[$step])`, fine, "0/10 0/20 0/30"},
		{"a label of a number", `increase(rr_total[$step]) or label_replace(vector(0), "a", "b", "", "")`, fine, fmt.Sprintf(metric, "7")},
		{"no number stands in", `increase(r_total{code="503"}[$step]) or increase(rr_total[$step])`, fine, "0/10 0/20 0/30"},
		{"bad ones spared", `increase(r_total{code="503"}[$step]) unless rr_total`, fine, "0/10 0/20 0/30"},
	} {
		server := &canned{answers: map[string][]sampletest.Series{}}
		sli := fmt.Sprintf(`{bad: '%s', total: '%s'}`, test.bad, test.total)
		req := expressions(t, sli, 3)
		at := func(text string) string { return strings.ReplaceAll(text, "$step", "1m") }
		server.answers[at(test.bad)], server.answers[at(test.total)] = points("{} 0 0 0 0"), points("{} 0 10 20 30")
		a := fetch(t, lines(scraped15), Config{Evaluate: server.evaluate}, req)[0]
		if got := says(a); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

// Good events are all those that no other series takes away, where there are any such series.
func TestExpressionSpares(t *testing.T) {
	const all = `increase(r_total[$step])`
	for _, test := range []struct{ name, good, want string }{
		{"it is there", all + ` unless r_total{code="500"}`, "0/10 0/20"},
		{"no such metric", all + ` unless rr_total{code="500"}`,
			`error: slo.yaml:1:8: there is no metric "rr_total" in the time asked about [prometheus/metric]`},
		{"no such label", all + ` unless r_total{status="500"}`,
			`error: slo.yaml:1:8: no series of r_total has a label "status" in the time asked about [prometheus/label]`},
		{"a number", all + ` unless vector(1) > 2`, "0/10 0/20"},
		{"all spare it", all + ` unless rr_total` + "|" + all + ` unless rr_total`, "0/10 0/20"},
	} {
		good, total, both := strings.Cut(test.good, "|")
		if !both {
			total = all
		}
		at := func(text string) string { return strings.ReplaceAll(text, "$step", "1m") }
		server := &canned{answers: map[string][]sampletest.Series{at(total): points("{} 0 10 20"), at(good): points("{} 0 10 20")}}
		req := expressions(t, fmt.Sprintf(`{good: '%s', total: '%s'}`, good, total), 2)
		a := fetch(t, lines(scraped15), Config{Evaluate: server.evaluate}, req)[0]
		if got := says(a); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

// A label that no series has leaves nothing out: where it alone tells the good or the bad
// events from all, all are, and nobody can tell.
func TestExpressionLeavesOut(t *testing.T) {
	const (
		all   = `increase(r_total[$step])`
		wrong = `error: slo.yaml:1:7: no series of r_total has a label "codee" in the time asked about [prometheus/label]`
	)
	for _, test := range []struct{ name, bad, total, want string }{
		{"it is there", `increase(r_total{code!~"2.."}[$step])`, all, "0/10 0/20"},
		{"it is not", `increase(r_total{codee!~"2.."}[$step])`, all, wrong},
		{"both use it", `increase(r_total{code="500",codee!~"2.."}[$step])`, `increase(r_total{codee!~"2.."}[$step])`, "0/10 0/20"},
		{"another label tells them", `increase(r_total{code="500",codee!="x"}[$step])`, all, "0/10 0/20"},
		{"another metric does", `increase(f_total{codee!="x"}[$step])`, all, "0/10 0/20"},
		{"beside a number", `sum(increase(r_total{codee!="x"}[$step])) or vector(0)`, all, wrong},
	} {
		at := func(text string) string { return strings.ReplaceAll(text, "$step", "1m") }
		server := &canned{answers: map[string][]sampletest.Series{at(test.total): points("{} 0 10 20"), at(test.bad): points("{} 0 0 0")}}
		req := expressions(t, fmt.Sprintf(`{bad: '%s', total: '%s'}`, test.bad, test.total), 2)
		a := fetch(t, lines(scraped15+"\nf_total 0+1x40"), Config{Evaluate: server.evaluate}, req)[0]
		if got := says(a); got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
		var list diag.List
		if errors.As(a.Err, &list) && !strings.Contains(list[0].Hint, `did you mean "code"?`) {
			t.Errorf("%s: hint %q", test.name, list[0].Hint)
		}
	}
}

// One query is asked once for all who want it, each of whom gets the points of its own time;
// an error is that of its own requests.
func TestExpressionQueries(t *testing.T) {
	server := &canned{answers: map[string][]sampletest.Series{
		ofBad: points(`{code="500"} 9 1 2 3 4 5`), ofTotal: points("{} 90 10 20 30 40 50"),
	}, fail: map[string]error{"increase(g_total[1m])": &sources.Error{Class: sources.Temporary, Err: errors.New("down")}}}
	late := expressions(t, increases, 5)
	late.Period.Start = noon.Add(3 * time.Minute)
	other := expressions(t, `{good: 'increase(g_total[$step])', total: 'increase(r_total[$step])'}`, 2)
	var got []string
	for _, a := range fetch(t, lines(scraped15), Config{Evaluate: server.evaluate}, expressions(t, increases, 2), late, other) {
		got = append(got, fmt.Sprint(a.Request, " ", says(a), " ", sources.ClassOf(a.Err)))
	}
	if text, want := strings.Join(got, ";"), "0 1/10 2/20 ;1 4/40 5/50 ;2 error: asked for increase(g_total[1m]): down temporary"; text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	if n := len(server.asked); n != 3 {
		t.Errorf("%d evaluations of three expressions: %+v", n, server.asked)
	}
}

// Nothing is asked about a time after the instant; what the last scrape may still change is
// not final.
func TestExpressionAt(t *testing.T) {
	c := Config{At: noon.Add(2*time.Minute + 7*time.Second)}
	server := &canned{answers: map[string][]sampletest.Series{
		ofBad: points(`{code="500"} 9 1 2 3`), ofTotal: points("{} 90 10 20 30"),
	}}
	c.Evaluate = server.evaluate
	a := fetch(t, lines(scraped15), c, expressions(t, increases, 3))[0]
	if got, want := says(a), "1/10 2/20 -"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, e := range server.asked {
		if e.To > c.At.UnixMilli() {
			t.Errorf("asked until %s", stamp(e.To))
		}
	}
	end := noon.Add(2 * time.Minute)
	if !a.Newest.Equal(end) || !a.Series.Newest.Equal(end) || !a.Series.Oldest.Equal(noon.Add(-time.Minute)) ||
		!a.Complete.Equal(c.At.Add(-15*time.Second)) {
		t.Errorf("oldest %v, newest %v, complete %v", a.Series.Oldest, a.Newest, a.Complete)
	}
	c.At = noon.Add(-2 * time.Hour)
	if got := says(fetch(t, lines(scraped15), c, expressions(t, increases, 1))[0]); !strings.HasPrefix(got, "-") {
		t.Errorf("before the period: got %s", got)
	}
}

// The digest is that of the points, in whatever order they come, and the name of an input is
// what was asked, in a line.
func TestExpressionDigest(t *testing.T) {
	inputs := func(seed uint64, block int, total string) string {
		server := &canned{answers: map[string][]sampletest.Series{
			ofBad: points(`{code="500"} 9 1 2 3`), ofTotal: points(total),
		}, seed: seed, block: block}
		sli := "bad: 'increase(r_total{code=\"500\"}[$step])'\ntotal: >\n  increase(r_total\n    [$step])\n"
		server.answers["increase(r_total\n  [1m])\n"] = server.answers[ofTotal]
		a := fetch(t, lines(scraped15), Config{Digest: true, Evaluate: server.evaluate}, expressions(t, sli, 3))[0]
		if len(a.Inputs) != 2 || a.Inputs[0].Name != ofBad || a.Inputs[1].Name != "increase(r_total [1m])" ||
			a.Inputs[1].Rows != 4 || len(a.Inputs[1].Digest) != len("sha256:")+64 {
			t.Fatalf("inputs %+v", a.Inputs)
		}
		return fmt.Sprint(a.Inputs)
	}
	first := inputs(1, 2, "{} 90 10 20 30")
	for seed := range uint64(5) {
		if got := inputs(seed, int(seed)+1, "{} 90 10 20 30"); got != first {
			t.Errorf("in another order: %s, first %s", got, first)
		}
	}
	if inputs(1, 2, "{} 90 10 20 31") == first {
		t.Error("another count has the same digest")
	}
}

// twinOf counts slowly what an answer of increases says: by label set, minute and role.
func twinOf(all []sampletest.Series, pod string, minute int) (n *big.Rat, failed bool) {
	byPod := map[string]*big.Rat{} // of several replicas the most
	nan := map[string]bool{}
	for _, s := range all {
		key := s.Labels.Get("pod")
		if pod != "*" && key != pod {
			continue
		}
		group := key + s.Labels.Get("code")
		for i, at := range s.Times {
			switch v := s.Values[i]; {
			case at != noon.Add(time.Duration(minute+1)*time.Minute).UnixMilli():
			case math.IsNaN(v) && s.Labels.Get("replica") == "":
				failed = true
			case math.IsNaN(v):
				nan[group] = true
			default:
				r := nearest6(math.Max(v, 0))
				if s.Labels.Get("replica") == "" { // it stands alone
					group += s.Labels.String()
				}
				if byPod[group] == nil || r.Cmp(byPod[group]) > 0 {
					byPod[group] = r
				}
			}
		}
	}
	for group, r := range byPod {
		if n == nil {
			n = new(big.Rat)
		}
		n.Add(n, r)
		delete(nan, group)
	}
	return n, failed || len(nan) > 0
}

// drawnPoints draws what a server answers to an expression.
func drawnPoints(r *rapid.T, most int) (all []sampletest.Series) {
	for _, pod := range []string{"a", "b"} {
		for _, code := range []string{"200", "500"} {
			for _, replica := range rapid.SampledFrom([][]string{{}, {""}, {"1"}, {"1", "2"}}).Draw(r, "replicas") {
				s := sampletest.Series{Labels: sampletest.Labels("", "pod", pod, "code", code, "replica", replica)}
				for minute := range 12 {
					v := float64(rapid.IntRange(0, most).Draw(r, "count"))
					switch rapid.IntRange(0, 12).Draw(r, "what") {
					case 0:
						continue
					case 1:
						v = math.NaN()
					case 2:
						v = rapid.Float64Range(0, 50).Draw(r, "fraction")
					case 3:
						v = -rapid.Float64Range(0, 4.9e-7).Draw(r, "less than nothing")
					}
					s.Times = append(s.Times, noon.Add(time.Duration(minute-1)*time.Minute).UnixMilli())
					s.Values = append(s.Values, v)
				}
				all = append(all, s)
			}
		}
	}
	return all
}

// Good and bad events, which are never too many, are what the twin counts.
func TestExpressionTwin(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		good, bad := drawnPoints(r, 1000), drawnPoints(r, 1000)
		server := &canned{answers: map[string][]sampletest.Series{`increase(r_total{code="200"}[1m])`: good, ofBad: bad},
			seed: rapid.Uint64().Draw(r, "order"), block: rapid.IntRange(1, 12).Draw(r, "block")}
		var per []string
		if rapid.Bool().Draw(r, "split") {
			per = []string{"pod"}
		}
		req := expressions(t, `{good: 'increase(r_total{code="200"}[$step])', bad: 'increase(r_total{code="500"}[$step])'}`, 8, per...)
		at := noon.Add(time.Duration(rapid.IntRange(-1, 9).Draw(r, "at")) * time.Minute)
		for _, a := range fetch(t, lines(scraped15), Config{At: at, Evaluate: server.evaluate}, req) {
			if a.Err != nil {
				r.Fatal(a.Err)
			}
			pod := "*"
			if a.Labels != nil {
				pod = a.Labels["pod"]
			}
			var want []string
			for minute := range 8 {
				g, failedG := twinOf(good, pod, minute)
				b, failedB := twinOf(bad, pod, minute)
				if failedG || failedB || g == nil && b == nil || noon.Add(time.Duration(minute+1)*time.Minute).After(at) {
					want = append(want, "-")
					continue
				}
				sum := new(big.Rat)
				for _, n := range []*big.Rat{g, b} {
					if n != nil {
						sum.Add(sum, n)
					}
				}
				if b == nil {
					b = new(big.Rat)
				}
				want = append(want, slo.NumberRat(b).String()+"/"+slo.NumberRat(sum).String())
			}
			if got := sourcetest.Counts(a.Series); got != strings.Join(want, " ") {
				r.Fatalf("%s:\ngot  %s\nwant %s", pod, got, want)
			}
		}
	})
}

// half asks for a count that has a source of its own.
func half(t testing.TB, sli string, count spec.Count, minutes int) sources.Request {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", sli, ".")
	if err != nil {
		t.Fatal(err)
	}
	b.Count = count
	if findings := CheckQueries(b, "prometheus", nil); findings.Errors() {
		t.Fatal(findings)
	}
	return sources.Request{SLI: b, Count: count, Step: time.Minute,
		Period: slo.Period{Start: noon, End: noon.Add(time.Duration(minutes) * time.Minute)}}
}

// A count with a source of its own is 0 where it has no sample and its metric is there: the
// other source knows where that is. It is never more than the metric was seen.
func TestHalves(t *testing.T) {
	at := func(d time.Duration) string { return noon.Add(d).Format(time.TimeOnly) }
	const few = `r_total{code="200"} 0+10x20
		r_total{code="500"} 0+1x14
		dead_total{code="200"} 0+1x6
		over_total{code="200"} 0+1x6 _x4 stale`
	for _, test := range []struct {
		name, sli   string
		count       spec.Count
		want, until string
	}{
		{"no error yet", `{counter: 'r_total{code="503"}'}`, spec.Bad, "- - -", at(3 * time.Minute)},
		{"no good one", `{counter: 'r_total{code="503"}'}`, spec.Good, "- - -", at(3 * time.Minute)},
		{"errors that ended", `{counter: 'r_total{code="500"}'}`, spec.Bad, "0/4 0/2 -", at(3 * time.Minute)},
		{"all events are no zero", `{counter: 'r_total{code="503"}'}`, spec.Total, "- - -", ""},
		{"a metric that is gone", `{counter: 'dead_total{code="503"}'}`, spec.Bad, "- - -", at(0)},
		{"a marker is no sample of it", `{counter: 'over_total{code="503"}'}`, spec.Bad, "- - -", at(0)},
		{"no such metric", `{counter: 'none_total{code="503"}'}`, spec.Bad, "- - - metric", ""},
		{"no such label", `{counter: 'r_total{status="503"}'}`, spec.Bad, "- - - label", ""},
		{"a query", `{query: 'increase(r_total{code="503"}[$step])'}`, spec.Bad, "- - -", at(3 * time.Minute)},
		{"a query with points", `{query: 'increase(r_total{code="500"}[$step])'}`, spec.Bad, "0/1 - -", at(3 * time.Minute)},
		{"a query of what is not there", `{query: 'increase(r_total{status="500"}[$step])'}`, spec.Bad, "- - - label", ""},
	} {
		server := &canned{answers: map[string][]sampletest.Series{ofBad: points(`{code="500"} 2 1`)}}
		a := fetch(t, lines(few), Config{At: noon.Add(3 * time.Minute), Evaluate: server.evaluate}, half(t, test.sli, test.count, 3))[0]
		until := ""
		if !a.ZeroUntil.IsZero() {
			until = a.ZeroUntil.Format(time.TimeOnly)
		}
		if got := says(a); got != test.want || until != test.until {
			t.Errorf("%s: got %s, zero until %q; want %s, %q", test.name, got, until, test.want, test.until)
		}
	}
}

// What is no count of a half is refused offline, with what to write.
func TestHalvesOffline(t *testing.T) {
	for _, test := range []struct {
		sli   string
		count spec.Count
		want  string
	}{
		{`{query: 'increase(r_total[$step])'}`, "", `1:9: query stands alone: it may be the good, the bad or all events; ` +
			`write bad: and total: with PromQL, or good in the place of one of them`},
		{`{query: 'increase(r_total[$step])', counter: r_total}`, spec.Bad, `1:37: counter stands beside query: an sli counts one of them; make two SLOs of it`},
		{`{query: 'increase(r_total[$step])', total: 'increase(r_total[$step])'}`, spec.Bad, `1:44: total stands beside query, which says what bad events are; `},
		{`{query: 'rate(r_total[$step])'}`, spec.Bad, `1:10: rate() is per second: no count of events; write increase(r_total[$step])`},
		{`{query: 'increase(r_total[$step]'}`, spec.Bad, ""},
		{`{source: prom}`, spec.Bad, `1:1: nothing tells how bad events are counted; add counter: with a selector, or query: with PromQL`},
		{`{query: 'increase(r_total[$step])'}`, spec.Total, `1:10: increase() extrapolates, and loses what happens between two buckets: ` +
			`a burst of one scrape can vanish; for exact counts write counter: 'r_total'`},
	} {
		b, err := spec.ParseBlock("slo.yaml", test.sli, ".")
		if err != nil {
			t.Fatal(err)
		}
		b.Count = test.count
		findings := CheckQueries(b, "prometheus", nil)
		if len(findings) == 0 {
			t.Errorf("%s: no finding", test.sli)
			continue
		}
		f := findings[0]
		got := fmt.Sprintf("%d:%d: %s; %s", f.Pos.Line, f.Pos.Col, f.Message, f.Hint)
		if test.want != "" && got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.sli, got, test.want)
		}
	}
}

// A step that the source says is asked about too: it becomes longer where scrapes are further
// apart, and a warning tells where increase() finds less than two in it. Where nobody can
// say how far, it stays what it is.
func TestThinStep(t *testing.T) {
	const apart = "a step of %s holds less than two scrapes, which are %s apart: increase() finds nothing in it, or a part"
	sums := `{bad: 'sum_over_time(b[$step])', total: 'sum_over_time(r[$step])'}`
	for _, test := range []struct {
		name, sli   string
		every, step time.Duration
		fails       bool
		want        time.Duration
		says        string
	}{
		{"four scrapes", increases, 15 * time.Second, time.Minute, false, time.Minute, ""},
		{"two scrapes", increases, 30 * time.Second, time.Minute, false, time.Minute, ""},
		{"one scrape", increases, time.Minute, time.Minute, false, time.Minute, fmt.Sprintf(apart, "1m", "1m")},
		{"less", increases, 5 * time.Minute, time.Minute, false, 5 * time.Minute, fmt.Sprintf(apart, "5m", "5m")},
		{"one is enough for a sum", sums, time.Minute, time.Minute, false, time.Minute, ""},
		{"the store fails", increases, 5 * time.Minute, time.Minute, true, time.Minute, ""},
		{"streams of Loki", `{bad: 'count_over_time({app="b"}[$step])', total: 'count_over_time({app="a"}[$step])'}`,
			5 * time.Minute, time.Minute, true, time.Minute, ""},
	} {
		store := sampletest.New(sampletest.Lines(noon.Add(-before), test.every, "r 0+1x200\nr_total 0+1x200\nb 0+1x200\nb_total 0+1x200")...)
		if test.fails {
			store.Fail = func(sample.Query) error { return errors.New("no samples here") }
		}
		server := &canned{}
		a := fetch(t, store, Config{Step: test.step, Evaluate: server.evaluate}, expressions(t, test.sli, 60))[0]
		var says []string
		for _, n := range a.Notes {
			if n.Code == "prometheus/step" {
				says = append(says, n.Message)
			}
		}
		if len(server.asked) == 0 || server.asked[0].Step != test.want || strings.Join(says, "; ") != test.says {
			t.Errorf("%s: %v, %q, asked %+v", test.name, a.Err, says, server.asked)
		}
		if strings.Contains(test.name, "Loki") && len(store.Asked) > 0 {
			t.Errorf("%s: asked for samples: %v", test.name, store.Asked)
		}
	}
}

// Series that are scraped more rarely than most are told of: increase() finds nothing of them.
func TestSlowSeries(t *testing.T) {
	for _, test := range []struct{ name, slow, says string }{
		{"all alike", "0+1x400", ""},
		{"one each five minutes", strings.Repeat("1 _x9 ", 40), "a step of 2m holds less than two scrapes of some series, which are 5m apart: increase() finds nothing in it, or a part"},
		{"one each minute", strings.Repeat("1 _x1 ", 200), ""},
	} {
		text := "r_total{job=\"a\"} 0+1x400\nr_total{job=\"b\"} 0+1x400\nr_total{job=\"c\"} " + test.slow
		store := sampletest.New(sampletest.Lines(noon.Add(-before), 30*time.Second, text)...)
		server := &canned{}
		a := fetch(t, store, Config{Evaluate: server.evaluate}, expressions(t, increases, 60))[0]
		says := ""
		for _, n := range a.Notes {
			if n.Code == "prometheus/step" {
				says += n.Message
			}
		}
		if says != test.says || len(server.asked) == 0 || server.asked[0].Step != 2*time.Minute {
			t.Errorf("%s: %v, %q, asked %+v", test.name, a.Err, says, server.asked)
		}
	}
}

// A sum over replicas counts each event as often as there are, which a warning says: the
// server is asked where a sum drops their labels, and not where something else takes one.
func TestReplicasInSums(t *testing.T) {
	const asked = "max(count without (prometheus_replica, replica, __replica__) (r_total))"
	all := `sum(increase(r_total[1m]))`
	for _, test := range []struct {
		name, total string
		copies      float64
		asks        bool
		says        string
	}{
		{"two", all, 2, true, "a sum adds up series that differ in a label of replicas alone: up to 2 count each event"},
		{"one", all, 1, true, ""},
		{"nobody knows", all, 0, true, ""},
		{"by the job", `sum by (job) (increase(r_total[1m]))`, 2, true, "a sum adds up series that differ in a label of replicas alone: up to 2 count each event"},
		{"the larger one", `sum(max without (prometheus_replica, replica, __replica__) (increase(r_total[1m])))`, 2, false, ""},
		{"of one replica", `sum(increase(r_total{replica="a"}[1m]))`, 2, false, ""},
		{"by the replica", `sum by (replica) (increase(r_total[1m]))`, 2, false, ""},
		{"no sum", `increase(r_total[1m])`, 2, false, ""},
	} {
		points := []sampletest.Series{{Labels: sampletest.Labels(""), Times: []int64{noon.Add(time.Minute).UnixMilli()}, Values: []float64{9}}}
		server := &canned{answers: map[string][]sampletest.Series{test.total: points}}
		at := noon.Add(time.Hour).UnixMilli()
		if test.copies > 0 {
			server.answers[asked] = []sampletest.Series{{Labels: sampletest.Labels(""), Times: []int64{at}, Values: []float64{test.copies}}}
		}
		text := strings.ReplaceAll(test.total, "[1m]", "[$step]")
		sli := fmt.Sprintf("{bad: 'sum(increase(b_total{replica=\"a\"}[$step]))', total: '%s'}", text)
		store := sampletest.New(sampletest.Lines(noon.Add(-before), 15*time.Second, "r_total 0+1x300\nb_total{replica=\"a\"} 0+1x300")...)
		a := fetch(t, store, Config{Step: time.Minute, Evaluate: server.evaluate}, expressions(t, sli, 60))[0]
		says := ""
		for _, n := range a.Notes {
			if n.Code == "prometheus/replica" {
				says += n.Message
			}
		}
		asks := slices.ContainsFunc(server.asked, func(e Evaluation) bool { return e.Query == asked })
		if a.Err != nil || says != test.says || asks != test.asks {
			t.Errorf("%s: %v, asks %v, says %q, asked %+v", test.name, a.Err, asks, says, server.asked)
		}
	}
}

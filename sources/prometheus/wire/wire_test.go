package wire_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/wire"
	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
)

// client returns a client of a server, that does not wait.
func client(t *testing.T, s *wiretest.Server) *wire.Client {
	t.Helper()
	return wire.New(config(t, s))
}

func config(t *testing.T, s *wiretest.Server) wire.Config {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	rt := &http.Transport{}
	t.Cleanup(rt.CloseIdleConnections)
	return wire.Config{
		URL: u, HTTP: rt, Parallel: 3,
		Pause: func(context.Context, int) error { return nil },
	}
}

// start is where series begin: a whole day.
const start = 20_000 * 86_400_000

// counter returns a series of n samples, one each step milliseconds, that grows by by.
func counter(n int, step int64, by float64, labels ...string) wiretest.Series {
	out := wiretest.Series{Labels: labelled(labels...)}
	for i := range n {
		out.Times = append(out.Times, start+int64(i)*step)
		out.Values = append(out.Values, float64(i)*by)
	}
	return out
}

func labelled(pairs ...string) sample.Labels {
	var out sample.Labels
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, sample.Label{Name: pairs[i], Value: pairs[i+1]})
	}
	slices.SortFunc(out, func(a, b sample.Label) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// gathered are the points that were handed over, by query and labels, in order of time.
type gathered map[string]map[int64]float64

// take fails the test where a point comes twice, a block is too large, or the number of a
// series is not that of its labels.
func (g gathered) take(t *testing.T) func(int, sample.Block) error {
	numbers := map[string]string{}
	return func(query int, b sample.Block) error {
		name := fmt.Sprintf("%d %s", query, b.Labels)
		number := fmt.Sprintf("%d %d", query, b.Series)
		if known, ok := numbers[number]; ok && known != name {
			t.Errorf("series %s is %s and %s", number, known, name)
		}
		numbers[number] = name
		if len(b.Times) == 0 || len(b.Times) > 1024 || len(b.Values) != len(b.Times) {
			t.Errorf("a block of %d times and %d values", len(b.Times), len(b.Values))
		}
		if g[name] == nil {
			g[name] = map[int64]float64{}
		}
		for i, at := range b.Times {
			if _, twice := g[name][at]; twice {
				t.Fatalf("%s: two points at %d", name, at)
			}
			g[name][at] = b.Values[i]
		}
		return nil
	}
}

// want returns what a series of query 0 should be.
func (g gathered) want(t *testing.T, query int, s wiretest.Series) {
	t.Helper()
	want := map[int64]float64{}
	for i, at := range s.Times {
		want[at] = s.Values[i]
	}
	name := fmt.Sprintf("%d %s", query, s.Labels)
	if got := g[name]; !maps.EqualFunc(got, want, same) {
		t.Errorf("%s: got %d points, want %d", name, len(got), len(want))
	}
}

func same(a, b float64) bool { return a == b || a != a && b != b && sample.Stale(a) == sample.Stale(b) }

// Whatever number of points a server allows, and whether it says so or not, each point
// comes once.
func TestRange(t *testing.T) {
	const n = 43_200
	a, b := counter(n, 60_000, 1, "job", "a"), counter(n, 60_000, 0.1, "job", "b")
	b.Times, b.Values = b.Times[30_000:], b.Values[30_000:] // it appears late
	for _, c := range []struct {
		name     string
		change   func(*wiretest.Server)
		requests int
	}{
		{"Prometheus", func(*wiretest.Server) {}, 4},
		{"VictoriaMetrics", func(s *wiretest.Server) { s.Victoria, s.Points = true, 30_000 }, 4},
		{"a limit of its own", func(s *wiretest.Server) { s.Points = 9_000 }, 0},
		{"a small limit", func(s *wiretest.Server) { s.Points, s.Victoria = 700, true }, 0},
		{"GET alone", func(s *wiretest.Server) { s.GetOnly = true }, 0},
	} {
		s := wiretest.New(t)
		s.Answers = map[string][]wiretest.Series{"up": {a, b}}
		c.change(s)
		wired := client(t, s)
		query := wire.Range{Query: "up", From: start, To: start + (n-1)*60_000, Step: time.Minute}
		for range 2 {
			before := len(s.Asked())
			got := gathered{}
			if _, err := wired.Range(t.Context(), []wire.Range{query}, got.take(t)); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			got.want(t, 0, a)
			got.want(t, 0, b)
			if asked := len(s.Asked()) - before; c.requests > 0 && asked != c.requests {
				t.Errorf("%s: %d requests, want %d", c.name, asked, c.requests)
			}
		}
	}
}

// What a client learned of a server it does not ask again.
func TestRangeRemembers(t *testing.T) {
	s := wiretest.New(t)
	s.Answers = map[string][]wiretest.Series{"up": {counter(1_000, 60_000, 1)}}
	s.Points = 100
	wired := client(t, s)
	query := wire.Range{Query: "up", From: start, To: start + 999*60_000, Step: time.Minute}
	var asked []int
	for range 2 {
		before := len(s.Asked())
		if _, err := wired.Range(t.Context(), []wire.Range{query}, gathered{}.take(t)); err != nil {
			t.Fatal(err)
		}
		asked = append(asked, len(s.Asked())-before)
	}
	if want := []int{11, 10}; !slices.Equal(asked, want) {
		t.Errorf("asked %d times, want %d", asked, want)
	}
	for _, request := range s.Asked() {
		for _, part := range []string{"POST /prefix/api/v1/query_range ", "step=60", "dedup=true", "partial_response=false", "max_source_resolution=0s"} {
			if !strings.Contains(request, part) {
				t.Errorf("%s: has no %s", request, part)
			}
		}
	}
}

// One query that cannot be answered says so, and the others are answered.
func TestRangeOfSeveral(t *testing.T) {
	s := wiretest.New(t)
	good := counter(20_000, 1_000, 1, "job", "a")
	s.Answers = map[string][]wiretest.Series{"up": {good}}
	s.Warnings, s.Infos = []string{"half is\nmissing \x1b[31m", "half is\nmissing \x1b[31m"}, []string{"no counter"}
	query := func(text string) wire.Range {
		return wire.Range{Query: text, From: start, To: start + 19_999_000, Step: time.Second}
	}
	got := gathered{}
	told, err := client(t, s).Range(t.Context(), []wire.Range{query("up"), query("sum("), query("up")}, got.take(t))
	got.want(t, 0, good)
	got.want(t, 2, good)
	var failed *sample.QueryError
	if !errors.As(err, &failed) || failed.Query != 1 || sources.ClassOf(err) != sources.Cannot ||
		err.Error() != `answers 400 Bad Request: bad_data: invalid parameter "query": this server cannot evaluate "sum("` {
		t.Errorf("got %v", err)
	}
	if w, i := told[0].Warnings, told[2].Infos; !slices.Equal(w, []string{`half is missing \x1b[31m`}) ||
		!slices.Equal(i, []string{"no counter"}) {
		t.Errorf("told %q and %q", w, i)
	}
}

// A query that is too much for a server is asked for in smaller parts, in each way.
func TestTooMuch(t *testing.T) {
	s := wiretest.New(t)
	s.Samples = 500
	series := counter(4_000, 15_000, 1, "__name__", "x_total")
	s.Series = []wiretest.Series{series}
	got := gathered{}
	if err := client(t, s).Samples(nil).Select(t.Context(), whole("x_total", 0), got.take(t)); err != nil {
		t.Error(err)
	}
	got.want(t, 0, series)

	s.Samples = 1 // no range is small enough
	err := client(t, s).Samples(nil).Select(t.Context(), whole("x_total", 0), gathered{}.take(t))
	if err == nil || !strings.Contains(err.Error(), "too many samples") || len(s.Asked()) > 400 {
		t.Errorf("got %v after %d requests", err, len(s.Asked()))
	}
}

// whole asks for the first two days of a metric, from after on.
func whole(metric string, after int64) []sample.Query {
	m, err := sample.NewMatcher(sample.MetricName, sample.Equal, metric)
	if err != nil {
		panic(err)
	}
	return []sample.Query{{Selector: sample.Selector{m}, From: start + after, To: start + 2*86_400_000}}
}

// What a server says beside an answer is told of the query that it answers, of two of one
// selector too.
func TestHear(t *testing.T) {
	for name, open := range map[string]func(*wire.Client, wire.Hear) *wire.Store{
		"instant": (*wire.Client).Samples, "export": (*wire.Client).Export,
	} {
		s := wiretest.New(t)
		s.Victoria, s.Warnings = name == "export", []string{"odd"}
		s.Series = []wiretest.Series{counter(100, 15_000, 1, "__name__", "x_total")}
		queries := append(whole("x_total", 0), whole("x_total", 86_400_000)...)
		heard := map[int]bool{}
		store := open(client(t, s), func(query int, t wire.Told) { heard[query] = len(t.Warnings) == 1 })
		err := store.Series(t.Context(), queries[1:], func(int, sample.Labels) error { return nil })
		if err != nil || !maps.Equal(heard, map[int]bool{0: true}) {
			t.Errorf("%s: heard %v, %v", name, heard, err)
		}
		clear(heard)
		err = store.Select(t.Context(), queries, func(int, sample.Block) error { return nil })
		want := map[int]bool{0: true, 1: true}
		if name == "export" { // whose lines say nothing beside
			want = map[int]bool{}
		}
		if err != nil || !maps.Equal(heard, want) {
			t.Errorf("%s: heard %v, %v", name, heard, err)
		}
	}
}

// The samples of a selector are the same from every store, but that instant queries
// have no staleness markers.
func TestSelect(t *testing.T) {
	series := counter(5_000, 15_000, 3, "__name__", "x_total", "job", `a"\`)
	other := counter(100, 1_000, 1, "__name__", "x_total", "job", "b")
	series.Values[2_000] = sample.StaleMarker()
	without := series
	without.Times = slices.Delete(slices.Clone(series.Times), 2_000, 2_001)
	without.Values = slices.Delete(slices.Clone(series.Values), 2_000, 2_001)
	for _, c := range []struct {
		name   string
		change func(*wiretest.Server)
		store  func(*wire.Client, wire.Hear) *wire.Store
		want   wiretest.Series
	}{
		{"left-open", func(*wiretest.Server) {}, (*wire.Client).Samples, without},
		{"closed", func(s *wiretest.Server) { s.Closed = true }, (*wire.Client).Samples, without},
		{"export", func(s *wiretest.Server) { s.Victoria = true }, (*wire.Client).Export, series},
	} {
		s := wiretest.New(t)
		s.Series = []wiretest.Series{series, other, counter(10, 1_000, 1, "__name__", "y_total")}
		c.change(s)
		store := c.store(client(t, s), nil)
		got := gathered{}
		if err := store.Select(t.Context(), append(whole("x_total", 0), whole("y_total", 5_000)...), got.take(t)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		got.want(t, 0, c.want)
		got.want(t, 0, other)
		if y := got[`1 y_total`]; len(y) != 5 { // from the sixth on, that one included
			t.Errorf("%s: got %d of y_total", c.name, len(y))
		}
		var names []string
		err := store.Series(t.Context(), whole("x_total", 0), func(_ int, l sample.Labels) error {
			names = append(names, l.String())
			return nil
		})
		slices.Sort(names)
		if want := []string{`x_total{job="a\"\\"}`, `x_total{job="b"}`}; err != nil || !slices.Equal(names, want) {
			t.Errorf("%s: got series %q, %v", c.name, names, err)
		}
		metrics, err := store.Names(t.Context(), start, start+1_000_000)
		if err != nil || !slices.Equal(metrics, []string{"x_total", "y_total"}) {
			t.Errorf("%s: got names %q, %v", c.name, metrics, err)
		}
	}
}

// What a server is.
func TestFacts(t *testing.T) {
	s := wiretest.New(t)
	wired := client(t, s)
	for _, c := range []struct {
		change func()
		want   bool
	}{
		{func() {}, false}, {func() { s.Closed = true }, false}, {func() { s.Victoria = true }, true},
	} {
		c.change()
		if got, err := wired.Exports(t.Context()); got != c.want || err != nil {
			t.Errorf("got %t, %v, want %t", got, err, c.want)
		}
	}
	err := wired.Samples(nil).Select(t.Context(), whole("up", 0), func(int, sample.Block) error { return nil })
	if err != nil {
		t.Error(err)
	}
	for _, request := range s.Asked() { // facts are not to be had by POST, queries still are
		if post := strings.HasPrefix(request, "POST "); post != strings.Contains(request, "/query ") {
			t.Errorf("asked %s", request)
		}
	}
}

// An answer that breaks off is asked for again, and no point comes twice.
func TestBreaksOff(t *testing.T) {
	series := counter(9_000, 15_000, 1, "__name__", "x_total")
	for _, fault := range []string{"truncated", "reset in the body", "reset", "empty"} {
		for spoiled, want := range map[int]bool{2: true, 3: false} {
			s := wiretest.New(t)
			s.Victoria = true
			s.Series = []wiretest.Series{series}
			s.Answers = map[string][]wiretest.Series{"up": {series}}
			reads := map[string]func(*wire.Client, gathered) error{
				"range": func(c *wire.Client, got gathered) error {
					query := wire.Range{Query: "up", From: start, To: start + 8_999*15_000, Step: 15 * time.Second}
					_, err := c.Range(t.Context(), []wire.Range{query}, got.take(t))
					return err
				},
				"export": func(c *wire.Client, got gathered) error {
					return c.Export(nil).Select(t.Context(), whole("x_total", 0), got.take(t))
				},
			}
			for name, read := range reads {
				if fault == "empty" && name == "export" {
					continue // it is a whole answer there
				}
				if fault == "reset" {
					continue // before an answer begins the transport asks again
				}
				s.Fault, s.Spoiled = wiretest.Find(fault), spoiled
				got := gathered{}
				err := read(client(t, s), got)
				switch {
				case want && err != nil:
					t.Errorf("%s of %s, %d times: %v", fault, name, spoiled, err)
				case want:
					got.want(t, 0, series)
				case sources.ClassOf(err) != sources.Temporary || !strings.Contains(err.Error(), ", 3 times"):
					t.Errorf("%s of %s, %d times: %v", fault, name, spoiled, err)
				}
			}
		}
	}
}

// Whatever a server does, there is an end, and no secret in what is said of it.
func TestFaults(t *testing.T) {
	said := map[string]string{
		"500":                   "answers 500 Internal Server Error: no answer to",
		"503":                   "answers 503 Service Unavailable: no answer to",
		"flapping":              "answers 502 Bad Gateway: down for a moment",
		"429 for 2 s":           "answers 429 Too Many Requests: no answer to",
		"429 until 9999":        "answers 429 Too Many Requests: no answer to",
		"hang":                  "its share of the time",
		"reset":                 "EOF",
		"login page":            "answers a web page (a login?) in place of JSON",
		"an error under 200":    `answers an error: execution: something\x1b[31m failed`,
		"wrong type":            `answers a result of type "vector" in place of matrix`,
		"other JSON":            "answers JSON that is not of the API of Prometheus",
		"empty":                 "the answer is empty, 3 times",
		"deep":                  "the answer is nested over 64 deep",
		"endless":               "the answer has a text of over 65536 bytes",
		"gzip bomb":             "answers no JSON, but",
		"moved to another host": "no host 192.0.2.1",
		"moved in a loop":       "is moved more than 10 times",
		"moved to a file":       "unsupported protocol scheme",
		"drip":                  "its share of the time",
		"hang in the body":      "its share of the time",
		"truncated":             "the answer breaks off after",
		"reset in the body":     "the answer breaks off after",
		"warnings":              "",
		"NaN":                   "", "+Inf": "", "-Inf": "", "negative": "", "none": "",
		"duplicate": "the answer has two points at 2024-10-04T16:39:00Z",
		"unordered": "the answer has a point at 2024-10-04T16:38:00Z behind one at 2024-10-04T16:39:00Z",
		"future":    "the answer has a point at 2096-10-02T07:06:40Z, outside of 2024-10-04T00:00:00Z to 2024-10-04T16:39:00Z",
	}
	for _, fault := range wiretest.Faults() {
		want, known := said[fault.Name]
		if !known {
			t.Errorf("%s: what should be said?", fault.Name)
		}
		s := wiretest.New(t)
		s.Fault = fault
		s.Victoria = true
		series := counter(1_000, 60_000, 1, "__name__", "canary-query")
		s.Series = []wiretest.Series{series}
		s.Answers = map[string][]wiretest.Series{"canary-query": {series}}
		c := config(t, s)
		c.HTTP = secretive{c.HTTP}
		c.Hide = func(s string) string { return strings.ReplaceAll(s, "canary-token", "***") }
		wired := wire.New(c)
		patience := time.Minute
		if want == "its share of the time" {
			patience = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), patience, errors.New("too slow"))
		query := wire.Range{Query: "canary-query", From: start, To: start + 999*60_000, Step: time.Minute}
		_, err := wired.Range(ctx, []wire.Range{query}, gathered{}.take(t))
		check(t, fault.Name, "range", err, want)
		if want != "" && err != nil {
			err = wired.Export(nil).Select(ctx, whole("canary-query", 0), func(int, sample.Block) error { return nil })
			if strings.Contains(fmt.Sprint(err), "canary-token") {
				t.Errorf("%s: the export says %v", fault.Name, err)
			}
		}
		cancel()
	}
}

func check(t *testing.T, fault, way string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil, want != "" && err == nil:
		t.Errorf("%s, %s: got %v, want %q", fault, way, err, want)
	case err == nil:
	case !strings.Contains(err.Error(), want), sources.ClassOf(err) == "",
		strings.ContainsAny(err.Error(), "\x1b\n"), strings.Contains(err.Error(), "canary-token"), len(err.Error()) > 500:
		t.Errorf("%s, %s: got %v (%s), want %q", fault, way, err, sources.ClassOf(err), want)
	}
}

// secretive sends a secret, and goes nowhere else.
type secretive struct{ http.RoundTripper }

func (s secretive) RoundTrip(r *http.Request) (*http.Response, error) {
	if host := r.URL.Hostname(); host != "127.0.0.1" && host != "" {
		return nil, errors.New("no host " + host)
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer canary-token")
	return s.RoundTripper.RoundTrip(r)
}

// A redirect that makes a GET of a POST loses the form, which is then sent in the address.
func TestMoved(t *testing.T) {
	s := wiretest.New(t)
	series := counter(10, 60_000, 1)
	s.Answers = map[string][]wiretest.Series{"up": {series}}
	c := config(t, s)
	moves := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, s.URL()+r.URL.RequestURI(), http.StatusMovedPermanently)
	}))
	t.Cleanup(moves.Close)
	var err error
	if c.URL, err = url.Parse(moves.URL); err != nil {
		t.Fatal(err)
	}
	got := gathered{}
	query := wire.Range{Query: "up", From: start, To: start + 9*60_000, Step: time.Minute}
	if _, err := wire.New(c).Range(t.Context(), []wire.Range{query}, got.take(t)); err != nil {
		t.Error(err)
	}
	got.want(t, 0, series)
}

// Whoever takes blocks ends the work by an error, which is returned.
func TestTakerEnds(t *testing.T) {
	s := wiretest.New(t)
	s.Answers = map[string][]wiretest.Series{"up": {counter(40_000, 1_000, 1)}}
	enough := errors.New("enough")
	query := wire.Range{Query: "up", From: start, To: start + 39_999_000, Step: time.Second}
	blocks := 0
	_, err := client(t, s).Range(t.Context(), []wire.Range{query, query}, func(int, sample.Block) error {
		blocks++
		return enough
	})
	if err != enough || blocks != 1 {
		t.Errorf("got %v after %d blocks", err, blocks)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err = client(t, s).Range(ctx, []wire.Range{query, query}, func(int, sample.Block) error {
		cancel(enough)
		return nil
	})
	if !errors.Is(err, enough) || sources.ClassOf(err) != sources.Cancelled {
		t.Errorf("got %v", err)
	}
}

// A server that never answers is not asked for everything.
func TestDead(t *testing.T) {
	s := wiretest.New(t)
	s.Fault = wiretest.Find("500")
	c := config(t, s)
	c.Parallel = 1
	queries := make([]wire.Range, 50)
	for i := range queries {
		queries[i] = wire.Range{Query: "up", From: start, To: start, Step: time.Minute}
	}
	_, err := wire.New(c).Range(t.Context(), queries, gathered{}.take(t))
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 50 || len(s.Asked()) != 3 {
		t.Errorf("got %v after %d requests", err, len(s.Asked()))
	}
}

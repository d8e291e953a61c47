package remote

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"pgregory.net/rapid"
)

func noPause(ctx context.Context, _ int) error { return ctx.Err() }

// selector returns one that takes the series of a metric.
func selector(metric string) sample.Selector {
	return sample.Selector{{Name: sample.MetricName, Op: sample.Equal, Value: metric}}
}

func named(metric string, labels ...sample.Label) sample.Labels {
	return append(sample.Labels{{Name: sample.MetricName, Value: metric}}, labels...)
}

// counting returns a series of n samples, a minute apart.
func counting(labels sample.Labels, n int) kept {
	k := kept{labels: labels, values: []float64{}}
	for i := range n {
		k.times = append(k.times, int64(i)*60_000)
		k.values = append(k.values, float64(i*i))
	}
	return k
}

// got is what Select handed over of one query: the samples of each series.
type got map[string]*kept

// collect selects, and fails where the contract of sample.Store is not kept.
func collect(t testing.TB, c *Client, queries ...sample.Query) ([]got, error) {
	t.Helper()
	out := make([]got, len(queries))
	numbers := make([]map[int]string, len(queries))
	for i := range out {
		out[i], numbers[i] = got{}, map[int]string{}
	}
	err := c.Select(context.Background(), queries, func(query int, b sample.Block) error {
		name := b.Labels.String()
		if had, ok := numbers[query][b.Series]; ok && had != name || !ok && b.Series != len(numbers[query]) {
			t.Errorf("query %d: series %d is %s, was %q", query, b.Series, name, had)
		}
		numbers[query][b.Series] = name
		k := out[query][name]
		if k == nil {
			k = &kept{labels: b.Labels}
			out[query][name] = k
		}
		k.times = append(k.times, b.Times...)
		k.values = append(k.values, b.Values...)
		k.histograms = append(k.histograms, b.Histograms...)
		if len(b.Times) == 0 || len(b.Values)+len(b.Histograms) != len(b.Times) {
			t.Errorf("block of %d times, %d values, %d histograms", len(b.Times), len(b.Values), len(b.Histograms))
		}
		if b.Values != nil && b.Histograms != nil {
			t.Errorf("block of %d values and %d histograms, neither of them nil", len(b.Values), len(b.Histograms))
		}
		return nil
	})
	for query := range out {
		for name, k := range out[query] {
			for i := 1; i < len(k.times); i++ {
				if k.times[i] <= k.times[i-1] {
					t.Errorf("query %d: %s: time %d after %d", query, name, k.times[i], k.times[i-1])
				}
			}
		}
	}
	return out, err
}

// want is what a query shall hand over.
func (f *fake) want(q sample.Query) got {
	out := got{}
	for _, k := range f.series {
		if !q.Selector.Takes(k.labels) {
			continue
		}
		w := &kept{labels: k.labels}
		for i, t := range k.times {
			switch {
			case t < q.From || t > q.To:
				continue
			case k.values != nil:
				w.values = append(w.values, k.values[i])
			default:
				w.histograms = append(w.histograms, k.histograms[i])
			}
			w.times = append(w.times, t)
		}
		if len(w.times) > 0 {
			out[k.labels.String()] = w
		}
	}
	return out
}

// check compares what was handed over. What a histogram says of the one before is compared
// if resets.
func (f *fake) check(t testing.TB, queries []sample.Query, all []got, resets bool) {
	t.Helper()
	options := []cmp.Option{
		cmp.AllowUnexported(kept{}), cmpopts.EquateEmpty(),
		cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }),
	}
	if !resets {
		options = append(options, cmpopts.IgnoreFields(sample.Histogram{}, "Reset"))
	}
	for i, q := range queries {
		if diff := cmp.Diff(f.want(q), all[i], options...); diff != "" {
			t.Errorf("query %d: %s", i, diff)
		}
	}
}

// All samples of the time asked for are handed over, each once, whatever chunks they are
// in: floats and histograms, streamed and not.
func TestSelect(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		f := &fake{
			perChunk: rapid.IntRange(1, 300).Draw(r, "a chunk"), perFrame: rapid.IntRange(1, 5).Draw(r, "a frame"),
			overlap: rapid.SampledFrom([]int{0, 0, 1, 50}).Draw(r, "overlap"), samples: rapid.Bool().Draw(r, "samples"),
		}
		for i := range rapid.IntRange(0, 4).Draw(r, "series") {
			f.series = append(f.series, drawSeries(r, i))
		}
		var queries []sample.Query
		for range rapid.IntRange(1, 5).Draw(r, "queries") {
			from := rapid.Int64Range(0, 10_000_000).Draw(r, "from")
			queries = append(queries, sample.Query{
				Selector: selector(rapid.SampledFrom([]string{"a", "b"}).Draw(r, "metric")),
				From:     from, To: rapid.Int64Range(from, 50_000_000).Draw(r, "to"),
			})
		}
		all, err := collect(t, f.begin(t), queries...)
		if err != nil {
			r.Fatal(err)
		}
		f.check(t, queries, all, false)
	})
}

func drawSeries(r *rapid.T, i int) kept {
	metric := rapid.SampledFrom([]string{"a", "b"}).Draw(r, "metric")
	k := kept{labels: named(metric, sample.Label{Name: "i", Value: fmt.Sprint(i)})}
	n := rapid.IntRange(1, 600).Draw(r, "samples")
	at := rapid.Int64Range(0, 5_000_000).Draw(r, "first")
	floats := rapid.Bool().Draw(r, "floats")
	for j := range n {
		k.times = append(k.times, at)
		at += rapid.Int64Range(1, 90_000).Draw(r, "later")
		v := float64(j * 3)
		if j%50 == 49 {
			v = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), sample.StaleMarker(), 1e300}).Draw(r, "odd")
		}
		if floats {
			k.values = append(k.values, v)
			continue
		}
		k.histograms = append(k.histograms, sample.Histogram{
			Schema: 2, ZeroThreshold: 0.5, Count: float64(3*j + 3), ZeroCount: float64(j), Sum: float64(j) / 8,
			Positive: []sample.Bucket{{Index: -3, Count: float64(j + 1)}, {Index: 7, Count: 1}},
			Negative: []sample.Bucket{{Index: 0, Count: float64(j + 1)}},
		})
	}
	return k
}

// Many queries are few requests.
func TestBatches(t *testing.T) {
	f := &fake{perChunk: 120, perFrame: 10}
	var queries []sample.Query
	for i := range 120 {
		f.series = append(f.series, counting(named(fmt.Sprint("m", i)), 10))
		queries = append(queries, sample.Query{Selector: selector(fmt.Sprint("m", i)), To: 1e6})
	}
	all, err := collect(t, f.begin(t), queries...)
	if err != nil {
		t.Fatal(err)
	}
	f.check(t, queries, all, true)
	if len(f.requests) != 3 {
		t.Errorf("%d requests, want 3 of 50 queries at most", len(f.requests))
	}
}

// An answer that is cut off at any byte is asked for again, and no sample is lost or comes
// twice, even if the series come in another order then.
func TestCut(t *testing.T) {
	for _, samples := range []bool{false, true} {
		f := &fake{perChunk: 20, perFrame: 2, samples: samples, series: []kept{
			counting(named("a", sample.Label{Name: "i", Value: "0"}), 60),
			counting(named("a", sample.Label{Name: "i", Value: "1"}), 60),
			{labels: named("b"), times: []int64{5}, histograms: []sample.Histogram{{Count: 1}}},
		}}
		queries := []sample.Query{{Selector: selector("a"), To: 1e9}, {Selector: selector("b"), To: 1e9}}
		length := len(f.stream(queries))
		if samples {
			length = len(f.whole(queries))
		}
		cut := 0
		f.odd = func(n int, w http.ResponseWriter, _ []sample.Query, usual []byte) bool {
			if n > 1 {
				return false
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(usual)))
			slices.Reverse(f.series) // before the client can ask again
			w.Write(usual[:cut])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		client := f.begin(t)
		client.config.Parallel = 1
		for ; cut < length; cut += 7 {
			f.requests = nil
			all, err := collect(t, client, queries...)
			if err != nil {
				t.Fatalf("cut at %d of %d: %v", cut, length, err)
			}
			if len(f.requests) != 2 {
				t.Fatalf("cut at %d of %d: %d requests", cut, length, len(f.requests))
			}
			f.check(t, queries, all, true)
		}
	}
}

// serverError is what a server says in the middle of a stream.
const serverError = "expanding series: corruption in segment 3\n"

// What goes wrong with one query concerns that one alone, and is said with its class.
func TestOneFails(t *testing.T) {
	bad := func(queries []sample.Query) bool {
		return slices.ContainsFunc(queries, func(q sample.Query) bool { return q.Selector.Metric() == "m3" })
	}
	says := func(code int, text string) func(http.ResponseWriter, []byte) {
		return func(w http.ResponseWriter, _ []byte) { http.Error(w, text, code) }
	}
	for name, test := range map[string]struct {
		answer func(w http.ResponseWriter, usual []byte)
		class  sources.Class
	}{
		"answers 400 Bad Request: invalid matcher": {
			says(400, "invalid\n matcher"),
			sources.Cannot,
		},
		"answers 500 Internal Server Error: storage": {
			says(500, "storage"),
			sources.Temporary,
		},
		"breaks off its answer: expanding series: corruption in segment 3": {
			func(w http.ResponseWriter, usual []byte) { w.Write(append(usual, serverError...)) },
			sources.Temporary,
		},
		"answers with a frame that is damaged": {
			func(w http.ResponseWriter, usual []byte) { usual[7]++; w.Write(usual) },
			sources.Temporary,
		},
		"answers with a frame of over 16 MiB": {
			func(w http.ResponseWriter, usual []byte) { w.Write([]byte{0xff, 0xff, 0xff, 0xff, 1}) },
			sources.Temporary,
		},
		"answers with a message that cannot be read": {
			func(w http.ResponseWriter, _ []byte) { w.Write(frame([]byte{0xff})) },
			sources.Cannot,
		},
		"answers a query that was not asked, number 78 of 1": {
			func(w http.ResponseWriter, _ []byte) { w.Write(frame(chunkedResponse(77, nil, nil))) },
			sources.Cannot,
		},
		"answers with a series whose labels are not right": {func(w http.ResponseWriter, _ []byte) {
			w.Write(frame(chunkedResponse(0, sample.Labels{{Value: "a"}}, nil)))
		}, sources.Cannot},
	} {
		f := &fake{perChunk: 4, perFrame: 10}
		var queries []sample.Query
		for i := range 6 {
			f.series = append(f.series, counting(named(fmt.Sprint("m", i)), 10))
			queries = append(queries, sample.Query{Selector: selector(fmt.Sprint("m", i)), To: 1e6})
		}
		f.odd = func(_ int, w http.ResponseWriter, queries []sample.Query, usual []byte) bool {
			if bad(queries) {
				test.answer(w, usual)
			}
			return bad(queries)
		}
		all, err := collect(t, f.begin(t), queries...)
		var failed *sample.QueryError
		if !errors.As(err, &failed) || failed.Query != 3 || err.Error() != name || sources.ClassOf(err) != test.class {
			t.Errorf("%v (%s), want of query 3: %s (%s)", err, sources.ClassOf(err), name, test.class)
		}
		f.series[3].times = all[3][`m3`].timesOf()
		f.check(t, queries, all, true)
	}
}

// timesOf returns the times of what was handed over, none of nothing.
func (k *kept) timesOf() []int64 {
	if k == nil {
		return nil
	}
	return k.times
}

// A chunk that cannot be read names its series.
func TestBadChunk(t *testing.T) {
	chunkOf := func(sort int64, data []byte) []byte {
		return message(number(nil, 3, sort), 4, func([]byte) []byte { return data })
	}
	late := kept{labels: named("m"), times: []int64{1}, values: []float64{1}}
	first := counting(named("m"), 9000)
	for name, chunks := range map[string][][]byte{
		`answers with samples of m that cannot be read: chunk of encoding 9 has no histograms that can be read`: {
			chunkOf(9, []byte{0, 0}),
		},
		`answers with samples of m that cannot be read: chunk ends within a sample`: {
			chunkOf(1, []byte{0, 1}),
		},
		`chunk of encoding 256 cannot be read`: {
			chunkOf(256, nil),
		},
		`answers with samples of m that cannot be read: chunks of a series are out of order`: {
			first.chunk(0, 8000), first.chunk(8000, 9000), late.chunk(0, 1),
		},
	} {
		f := &fake{odd: func(_ int, w http.ResponseWriter, _ []sample.Query, _ []byte) bool {
			for _, c := range chunks {
				w.Write(frame(chunkedResponse(0, named("m"), [][]byte{c})))
			}
			return true
		}}
		_, err := collect(t, f.begin(t), sample.Query{Selector: selector("m"), To: 1e12})
		if err == nil || err.Error() != name || sources.ClassOf(err) != sources.Cannot {
			t.Errorf("%v, want %s", err, name)
		}
	}
}

// A series that comes again in one answer goes on, if it goes on.
func TestComesAgain(t *testing.T) {
	a, b := counting(named("a"), 9), counting(named("b"), 9)
	any := sample.Selector{{Name: sample.MetricName, Op: sample.NotEqual, Value: ""}}
	for _, again := range []int{5, 4} {
		f := &fake{odd: func(_ int, w http.ResponseWriter, _ []sample.Query, _ []byte) bool {
			for _, data := range [][]byte{
				chunkedResponse(0, a.labels, [][]byte{a.chunk(0, 5)}), chunkedResponse(0, b.labels, [][]byte{b.chunk(0, 9)}),
				chunkedResponse(0, a.labels, [][]byte{a.chunk(again, 9)}),
			} {
				w.Write(frame(data))
			}
			return true
		}}
		f.series, f.perChunk, f.perFrame = []kept{a, b}, 120, 1
		queries := []sample.Query{{Selector: any, To: 1e9}}
		all, err := collect(t, f.begin(t), queries...)
		switch {
		case again == 4:
			if err == nil || !strings.Contains(err.Error(), "out of order") {
				t.Errorf("a sample comes twice: %v", err)
			}
		case err != nil:
			t.Error(err)
		default:
			f.check(t, queries, all, true)
		}
	}
}

// A server without remote read is found out, whatever it answers instead, before anything
// is handed over.
func TestNone(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter){
		"has no remote read: answers 404 Not Found":          func(w http.ResponseWriter) { http.Error(w, "404 page not found", 404) },
		"has no remote read: answers 405 Method Not Allowed": func(w http.ResponseWriter) { w.WriteHeader(405) },
		"has no remote read: answers 501 Not Implemented":    func(w http.ResponseWriter) { w.WriteHeader(501) },
		"has no remote read: answers 400 Bad Request": func(w http.ResponseWriter) {
			http.Error(w, `unsupported path requested: "/api/v1/read"`, 400)
		},
		"has no remote read: answers text/html": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, "<html>log in</html>")
		},
		"has no remote read: answers application/json": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, "{}")
		},
	} {
		f := &fake{odd: func(_ int, w http.ResponseWriter, _ []sample.Query, _ []byte) bool {
			answer(w)
			return true
		}}
		queries := make([]sample.Query, 120)
		_, err := collect(t, f.begin(t), queries...)
		if !errors.Is(err, ErrNone) || err.Error() != name || sources.ClassOf(err) != sources.Cannot {
			t.Errorf("%v (%s), want %s", err, sources.ClassOf(err), name)
		}
	}
}

// A server that has answered has remote read, whatever it says later.
func TestNoneLater(t *testing.T) {
	f := &fake{perChunk: 120, perFrame: 10, series: []kept{counting(named("m"), 10)}}
	f.odd = func(n int, w http.ResponseWriter, _ []sample.Query, _ []byte) bool {
		if n == 2 {
			http.NotFound(w, nil)
		}
		return n == 2
	}
	c := f.begin(t)
	c.config.Parallel = 1
	queries := slices.Repeat([]sample.Query{{Selector: selector("m"), To: 1e6}}, 51)
	_, err := collect(t, c, queries...)
	var failed *sample.QueryError
	if !errors.As(err, &failed) || failed.Query != 50 {
		t.Errorf("%v, want an error of query 50", err)
	}
}

// A query that is too much is asked for in halves of its time, and how long they may be is
// remembered.
func TestTooMuch(t *testing.T) {
	const hour = 3600_000
	for _, code := range []int{400, 413, 422} {
		f := &fake{perChunk: 120, perFrame: 10, series: []kept{counting(named("m"), 8*60)}}
		f.odd = func(_ int, w http.ResponseWriter, queries []sample.Query, _ []byte) bool {
			much := queries[0].To-queries[0].From > 2*hour
			if much {
				http.Error(w, "exceeded sample limit (5)", code)
			}
			return much
		}
		queries := []sample.Query{{Selector: selector("m"), From: 0, To: 8*hour - 1}}
		all, err := collect(t, f.begin(t), queries...)
		if err != nil {
			t.Fatal(err)
		}
		f.check(t, queries, all, true)
		if len(f.requests) != 6 { // 8 h, 4 h, 2 h four times
			t.Errorf("%d requests, want 6", len(f.requests))
		}
	}
}

// A server that finds everything too much is not asked for ever.
func TestAlwaysTooMuch(t *testing.T) {
	f := &fake{odd: func(_ int, w http.ResponseWriter, _ []sample.Query, _ []byte) bool {
		http.Error(w, "exceeded sample limit (5)", 400)
		return true
	}}
	queries := slices.Repeat([]sample.Query{{Selector: selector("m"), To: 90 * 24 * 3600_000}}, 100)
	_, err := collect(t, f.begin(t), queries...)
	if err == nil || len(f.requests) > 200 {
		t.Errorf("%d requests, %v", len(f.requests), err)
	}
	if n := strings.Count(err.Error(), "\n") + 1; n != 100 {
		t.Errorf("%d errors, want one of each query", n)
	}
}

// A query that is too much whatever is asked of it takes no other query with it, and teaches
// nothing of what others may ask for.
func TestOneTooMuch(t *testing.T) {
	f := &fake{perChunk: 120, perFrame: 10, series: []kept{counting(named("m"), 90)}}
	f.odd = func(_ int, w http.ResponseWriter, queries []sample.Query, _ []byte) bool {
		much := slices.ContainsFunc(queries, func(q sample.Query) bool { return q.Selector.Metric() == "much" })
		if much {
			http.Error(w, "query processing would load too many samples", http.StatusUnprocessableEntity)
		}
		return much
	}
	c := f.begin(t)
	c.config.Parallel = 1
	queries := slices.Repeat([]sample.Query{{Selector: selector("m"), To: 90 * 24 * 3600_000}}, 60)
	queries[20].Selector = selector("much")
	all, err := collect(t, c, queries...)
	var failed *sample.QueryError
	if !errors.As(err, &failed) || failed.Query != 20 || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v, want an error of query 20 alone", err)
	}
	f.check(t, slices.Delete(slices.Clone(queries), 20, 21), slices.Delete(all, 20, 21), true)
	if len(f.requests) > 40 {
		t.Errorf("%d requests", len(f.requests))
	}
}

// Who may not ask, or asks too often, is told so.
func TestClasses(t *testing.T) {
	for code, class := range map[int]sources.Class{
		401: sources.Auth, 403: sources.Auth, 429: sources.Throttled, 502: sources.Temporary,
	} {
		f := &fake{odd: func(_ int, w http.ResponseWriter, _ []sample.Query, _ []byte) bool {
			w.Header().Set("Retry-After", "7")
			http.Error(w, "no token SECRET", code)
			return true
		}}
		c := f.begin(t)
		c.config.Hide = func(s string) string { return strings.ReplaceAll(s, "SECRET", "***") }
		_, err := collect(t, c, sample.Query{Selector: selector("m")})
		var classed *sources.Error
		if !errors.As(err, &classed) || classed.Class != class || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%d: %v, want class %s", code, err, class)
		}
		if len(f.requests) != 1 || class == sources.Throttled && classed.Until.IsZero() {
			t.Errorf("%d: %d requests, until %v", code, len(f.requests), classed.Until)
		}
	}
}

// Whoever takes samples may end the work, and so may the context.
func TestEnds(t *testing.T) {
	f := &fake{perChunk: 120, perFrame: 1, series: []kept{counting(named("m"), 20_000)}}
	c := f.begin(t)
	query := []sample.Query{{Selector: selector("m"), To: math.MaxInt64}}
	enough := errors.New("enough")
	if err := c.Select(context.Background(), query, func(int, sample.Block) error { return enough }); err != enough {
		t.Errorf("%v, want the error of take", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	err := c.Select(ctx, query, func(int, sample.Block) error { cancel(enough); return nil })
	if !errors.Is(err, enough) || sources.ClassOf(err) != sources.Cancelled {
		t.Errorf("%v, want cancelled: enough", err)
	}
	f.odd = func(_ int, w http.ResponseWriter, _ []sample.Query, usual []byte) bool {
		w.Write(usual[:len(usual)/2])
		w.(http.Flusher).Flush()
		time.Sleep(200 * time.Millisecond)
		return true
	}
	late, end := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer end()
	err = c.Select(late, query, func(int, sample.Block) error { return nil })
	if sources.ClassOf(err) != sources.Temporary || !strings.Contains(fmt.Sprint(err), "its share of the time") {
		t.Errorf("%v, want an end before that of the time", err)
	}
}

// fixed answers every request with one stream.
type fixed []byte

func (f fixed) RoundTrip(*http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {"application/x-streamed-protobuf"}}
	return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(bytes.NewReader(f))}, nil
}

// BenchmarkSelect reads 200 counters of 30 days, of which there is a sample a minute.
func BenchmarkSelect(b *testing.B) {
	const count, samples = 200, 43_200
	f := &fake{perChunk: 120, perFrame: 8000}
	for i := range count {
		f.series = append(f.series, counting(named("m", sample.Label{Name: "i", Value: fmt.Sprint(i)}), samples))
	}
	query := []sample.Query{{Selector: selector("m"), To: math.MaxInt64}}
	data := f.stream(query)
	address, _ := url.Parse("http://localhost")
	c := New(Config{URL: address, HTTP: fixed(data), Parallel: 4})
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		take := func(_ int, b sample.Block) error { n += len(b.Times); return nil }
		err := c.Select(context.Background(), query, take)
		if err != nil || n != count*samples {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(count*samples), "ns/sample")
}

// What a frame may hold is bounded by few times its bytes, however many chunks or labels it
// says it has.
func TestFrameHolds(t *testing.T) {
	address, _ := url.Parse("http://localhost")
	query := []sample.Query{{Selector: selector("m"), To: math.MaxInt64}}
	label := encodeLabels(nil, named("m"))
	for name, data := range map[string][]byte{
		"chunks": message(nil, 1, func(b []byte) []byte { return append(b, bytes.Repeat([]byte{2<<3 | 2, 0}, 7<<20)...) }),
		"labels": bytes.Repeat(message(nil, 1, func(b []byte) []byte {
			return append(append(b, label...), bytes.Repeat([]byte{1<<3 | 2, 0}, 900)...)
		}), 7<<10),
		"series": bytes.Repeat(message(nil, 1, func([]byte) []byte { return label }), 600_000),
	} {
		data = frame(data)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c := New(Config{URL: address, HTTP: fuzzed{typeStreamed, data}, Pause: noPause})
		err := c.Select(t.Context(), query, func(int, sample.Block) error { return nil })
		runtime.ReadMemStats(&after)
		took := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d MiB sent, %d MiB allocated, %v", name, len(data)>>20, took>>20, err)
		if took > 128<<20 { // the race detector's own are in it
			t.Errorf("%s: %d MiB allocated", name, took>>20)
		}
	}
}

// A server that sends samples may send a month of a series at once.
func TestSamplesOfMonth(t *testing.T) {
	f := &fake{samples: true, series: []kept{counting(named("m"), 300_000)}}
	got, err := collect(t, f.begin(t), sample.Query{Selector: selector("m"), To: math.MaxInt64})
	if err != nil || got[0]["m"] == nil || len(got[0]["m"].times) != 300_000 {
		t.Errorf("%v, %v", got, err)
	}
}

// fuzzed answers every request with bytes of some type.
type fuzzed struct {
	kind string
	data []byte
}

func (f fuzzed) RoundTrip(*http.Request) (*http.Response, error) {
	header := http.Header{"Content-Type": {f.kind}}
	return &http.Response{StatusCode: 200, Header: header, Body: io.NopCloser(bytes.NewReader(f.data))}, nil
}

// No answer is a panic, or breaks the contract.
func FuzzAnswer(f *testing.F) {
	has := &fake{perChunk: 4, perFrame: 2, series: []kept{
		counting(named("a"), 10),
		{labels: named("b"), times: []int64{5}, histograms: []sample.Histogram{
			{Count: 1, Positive: []sample.Bucket{{Index: 2, Count: 1}}},
		}},
	}}
	queries := []sample.Query{{Selector: selector("a"), To: 1e9}, {Selector: selector("b"), To: 1e9}}
	f.Add(false, has.stream(queries))
	f.Add(true, has.whole(queries))
	f.Add(false, binary.AppendUvarint(nil, 1<<40))
	address, _ := url.Parse("http://localhost")
	f.Fuzz(func(t *testing.T, samples bool, data []byte) {
		kind := typeStreamed
		if samples {
			kind = typeSamples
		} else if readFrame(data, func(int64, []byte) error { return nil }) == nil {
			data = frame(data) // a checksum is hard to guess
		}
		c := New(Config{URL: address, HTTP: fuzzed{kind, data}, Pause: noPause})
		collect(t, c, queries...)
	})
}

// A histogram that is read has its buckets in order, each with events, and none beside
// its bounds.
func FuzzHistogram(f *testing.F) {
	some := []sample.Bucket{{Index: -3, Count: 2}, {Index: 1, Count: 1}, {Index: 2, Count: 4}}
	for t, h := range []sample.Histogram{
		{Schema: 3, Count: 7, Sum: 1.5, Positive: some, Negative: some[1:]},
		{Schema: 3, Count: 7, Sum: 1.5, Positive: some, ZeroThreshold: 0.1, ZeroCount: 1},
		{Schema: sample.CustomBounds, Count: 5, Bounds: []float64{0.1, 1}, Positive: some[1:]},
		{Schema: 10, Count: 7, Positive: some, Reset: sample.Gauge},
		{Sum: sample.StaleMarker()},
	} {
		f.Add(encodeHistogram(nil, int64(t), h))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, h, err := readHistogram(data)
		if err != nil {
			return
		}
		for _, side := range [][]sample.Bucket{h.Positive, h.Negative} {
			for i, b := range side {
				if b.Count == 0 || i > 0 && b.Index <= side[i-1].Index {
					t.Errorf("buckets %v", side)
				}
			}
			custom := h.Schema == sample.CustomBounds
			if custom && len(side) > 0 && (side[0].Index < 0 || int(side[len(side)-1].Index) > len(h.Bounds)) {
				t.Errorf("buckets %v of bounds %v", side, h.Bounds)
			}
		}
		if custom := h.Schema == sample.CustomBounds; !custom && (h.Schema < -4 || h.Schema > 8) || !(h.ZeroThreshold >= 0) {
			t.Errorf("read %+v", h)
		}
	})
}

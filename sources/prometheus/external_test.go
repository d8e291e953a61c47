package prometheus

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// noon is on the grid of every step.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// serving returns a server of series that are read every 15 s from ten minutes before noon.
func serving(text string) *wiretest.Server {
	s := &wiretest.Server{}
	for _, one := range sampletest.Lines(noon.Add(-10*time.Minute), 15*time.Second, text) {
		s.Series = append(s.Series, wiretest.Series{Labels: one.Labels, Times: one.Times, Values: one.Values})
	}
	return s
}

// answers asks a server for three minutes from noon on, and writes what it answers.
func answers(t *testing.T, handler http.Handler, sli string, per ...string) string {
	t.Helper()
	return answersOf(t, address, handler, sli, per...)
}

// answersOf is answers with a source of its own.
func answersOf(t *testing.T, at string, handler http.Handler, sli string, per ...string) string {
	t.Helper()
	read := func(text string) spec.Block {
		b, err := spec.ParseBlock("slo.yaml", text, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	kind, source, b := Kind(), read(at), read(sli)
	b.Per = per
	if found := kind.Check(source, b); found.Errors() {
		t.Fatal(found)
	}
	src, err := kind.Open(t.Context(), source, sources.Env{
		At: noon.Add(time.Hour), HTTP: sourcetest.Serve(handler), Parallel: 2, Getenv: func(string) string { return "x" },
	})
	if err != nil {
		t.Fatal(err)
	}
	req := sources.Request{SLI: b, Count: spec.Both, Per: per, Step: time.Minute,
		Period: slo.Period{Start: noon, End: noon.Add(3 * time.Minute)}}
	var out []string
	err = src.Fetch(t.Context(), []sources.Request{req}, func(a sources.Answer) {
		if a.Err != nil {
			out = append(out, fmt.Sprintf("%s: %v", sources.ClassOf(a.Err), a.Err))
			return
		}
		text := ""
		for _, k := range slices.Sorted(maps.Keys(a.Labels)) {
			text += k + "=" + a.Labels[k] + " "
		}
		text += sourcetest.Counts(a.Series)
		for _, n := range a.Notes {
			if n.Severity == diag.Warning {
				text += " " + n.Code
			}
		}
		out = append(out, text)
	})
	if err != nil {
		out = append(out, fmt.Sprintf("%s: %v", sources.ClassOf(err), err))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// The external labels of a server, which remote read adds to all series and nothing else shows,
// change nothing: the counts are those of its queries.
func TestExternalLabels(t *testing.T) {
	const series = `r_total{code="200",instance="a",job="j"} 0+10x80
		r_total{code="500",instance="a",job="j"} 0+1x80
		r_total{code="500",instance="b",job="j"} _x45 7+1x30
		up{instance="b",job="j"} _x44 1x30
		own_total{cluster="us"} 0+1x80
		h_seconds_bucket{le="0.1",job="j"} 0+3x80
		h_seconds_bucket{le="+Inf",job="j"} 0+4x80`
	const errors = `{bad: {counter: 'r_total{code="500"}'}, total: {counter: r_total}}`
	for _, c := range []struct {
		sli  string
		per  []string
		want string
	}{
		{errors, nil, "4/44 14/54 8/48"},
		{errors, []string{"instance"},
			"instance=a 4/44 4/44 4/44; instance=b - 10/10 4/4"},
		{errors, []string{"cluster"},
			`refused: slo.yaml:1:7: no series of r_total{code="500"} has the label "cluster" of per: in the time asked about [prometheus/per]`},
		{errors, []string{"replica"},
			`refused: slo.yaml:1:7: no series of r_total{code="500"} has the label "replica" of per: in the time asked about [prometheus/per]`},
		{`{bad: {counter: 'r_total{code="500",cluster="eu"}'}, total: {counter: r_total}}`, nil,
			`refused: slo.yaml:1:17: no series of r_total has a label "cluster" in the time asked about [prometheus/label]`},
		{`{bad: {counter: 'r_total{code="500",cluster!="eu"}'}, total: {counter: r_total}}`, nil, "4/44 14/54 8/48"},
		{`{good: {counter: 'own_total{cluster="us"}'}, total: {counter: own_total}}`, []string{"cluster"}, "cluster=us 0/4 0/4 0/4"},
		{`{histogram: h_seconds, good: "<= 100ms"}`, nil, "4/16 4/16 4/16"},
		{`{value: up, good: ">= 1"}`, nil, "0/1 0/4 0/4"},
	} {
		queries := serving(series)
		read := serving(series)
		added := sample.Labels{{Name: "cluster", Value: "eu"}, {Name: "replica", Value: "r-1"}}
		reads(read, added...)
		plain := serving(series)
		reads(plain)
		for name, server := range map[string]*wiretest.Server{
			"queries": queries, "remote read": read, "without external labels": plain,
		} {
			if got := answers(t, server, c.sli, c.per...); got != c.want {
				t.Errorf("%s per %v by %s:\ngot  %s\nwant %s", c.sli, c.per, name, got, c.want)
			}
		}
	}
}

// While the list of series fails nobody can tell the external labels: nothing is counted, and what
// passes is asked again. A server that has no list adds none.
func TestExternalLabelsUnknown(t *testing.T) {
	const sli = `{bad: {counter: 'r_total{code="500"}'}, total: {counter: r_total}}`
	const unknown = "the list of series, which tells external labels: "
	for _, c := range []struct {
		code int
		want string
	}{
		{http.StatusServiceUnavailable, "temporary: " + unknown + "answers 503 Service Unavailable: busy"},
		{http.StatusTooManyRequests, "throttled: " + unknown + "answers 429 Too Many Requests: busy"},
		{http.StatusNotFound, "cluster=eu 4/44 4/44 4/44"},
		{http.StatusForbidden, "cluster=eu 4/44 4/44 4/44"},
	} {
		server := serving("r_total{code=\"500\"} 0+1x80\nr_total{code=\"200\"} 0+10x80")
		server.Read = reading{of: server, external: sample.Labels{{Name: "cluster", Value: "eu"}}}.read
		failing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/series") {
				http.Error(w, "busy", c.code)
				return
			}
			server.ServeHTTP(w, r)
		})
		if got := answers(t, failing, sli, "cluster"); got != c.want {
			t.Errorf("%d:\ngot  %s\nwant %s", c.code, got, c.want)
		}
	}
}

// An address is the same for all that is asked of it, with its escapes.
func TestOneAddress(t *testing.T) {
	server, asked := serving("r_total{code=\"500\"} 0+1x80\nr_total{code=\"200\"} 0+10x80"), map[string]bool{}
	server.Read = reading{of: server}.read
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		prefix, _, _ := strings.Cut(r.URL.EscapedPath(), "/api/v1/")
		asked[prefix] = true
		r.URL.Path, r.URL.RawPath = "/prefix"+strings.TrimPrefix(r.URL.Path, "/a/b/prom"), ""
		server.ServeHTTP(w, r)
	})
	source, err := spec.ParseBlock("slo.yaml", "url: http://prometheus.example/a%2Fb/prom", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	src, err := Kind().Open(t.Context(), source, sources.Env{HTTP: sourcetest.Serve(handler), At: noon.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	sli, err := spec.ParseBlock("slo.yaml", "{bad: {counter: 'r_total{code=\"500\"}'}, total: {counter: r_total}}", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	req := sources.Request{SLI: sli, Count: spec.Both, Step: time.Minute,
		Period: slo.Period{Start: noon, End: noon.Add(3 * time.Minute)}}
	err = src.Fetch(t.Context(), []sources.Request{req}, func(a sources.Answer) {
		if got := sourcetest.Counts(a.Series); a.Err != nil || got != "4/44 4/44 4/44" {
			t.Errorf("got %s, %v", got, a.Err)
		}
	})
	if want := map[string]bool{"/a%2Fb/prom": true}; err != nil || !maps.Equal(asked, want) {
		t.Errorf("asked %v, %v", asked, err)
	}
}

// Who may ask, but not read remotely, is answered by queries; who may not ask at all is told so.
func TestNotAllowed(t *testing.T) {
	const sli = `{bad: {counter: 'r_total{code="500"}'}, total: {counter: r_total}}`
	for _, code := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		refuse := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "not you", code) })
		server := serving("r_total{code=\"500\"} 0+1x80\nr_total{code=\"200\"} 0+10x80")
		refusing := func(paths ...string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if slices.ContainsFunc(paths, func(path string) bool { return strings.HasSuffix(r.URL.Path, path) }) {
					refuse(w, r)
					return
				}
				server.ServeHTTP(w, r)
			})
		}
		if got, want := answers(t, refusing("/read"), sli), "4/44 4/44 4/44"; got != want {
			t.Errorf("%d of remote read: got %s, want %s", code, got, want)
		}
		if got, want := answers(t, refusing("/read", "/buildinfo"), sli), "4/44 4/44 4/44"; got != want {
			t.Errorf("%d of all but queries: got %s, want %s", code, got, want)
		}
		if got := answers(t, refuse, sli); !strings.HasPrefix(got, "auth: ") || strings.Contains(got, "remote") {
			t.Errorf("%d of everything: got %s", code, got)
		}
	}
}

// What a server says beside samples is shown as what it says beside counts, and changes nothing.
func TestInfosBesideSamples(t *testing.T) {
	const sli = `{bad: {counter: 'r_total{code="500"}'}, total: {counter: r_total}}`
	const series = "r_total{code=\"500\"} 0+1x80\nr_total{code=\"200\"} 0+10x80"
	for name, c := range map[string]struct {
		changes func(*wiretest.Server)
		want    string
	}{
		"nothing":         {func(*wiretest.Server) {}, "4/44 4/44 4/44"},
		"instant queries": {func(s *wiretest.Server) { s.Infos = []string{"odd"} }, "4/44 4/44 4/44 prometheus/info prometheus/info"},
		"remote read": {func(s *wiretest.Server) { s.Infos, s.Read = []string{"odd"}, reading{of: s}.read },
			"4/44 4/44 4/44"}, // which has no place for them
		"warnings": {func(s *wiretest.Server) { s.Warnings = []string{"odd"} }, "cannot: asked for r_total"},
	} {
		server := serving(series)
		c.changes(server)
		if got := answers(t, server, sli); !strings.HasPrefix(got, c.want) || name != "warnings" && got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

// loki answers two counts as Loki does: it has no samples, and lists the streams of selectors
// alone that have a matcher which takes no empty value.
func loki(streams string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.ParseForm()
		switch path := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; path {
		case "buildinfo":
			fmt.Fprint(w, `{"version":"3.5.0","goVersion":"go1.24"}`)
		case "series":
			match := r.Form.Get("match[]")
			if !strings.Contains(match, `=~".+"`) && !strings.Contains(match, `="`) || strings.Contains(match, `!=""`) {
				http.Error(w, "parse error : queries require at least one regexp or equality matcher that does not have "+
					"an empty-compatible value. For instance, app=~\".*\" does not meet this requirement, but app=~\".+\" will", 400)
				return
			}
			data := "[]"
			if strings.Contains(match, "level") || strings.Contains(match, "app") {
				data = streams
			}
			fmt.Fprintf(w, `{"status":"success","data":%s}`, data)
		case "query_range":
			result := "[]"
			if !strings.Contains(r.Form.Get("query"), "error") {
				at := noon.Unix()
				result = fmt.Sprintf(`[{"metric":{},"values":[[%d,"9"],[%d,"9"],[%d,"9"]]}]`, at+60, at+120, at+180)
			}
			fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":%s,"stats":{"summary":{"totalBytesProcessed":1}}}}`, result)
		default:
			http.Error(w, "404 page not found", http.StatusNotFound)
		}
	})
}

// A count of Loki that finds nothing is 0 if its labels are there, as one of Prometheus.
func TestLoki(t *testing.T) {
	const sli = `{bad: 'sum(count_over_time({app="shop",level="error"}[$step]))', total: 'sum(count_over_time({app="shop"}[$step]))'}`
	for streams, want := range map[string]string{
		`[{"app":"shop","level":"info"}]`: "0/9 0/9 0/9",
		`[]`:                              `refused: slo.yaml:1:7: nothing has a label "app" in the time asked about [prometheus/label]`,
	} {
		if got := answersOf(t, address+"step: 1m\n", loki(streams), sli); got != want {
			t.Errorf("%s: got %s, want %s", streams, got, want)
		}
	}
}

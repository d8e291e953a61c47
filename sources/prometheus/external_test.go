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
	read := func(text string) spec.Block {
		b, err := spec.ParseBlock("slo.yaml", text, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	kind, source, b := Kind(), read(address), read(sli)
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
		{errors, []string{"cluster"}, "cluster= 4/44 14/54 8/48"},
		{errors, []string{"replica"}, "replica= 4/44 14/54 8/48"},
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

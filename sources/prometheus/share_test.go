package prometheus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/snappy"

	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// Queries that hang fail their own objectives alone, however many batches the others are read
// in: sixty objectives in five batches, which a server answers in 4 of 6 seconds.
func TestHangingQueries(t *testing.T) {
	const objectives, together, parallel = 60, 12, 4
	for _, remote := range []bool{false, true} {
		for hung := range 6 {
			text := ""
			for i := range objectives {
				text += fmt.Sprintf("m%d_total{code=\"500\"} 0+1x80\nm%d_total{code=\"200\"} 0+10x80\n", i, i)
			}
			server := serving(text)
			if remote {
				server.Read = reading{of: server}.read
			}
			hangs := func(asked string) bool {
				for k := range hung {
					if strings.Contains(asked, fmt.Sprintf("m%d_total", together*k)) {
						return true
					}
				}
				return false
			}
			synctest.Test(t, func(t *testing.T) {
				handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if hangs(asked(r)) {
						<-r.Context().Done()
						return
					}
					time.Sleep(60 * time.Millisecond)
					server.ServeHTTP(w, r)
				})
				answered, failed := 0, 0
				err := fetchShared(t, handler, objectives, together, parallel, func(a sources.Answer) {
					switch {
					case a.Err == nil:
						answered++
					case sources.ClassOf(a.Err) == sources.Temporary && strings.Contains(a.Err.Error(), "its share of the time"):
						failed++
					default:
						t.Error(a.Err)
					}
				})
				if err != nil || failed != min(hung, objectives/together) || answered != objectives-failed {
					t.Errorf("remote read %t, %d hang: %d answered, %d failed: %v", remote, hung, answered, failed, err)
				}
			})
		}
	}
}

// Where time has no end, an answer that does not begin is waited for once, and several
// queries of one request are asked for apart before that.
func TestHangingWithoutEnd(t *testing.T) {
	for _, remote := range []bool{false, true} {
		server := serving("m0_total{code=\"500\"} 0+1x80\nm0_total{code=\"200\"} 0+10x80\n" +
			"m1_total{code=\"500\"} 0+1x80\nm1_total{code=\"200\"} 0+10x80\n")
		if remote {
			server.Read = reading{of: server}.read
		}
		synctest.Test(t, func(t *testing.T) {
			rt := transport.New(time.Now)
			rt.Base = sourcetest.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(asked(r), "m0_total") {
					<-r.Context().Done()
					return
				}
				server.ServeHTTP(w, r)
			}))
			start := time.Now()
			var got []string
			err := fetchTogether(t, t.Context(), rt, 2, 2, 4, func(a sources.Answer) { got = append(got, fmt.Sprint(a.Err)) })
			slices.Sort(got)
			if len(got) != 2 || err != nil || got[0] != "<nil>" || !strings.HasSuffix(got[1], "no answer within 2m15s") ||
				time.Since(start) > 4*time.Minute {
				t.Errorf("remote read %t: %q, %v after %s", remote, got, err, time.Since(start))
			}
		})
	}
}

// asked returns the text of what a request asks for, which is its body or its query.
func asked(r *http.Request) string {
	if strings.HasSuffix(r.URL.Path, "/read") {
		packed, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(packed))
		data, _ := snappy.Decode(nil, packed)
		return string(data)
	}
	r.ParseForm()
	return r.Form.Get("query")
}

// fetchShared asks for objectives, some together, within six seconds.
func fetchShared(
	t *testing.T, handler http.Handler, objectives, together, parallel int, emit func(sources.Answer),
) error {
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
	defer cancel()
	return fetchTogether(t, ctx, sourcetest.Serve(handler), objectives, together, parallel, emit)
}

func fetchTogether(
	t *testing.T, ctx context.Context, rt http.RoundTripper, objectives, together, parallel int, emit func(sources.Answer),
) error {
	read := func(text string) spec.Block {
		b, err := spec.ParseBlock("slo.yaml", text, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	src, err := Kind().Open(t.Context(), read(address), sources.Env{
		At: noon.Add(time.Hour), HTTP: rt, Parallel: parallel,
		Getenv: func(string) string { return "x" },
	})
	if err != nil {
		t.Fatal(err)
	}
	src.(*source).config.Batch = together * 60
	var reqs []sources.Request
	for i := range objectives {
		sli := fmt.Sprintf(`{bad: {counter: 'm%d_total{code="500"}'}, total: {counter: m%d_total}}`, i, i)
		reqs = append(reqs, sources.Request{SLI: read(sli), Count: spec.Both, Step: time.Minute,
			Period: slo.Period{Start: noon, End: noon.Add(time.Hour)}})
	}
	return src.Fetch(ctx, reqs, emit)
}

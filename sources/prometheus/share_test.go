package prometheus

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/klauspost/compress/snappy"

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
	read := func(text string) spec.Block {
		b, err := spec.ParseBlock("slo.yaml", text, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	src, err := Kind().Open(t.Context(), read(address), sources.Env{
		At: noon.Add(time.Hour), HTTP: sourcetest.Serve(handler), Parallel: parallel,
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
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
	defer cancel()
	return src.Fetch(ctx, reqs, emit)
}

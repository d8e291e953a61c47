package prometheus

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// What the benchmark reads: two counters of each objective, a sample a minute.
const (
	benchSLOs = 20
	benchDays = 7
)

// benchEnd is the end of these days.
func benchEnd() time.Time { return time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC) }

// BenchmarkFetch reads counters, and has the server count them, from a real Prometheus.
func BenchmarkFetch(b *testing.B) {
	url := benchServer(b)
	for name, sli := range map[string]string{
		"counter": `{bad: {counter: 'bench_errors_total{slo="@"}'}, total: {counter: 'bench_requests_total{slo="@"}'}}`,
		"promql": `{bad: 'increase(bench_errors_total{slo="@"}[$step])', ` +
			`total: 'increase(bench_requests_total{slo="@"}[$step])'}`,
	} {
		b.Run(name, func(b *testing.B) {
			block, err := spec.ParseBlock("bench.yaml", fmt.Sprintf("{type: prometheus, url: %q}", url), ".")
			if err != nil {
				b.Fatal(err)
			}
			var reqs []sources.Request
			for i := range benchSLOs {
				text := bytes.ReplaceAll([]byte(sli), []byte("@"), fmt.Append(nil, i))
				one, err := spec.ParseBlock("bench.yaml", string(text), ".")
				if err != nil {
					b.Fatal(err)
				}
				reqs = append(reqs, sources.Request{SLI: one, Count: spec.Both, Step: time.Minute,
					Period: slo.Period{Start: benchEnd().AddDate(0, 0, -benchDays), End: benchEnd()}})
			}
			env := sources.Env{At: benchEnd(), Parallel: 4, HTTP: http.DefaultTransport,
				Through: func(sources.Route) http.RoundTripper { return http.DefaultTransport }}
			b.ReportAllocs()
			for b.Loop() {
				s, err := Kind().Open(b.Context(), block, env)
				if err != nil {
					b.Fatal(err)
				}
				err = s.Fetch(b.Context(), reqs, func(a sources.Answer) {
					if a.Err != nil || a.Series.Total[100] == 0 {
						b.Fatal(a.Err)
					}
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			const samples = 2 * benchSLOs * benchDays * 24 * 60
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/samples, "ns/sample")
		})
	}
}

// benchServer runs a Prometheus over backfilled counters until the benchmark ends, and
// returns its address. It skips the benchmark where there is none.
func benchServer(b *testing.B) string {
	for _, program := range []string{"prometheus", "promtool"} {
		if _, err := exec.LookPath(program); err != nil {
			b.Skipf("%s is not installed", program)
		}
	}
	dir := b.TempDir()
	var text bytes.Buffer
	for _, name := range []string{"bench_errors", "bench_requests"} {
		fmt.Fprintf(&text, "# TYPE %s counter\n", name)
		for i := range benchSLOs {
			for n := range benchDays*24*60 + 1 {
				at := benchEnd().AddDate(0, 0, -benchDays).Unix() + int64(n)*60
				fmt.Fprintf(&text, "%s_total{slo=\"%d\"} %d %d\n", name, i, 1000+n*(i+7)+n%13, at)
			}
		}
	}
	text.WriteString("# EOF\n")
	file, data, config := filepath.Join(dir, "counters"), filepath.Join(dir, "data"), filepath.Join(dir, "config.yml")
	for name, content := range map[string][]byte{file: text.Bytes(), config: nil} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	fill := exec.Command("promtool", "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=744h", "-q", file, data)
	if out, err := fill.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	server := exec.Command("prometheus", "--config.file="+config, "--storage.tsdb.path="+data,
		"--storage.tsdb.retention.time=30y", "--web.listen-address="+address)
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		server.Process.Kill()
		server.Wait()
	})
	for {
		resp, err := http.Get("http://" + address + "/-/ready")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return "http://" + address
			}
		}
		if err := b.Context().Err(); err != nil {
			b.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

package remote

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/nines-slo/nines/sources/sample"
)

// program returns a program of Prometheus, and skips the test where it is not installed.
func program(t *testing.T, name string) string {
	t.Helper()
	found, err := exec.LookPath(name)
	switch {
	case err == nil:
		return found
	case os.Getenv("NINES_CI") == "1":
		t.Fatalf("%s is not installed, and NINES_CI=1 forbids to skip", name)
	}
	t.Skipf("%s is not installed: no real server is read", name)
	return ""
}

// backfill makes blocks of counters in the folder of a server.
func backfill(t *testing.T, folder string, series []kept) {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("# TYPE hits counter\n")
	for _, k := range series {
		for i, at := range k.times {
			fmt.Fprintf(&text, "hits_total{i=%q} %v %d.%03d\n", k.labels.Get("i"), k.values[i], at/1000, at%1000)
		}
	}
	text.WriteString("# EOF\n")
	file := filepath.Join(t.TempDir(), "hits.om")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program(t, "promtool"), "tsdb", "create-blocks-from", "openmetrics",
		"--max-block-duration=744h", "-q", file, folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// serve runs a real server over a folder until the test ends, and returns its address.
func serve(t *testing.T, folder string) *url.URL {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	config := filepath.Join(t.TempDir(), "prometheus.yml")
	if err := os.WriteFile(config, []byte("global: {external_labels: {site: here}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(program(t, "prometheus"), "--config.file="+config, "--storage.tsdb.path="+folder,
		"--storage.tsdb.retention.time=30y", "--web.listen-address="+address, "--web.enable-remote-write-receiver",
		"--enable-feature=native-histograms", "--storage.remote.read-max-bytes-in-frame=3000",
		"--storage.remote.read-sample-limit=4000")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("prometheus:\n%s", log.String())
		}
	})
	out := &url.URL{Scheme: "http", Host: address}
	for deadline := time.After(time.Minute); ; {
		resp, err := http.Get(out.JoinPath("-/ready").String())
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return out
			}
		}
		select {
		case <-deadline:
			t.Fatal("prometheus is not ready")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// write sends a series to a server by remote write.
func write(t *testing.T, server *url.URL, k kept) {
	t.Helper()
	all := sample.Query{From: math.MinInt64, To: math.MaxInt64}
	data := message(nil, 1, func(b []byte) []byte { return k.encode(encodeLabels(b, k.labels), all) })
	body := bytes.NewReader(snappy.Encode(nil, data))
	resp, err := http.Post(server.JoinPath("api/v1/write").String(), "application/x-protobuf", body)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
		t.Fatalf("%s: %s", resp.Status, text)
	}
}

// A real server hands over what was put in: counters of blocks that overlap, with resets,
// and native histograms with a reset and an end, in frames of a few chunks.
func TestPrometheus(t *testing.T) {
	const start = 1_700_000_000_000
	folder := t.TempDir()
	f := &fake{}
	for i := range 3 {
		k := kept{labels: named("hits_total", sample.Label{Name: "i", Value: fmt.Sprint(i)})}
		k.labels = append(k.labels, sample.Label{Name: "site", Value: "here"}) // which the server adds
		for n := range 5000 {
			k.times = append(k.times, start+int64(n)*30_000+int64(n%7)*int64(i))
			k.values = append(k.values, float64((n%(1700+i))*(i+1)))
		}
		f.series = append(f.series, k)
	}
	backfill(t, folder, f.series)
	part := f.series[1]
	part.times, part.values = part.times[1000:1900], part.values[1000:1900]
	backfill(t, folder, []kept{part})
	server := serve(t, folder)

	sent := kept{labels: named("latency")}
	for n := range 700 {
		at := n % 500
		h := sample.Histogram{
			Schema: 3, ZeroThreshold: 0.001, Count: float64(4*at + 4), ZeroCount: float64(at), Sum: float64(at) / 8,
			Positive: []sample.Bucket{{Index: -3, Count: float64(at + 1)}, {Index: 5, Count: float64(at + 1)}},
			Negative: []sample.Bucket{{Index: 2, Count: float64(at + 2)}},
		}
		if at == 300 {
			h.Positive = append(h.Positive, sample.Bucket{Index: 9, Count: 1})
			h.Count++
		}
		if n == 699 {
			h = sample.Histogram{Sum: sample.StaleMarker()}
		}
		sent.times = append(sent.times, start+1e9+int64(n)*15_000) // no server takes what is older than its blocks
		sent.histograms = append(sent.histograms, h)
	}
	write(t, server, sent)
	sent.labels = append(sent.labels, sample.Label{Name: "site", Value: "here"})
	f.series = append(f.series, sent)

	like, err := sample.NewMatcher("i", sample.Like, "0|2")
	if err != nil {
		t.Fatal(err)
	}
	but := sample.Matcher{Name: "i", Op: sample.NotEqual, Value: "1"}
	queries := []sample.Query{
		{Selector: selector("hits_total"), From: 0, To: start + 1e10},
		{Selector: append(selector("hits_total"), like), From: start + 30_000*77, To: start + 30_000*4000},
		{Selector: append(selector("hits_total"), but), From: start + 1, To: start + 30_001},
		{Selector: selector("latency"), From: start, To: start + 1e12},
		{Selector: selector("nothing"), From: 0, To: math.MaxInt64},
	}
	for rt, queries := range map[http.RoundTripper][]sample.Query{
		http.DefaultTransport: queries,
		sampled{}:             queries[:3], // Prometheus 2.42 sends histograms in chunks alone
	} {
		c := New(Config{URL: server, HTTP: rt, Parallel: 2, Pause: noPause})
		all, err := collect(t, c, queries...)
		if err != nil {
			t.Fatal(err)
		}
		f.check(t, queries, all, false)
	}
}

// sampled asks for samples, as if the server did not stream. It has a limit then.
type sampled struct{}

func (sampled) RoundTrip(req *http.Request) (*http.Response, error) {
	packed, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	data, err := snappy.Decode(nil, packed)
	if err != nil {
		return nil, err
	}
	types := message(nil, 2, func(b []byte) []byte { return append(b, 1, 0) })
	data, _ = bytes.CutSuffix(data, types)
	body := snappy.Encode(nil, number(data, 2, 0))
	asked := req.Clone(req.Context())
	asked.Body, asked.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return http.DefaultTransport.RoundTrip(asked)
}

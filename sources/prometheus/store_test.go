package prometheus

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/prometheus/remote"
	"github.com/nines-slo/nines/sources/prometheus/wire"
	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// Whatever a server has to read samples by, they are the same, to the bit: by remote read
// also markers of an end and native histograms.
func TestStore(t *testing.T) {
	floats := sampletest.Lines(noon, 15*time.Second, `
		http_requests_total{code="200",instance="a",job="api"} 0+10x300 5+7x299
		http_requests_total{code="503",instance="a",job="api"} 0+1x100 _x50 150+2x249
		temperature{place="räume \"1\""} -1.5+0.25x50 _ 3+0.1x100`)
	ends := sampletest.Lines(noon, 15*time.Second, `http_requests_total{code="200",instance="b",job="api"} 0+3x200 stale`)
	native := sampletest.Series{Labels: sampletest.Labels("rpc_seconds", "job", "api")}
	for i := range 300 {
		n := float64(i + 1)
		native.Times = append(native.Times, noon.Add(time.Duration(i)*15*time.Second).UnixMilli())
		native.Histograms = append(native.Histograms, sample.Histogram{Reset: sample.Gauge, Schema: 3, ZeroThreshold: 0x1p-128,
			ZeroCount: n, Count: 6.5 * n, Sum: n * 1.5, Positive: []sample.Bucket{{Index: -2, Count: n}, {Index: 4, Count: 2.5 * n}},
			Negative: []sample.Bucket{{Index: 1, Count: 2 * n}}})
	}
	for name, test := range map[string]struct {
		changes func(*wiretest.Server)
		held    []sampletest.Series
	}{
		"remote read":        {func(s *wiretest.Server) { reads(s) }, append(append([]sampletest.Series{native}, floats...), ends...)},
		"queries":            {func(*wiretest.Server) {}, floats},
		"queries before 3":   {func(s *wiretest.Server) { s.Closed, s.GetOnly = true, true }, floats},
		"export of Victoria": {func(s *wiretest.Server) { s.Victoria = true }, append(ends, floats...)},
	} {
		t.Run(name, func(t *testing.T) {
			server := &wiretest.Server{}
			for _, one := range test.held {
				server.Series = append(server.Series, wiretest.Series(one))
			}
			test.changes(server)
			web := httptest.NewServer(server)
			defer web.Close()
			at, err := url.Parse(web.URL + "/prefix")
			if err != nil {
				t.Fatal(err)
			}
			s := &store{
				remote: remote.New(remote.Config{URL: at, HTTP: http.DefaultTransport, Parallel: 2}),
				wire:   wire.New(wire.Config{URL: at, HTTP: http.DefaultTransport, Parallel: 2}),
			}
			sampletest.Check(t, s, sampletest.New(test.held...))
		})
	}
}

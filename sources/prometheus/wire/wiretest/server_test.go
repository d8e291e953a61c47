package wiretest

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources/sample"
)

// A selector is read as it was written.
func TestParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want sample.Selector
		for range rapid.IntRange(1, 4).Draw(t, "matchers") {
			name := rapid.SampledFrom([]string{"job", sample.MetricName, "a b", "le"}).Draw(t, "name")
			op := rapid.SampledFrom([]sample.Op{sample.Equal, sample.NotEqual, sample.Like, sample.Unlike}).Draw(t, "op")
			value := rapid.SampledFrom([]string{"", "x_total", `"}\{,`, "a|b", "é"}).Draw(t, "value")
			if m, err := sample.NewMatcher(name, op, value); err == nil {
				want = append(want, m)
			}
		}
		text := want.String()
		got, rest, err := parse(text + "[90000ms]")
		if err != nil || got.String() != text {
			t.Fatalf("%s: got %s, %v", text, got, err)
		}
		if n, ok := rangeOf(rest); !ok || n != 90_000 {
			t.Fatalf("%s: got range %q", text, rest)
		}
	})
	for _, text := range []string{"", "{a=1}", "{a", `{a="b"`, `{a~"b"}`} {
		if got, _, err := parse(text); err == nil {
			t.Errorf("%q: got %s", text, got)
		}
	}
}

// The server answers as Prometheus does, word by word.
func TestServer(t *testing.T) {
	s := New(t)
	s.Series = []Series{{
		Labels: sample.Labels{{Name: sample.MetricName, Value: "up"}, {Name: "job", Value: "a"}},
		Times:  []int64{60_000, 75_000, 90_500}, Values: []float64{1, sample.StaleMarker(), 0.5},
	}}
	for path, want := range map[string]string{
		`query?query=up[31000ms]&time=90.5`: `{"status":"success","data":{"result":[{"metric":` +
			`{"__name__":"up","job":"a"},"values":[[60,"1"],[90.5,"0.5"]]}],"resultType":"matrix"}}`,
		`query?query=up[30500ms]&time=90.5`: `{"status":"success","data":{"result":[{"metric":` +
			`{"__name__":"up","job":"a"},"values":[[90.5,"0.5"]]}],"resultType":"matrix"}}`,
		`query_range?query=up&start=60&end=120&step=60`: `{"status":"success","data":{"result":[{"metric":` +
			`{"__name__":"up","job":"a"},"values":[[60,"1"],[120,"0.5"]]}],"resultType":"matrix"}}`,
		`query?query=up&time=60`: `{"status":"success","data":{"result":[{"metric":` +
			`{"__name__":"up","job":"a"},"value":[60,"1"]}],"resultType":"vector"}}`,
		`query_range?query=up&start=0&end=11001&step=1`: `{"error":"exceeded maximum resolution of 11,000 points ` +
			`per timeseries. Try decreasing the query resolution (?step=XX)","errorType":"bad_data","status":"error"}` + "\n",
		`series?match[]=up&start=0&end=100`:       `{"status":"success","data":[{"__name__":"up","job":"a"}]}`,
		`label/__name__/values?start=0&end=100`:   `{"status":"success","data":["up"]}`,
		`label/__name__/values?start=100&end=100`: `{"status":"success","data":[]}`,
		`export?match[]=up&start=0&end=100`:       `{"error":"404 page not found","errorType":"not_found","status":"error"}` + "\n",
		`query_range?query=rate(up)&start=0&end=0&step=1`: `{"error":"invalid parameter \"query\": this server cannot ` +
			`evaluate \"rate(up)\"","errorType":"bad_data","status":"error"}` + "\n",
	} {
		u, err := url.Parse(s.URL() + "/api/v1/" + path)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(u.String())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(body) != want {
			t.Errorf("%s:\n got %s\nwant %s", path, body, want)
		}
	}
}

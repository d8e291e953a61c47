package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
	"github.com/nines-slo/nines/sources/sample"
)

// says answers each path with a body, and 404 where there is none.
type says map[string]string

func (s says) RoundTrip(r *http.Request) (*http.Response, error) {
	_, path, _ := strings.Cut(r.URL.Path, "/api/v1/")
	body, ok := s[path]
	resp := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	if !ok {
		resp.StatusCode = http.StatusNotFound
	}
	return resp, nil
}

func clientOf(t *testing.T, s says) *Client {
	t.Helper()
	return New(Config{URL: parsed(t, "https://host/prefix"), HTTP: s})
}

// VictoriaMetrics is told by what servers say of themselves.
func TestExports(t *testing.T) {
	success := func(data string) string { return `{"status":"success","data":` + data + `}` }
	for _, c := range []struct {
		says says
		want string
	}{
		{says{"status/buildinfo": success(`{"version":"3.15.0","revision":"1","goVersion":"go1.26"}`)}, "false <nil>"},
		{says{"status/buildinfo": success(`{"application":"Grafana Mimir","version":"2.14.0","features":{}}`)}, "false <nil>"},
		{says{"status/buildinfo": success(`{"version":"2.24.0"}`)}, "true <nil>"},
		{says{"status/buildinfo": success(`{}`), "export": ""}, "true <nil>"},
		{says{"status/buildinfo": success(`{}`)}, "false <nil>"},
		{says{"status/buildinfo": `{"version":"3.5.0"}`}, "false <nil>"}, // Loki
		{says{}, "false <nil>"},
		{says{"status/buildinfo": "<html>"}, "false answers a web page (a login?) in place of JSON"},
	} {
		got, err := clientOf(t, c.says).Exports(t.Context())
		if text := fmt.Sprint(got, " ", err); text != c.want {
			t.Errorf("%v: got %s, want %s", c.says, text, c.want)
		}
	}
}

// A metric of two types has none.
func TestTypes(t *testing.T) {
	for data, want := range map[string]string{
		`{"x":[{"type":"counter","help":"h"},{"help":"i","type":"counter"}]}`: "counter",
		`{"x":[{"type":"counter"},{"type":"gauge"}]}`:                         "",
		`{"y":[{"type":"counter"}]}`:                                          "",
		`{}`:                                                                  "",
	} {
		got, err := clientOf(t, says{"metadata": `{"status":"success","data":` + data + `}`}).Type(t.Context(), "x")
		if got != want || err != nil {
			t.Errorf("%s: got %q, %v", data, got, err)
		}
	}
}

// A limit only falls, whoever lowers it at once.
func TestLower(t *testing.T) {
	var limit atomic.Int64
	for _, c := range []struct{ to, want int64 }{{500, 500}, {700, 500}, {40, 40}, {40, 40}} {
		if lower(&limit, c.to); limit.Load() != c.want {
			t.Errorf("lowered to %d it is %d, want %d", c.to, limit.Load(), c.want)
		}
	}
	client := clientOf(t, says{})
	first := asked{client: client}
	second := asked{client: client}
	first.shrink(1000, &muchError{})
	second.shrink(400, &muchError{count: true})
	first.shrink(100, &muchError{})
	first.shrink(900, &muchError{}) // of another stretch, asked for before
	if first.limit() != 50 || second.limit() != 200 {
		t.Errorf("limits are %d and %d, want 50 and 200", first.limit(), second.limit())
	}
}

// Parameters that the API does not have are not sent to those that refuse them.
func TestPlain(t *testing.T) {
	for from, want := range map[string]bool{
		"https://monitoring.googleapis.com/v1/projects/p/location/global/prometheus":                  true,
		"https://monitoring.europe-west1.rep.googleapis.com/v1/projects/p/location/global/prometheus": true,
		"https://MONITORING.googleapis.com/v1/projects/p/location/global/prometheus":                  true,
		"https://host/monitoring.googleapis.com":                                                      false,
		"https://storage.europe-west1.rep.googleapis.com":                                             false,
		"https://monitoring.rep.googleapis.com.example":                                               false,
	} {
		c := New(Config{URL: parsed(t, from)})
		if got := len(c.extra(map[string][]string{})) == 0; got != want {
			t.Errorf("%s: plain %t", from, got)
		}
	}
}

// Any answer is read the same in whatever pieces it arrives, and no answer is taken that
// is no JSON.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1,"2"]]}]}}`))
	f.Add([]byte(`{"status":"success","data":["a","b\u00e9"],"warnings":["w"]}`))
	f.Add([]byte(`{"status":"success","data":[{"a":"b"}]}`))
	f.Add([]byte(`{"metric":{"a":"b"},"values":[1,null,"Infinity"],"timestamps":[1000,2000,3000]}` + "\n"))
	reads := map[string]func(*lexer) (string, error){
		"matrix": func(l *lexer) (string, error) {
			var out []string
			feed := newFeed(newCatalog(), func(b sample.Block) error {
				out = append(out, fmt.Sprint(b))
				return nil
			})
			feed.begin(span{from: 0, to: 1e15})
			s, err := readResult(l, func() error { return feed.matrix(l) })
			return fmt.Sprint(out, s), err
		},
		"names": func(l *lexer) (string, error) {
			var out []string
			s, err := readAnswer(l, func() (err error) { out, err = kept(l); return err })
			return fmt.Sprint(out, s), err
		},
		"export": func(l *lexer) (string, error) {
			var out []string
			feed := newFeed(newCatalog(), func(b sample.Block) error {
				out = append(out, fmt.Sprint(b))
				return nil
			})
			feed.resumed = true
			feed.begin(span{from: 0, to: 1e15})
			s, err := readExport(l, feed)
			return fmt.Sprint(out, s), err
		},
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, read := range reads {
			got, err := read(newLexer(bytes.NewReader(data)))
			slow, slowErr := read(newLexer(iotest.OneByteReader(bytes.NewReader(data))))
			if got != slow || fmt.Sprint(err) != fmt.Sprint(slowErr) {
				t.Errorf("%s at once: %v %v, by bytes: %v %v", name, got, err, slow, slowErr)
			}
			if err == nil && name != "export" && !json.Valid(data) {
				t.Errorf("%s took what is no JSON: %q", name, data)
			}
		}
	})
}

// Whatever a server says with a status that is an error, it is one of a class, in one line,
// without the secret that it repeats.
func FuzzRefusal(f *testing.F) {
	f.Add(422, "application/json", `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory"}`)
	f.Add(400, "application/json", `{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries"}`)
	f.Add(422, "application/json", `{"status":"error","error":"too many points; the maximum number of points is 30000"}`)
	f.Add(503, "application/json", `{"status":"error","errorType":"timeout","error":"query timed out, token hush"}`)
	f.Add(502, "text/html", "<html>hush</html>")
	f.Add(429, "text/plain", "slow down\x00\xff hush\n")
	f.Add(500, "text/plain", "maxPointsPerTimeseries=99999999999999999999")
	f.Fuzz(func(t *testing.T, status int, kind, body string) {
		if status < 400 || status > 599 {
			return
		}
		hide := func(s string) string { return strings.ReplaceAll(s, "hush", "***") }
		c := New(Config{URL: parsed(t, "http://localhost"), Hide: hide})
		resp := &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body))}
		err := c.refusal(resp)
		if err == nil || sources.ClassOf(err) == "" {
			t.Fatalf("%d %q: error %v of class %q", status, body, err, sources.ClassOf(err))
		}
		text := err.Error()
		if strings.Contains(text, "hush") || strings.ContainsFunc(text, unicode.IsControl) || len(text) > 8*server.MaxShown || !utf8.ValidString(text) {
			t.Errorf("%d %q: error %q", status, body, text)
		}
		var much *muchError
		if errors.As(err, &much) && (much.points < 0 || much.points > 0 && !much.count) {
			t.Errorf("%d %q: %+v", status, body, much)
		}
	})
}

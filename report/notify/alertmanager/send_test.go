package alertmanager

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/spec"
)

// to returns the Alertmanager at address, which waits for nothing, and the waits
// that it was asked for.
func to(t *testing.T, address, token string) (*Alertmanager, *[]time.Duration) {
	t.Helper()
	var waits []time.Duration
	m, err := New(address, spec.NewSecret(token), within(func(_ context.Context, d time.Duration) error {
		waits = append(waits, d)
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	return m, &waits
}

// within returns the transport of the program with sleep in place of waits.
func within(sleep func(context.Context, time.Duration) error) http.RoundTripper {
	rt := transport.New(time.Now)
	rt.Sleep = sleep
	rt.Random = func() float64 { return 0 }
	return rt
}

// answers returns a server that gives the answers in turn, then the last for ever,
// and counts requests.
func answers(t *testing.T, all ...func(http.ResponseWriter)) (*httptest.Server, *atomic.Int32) {
	var n atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all[min(int(n.Add(1)), len(all))-1](w)
	}))
	t.Cleanup(s.Close)
	return s, &n
}

func text(code int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

func moved(code int, where string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Location", where)
		w.WriteHeader(code)
	}
}

// dead cuts the connection.
func dead(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func TestAnswers(t *testing.T) {
	type list = []func(http.ResponseWriter)
	tests := []struct {
		name     string
		answers  list
		requests int
		want     string // of the error after the address; "" for none
	}{
		{"taken", list{text(200, "")}, 1, ""},
		{"taken, with a body as some proxies send", list{text(202, `{"status":"success"}`)}, 1, ""},
		{"taken at the second attempt", list{text(503, "no leader"), text(200, "")}, 2, ""},
		{"too many requests for a while", list{text(429, "slow down"), text(429, ""), text(200, "")}, 3, ""},
		{"the connection breaks for a while", list{dead, dead, text(200, "")}, 3, ""},
		{"down", list{text(502, "<html>\n<b>Bad Gateway")}, 4, "answers 502 Bad Gateway: <html>"},
		{"the connection breaks", list{dead}, 4, "the server broke the connection off before it answered"},
		{"refused", list{text(400, "\n \"invalid label set\"\nmore")}, 1, `answers 400 Bad Request: "invalid label set"`},
		{"refused without a word", list{text(401, "")}, 1, "answers 401 Unauthorized"},
		{"not there", list{text(404, "<!DOCTYPE html>")}, 1, "answers 404 Not Found: <!DOCTYPE html>\nhint: give what stands before /api/v2/alerts, which Alertmanager has since 0.16"},
		{"a login page", list{text(200, " \n<!DOCTYPE html><title>Sign in")}, 1, "answers with a page, not as an Alertmanager does"},
		{"elsewhere", list{moved(308, "https://u:secret@other.example/am/api/v2/alerts?t=secret")}, 1,
			"answers 308 Permanent Redirect\nhint: it is moved to https://other.example; redirects are not followed"},
		{"elsewhere on the same host", list{moved(302, "/login")}, 1, "answers 302 Found\nhint: it is moved to HOST; redirects are not followed"},
		{"nowhere", list{text(304, "")}, 1, "answers 304 Not Modified"},
		{"control characters", list{text(400, "a\x1b[31mb\x00"+strings.Repeat("x", 1<<20))}, 1, `answers 400 Bad Request: a\x1b[31mb\x00` + strings.Repeat("x", 241) + "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, n := answers(t, tt.answers...)
			m, waits := to(t, s.URL, "")
			err := m.Post(t.Context(), checkout(), time.Hour)
			got := ""
			if err != nil {
				got = strings.TrimLeft(strings.TrimPrefix(err.Error(), "alertmanager "+s.URL+"/api/v2/alerts"), ": ")
			}
			if want := strings.ReplaceAll(tt.want, "HOST", s.URL); got != want {
				t.Errorf("got error %q, want %q", got, want)
			}
			if got := int(n.Load()); got != tt.requests {
				t.Errorf("got %d requests, want %d", got, tt.requests)
			}
			if want := []time.Duration{time.Second / 2, time.Second, 2 * time.Second}[:tt.requests-1]; !slices.Equal(*waits, want) {
				t.Errorf("waited %v, want %v", *waits, want)
			}
		})
	}
}

// What a request looks like, below a prefix and with credentials.
func TestRequest(t *testing.T) {
	tests := []struct{ address, token, path, auth string }{
		{"http://HOST", "", "/api/v2/alerts", ""},
		{"http://HOST/", "", "/api/v2/alerts", ""},
		{"http://HOST/some%2Fprefix/?tenant=a#x", "", "/some%2Fprefix/api/v2/alerts?tenant=a", ""},
		{"http://HOST", " token\n", "/api/v2/alerts", "Bearer token"},
		{"http://me:p%40ss@HOST", "token", "/api/v2/alerts", "Basic bWU6cEBzcw=="},
		{"http://me@HOST", "", "/api/v2/alerts", "Basic bWU6"},
	}
	for _, tt := range tests {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || r.RequestURI != tt.path || r.Header.Get("Authorization") != tt.auth || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: got %s %s, Authorization %q", tt.address, r.Method, r.RequestURI, r.Header.Get("Authorization"))
			}
			if body, _ := io.ReadAll(r.Body); string(body) != "[]" {
				t.Errorf("got body %s", body)
			}
		}))
		m, _ := to(t, strings.Replace(tt.address, "HOST", strings.TrimPrefix(s.URL, "http://"), 1), tt.token)
		if err := m.Post(t.Context(), checkout(), time.Hour); err != nil {
			t.Errorf("%s: %v", tt.address, err)
		}
		s.Close()
	}
}

// No error shows a password, a token or a query.
func TestSecrets(t *testing.T) {
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		w.WriteHeader(400)
		fmt.Fprintf(w, "no entry for %s %s %s http://%s:%s@host %s", user, password, r.Header.Get("Authorization"), user, password, r.URL.RawQuery)
	}))
	defer echo.Close()
	host := strings.TrimPrefix(echo.URL, "http://")
	for _, tt := range []struct{ address, token string }{
		{"http://me:hush1@" + host + "?k=hush2", ""},
		{"http://" + host, "hush3"},
		{"http://" + host, "hush3\x01"},
		{"http://me:hush1@127.0.0.1:1?k=hush2", ""},
		{"https://me:hush1@" + host + "?k=hush2", ""},
		{"http://me:hush 1@host", ""},
		{"http://me:hu/hush1@host:x", ""},
		{"http://me:hush%zz@host", ""},
		{"http:me:hush1@host", ""},
		{"://host?k=hush", ""},
		{"http://me:hush?1@host", ""},
		{"http://me:hush#1@host", ""},
		{"http://host:x?k=me@hush", ""},
	} {
		m, err := New(tt.address, spec.NewSecret(tt.token), within(func(context.Context, time.Duration) error { return nil }))
		if err == nil {
			err = m.Post(t.Context(), checkout(), time.Hour)
		}
		if err == nil || strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "aHVza") || strings.Contains(err.Error(), "bWU6aHVza") {
			t.Errorf("%q: got %v", tt.address, err)
		}
	}
}

// What a server quotes of the query is not shown, as it is or escaped, nor is the
// query where an Alertmanager is printed.
func TestQueryIsSecret(t *testing.T) {
	for _, c := range []struct{ query, says, want string }{
		{"", "key hush-1 is not allowed", "key hush-1 is not allowed"},
		{"?key=hush-1", "key hush-1 is not allowed", "key *** is not allowed"},
		{"?key=hush-1", "?key=hush-1 is not allowed", "?*** is not allowed"},
		{"?a=b&key=hush%2F1", "hush/1 and hush%2F1 are not allowed", "*** and *** are not allowed"},
	} {
		s, _ := answers(t, text(400, c.says))
		m, _ := to(t, s.URL+c.query, "")
		if err := m.Post(t.Context(), checkout(), time.Hour); err == nil || !strings.HasSuffix(err.Error(), ": "+c.want) {
			t.Errorf("%s, %s: got %v, want %s", c.query, c.says, err, c.want)
		}
		type holder struct{ m *Alertmanager }
		for _, verb := range []string{"%v", "%+v", "%#v", "%d"} {
			for _, v := range []any{m, *m, holder{m}} {
				if text := fmt.Sprintf(verb, v); c.query != "" && strings.Contains(text, "hush") {
					t.Errorf("%s of %T: got %s", verb, v, text)
				}
			}
		}
	}
}

func TestNotAnAddress(t *testing.T) {
	for _, address := range []string{"", "host", "host:9093", "ftp://host", "http://", "http:///path", "http://[::1", "unix:///run/am.sock", "http://ho st"} {
		if m, err := New(address, spec.Secret{}, nil); err == nil {
			t.Errorf("%q is taken as %s", address, m)
		}
	}
}

// A certificate that nobody vouches for does not get better with time.
func TestUntrusted(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came") }))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	m, waits := to(t, s.URL, "")
	err := m.Post(t.Context(), checkout(), time.Hour)
	if err == nil || !strings.Contains(err.Error(), "certificate") || len(*waits) > 0 {
		t.Errorf("got %v after %d waits", err, len(*waits))
	}
}

// Many alerts go in several requests, in their order.
func TestBatches(t *testing.T) {
	var sizes []int
	var names []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got []alert
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		sizes = append(sizes, len(got))
		for _, a := range got {
			names = append(names, a.Labels["slo"])
		}
	}))
	defer s.Close()
	firing := fast(burn.Active)
	firing.Since = minute(3)
	as := checkout(firing)
	o := as.Objectives[0]
	as.Objectives = nil
	var want []string
	for i := range 600 {
		o.Name = fmt.Sprintf("o%04d", i)
		as.Objectives, want = append(as.Objectives, o), append(want, o.Name)
	}
	m, _ := to(t, s.URL, "")
	if err := m.Post(t.Context(), as, time.Hour); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(sizes, []int{256, 256, 88}) || !slices.Equal(names, want) {
		t.Errorf("got %v requests, %d alerts", sizes, len(names))
	}
}

// Whoever stops to wait is told why.
func TestGivesUp(t *testing.T) {
	s, n := answers(t, text(503, ""))
	ctx, cancel := context.WithCancelCause(t.Context())
	m, err := New(s.URL, spec.Secret{}, within(func(context.Context, time.Duration) error {
		cancel(errors.New("no time left"))
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Post(ctx, checkout(), time.Hour); err == nil || !strings.HasSuffix(err.Error(), "no time left") || n.Load() != 1 {
		t.Errorf("got %v after %d requests", err, n.Load())
	}
}

// Each of a cluster is told, whatever becomes of the others.
func TestPostAll(t *testing.T) {
	up, n := answers(t, text(200, ""))
	down, _ := answers(t, text(400, "no"))
	a, _ := to(t, down.URL, "")
	b, _ := to(t, up.URL, "")
	c, _ := to(t, down.URL, "")
	errs := PostAll(t.Context(), []*Alertmanager{a, b, c}, checkout(), time.Hour)
	if len(errs) != 2 || n.Load() != 1 {
		t.Errorf("got %v, %d requests", errs, n.Load())
	}
}

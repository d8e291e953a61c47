package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nines-slo/nines/sources"
)

// read returns the outcome of a stream: status and body, or the error with its class.
func read(rt http.RoundTripper, req *http.Request) string {
	resp, err := sources.Stream(rt, req)
	if err != nil {
		return fmt.Sprintf("%s: %v", sources.ClassOf(err), err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Sprintf("%d %s, then %s: %v", resp.StatusCode, text, sources.ClassOf(err), err)
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, text)
}

// stops answers with text, and then with err in place of the rest.
func stops(text string, err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader(text), broken{err})
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body)}, nil
	}
}

// A stream is asked for again until its first byte has come, and not after.
func TestStreamAttempts(t *testing.T) {
	type list = []func(*http.Request) (*http.Response, error)
	reset := errors.New("reset by ?q=up-hush")
	for _, c := range []struct {
		name     string
		answers  list
		want     string
		attempts int
	}{
		{"answered", list{answer(200, "yes")}, "200 yes", 1},
		{"empty", list{answer(200, "")}, "200 ", 1},
		{"refused", list{answer(400, "no")}, "400 no", 1},
		{"down for a while", list{answer(503, "no"), answer(200, "yes")}, "200 yes", 2},
		{"down", list{answer(503, "no")}, "503 no", 4},
		{"throttled", list{answer(429, "no", "Retry-After", "2"), answer(200, "yes")}, "200 yes", 2},
		{"throttled for ever", list{answer(429, "no", "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")}, "429 no", 1},
		{"no connection", list{fails(reset)}, "temporary: reset by ?***", 4},
		{"broken before the first byte", list{stops("", reset), answer(200, "yes")}, "200 yes", 2},
		{"broken before the first byte, always", list{stops("", io.ErrUnexpectedEOF)}, "temporary: the server broke the connection off", 4},
		{"no answer at all", list{fails(io.EOF)}, "temporary: the server broke the connection off before it answered", 4},
		{"broken behind the first byte", list{stops("y", reset), answer(200, "yes")}, "200 y, then temporary: reset by ?***", 1},
		{"cut off", list{stops("ye", io.ErrUnexpectedEOF)}, "200 ye, then temporary: the server broke the connection off", 1},
		{"another host", list{answer(302, "", "Location", "https://other/?q=up-hush")},
			"cannot: is moved to https://other, another host: not followed", 1},
		{"moved", list{answer(302, "elsewhere", "Location", "/b"), answer(200, "yes")}, "200 yes", 2},
	} {
		b := &base{answers: c.answers}
		rt, _ := timeless(b)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://host/api?q=up-hush", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(rt, req); got != c.want || len(b.bodies) != c.attempts {
			t.Errorf("%s: got %s in %d attempts, want %s in %d", c.name, got, len(b.bodies), c.want, c.attempts)
		}
	}
}

// kept counts the bodies that are not closed.
type kept struct {
	io.Reader
	open *int
}

func (k kept) Close() error { *k.open--; return nil }

// What is asked again lets go of the answer before.
func TestStreamLetsGo(t *testing.T) {
	open := 0
	one := func(code int, text string, err error) func(*http.Request) (*http.Response, error) {
		return func(*http.Request) (*http.Response, error) {
			open++
			body := kept{io.MultiReader(strings.NewReader(text), broken{err}), &open}
			return &http.Response{StatusCode: code, Header: http.Header{"Location": {"/b"}}, Body: body}, nil
		}
	}
	rt, _ := timeless(&base{answers: []func(*http.Request) (*http.Response, error){
		one(503, "no", io.EOF), one(200, "", io.ErrUnexpectedEOF), one(302, "there", io.EOF), one(200, "yes", io.EOF),
	}})
	req := request(t, http.MethodGet, "")
	if got := read(rt, req); got != "200 yes" || open != 0 {
		t.Errorf("got %s, and %d answers are open", got, open)
	}
}

// A stream may take any time, as long as it flows when somebody waits for it.
func TestStreamFlows(t *testing.T) {
	for _, c := range []struct {
		name   string
		wait   time.Duration // before each piece
		piece  int           // bytes
		think  time.Duration // before each read
		pieces int           // 0: for ever
		want   string
		took   time.Duration
	}{
		{"for hours", 20 * time.Second, 4096, 0, 1000, "", 20000 * time.Second},
		{"to a slow reader", 0, 4096, time.Hour, 10, "", 10 * time.Hour},
		{"a byte a second", time.Second, 1, 0, 0, stopped, 31 * time.Second},
		{"50 bytes a second", time.Second, 50, 0, 200, "", 200 * time.Second},
		{"no more", time.Hour, 4096, 0, 10, stopped, time.Hour + 30*time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			rt, _ := timeless(&base{answers: []func(*http.Request) (*http.Response, error){
				func(r *http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: 200, Body: io.NopCloser(&dripping{r.Context(), c.wait, c.piece, c.pieces})}, nil
				},
			}})
			rt.Attempt = 2 * time.Hour
			start := time.Now()
			resp, err := sources.Stream(rt, request(t, http.MethodGet, ""))
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			defer resp.Body.Close()
			n := 0
			for err == nil {
				time.Sleep(c.think)
				var got int
				got, err = resp.Body.Read(make([]byte, 4096))
				n += got
			}
			took := time.Since(start)
			switch {
			case c.want == "" && (err != io.EOF || n != c.piece*c.pieces):
				t.Errorf("%s: got %d bytes and %v", c.name, n, err)
			case c.want != "" && (err.Error() != c.want || sources.ClassOf(err) != sources.Temporary):
				t.Errorf("%s: got %v of class %q, want %s", c.name, err, sources.ClassOf(err), c.want)
			case took != c.took:
				t.Errorf("%s: took %v, want %v", c.name, took, c.took)
			}
		})
	}
}

const stopped = "the answer stops: under 1024 bytes within 30s"

// dripping gives a piece after each wait, until ctx ends.
type dripping struct {
	ctx    context.Context
	wait   time.Duration
	piece  int
	pieces int
}

func (d *dripping) Read(p []byte) (int, error) {
	if err := Sleep(d.ctx, d.wait); err != nil {
		return 0, d.ctx.Err()
	}
	n := copy(p, bytes.Repeat([]byte("."), d.piece))
	if d.pieces--; d.pieces == 0 {
		return n, io.EOF
	}
	return n, nil
}

// A first byte is waited for once, a little longer than a server gives to a query.
func TestStreamBegins(t *testing.T) {
	hangs := func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
	silent := func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(&dripping{r.Context(), time.Hour, 1, 0})}, nil
	}
	for name, slow := range map[string]func(*http.Request) (*http.Response, error){"no answer": hangs, "no body": silent} {
		synctest.Test(t, func(t *testing.T) {
			rt, _ := timeless(&base{answers: []func(*http.Request) (*http.Response, error){slow}})
			rt.Attempt = New(time.Now).Attempt
			start := time.Now()
			got := read(rt, request(t, http.MethodGet, ""))
			if got != "temporary: no answer within 2m15s" || time.Since(start) != 135*time.Second {
				t.Errorf("%s: got %s after %v", name, got, time.Since(start))
			}
		})
	}
}

// serve returns a request to a server that answers with f.
func serve(t *testing.T, f http.HandlerFunc) *http.Request {
	t.Helper()
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	t.Cleanup(s.CloseClientConnections)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// Whoever gives up in the middle of a body is told why, at once.
func TestStreamEnds(t *testing.T) {
	cause := errors.New("no time left")
	req := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancelCause(t.Context())
	resp, err := sources.Stream(New(time.Now), req.WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadFull(resp.Body, make([]byte, 5)); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(time.Millisecond, func() { cancel(cause) })
	start := time.Now()
	_, err = resp.Body.Read(make([]byte, 5))
	if !errors.Is(err, cause) || sources.ClassOf(err) != sources.Cancelled || time.Since(start) > 30*time.Second {
		t.Errorf("got %v of class %q after %v", err, sources.ClassOf(err), time.Since(start))
	}
	if _, err = resp.Body.Read(make([]byte, 5)); sources.ClassOf(err) != sources.Cancelled {
		t.Errorf("again: got %v", err)
	}
}

// More comes than an answer may hold that is whole, packed or not; a reader that has
// enough lets go of a body that does not end.
func TestStreamIsLong(t *testing.T) {
	const long = 2*maxBody + 1
	for name, h := range map[string]http.HandlerFunc{
		"plain": func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, io.LimitReader(zeros{}, long)) },
		"packed": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Errorf("accepts %q", r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			io.Copy(z, io.LimitReader(zeros{}, long))
			z.Close()
		},
		"without an end": func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, zeros{}) },
	} {
		resp, err := sources.Stream(New(time.Now), serve(t, h))
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, io.LimitReader(resp.Body, long))
		if n != long || err != nil || resp.Body.Close() != nil {
			t.Errorf("%s: got %d bytes of %d, %v", name, n, long, err)
		}
	}
}

// A server may cut an answer off in several ways.
func TestStreamIsCut(t *testing.T) {
	packed := bytes.Buffer{}
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, slices.Repeat([]int{1234567}, 100000))
	z.Close()
	for name, h := range map[string]http.HandlerFunc{
		"by its length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(10))
			io.WriteString(w, "half")
		},
		"in a chunk": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "half")
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packed.Bytes()[:packed.Len()/2])
		},
	} {
		resp, err := sources.Stream(New(time.Now), serve(t, h))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n, err := io.Copy(io.Discard, resp.Body); n == 0 || sources.ClassOf(err) != sources.Temporary {
			t.Errorf("%s: got %d bytes and %v of class %q", name, n, err, sources.ClassOf(err))
		}
		resp.Body.Close()
	}
}

// A route of a source's own has its TLS settings and its proxy, and the rest as usual.
func TestThrough(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	known := s.Client().Transport.(*http.Transport).TLSClientConfig
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "by proxy "+r.Host) }))
	defer proxy.Close()
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	whole := New(time.Now)
	for _, c := range []struct {
		name, at, want string
		rt             http.RoundTripper
	}{
		{"as usual", s.URL, "cannot: tls: failed to verify certificate: x509: certificate signed by unknown authority", whole},
		{"known", s.URL, "200 HTTP/2.0", whole.Through(sources.Route{TLS: &tls.Config{RootCAs: known.RootCAs}})},
		{"as usual again", s.URL, "cannot: tls: failed to verify certificate: x509: certificate signed by unknown authority", whole},
		{"by a proxy", "http://host.example/", "200 by proxy host.example",
			whole.Through(sources.Route{Proxy: func(*url.URL) (*url.URL, error) { return at, nil }})},
		{"past it", proxy.URL, "200 by proxy " + at.Host, whole.Through(sources.Route{Proxy: func(*url.URL) (*url.URL, error) { return nil, nil }})},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.at, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(c.rt, req); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	b := &base{answers: []func(*http.Request) (*http.Response, error){answer(503, "no"), answer(200, "yes")}}
	rt, waits := timeless(b)
	if got := read(rt.Through(sources.Route{}), request(t, http.MethodGet, "")); got != "200 yes" || len(*waits) != 1 {
		t.Errorf("got %s after waits %v", got, *waits)
	}
}

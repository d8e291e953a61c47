package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nines-slo/nines/sources"
)

// base answers attempts in turn, the last one for ever.
type base struct {
	answers []func(*http.Request) (*http.Response, error)
	bodies  []string // that attempts sent
}

func (b *base) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := ""
	if req.Body != nil {
		text, _ := io.ReadAll(req.Body)
		sent = string(text)
		req.Body.Close()
	}
	b.bodies = append(b.bodies, sent)
	return b.answers[min(len(b.bodies), len(b.answers))-1](req)
}

func answer(code int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		resp := &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
		for i := 0; i+1 < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, nil
	}
}

func fails(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// cutOff answers with a body that ends before its end.
func cutOff(*http.Request) (*http.Response, error) {
	body := io.MultiReader(strings.NewReader(`{"status":`), broken{io.ErrUnexpectedEOF})
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body)}, nil
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

var noon = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// timeless returns a Transport over b that does not wait, and the waits it was asked for.
func timeless(b *base) (*Transport, *[]time.Duration) {
	var waits []time.Duration
	return &Transport{Base: b, Attempt: time.Hour,
		Now:    func() time.Time { return noon },
		Random: func() float64 { return 0 },
		Sleep: func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			return nil
		},
	}, &waits
}

func request(t *testing.T, method, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://host/api?q=up", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestAttempts(t *testing.T) {
	type list = []func(*http.Request) (*http.Response, error)
	reset := errors.New("connection reset")
	ms := time.Millisecond
	for _, c := range []struct {
		name    string
		answers list
		waits   []time.Duration
		want    string // status and body, or the error
	}{
		{"answered", list{answer(200, "yes")}, nil, "200 yes"},
		{"refused", list{answer(400, "no")}, nil, "400 no"},
		{"not known", list{answer(401, "who?")}, nil, "401 who?"},
		{"moved", list{answer(302, "", "Location", "/login")}, nil, "302 "},
		{"down for a while", list{answer(500, ""), answer(503, ""), answer(200, "yes")}, []time.Duration{500 * ms, 1000 * ms}, "200 yes"},
		{"down", list{answer(502, "bad gateway")}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms}, "502 bad gateway"},
		{"the connection breaks for a while", list{fails(reset), answer(200, "yes")}, []time.Duration{500 * ms}, "200 yes"},
		{"the connection breaks", list{fails(reset)}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms}, "connection reset"},
		{"an answer is cut off once", list{cutOff, answer(200, "yes")}, []time.Duration{500 * ms}, "200 yes"},
		{"answers are cut off", list{cutOff}, []time.Duration{500 * ms, 1000 * ms, 2000 * ms}, "the server broke the connection off after 10 bytes"},
		{"throttled for seconds", list{answer(429, "", "Retry-After", "3"), answer(200, "yes")}, []time.Duration{3 * time.Second}, "200 yes"},
		{"throttled for less than the wait", list{answer(429, "", "Retry-After", "0"), answer(200, "yes")}, []time.Duration{500 * ms}, "200 yes"},
		{"throttled until a date", list{answer(503, "", "Retry-After", "Thu, 01 Oct 2026 12:00:20 GMT"), answer(200, "yes")}, []time.Duration{20 * time.Second}, "200 yes"},
		{"throttled until a date that has passed", list{answer(503, "", "Retry-After", "Thu, 01 Oct 2026 11:00:00 GMT"), answer(200, "yes")}, []time.Duration{500 * ms}, "200 yes"},
		{"throttled in words", list{answer(429, "", "Retry-After", "soon"), answer(200, "yes")}, []time.Duration{500 * ms}, "200 yes"},
		{"throttled for longer than anybody waits", list{answer(429, "later", "Retry-After", "31")}, nil, "429 later"},
		{"no certificate", list{fails(&tls.CertificateVerificationError{Err: errors.New("unknown authority")})}, nil, "tls: failed to verify certificate: unknown authority"},
	} {
		b := &base{answers: c.answers}
		rt, waits := timeless(b)
		resp, err := rt.RoundTrip(request(t, http.MethodGet, ""))
		if got := outcome(resp, err); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if !slices.Equal(*waits, c.waits) || len(b.bodies) != len(c.waits)+1 {
			t.Errorf("%s: %d attempts with waits %v, want waits %v", c.name, len(b.bodies), *waits, c.waits)
		}
	}
}

func outcome(resp *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, text)
}

// Only what does no harm is done twice, and with the same body.
func TestWhatIsRepeated(t *testing.T) {
	for _, c := range []struct {
		name     string
		method   string
		change   func(*http.Request)
		attempts int
	}{
		{"GET", http.MethodGet, nil, 4},
		{"HEAD", http.MethodHead, nil, 4},
		{"no method is GET", "", nil, 4},
		{"POST", http.MethodPost, nil, 1},
		{"PUT", http.MethodPut, nil, 1},
		{"a POST that says so", http.MethodPost, func(r *http.Request) { r.Header["Idempotency-Key"] = nil }, 4},
		{"a POST with a key", http.MethodPost, func(r *http.Request) { r.Header.Set("Idempotency-Key", "7") }, 4},
		{"a POST that says so, of a stream", http.MethodPost, func(r *http.Request) { r.Header["Idempotency-Key"], r.GetBody = nil, nil }, 1},
		{"a POST that says so, without a body", http.MethodPost, func(r *http.Request) {
			r.Header["Idempotency-Key"], r.Body, r.GetBody = nil, nil, nil
		}, 4},
	} {
		b := &base{answers: []func(*http.Request) (*http.Response, error){answer(503, "")}}
		rt, _ := timeless(b)
		req := request(t, c.method, "body")
		if c.change != nil {
			c.change(req)
		}
		want := "body"
		if req.Body == nil {
			want = ""
		}
		if _, err := rt.RoundTrip(req); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if len(b.bodies) != c.attempts || slices.ContainsFunc(b.bodies, func(s string) bool { return s != want }) {
			t.Errorf("%s: sent %q, want %d times %q", c.name, b.bodies, c.attempts, want)
		}
	}
}

// Many that fail at once must not come back at once.
func TestJitter(t *testing.T) {
	b := &base{answers: []func(*http.Request) (*http.Response, error){answer(503, "")}}
	rt, waits := timeless(b)
	rt.Random = func() float64 { return 0.5 }
	if _, err := rt.RoundTrip(request(t, http.MethodGet, "")); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{375 * time.Millisecond, 750 * time.Millisecond, 1500 * time.Millisecond}; !slices.Equal(*waits, want) {
		t.Errorf("got waits %v, want %v", *waits, want)
	}
}

// One answer that sends many away until one instant must not bring all back then.
func TestJitterBehindRetryAfter(t *testing.T) {
	const date = "Thu, 01 Oct 2026 12:00:20 GMT"
	for _, c := range []struct {
		after  string
		random float64
		want   time.Duration
	}{
		{"", 0, 500 * time.Millisecond},
		{"", 0.5, 375 * time.Millisecond},
		{"1", 0, time.Second},
		{"1", 0.5, 1250 * time.Millisecond},
		{"20", 0, 20 * time.Second},
		{"20", 0.5, 22500 * time.Millisecond},
		{date, 0, 20 * time.Second},
		{date, 0.5, 22500 * time.Millisecond},
		{"30", 0.5, 33750 * time.Millisecond},
	} {
		b := &base{answers: []func(*http.Request) (*http.Response, error){
			answer(429, "", "Retry-After", c.after), answer(200, ""),
		}}
		rt, waits := timeless(b)
		rt.Random = func() float64 { return c.random }
		if _, err := rt.RoundTrip(request(t, http.MethodGet, "")); err != nil {
			t.Fatal(err)
		}
		if want := []time.Duration{c.want}; !slices.Equal(*waits, want) {
			t.Errorf("%q, random %v: got waits %v, want %v", c.after, c.random, *waits, want)
		}
	}
}

// A failure says what callers ask for, and hands out no error that shows a secret.
func TestWhatIsLeftOfAnError(t *testing.T) {
	for _, c := range []struct {
		name              string
		err               error
		canceled, expired bool
		timeout, lasts    bool
	}{
		{"a broken connection", errors.New("reset"), false, false, false, false},
		{"cancelled", fmt.Errorf("q=up-and: %w", context.Canceled), true, false, false, false},
		{"too late", fmt.Errorf("q=up-and: %w", context.DeadlineExceeded), false, true, true, false},
		{"a slow handshake", &net.DNSError{Err: "up-and", IsTimeout: true}, false, false, true, false},
		{"no certificate", &tls.CertificateVerificationError{Err: errors.New("up-and")}, false, false, false, true},
	} {
		rt, _ := timeless(&base{answers: []func(*http.Request) (*http.Response, error){fails(c.err)}})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://host/?q=up-and", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = rt.RoundTrip(req)
		var timed net.Error
		var passing interface{ Temporary() bool }
		switch {
		case errors.Is(err, context.Canceled) != c.canceled, errors.Is(err, context.DeadlineExceeded) != c.expired:
			t.Errorf("%s: got %v", c.name, err)
		case !errors.As(err, &timed), timed.Timeout() != c.timeout, !errors.As(err, &passing), passing.Temporary() == c.lasts:
			t.Errorf("%s: got %v", c.name, err)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "up-and") {
				t.Errorf("%s: got %#v", c.name, err)
			}
		}
	}
}

// spy notes who asks.
type spy struct {
	http.RoundTripper
	seen *[]string
}

func (s spy) RoundTrip(r *http.Request) (*http.Response, error) {
	*s.seen = append(*s.seen, r.Header.Get("Authorization"))
	return s.RoundTripper.RoundTrip(r)
}

// Each attempt says who asks anew, and no error shows it; where nobody can say it, nothing is
// asked.
func TestStamp(t *testing.T) {
	for _, streamed := range []bool{false, true} {
		b := &base{answers: []func(*http.Request) (*http.Response, error){
			answer(503, "down"), fails(errors.New("reset: Signature up-and-2")), answer(200, "yes"),
		}}
		var seen []string
		rt, _ := timeless(b)
		rt.Base = spy{b, &seen}
		n := 0
		stamped := rt.Through(sources.Route{Stamp: func(r *http.Request) error {
			n++
			r.Header.Set("Authorization", fmt.Sprintf("Signature up-and-%d", n))
			return nil
		}})
		ask := func() (*http.Response, error) {
			if streamed {
				return sources.Stream(stamped, request(t, http.MethodGet, ""))
			}
			return sources.Do(stamped, request(t, http.MethodGet, ""))
		}
		if got := outcome(ask()); got != "200 yes" || !slices.Equal(seen, []string{"Signature up-and-1", "Signature up-and-2", "Signature up-and-3"}) {
			t.Errorf("got %s by %q", got, seen)
		}
		b.answers = []func(*http.Request) (*http.Response, error){func(r *http.Request) (*http.Response, error) {
			return nil, errors.New("refused: " + r.Header.Get("Authorization"))
		}}
		if _, err := ask(); err == nil || strings.Contains(err.Error(), "up-and") {
			t.Errorf("got %v", err)
		}
		asked, why := len(seen), &sources.Error{Class: sources.Auth, Err: errors.New("no token")}
		stamped = rt.Through(sources.Route{Stamp: func(*http.Request) error { return why }})
		if _, err := ask(); sources.ClassOf(err) != sources.Auth || err.Error() != "no token" || len(seen) != asked {
			t.Errorf("got %v (%s) after %d attempts", err, sources.ClassOf(err), len(seen)-asked)
		}
	}
}

func TestAttemptsEndInTime(t *testing.T) {
	hangs := func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
	drips := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(broken{r.Context().Err()})}, nil
	}
	for name, slow := range map[string]func(*http.Request) (*http.Response, error){"no answer": hangs, "no end of the body": drips} {
		synctest.Test(t, func(t *testing.T) {
			b := &base{answers: []func(*http.Request) (*http.Response, error){slow}}
			rt, _ := timeless(b)
			rt = rt.Within(10 * time.Second)
			start := time.Now()
			_, err := rt.RoundTrip(request(t, http.MethodGet, ""))
			if err == nil || err.Error() != "no answer within 10s" || len(b.bodies) != 4 || time.Since(start) != 40*time.Second {
				t.Errorf("%s: got %v in %d attempts after %v", name, err, len(b.bodies), time.Since(start))
			}
		})
	}
}

// Whoever stops to wait is told why, and no further attempt is made.
func TestGivesUp(t *testing.T) {
	cause := errors.New("no time left")
	for _, c := range []struct {
		name   string
		answer func(context.CancelCauseFunc) func(*http.Request) (*http.Response, error)
		want   string
	}{
		{"during an attempt", func(cancel context.CancelCauseFunc) func(*http.Request) (*http.Response, error) {
			return func(r *http.Request) (*http.Response, error) { cancel(cause); return nil, r.Context().Err() }
		}, "no time left"},
		{"between attempts", func(context.CancelCauseFunc) func(*http.Request) (*http.Response, error) { return answer(503, "down") }, "503 down"},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		b := &base{answers: []func(*http.Request) (*http.Response, error){c.answer(cancel)}}
		rt, _ := timeless(b)
		rt.Sleep = func(ctx context.Context, _ time.Duration) error {
			cancel(cause)
			return Sleep(ctx, time.Hour)
		}
		if got := outcome(rt.RoundTrip(request(t, http.MethodGet, "").WithContext(ctx))); got != c.want || len(b.bodies) != 1 {
			t.Errorf("%s: got %s after %d attempts, want %s", c.name, got, len(b.bodies), c.want)
		}
	}
}

func TestTooMuch(t *testing.T) {
	for _, c := range []struct {
		size int64
		want string
	}{{maxBody, ""}, {maxBody + 1, "the answer is over 32 MiB"}} {
		b := &base{answers: []func(*http.Request) (*http.Response, error){func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(io.LimitReader(zeros{}, c.size))}, nil
		}}}
		rt, _ := timeless(b)
		resp, err := rt.RoundTrip(request(t, http.MethodGet, ""))
		switch {
		case c.want != "" && (err == nil || err.Error() != c.want || len(b.bodies) != 1):
			t.Errorf("%d bytes: got %v after %d attempts, want %s", c.size, err, len(b.bodies), c.want)
		case c.want == "" && err != nil:
			t.Errorf("%d bytes: got %v", c.size, err)
		case c.want == "":
			if n, _ := io.Copy(io.Discard, resp.Body); n != c.size {
				t.Errorf("got %d bytes of %d", n, c.size)
			}
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestRedirects(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"the same host", "http://host/a", "/b?c", "200 /b"},
		{"up to https is another port", "http://host/a", "https://host/a", "200 /a"},
		{"another host", "http://host/a", "http://other/b?token=hush", "is moved to http://other, another host: not followed"},
		{"the same host in other letters", "http://host/a", "http://HOST/b", "200 /b"},
		{"the port of http", "http://host/a", "http://host:80/b", "200 /b"},
		{"the port of https", "https://host:443/a", "https://host/b", "200 /b"},
		{"up to https, with both ports", "http://host:80/a", "https://host:443/b", "200 /b"},
		{"the port of the other scheme", "http://host/a", "http://host:443/b", "is moved to http://host:443, another host: not followed"},
		{"an address of another version", "http://[::1]/a", "http://[::1]:80/b", "200 /b"},
		{"a file", "http://host/a", "file:///etc/passwd", "is moved to an address of the scheme file, which is not http: not followed"},
		{"another scheme", "http://host/a", "ftp://host/a", "is moved to ftp://host, which is not http: not followed"},
		{"a host that is no text", "http://host/a", "http://h\u202eost/a", `is moved to http://h\u202eost, another host: not followed`},
		{"another port", "http://host/a", "http://host:81/a", "is moved to http://host:81, another host: not followed"},
		{"down to http", "https://host/a", "http://host/a", "is moved to http://host, which is not encrypted: not followed"},
	} {
		b := &base{answers: []func(*http.Request) (*http.Response, error){
			answer(302, "", "Location", c.to),
			func(r *http.Request) (*http.Response, error) { return answer(200, r.URL.Path)(r) },
		}}
		rt, waits := timeless(b)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.from, nil)
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: rt}
		resp, err := client.Do(req)
		if got := outcome(resp, err); !strings.HasSuffix(got, c.want) || len(*waits) > 0 {
			t.Errorf("%s: got %s after %d waits, want %s", c.name, got, len(*waits), c.want)
		}
	}
}

// No error shows who asks, whatever the other side or the network says.
func TestSecrets(t *testing.T) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://me:hush-1@host/a?token=hush-2&sign=hush%2F3", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer hush-4")
	req.Header.Set("X-Api-Key", "hush-5")
	req.Header.Set("Accept", "text/plain")
	basic, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://host", nil)
	basic.SetBasicAuth("somebody", "hush-6")
	for _, c := range []struct {
		req        *http.Request
		says, want string
	}{
		{req, "EOF", "EOF"},
		{req, "text/plain stays", "text/plain stays"},
		{req, "got hush-1, hush-2, hush/3 and hush%2F3", "got ***, ***, *** and ***"},
		{req, "got bWU6aHVzaC0x", "got ***"},
		{req, "Bearer hush-4; hush-4", "***; ***"},
		{req, "key hush-5", "key ***"},
		{req, "GET /a?token=hush-2&sign=hush%2F3", "GET /a?***"},
		{req, "proxy http://a:b@proxy:80", "proxy http://***@proxy:80"},
		{basic, "somebody:hush-6", "***:***"},
		{basic, "got c29tZWJvZHk6aHVzaC02", "got ***"},
	} {
		rt, _ := timeless(&base{answers: []func(*http.Request) (*http.Response, error){fails(errors.New(c.says))}})
		if _, err := rt.RoundTrip(c.req); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.says, err, c.want)
		}
	}
}

// Sources get every failure with its class.
func TestClassesOfSources(t *testing.T) {
	type list = []func(*http.Request) (*http.Response, error)
	tooLong := func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: io.NopCloser(io.LimitReader(zeros{}, maxBody+1))}, nil
	}
	for _, c := range []struct {
		name    string
		answers list
		class   sources.Class
		want    string
	}{
		{"an answer", list{answer(200, "yes")}, "", "200 yes"},
		{"a broken connection", list{fails(errors.New("reset by /?token=hush-1"))}, sources.Temporary, "reset by /?***"},
		{"no certificate", list{fails(&tls.CertificateVerificationError{Err: errors.New("hush-1")})}, sources.Cannot,
			"tls: failed to verify certificate: ***"},
		{"too long", list{tooLong}, sources.Cannot, "the answer is over 32 MiB"},
		{"another host", list{answer(302, "", "Location", "https://other/?token=hush-2")}, sources.Cannot,
			"is moved to https://other, another host: not followed"},
		{"down to http", list{answer(302, "", "Location", "http://host/?token=hush-2")}, sources.Cannot,
			"is moved to http://host, which is not encrypted: not followed"},
		{"an address that cannot be read", list{answer(302, "", "Location", "http://ho st/?token=hush-2")}, sources.Cannot,
			"is moved to an address that cannot be read"},
		{"moved for ever", list{answer(302, "", "Location", "/?token=hush-2")}, sources.Cannot, "is moved more than 10 times"},
	} {
		rt, _ := timeless(&base{answers: c.answers})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://host/?token=hush-1", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := sources.Do(rt, req)
		if got := outcome(resp, err); got != c.want || sources.ClassOf(err) != c.class {
			t.Errorf("%s: got %s of class %q, want %s of class %q", c.name, got, sources.ClassOf(err), c.want, c.class)
		}
	}
}

// New goes out to the world.
func TestNew(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Method) }))
	defer s.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := outcome(New(time.Now).RoundTrip(req)); got != "200 GET" {
		t.Errorf("got %s", got)
	}
}

// Nobody waits for another attempt that there is no time for: the answer that came is
// the outcome, at once.
func TestNoTimeForAnotherAttempt(t *testing.T) {
	b := &base{}
	for range attempts {
		b.answers = append(b.answers, answer(503, "down"))
	}
	tr, slept := timeless(b)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond) // less than the first wait
	defer cancel()
	resp, err := tr.RoundTrip(request(t, http.MethodGet, "").WithContext(ctx))
	if err != nil || resp.StatusCode != 503 || len(*slept) > 0 {
		t.Errorf("%v after waits of %v", outcome(resp, err), *slept)
	}
}

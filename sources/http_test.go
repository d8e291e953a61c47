package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestStatus(t *testing.T) {
	const date = "Thu, 01 Oct 2026 12:00:00 GMT"
	noon := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		code        int
		after, date string
		class       Class
		until       time.Time
	}{
		{200, "", "", "", time.Time{}},
		{204, "30", date, "", time.Time{}},
		{304, "", "", Cannot, time.Time{}},
		{400, "", "", Cannot, time.Time{}},
		{401, "", "", Auth, time.Time{}},
		{403, "", "", Auth, time.Time{}},
		{404, "", "", Cannot, time.Time{}},
		{407, "", "", Auth, time.Time{}},
		{408, "", "", Temporary, time.Time{}},
		{422, "", "", Cannot, time.Time{}},
		{429, "", "", Throttled, time.Time{}},
		{429, "90", date, Throttled, noon.Add(90 * time.Second)},
		{429, "0", date, Throttled, noon},
		{429, "90", "", Throttled, time.Time{}},
		{429, "-1", date, Throttled, time.Time{}},
		{429, "soon", date, Throttled, time.Time{}},
		{429, "Thu, 01 Oct 2026 12:30:00 GMT", "", Throttled, noon.Add(30 * time.Minute)},
		{500, "", "", Temporary, time.Time{}},
		{501, "", "", Cannot, time.Time{}},
		{503, "", "", Temporary, time.Time{}},
		{503, "60", date, Throttled, noon.Add(time.Minute)},
		{504, "60", date, Temporary, time.Time{}},
	} {
		resp := &http.Response{StatusCode: c.code, Header: http.Header{}}
		resp.Header.Set("Retry-After", c.after)
		resp.Header.Set("Date", c.date)
		err := Status(resp)
		var classed *Error
		errors.As(err, &classed)
		switch {
		case c.class == "" && err != nil:
			t.Errorf("%d: got %v, want none", c.code, err)
		case c.class != "" && (ClassOf(err) != c.class || !classed.Until.Equal(c.until)):
			t.Errorf("%d after %q: got %q until %v, want %q until %v", c.code, c.after, ClassOf(err), classed.Until, c.class, c.until)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// moved answers with a redirect.
func moved(to string) roundTripper {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 302, Header: http.Header{"Location": {to}}, Body: http.NoBody}, nil
	}
}

// lasting is an error that does not pass.
type lasting struct{ error }

func (lasting) Temporary() bool { return false }

func TestDo(t *testing.T) {
	cause := errors.New("time is up")
	ctx, cancel := context.WithCancelCause(t.Context())
	for _, c := range []struct {
		name  string
		rt    http.RoundTripper
		class Class
		text  string
	}{
		{"no network", nil, Cannot, "there is no network here"},
		{"a broken connection", roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.EOF }), Temporary, "EOF"},
		{"what does not pass", roundTripper(func(*http.Request) (*http.Response, error) { return nil, lasting{errors.New("not signed")} }), Cannot, "not signed"},
		{"what has a class", roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, &Error{Class: Throttled, Err: errors.New("asked too often")}
		}), Throttled, "asked too often"},
		{"the address, quoted", roundTripper(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("cannot reach %s: hush is no token", r.URL)
		}), Temporary, "cannot reach http://host/?***: *** is no token"},
		{"an address that cannot be read", moved("http://ho st/?token=hush-2"), Cannot, "is moved to an address that cannot be read"},
		{"an escape that is none", moved("/%zz?token=hush-2"), Cannot, "is moved to an address that cannot be read"},
		{"moved for ever", moved("/?token=hush-2"), Cannot, "is moved more than 10 times"},
		{"moved once, then broken", roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/b" {
				return nil, fmt.Errorf("broken pipe to %s, from hush", r.URL)
			}
			return moved("/b?token=hush-2")(r)
		}), Temporary, "broken pipe to http://host/b?***, from ***"},
		{"moved once", roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/b" {
				return &http.Response{StatusCode: 500, Body: http.NoBody}, nil
			}
			return moved("/b")(r)
		}), "", ""},
		{"neither an answer nor an error", roundTripper(func(*http.Request) (*http.Response, error) { return nil, nil }), Cannot,
			"the request cannot be made"},
		{"an answer", roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 500, Body: io.NopCloser(strings.NewReader("no"))}, nil
		}), "", ""},
		{"given up", roundTripper(func(*http.Request) (*http.Response, error) { cancel(cause); return nil, ctx.Err() }), Cancelled, "time is up"},
	} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://host/?token=hush", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := Do(c.rt, req)
		if c.text == "" {
			if err != nil || resp.StatusCode != 500 {
				t.Errorf("%s: got %v, %v", c.name, resp, err)
			}
			continue
		}
		if err == nil || ClassOf(err) != c.class || err.Error() != c.text {
			t.Errorf("%s: got %v of class %q, want %s of class %q", c.name, err, ClassOf(err), c.text, c.class)
		}
	}
}

// A stream is asked for as Do asks, says so to the transport, and its errors have a class.
func TestStream(t *testing.T) {
	cause := errors.New("time is up")
	ctx, cancel := context.WithCancelCause(t.Context())
	given := func(text string, end error) roundTripper {
		return func(r *http.Request) (*http.Response, error) {
			if !Streamed(r) {
				t.Error("nothing says that the answer is streamed")
			}
			body := io.NopCloser(io.MultiReader(strings.NewReader(text), ending{end}))
			return &http.Response{StatusCode: 500, Body: body}, nil
		}
	}
	for _, c := range []struct {
		name  string
		rt    http.RoundTripper
		class Class
		text  string
	}{
		{"no network", nil, Cannot, "there is no network here"},
		{"a broken connection", roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.EOF }), Temporary, "EOF"},
		{"moved for ever", moved("/?token=hush-2"), Cannot, "is moved more than 10 times"},
		{"an answer", given("all of it", io.EOF), "", "all of it"},
		{"cut off", given("half of", io.ErrUnexpectedEOF), Temporary, "unexpected EOF"},
		{"what does not pass", given("half of", lasting{errors.New("not signed")}), Cannot, "not signed"},
		{"what has a class", given("half of", &Error{Class: Throttled, Err: errors.New("asked too often")}), Throttled, "asked too often"},
		{"the address, quoted", given("half of", errors.New("broke off: ?token=hush")), Temporary, "broke off: ?***"},
		{"moved once", roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/b" {
				return given("all of it", io.EOF)(r)
			}
			return moved("/b")(r)
		}), "", "all of it"},
		{"given up", roundTripper(func(*http.Request) (*http.Response, error) {
			cancel(cause)
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("never read"))}, nil
		}), Cancelled, "time is up"},
	} {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://host/?token=hush", nil)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		resp, err := Stream(c.rt, req)
		if err == nil {
			var text []byte
			text, err = io.ReadAll(resp.Body)
			got = string(text)
		}
		if err != nil {
			got = err.Error()
		}
		if got != c.text || ClassOf(err) != c.class {
			t.Errorf("%s: got %s of class %q, want %s of class %q", c.name, got, ClassOf(err), c.text, c.class)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://host/", nil)
	_, err := Do(roundTripper(func(r *http.Request) (*http.Response, error) {
		if Streamed(r) {
			t.Error("Do asks for a stream")
		}
		return nil, io.EOF
	}), req)
	if err == nil {
		t.Error("got an answer")
	}
}

// ending is a reader at its end.
type ending struct{ err error }

func (e ending) Read([]byte) (int, error) { return 0, e.err }

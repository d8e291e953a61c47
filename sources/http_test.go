package sources

import (
	"context"
	"errors"
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
		{"what does not pass", roundTripper(func(*http.Request) (*http.Response, error) { return nil, lasting{errors.New("not signed")} }), "", "not signed"},
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

package sourcetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
)

// cutFile packs every file and takes its end away.
func cutFile(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	names := filesIn(t, f.dir)
	if f.kind.Files == nil || len(names) == 0 {
		t.Skip("the source reads no files")
	}
	for _, name := range names {
		path := filepath.Join(f.dir, name)
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		w.Write(raw)
		w.Close()
		if err := os.WriteFile(path, packed.Bytes()[:packed.Len()-9], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	errs := f.errors(t, f.request(0, span(ref)))
	if len(errs) == 0 {
		t.Error("half a file is answered")
	}
	for _, err := range errs {
		if !strings.Contains(err.Error(), names[0]) {
			t.Errorf("got error %q, which does not name %q", err, names[0])
		}
		if class := sources.ClassOf(err); class != sources.Refused {
			t.Errorf("got error %q of class %q, want class %q", err, class, sources.Refused)
		}
	}
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// errors fetches, and returns the errors of the source and of its answers. An answer
// that has a series is none.
func (f *fixture) errors(t *testing.T, reqs ...sources.Request) []error {
	t.Helper()
	answers, err := f.try(t, t.Context(), reqs...)
	if err != nil {
		return []error{err}
	}
	var errs []error
	for _, a := range answers {
		if a.Err != nil {
			errs = append(errs, a.Err)
		}
		if (a.Err == nil) == (a.Series == nil) {
			t.Errorf("request %d: got a series %v and error %v, want one of them", a.Request, a.Series != nil, a.Err)
		}
	}
	return errs
}

// tripper is an http.RoundTripper.
type tripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f tripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// refusal answers with a status. The body shows what was asked, as servers do.
func refusal(code int, header ...string) tripper {
	return func(req *http.Request) (*http.Response, error) {
		asked := fmt.Sprintf("no: %s %s %v", req.Method, req.URL, req.Header)
		body := io.NopCloser(strings.NewReader(asked))
		resp := &http.Response{StatusCode: code, Header: http.Header{}, Body: body, Request: req}
		for i := 0; i+1 < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, nil
	}
}

// classes has the server refuse in the ways that have a class.
func classes(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	if f.config.HTTP == nil {
		t.Skip("the source makes no requests")
	}
	date := origin.Format(http.TimeFormat)
	broken := tripper(func(*http.Request) (*http.Response, error) { return nil, io.EOF })
	soon := origin.Add(90 * time.Second)
	for _, c := range []struct {
		name  string
		rt    http.RoundTripper
		class sources.Class
		until time.Time
	}{
		{"throttled", refusal(429, "Retry-After", "90", "Date", date), sources.Throttled, soon},
		{"throttled for a time unknown", refusal(429), sources.Throttled, time.Time{}},
		{"not known", refusal(401), sources.Auth, time.Time{}},
		{"not allowed", refusal(403), sources.Auth, time.Time{}},
		{"broken", refusal(500), sources.Temporary, time.Time{}},
		{"down", refusal(503), sources.Temporary, time.Time{}},
		{"out of reach", broken, sources.Temporary, time.Time{}},
		{"without a network", nil, sources.Cannot, time.Time{}},
	} {
		f.env.HTTP = c.rt
		errs := f.errors(t, f.request(0, span(ref)))
		if len(errs) == 0 {
			t.Errorf("%s: got answers", c.name)
		}
		for _, err := range errs {
			var classed *sources.Error
			if !errors.As(err, &classed) || classed.Class != c.class || !classed.Until.Equal(c.until) {
				t.Errorf("%s: got %v of class %q, want class %q until %v",
					c.name, err, sources.ClassOf(err), c.class, c.until)
			}
		}
	}
	f.env.HTTP = f.config.HTTP
	f.oneRefused(t)
}

// oneRefused has the server refuse the first request, where the source makes several. They are
// made one after the other: at once two may find out the same.
func (f *fixture) oneRefused(t *testing.T) {
	t.Helper()
	ref := reference("a", minutes, 0)
	other := f.request(0, span(ref))
	other.Step = time.Hour
	f.env.Parallel = 1
	var asked atomic.Int64
	refuse := int64(0)
	f.env.HTTP = tripper(func(req *http.Request) (*http.Response, error) {
		if asked.Add(1) == refuse {
			return refusal(400)(req)
		}
		return f.config.HTTP.RoundTrip(req)
	})
	f.fetch(t, f.request(0, span(ref)), other)
	all := asked.Swap(0)
	refuse = 1
	answers, err := f.try(t, t.Context(), f.request(0, span(ref)), other)
	if all > 1 && (err != nil || asked.Load() < all) {
		t.Errorf("one of %d requests was refused: %d were made, and all got error %v", all, asked.Load(), err)
	}
	want, failed := total(ref.Series), 0
	for _, a := range answers {
		if a.Err != nil {
			failed++
		} else if got := total(a.Series); got != want {
			t.Errorf("one request was refused: request %d got %v events and no error, want %v", a.Request, got, want)
		}
	}
	if all > 1 && failed == len(answers) && !f.shares {
		t.Errorf("one of %d requests was refused: all fail", all)
	}
}

// total returns how many events a series has.
func total(s *slo.Series) (sum float64) {
	for i := range s.Total {
		if s.Measured(i) {
			sum += s.Total[i]
		}
	}
	return sum
}

// cutAnswer takes the second half of every answer away, with and without a word.
func cutAnswer(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	if f.config.HTTP == nil {
		t.Skip("the source makes no requests")
	}
	for _, end := range []error{io.ErrUnexpectedEOF, io.EOF} {
		f.env.HTTP = tripper(func(req *http.Request) (*http.Response, error) {
			resp, err := f.config.HTTP.RoundTrip(req)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				return nil, err
			}
			resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), ends{end}))
			return resp, nil
		})
		synctest.Test(t, func(t *testing.T) { // who asks again may wait before
			if errs := f.errors(t, f.request(0, span(ref))); len(errs) == 0 {
				t.Errorf("half an answer that ends with %v is answered", end)
			}
		})
	}
}

// held is the body of an answer that somebody holds.
type held struct {
	io.Reader
	close func()
}

// Close lets go of it.
func (h held) Close() error { h.close(); return nil }

// letsGo counts the bodies of streamed answers that are not closed, whatever they say.
func letsGo(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	if f.config.HTTP == nil {
		t.Skip("the source makes no requests")
	}
	var open, streamed atomic.Int64
	for _, rt := range []http.RoundTripper{f.config.HTTP, refusal(400), refusal(503)} {
		f.env.HTTP = tripper(func(req *http.Request) (*http.Response, error) {
			resp, err := rt.RoundTrip(req)
			if err == nil && sources.Streamed(req) {
				streamed.Add(1)
				open.Add(1)
				resp.Body = held{resp.Body, sync.OnceFunc(func() { open.Add(-1) })}
			}
			return resp, err
		})
		f.try(t, t.Context(), f.request(0, span(ref)), f.request(0, wide(span(ref))))
		if n := open.Load(); n > 0 {
			t.Errorf("%d of %d answers are not closed", n, streamed.Load())
		}
	}
	if streamed.Load() == 0 {
		t.Skip("the source streams no answers")
	}
}

// midAnswer cancels when half of the first answer is read.
func midAnswer(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	if f.config.HTTP == nil {
		t.Skip("the source makes no requests")
	}
	ctx, end := context.WithCancelCause(t.Context())
	defer end(nil)
	var streamed atomic.Bool
	f.env.HTTP = tripper(func(req *http.Request) (*http.Response, error) {
		resp, err := f.config.HTTP.RoundTrip(req)
		if err != nil || !sources.Streamed(req) {
			return resp, err
		}
		streamed.Store(true)
		body, err := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body[:len(body)/2]), gone{req.Context(), end}))
		return resp, err
	})
	answers, err := f.try(t, ctx, f.request(0, span(ref)))
	switch {
	case !streamed.Load():
		t.Skip("the source streams no answers")
	case !errors.Is(err, errEnough) || sources.ClassOf(err) != sources.Cancelled:
		t.Errorf("got %v of class %q, want %v of class %q", err, sources.ClassOf(err), errEnough, sources.Cancelled)
	case len(answers) > 0:
		t.Errorf("got %d answers from half of one", len(answers))
	}
}

// gone is a reader behind which somebody gives up.
type gone struct {
	ctx context.Context
	end context.CancelCauseFunc
}

// Read returns what a connection does then.
func (g gone) Read([]byte) (int, error) {
	g.end(errEnough)
	return 0, g.ctx.Err()
}

// ends is a reader at its end.
type ends struct{ err error }

// Read returns the end.
func (e ends) Read([]byte) (int, error) { return 0, e.err }

// planted is what every variable of the environment holds.
const planted = "planted-3f9c71d2"

// secrets looks for the planted secret in everything that a source says.
func secrets(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	f.env.Digest = true
	f.silent(t, "answered")
	if f.config.HTTP == nil {
		return
	}
	var shown atomic.Bool
	f.env.HTTP = tripper(func(req *http.Request) (*http.Response, error) {
		if strings.Contains(fmt.Sprint(req.Header, req.URL), planted) {
			shown.Store(true)
		}
		return f.config.HTTP.RoundTrip(req)
	})
	f.silent(t, "answered")
	for _, code := range []int{400, 401, 429, 500} {
		f.env.HTTP = refusal(code)
		f.silent(t, fmt.Sprintf("refused with %d", code))
	}
	if !s.Secret {
		return
	}
	if !shown.Load() {
		t.Error("the secret is not shown to the server")
	}
	f.env.HTTP = f.config.HTTP
	f.env.Getenv = func(string) string { return "" }
	if errs := f.errors(t, f.request(0, span(ref))); len(errs) == 0 {
		t.Error("without its secret the source asks as nobody")
	}
}

// silent fails if anything that the source says shows the secret, however it is
// printed.
func (f *fixture) silent(t *testing.T, when string) {
	t.Helper()
	src, err := f.open(t.Context())
	var answers []sources.Answer
	if err == nil {
		defer closed(t, src)
		answers, err = ask(t, t.Context(), src, f.request(0, span(reference("a", minutes, 0))))
	}
	for _, text := range printed(t, src, answers, err) {
		if strings.Contains(text, planted) {
			t.Errorf("%s: the secret is shown: %s", when, text)
		}
	}
}

// printed returns a source, its answers and its error in all the forms in which a
// program may print or store them.
func printed(t *testing.T, src sources.Source, answers []sources.Answer, err error) []string {
	t.Helper()
	var out []string
	says := []any{src, err}
	for _, e := range chain(err) {
		says = append(says, e)
	}
	for _, a := range answers {
		says = append(says, a.Labels, a.Percentiles, a.Notes, a.Inputs)
		for _, e := range chain(a.Err) {
			says = append(says, e)
		}
		found := diag.List(a.Notes)
		var list diag.List
		if errors.As(a.Err, &list) {
			found = append(slices.Clone(found), list...)
		}
		out = append(out, rendered(t, found), inJSON(t, found), inJSON(t, a.Inputs), inJSON(t, a.Labels))
	}
	var list diag.List
	if errors.As(err, &list) {
		out = append(out, rendered(t, list), inJSON(t, list))
	}
	for _, v := range says {
		out = append(out, fmt.Sprintf("%v\n%+v\n%#v", v, v, v))
	}
	return out
}

// chain returns err and the errors that it wraps.
func chain(err error) []error {
	var out []error
	for ; err != nil; err = errors.Unwrap(err) {
		out = append(out, err)
	}
	return out
}

func rendered(t *testing.T, found diag.List) string {
	t.Helper()
	var out bytes.Buffer
	if err := diag.Render(&out, found, false); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func inJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// parallel counts the requests that are under way at once: each takes a second on
// a clock that goes on when all wait.
func parallel(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	if f.config.HTTP == nil {
		t.Skip("the source makes no requests")
	}
	var reqs []sources.Request
	for i := range 8 {
		r := f.request(0, span(ref))
		r.Period.Start = r.Period.Start.Add(time.Duration(i) * time.Minute)
		reqs = append(reqs, r)
	}
	for _, limit := range []int{0, 1, 3} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int64
			f.env.Parallel = limit
			f.env.HTTP = tripper(func(req *http.Request) (*http.Response, error) {
				atLeast(&most, now.Add(1))
				time.Sleep(time.Second)
				now.Add(-1)
				return f.config.HTTP.RoundTrip(req)
			})
			f.fetch(t, reqs...)
			if got := most.Load(); got > int64(max(limit, 1)) {
				t.Errorf("%d requests at once, at most %d may be", got, max(limit, 1))
			}
		})
	}
}

// atLeast raises n to v, unless it is more.
func atLeast(n *atomic.Int64, v int64) {
	for old := n.Load(); old < v && !n.CompareAndSwap(old, v); {
		old = n.Load()
	}
}

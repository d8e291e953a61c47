package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo/spec"
)

// Do makes a request through rt, which is Env.HTTP, and follows redirects as far as
// rt lets it. It returns the whole answer of any status, see Status, or an error of a
// class: Cancelled if the request's context ends, Cannot if the failure lasts, as rt
// says by a method Temporary, else Temporary. No error shows a query, which may hold
// a secret.
func Do(rt http.RoundTripper, req *http.Request) (*http.Response, error) {
	if Streamed(req) { // it is made for one that is
		req = req.WithContext(context.WithValue(req.Context(), streamed{}, false))
	}
	_, resp, err := do(rt, req)
	return resp, err
}

// Stream makes a request as Do does, but the body of the answer comes as the server
// sends it, of any status and however long: whoever reads it bounds what it holds, and
// how much it takes from a server that does not end. What comes compressed by gzip is
// unpacked, unless the request asks for an encoding of its own; a bomb is then no more
// than a body that does not end. Close lets go of the answer, at any time.
//
// Once the first byte was read nothing is asked again: an error of the body has a class
// as those of Do. One that is cut off, or stops to flow, is Temporary. The context of the
// request ends the body too.
func Stream(rt http.RoundTripper, req *http.Request) (*http.Response, error) {
	c, resp, err := do(rt, req.WithContext(context.WithValue(req.Context(), streamed{}, true)))
	if err == nil {
		resp.Body = &flow{ReadCloser: resp.Body, ctx: req.Context(), caller: c}
	}
	return resp, err
}

// streamed is the key of what the context of a request of Stream says.
type streamed struct{}

// Streamed tells whether whoever makes a request takes the body as it comes. It is for
// what Env.HTTP is made of.
func Streamed(req *http.Request) bool { return req.Context().Value(streamed{}) == true }

// flow is the body of an answer that is streamed.
type flow struct {
	io.ReadCloser
	ctx    context.Context // kept, since Read is given none
	caller *caller
}

// Read returns errors with a class.
func (f *flow) Read(p []byte) (int, error) {
	if done := Done(f.ctx); done != nil {
		return 0, done
	}
	n, err := f.ReadCloser.Read(p)
	if err == nil || err == io.EOF {
		return n, err
	}
	if done := Done(f.ctx); done != nil {
		return n, done
	}
	return n, f.caller.classed(err)
}

func do(rt http.RoundTripper, req *http.Request) (*caller, *http.Response, error) {
	if rt == nil {
		return nil, nil, cannot("there is no network here")
	}
	c := &caller{rt: rt, secrets: spec.QuerySecrets(req.URL.RawQuery)}
	client := http.Client{Transport: c, CheckRedirect: followed}
	resp, err := client.Do(req)
	if err == nil {
		return c, resp, nil
	}
	if done := Done(req.Context()); done != nil {
		return nil, nil, done
	}
	var classed *Error
	switch {
	case errors.As(err, &classed):
		return nil, nil, classed
	case c.answered: // the text of net/http quotes the address
		return nil, nil, cannot("is moved to an address that cannot be read")
	}
	return nil, nil, cannot("the request cannot be made")
}

func cannot(why string) error { return &Error{Class: Cannot, Err: errors.New(why)} }

// maxMoves is how many redirects are followed; net/http follows as many.
const maxMoves = 10

func followed(_ *http.Request, via []*http.Request) error {
	if len(via) < maxMoves {
		return nil
	}
	return cannot(fmt.Sprintf("is moved more than %d times", maxMoves))
}

// caller makes the requests of one call: one, and those that redirects lead to.
type caller struct {
	rt      http.RoundTripper
	secrets []spec.Secret

	answered bool // the last one
}

// RoundTrip returns what rt does, errors with a class and without secrets.
func (c *caller) RoundTrip(req *http.Request) (*http.Response, error) {
	c.secrets = append(c.secrets, spec.QuerySecrets(req.URL.RawQuery)...)
	resp, err := c.rt.RoundTrip(req)
	c.answered = resp != nil
	if err == nil {
		return resp, nil
	}
	return nil, c.classed(err)
}

// classed returns an error with a class and without secrets.
func (c *caller) classed(err error) error {
	out := Error{Class: Temporary}
	var classed *Error
	var lasting interface{ Temporary() bool }
	switch {
	case errors.As(err, &classed):
		out = *classed
	case errors.As(err, &lasting) && !lasting.Temporary():
		out.Class = Cannot
	}
	out.Err = err
	if shown := spec.Redact(err.Error(), c.secrets...); shown != err.Error() {
		out.Err = errors.New(shown)
	}
	return &out
}

// Status returns nil for an answer of status 2xx, else an error of the class that
// the status stands for. It does not read the body, which may say more.
func Status(resp *http.Response) error {
	code := resp.StatusCode
	if code >= 200 && code < 300 {
		return nil
	}
	e := &Error{Class: Cannot, Err: fmt.Errorf("answers %d %s", code, http.StatusText(code))}
	after := resp.Header.Get("Retry-After")
	switch {
	case code == http.StatusUnauthorized, code == http.StatusForbidden, code == http.StatusProxyAuthRequired:
		e.Class = Auth
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable && after != "":
		e.Class, e.Until = Throttled, until(after, resp.Header.Get("Date"))
	case code == http.StatusRequestTimeout, code >= 500 && code != http.StatusNotImplemented:
		e.Class = Temporary
	}
	return e
}

// until reads a Retry-After, a date or a number of seconds from date on. It returns
// the zero time if it cannot tell.
func until(after, date string) time.Time {
	if t, err := http.ParseTime(after); err == nil {
		return t.UTC()
	}
	seconds, err := strconv.ParseUint(after, 10, 31)
	from, unknown := http.ParseTime(date)
	if err != nil || unknown != nil {
		return time.Time{}
	}
	return from.UTC().Add(time.Duration(seconds) * time.Second)
}

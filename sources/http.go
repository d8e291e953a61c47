package sources

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo/spec"
)

// Do makes a request through rt, which is Env.HTTP, and follows redirects as far as
// rt lets it. It returns the answer of any status, see Status, or an error of a
// class: Cancelled if the request's context ends, Cannot if the failure lasts, as rt
// says by a method Temporary, else Temporary. No error shows a query, which may hold
// a secret.
func Do(rt http.RoundTripper, req *http.Request) (*http.Response, error) {
	if rt == nil {
		return nil, cannot("there is no network here")
	}
	c := &caller{rt: rt, secrets: spec.QuerySecrets(req.URL.RawQuery)}
	client := http.Client{Transport: c, CheckRedirect: followed}
	resp, err := client.Do(req)
	if err == nil {
		return resp, nil
	}
	if done := Done(req.Context()); done != nil {
		return nil, done
	}
	var classed *Error
	switch {
	case errors.As(err, &classed):
		return nil, classed
	case c.answered: // the text of net/http quotes the address
		return nil, cannot("is moved to an address that cannot be read")
	}
	return nil, cannot("the request cannot be made")
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

// caller makes the requests of one call of Do: one, and those that redirects lead to.
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
	return nil, &out
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

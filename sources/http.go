package sources

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Do makes a request through rt, which is Env.HTTP, and follows redirects as far as
// rt lets it. It returns the answer of any status, see Status, or an error of a
// class that does not show the address, whose query may hold a secret.
func Do(rt http.RoundTripper, req *http.Request) (*http.Response, error) {
	if rt == nil {
		return nil, &Error{Class: Cannot, Err: errors.New("there is no network here")}
	}
	client := http.Client{Transport: rt}
	resp, err := client.Do(req)
	if err == nil {
		return resp, nil
	}
	if done := Done(req.Context()); done != nil {
		return nil, done
	}
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	var lasting interface{ Temporary() bool }
	if errors.As(err, &lasting) && !lasting.Temporary() {
		return nil, err
	}
	return nil, &Error{Class: Temporary, Err: err}
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

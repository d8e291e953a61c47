package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// replayable tells whether a request may be made twice.
func replayable(req *http.Request) bool {
	if req.Body != nil && req.Body != http.NoBody && req.GetBody == nil {
		return false
	}
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return true
	}
	_, says := req.Header["Idempotency-Key"]
	return says
}

// passes tells whether another attempt may end better than this one.
func passes(ctx context.Context, resp *http.Response, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	if err == nil {
		return resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests
	}
	var f *failure
	return !errors.As(err, &f) || f.Temporary()
}

// asked returns for how long an answer asks not to be asked again, 0 if it does not.
func (t *Transport) asked(resp *http.Response) time.Duration {
	if resp == nil {
		return 0
	}
	after := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(after, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if date, err := http.ParseTime(after); err == nil {
		return date.Sub(t.Now())
	}
	return 0
}

// stays refuses a request that a redirect sends to another host, or from https to
// http: net/http keeps headers such as X-Api-Key, and a Referer with the query.
func stays(req *http.Request) error {
	if req.Response == nil || req.Response.Request == nil { // no client follows a redirect
		return nil
	}
	from, to := req.Response.Request.URL, req.URL
	where := to.Scheme + "://" + to.Host
	switch {
	case from.Scheme == "https" && to.Scheme != "https":
		return lastingf("is moved to %s, which is not encrypted: not followed", where)
	case from.Host != to.Host:
		return lastingf("is moved to %s, another host: not followed", where)
	}
	return nil
}

// untrusted tells whether err is about a certificate that nobody vouches for, which
// does not get better with time.
func untrusted(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}

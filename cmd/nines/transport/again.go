package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
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
	var unnamed *unstamped
	return !errors.As(err, &unnamed) && (!errors.As(err, &f) || f.Temporary() && !f.late)
}

// pause returns how long to wait before the next attempt, where an attempt that
// failed asks for no more than wait: no two callers come back at one time, even if
// one answer sent all of them away until one instant. False: it asks for more
// patience than anybody has.
func (t *Transport) pause(resp *http.Response, wait time.Duration) (time.Duration, bool) {
	asked := t.asked(resp)
	if asked > maxWait {
		return 0, false
	}
	pause := wait - t.random(wait/2)
	if asked > 0 {
		pause = max(pause, asked+t.random(max(wait, asked/4)))
	}
	return pause, true
}

// random returns a part of d.
func (t *Transport) random(d time.Duration) time.Duration {
	return time.Duration(t.Random() * float64(d))
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
	if to.Host == "" { // a file, or what has no place
		where = "an address of the scheme " + to.Scheme
	}
	where = diag.Cut(diag.Escape(where), maxHost, "…")
	switch {
	case to.Scheme != "http" && to.Scheme != "https":
		return lastingf("is moved to %s, which is not http: not followed", where)
	case from.Scheme == "https" && to.Scheme != "https":
		return lastingf("is moved to %s, which is not encrypted: not followed", where)
	case host(from) != host(to):
		return lastingf("is moved to %s, another host: not followed", where)
	}
	return nil
}

// maxHost is the width of a host that is shown.
const maxHost = 200

// host returns the host of an address in one form, with its port unless that is what
// its scheme stands for.
func host(u *url.URL) string {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	usual := map[string]string{"http": "80", "https": "443"}
	if port == "" || port == usual[u.Scheme] {
		return name
	}
	return net.JoinHostPort(name, port)
}

// untrusted tells whether err is about a certificate that nobody vouches for, which
// does not get better with time.
func untrusted(err error) bool {
	var certificate *tls.CertificateVerificationError
	return errors.As(err, &certificate)
}

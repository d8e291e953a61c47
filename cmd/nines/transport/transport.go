// Package transport makes HTTP requests for both wings, which get it as a plain
// http.RoundTripper: sources to ask, notifiers to tell.
//
// An answer is whole or it is an error: bodies are read to their end, within the
// attempt's deadline and a limit of size, before they are handed on. So a body that
// is cut off is one more attempt that failed. An answer holds up to 32 MiB, unpacked,
// so memory has to hold that for every request that may be under way at once: the
// sources that are read side by side, times the requests of each (sources.Env.Parallel).
//
// Who asks by sources.Stream gets the body as it comes instead, of any size. Such an
// answer is asked for again until its first byte is there, and not from then on; nor where
// that did not come within the attempt's deadline, since what hangs would hang again. Its
// body ends with an error where it gives less than 1 KiB while its reader waits for 30
// seconds: the time that the reader takes for itself does not count. Bytes are counted
// as they are read, unpacked.
//
// A request whose failure may pass is made again if that does no harm, by the rule
// of net/http: its method is GET, HEAD, OPTIONS or TRACE, or its header has an entry
// Idempotency-Key, which is not sent if the entry is empty; and its body, if it has
// one, can be read again (GetBody). There are four attempts in all. What may pass is
// a broken connection, no answer in time, status 429 and any from 500 on. The last
// attempt's outcome is the outcome, also where the request's context would end before
// another one. Who is told when to ask again does so a little
// later, so that not all come back at once.
//
// A redirect that a client follows stays on its host, and on https. No error shows
// who asks: the user, the query, and headers that hold credentials are taken out.
package transport

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/nines-slo/nines/sources"
)

// Transport is an http.RoundTripper that may be used by several goroutines. New
// makes one for the world, tests fill in a clock that does not wait.
type Transport struct {
	Base    http.RoundTripper // makes one attempt
	Attempt time.Duration     // how long one may take, its body included; of a stream, until its first byte

	Stamp func(*http.Request) error // says who asks in each attempt, which it may change; nil: nobody

	Now    func() time.Time                           // for a Retry-After that is a date
	Sleep  func(context.Context, time.Duration) error // ends early with ctx
	Random func() float64                             // in [0,1), for waits that do not all end at once
}

var _ http.RoundTripper = (*Transport)(nil)

// usual is how long an attempt may take: a little longer than servers usually give to a
// query, two minutes, so that they say themselves what took so long.
const usual = 2*time.Minute + 15*time.Second

const (
	attempts  = 4                      // in all
	firstWait = 500 * time.Millisecond // doubled from one to the next
	maxWait   = 30 * time.Second       // who asks for more patience is not asked again
	maxBody   = 32 << 20               // bytes, unpacked
)

// New returns a Transport that goes out to the world, through the proxy that the
// environment names. now is the clock.
func New(now func() time.Time) *Transport {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.MaxResponseHeaderBytes = 1 << 20
	return &Transport{Base: base, Attempt: usual, Now: now, Sleep: Sleep, Random: rand.Float64}
}

// Within returns a Transport like t whose attempts take at most d.
func (t *Transport) Within(d time.Duration) *Transport {
	own := *t
	own.Attempt = d
	return &own
}

// Through returns a Transport like t that goes out by a route. It does so where Base is
// an http.Transport, as that of New is.
func (t *Transport) Through(route sources.Route) http.RoundTripper {
	own := *t
	own.Stamp = route.Stamp
	if base, ok := t.Base.(*http.Transport); ok && (route.TLS != nil || route.Proxy != nil) {
		base = base.Clone()
		if route.TLS != nil {
			base.TLSClientConfig = route.TLS.Clone()
		}
		if route.Proxy != nil {
			base.Proxy = func(req *http.Request) (*url.URL, error) { return route.Proxy(req.URL) }
		}
		own.Base = base
	}
	return &own
}

// Sleep waits, at most until ctx ends, whose cause it then returns.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// RoundTrip makes a request, again where its failure may pass.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := stays(req); err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	replay := replayable(req)
	wait := firstWait
	for attempt := 1; ; attempt++ {
		resp, err := t.try(req, attempt)
		if attempt == attempts || !replay || !passes(req.Context(), resp, err) {
			return resp, err
		}
		pause, patient := t.pause(resp, wait)
		if !patient || !sources.Waits(req.Context(), pause) || t.Sleep(req.Context(), pause) != nil {
			return resp, err
		}
		if resp != nil {
			resp.Body.Close()
		}
		wait *= 2
	}
}

// try makes one attempt.
func (t *Transport) try(req *http.Request, attempt int) (*http.Response, error) {
	if sources.Streamed(req) {
		return t.begin(req, attempt)
	}
	ctx, cancel := context.WithTimeoutCause(req.Context(), t.Attempt, t.slow())
	defer cancel()
	once, err := t.again(ctx, req, attempt)
	if err != nil {
		return nil, err
	}
	resp, err := t.Base.RoundTrip(once)
	if err == nil {
		err = whole(resp)
	}
	if err != nil {
		return nil, why(ctx, req, once, err)
	}
	resp.Request = req
	return resp, nil
}

// slow says that an attempt took too long.
func (t *Transport) slow() *failure {
	return &failure{text: fmt.Sprintf("no answer within %s", t.Attempt), slow: true}
}

// again returns a request for an attempt.
func (t *Transport) again(ctx context.Context, req *http.Request, attempt int) (*http.Request, error) {
	once := req.Clone(ctx)
	if attempt > 1 && req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, hide(req, err)
		}
		once.Body = body
	}
	if t.Stamp != nil {
		if err := t.Stamp(once); err != nil {
			if once.Body != nil {
				once.Body.Close()
			}
			return nil, &unstamped{err}
		}
	}
	return once, nil
}

// unstamped is why nobody can say who asks. Whoever cannot say it has tried it as often as
// it makes sense.
type unstamped struct{ error }

// Unwrap returns the error.
func (u *unstamped) Unwrap() error { return u.error }

// why returns the reason of an error of once, an attempt at req whose context ctx is: of two
// it is that of whoever gave up.
func why(ctx context.Context, req, once *http.Request, err error) error {
	switch {
	case req.Context().Err() != nil:
		return context.Cause(req.Context())
	case ctx.Err() != nil:
		return context.Cause(ctx)
	}
	return hide(once, err)
}

// whole reads the body of an answer to its end.
func whole(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	resp.Body.Close()
	switch {
	case brokenOff(err) != "":
		return &failure{text: fmt.Sprintf("%s after %d bytes", brokenOff(err), len(body))}
	case err != nil:
		return err
	case len(body) > maxBody:
		return lastingf("the answer is over %d MiB", maxBody>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

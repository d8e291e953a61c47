package notify

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Dialer opens a connection, as net.Dialer does.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// Runner runs a command with stdin and returns what it wrote, at most a few KiB. An
// error that has a method ExitCode says how it ended, -1 if it was killed; any other
// says that it was not started.
type Runner func(ctx context.Context, argv []string, stdin []byte) (output []byte, err error)

// Call is one request to a place that speaks HTTP.
type Call struct {
	Name    string      // what errors call the place; "" is its host
	Method  string      // "" is POST
	URL     *url.URL    // with all of its secrets
	Header  http.Header // Content-Type and what else the place wants
	Body    []byte
	Secrets []spec.Secret // to be taken out of whatever the place answers
}

// Answer is what a place answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // whole
}

// Do makes a call once. The receipt is that of its status: 2xx is Sent, 429 and 408
// are Failed with the wait that is asked for, 5xx are Unknown since the body went out,
// and anything else, redirects too, which are not followed, is Refused. Without an answer it is Failed if the
// request did not go out whole, else Unknown. A place that says more in its body
// judges further. No text of the receipt shows a secret, and of the answer at most 256
// bytes are shown, cleaned.
func Do(ctx context.Context, rt http.RoundTripper, c Call) (Answer, Receipt) {
	if rt == nil {
		return Answer{}, Receipt{Outcome: Refused, Err: errors.New("there is no network here")}
	}
	var written atomic.Bool // told from another goroutine
	trace := &httptrace.ClientTrace{WroteRequest: func(i httptrace.WroteRequestInfo) { written.Store(i.Err == nil) }}
	method := c.Method
	if method == "" {
		method = http.MethodPost
	}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), method, c.URL.String(), bytes.NewReader(c.Body))
	if err != nil {
		return Answer{}, Receipt{Outcome: Refused, Err: errors.New("the request cannot be made")}
	}
	req.Header = c.Header.Clone()
	req.Header.Set("User-Agent", "nines")
	client := http.Client{Transport: rt, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		r := Receipt{Outcome: Failed, Err: c.hidden(ctx, err)}
		var forbidden *hosts.Forbidden
		switch {
		case errors.As(err, &forbidden):
			r = Receipt{Outcome: Refused, Err: forbidden}
		case written.Load():
			r.Outcome = Unknown
		}
		return Answer{}, r
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return Answer{}, Receipt{Outcome: Unknown, Err: c.hidden(ctx, err)}
	}
	a := Answer{Status: resp.StatusCode, Header: resp.Header, Body: body}
	return a, c.receipt(a)
}

// receipt returns what the status of an answer says.
func (c Call) receipt(a Answer) Receipt {
	r := Receipt{Outcome: Refused, Wait: wait(a.Header)}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return Receipt{Outcome: Sent}
	case a.Status == http.StatusTooManyRequests, a.Status == http.StatusRequestTimeout:
		r.Outcome = Failed
	case a.Status >= 500:
		r.Outcome = Unknown
	}
	r.Err = fmt.Errorf("%s answers %d %s%s%s", c.name(), a.Status, http.StatusText(a.Status), c.Quote(a.Body), c.moved(a))
	return r
}

func (c Call) name() string { return cmp.Or(c.Name, c.URL.Host) }

// moved says to which server an answer sends, "" if to none. What stands behind may be a
// key, also one that the server made of ours.
func (c Call) moved(a Answer) string {
	to, err := c.URL.Parse(a.Header.Get("Location"))
	if a.Status >= 400 || a.Header.Get("Location") == "" || err != nil {
		return ""
	}
	where := diag.Cut(diag.Escape(c.safe(to.Scheme+"://"+to.Host)), maxQuote, "…")
	return "\nhint: it is moved to " + where + "; redirects are not followed"
}

// Page tells whether an answer is one that a browser shows: a proxy asks for a login.
func (a Answer) Page() bool { return bytes.HasPrefix(bytes.TrimSpace(a.Body), []byte("<")) }

// Unsure is the receipt of an answer whose status says that the message was taken, but
// not so its body.
func (c Call) Unsure(a Answer) Receipt {
	err := fmt.Errorf("%s answers %d, but not as it does when it has taken a message%s", c.name(), a.Status, c.Quote(a.Body))
	return Receipt{Outcome: Unknown, Err: err}
}

// maxQuote is how many bytes of an answer are shown.
const maxQuote = 256

// Quote returns ": " and the first line of an answer that says something, of JSON all
// of it, without secrets and control characters; "" if there is none.
func (c Call) Quote(body []byte) string {
	var packed bytes.Buffer
	if json.Compact(&packed, body) == nil {
		body = packed.Bytes()
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	line = strings.TrimSpace(c.safe(line))
	if line == "" {
		return ""
	}
	return ": " + diag.Cut(diag.Escape(line), maxQuote, "…")
}

// minKey is the length from which a part of an address's path may be a key: what is
// shorter is a part of words.
const minKey = 4

// ordinary are the words in the paths of services, which are no keys.
var ordinary = pattern.Of(`(?i)^(v[0-9]+|rest|chat\.\w+|files?(\.\w+)?|(web)?hooks?|services?|workflows?|triggers?|` +
	`messages?|spaces?|rooms?|alerts?|events?|enqueue|change|integrations?|incoming|generic|invoke|manual|paths|automations|direct|` +
	`powerautomate|close|bot|send|notify|jsm|ops|apis?)$`)

// keys returns what of a path may be a key: the path as a whole and its parts, but for
// words, as they stand, as they are meant, and as JSON may escape them.
func keys(u *url.URL) []spec.Secret {
	var out []spec.Secret
	for _, path := range []string{u.EscapedPath(), u.Path} {
		any := false
		for part := range strings.SplitSeq(path, "/") {
			if part == "" || ordinary().MatchString(part) {
				continue
			}
			any = true
			if len(part) >= minKey {
				out = append(out, spec.NewSecret(part))
			}
		}
		if whole := strings.Trim(path, "/"); any && len(whole) >= minKey {
			out = append(out, spec.NewSecret(whole), spec.NewSecret(strings.ReplaceAll(whole, "/", `\/`)))
		}
	}
	return out
}

// safe takes the secrets of a call out of a text: those it names, its query, and what
// of its address may be a key, which the path of a webhook mostly is.
func (c Call) safe(text string) string {
	secrets := append([]spec.Secret{spec.NewSecret(c.URL.String())}, c.Secrets...)
	secrets = append(secrets, keys(c.URL)...)
	return spec.Redact(text, append(secrets, spec.QuerySecrets(c.URL.RawQuery)...)...)
}

// hidden returns an error of the client without the address.
func (c Call) hidden(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("%s: %w", c.name(), cause)
	}
	var in *url.Error
	if errors.As(err, &in) {
		err = in.Err
	}
	return fmt.Errorf("%s: %s", c.name(), c.safe(err.Error()))
}

// wait returns how long an answer asks to wait, 0 if it does not. Who asks for more
// than anybody waits is for the caller to judge.
func wait(h http.Header) time.Duration {
	after := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(after, 64); err == nil && seconds > 0 && seconds < 1e9 {
		return time.Duration(seconds * float64(time.Second))
	}
	until, err := http.ParseTime(after)
	from, unknown := http.ParseTime(h.Get("Date"))
	if err != nil || unknown != nil || until.Before(from) {
		return 0
	}
	return until.Sub(from)
}

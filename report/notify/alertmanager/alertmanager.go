// Package alertmanager tells a Prometheus Alertmanager what fires.
//
// It keeps no state: every run posts all that fires at that instant, with an end
// soon after it, and what stopped to fire lately, with the end it had. Posted each
// minute an alert stays up, ends at once when its condition does, and ends by
// itself if nobody posts any more. Grouping, silences and who is told are the
// Alertmanager's.
package alertmanager

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/spec"
)

// Alertmanager is one program to post to. It may be used by several goroutines.
type Alertmanager struct {
	url     spec.URL    // of the alerts
	auth    spec.Secret // the header that shows them
	secrets []spec.Secret

	http http.RoundTripper
}

// New returns the Alertmanager at address, such as http://host:9093 or
// https://user:password@host/prefix. An address without a user sends token, unless
// it is none, as a bearer token. No error tells what may be a password. rt makes the
// requests, again where their failure may pass.
func New(address string, token spec.Secret, rt http.RoundTripper) (*Alertmanager, error) {
	u, err := url.Parse(address)
	why := ""
	switch {
	case err != nil:
		why = "it cannot be read"
	case u.Scheme != "http" && u.Scheme != "https":
		why = "it does not begin with http:// or https://"
	case u.Hostname() == "":
		why = "it names no host"
	}
	if why != "" { // none of it is shown: who knows where in it the password is
		return nil, fmt.Errorf("is not the address of an Alertmanager: %s\nhint: write it as http://host:9093, "+
			"and what stands before an @ escaped: %%40 for @, %%2F for /", why)
	}
	m := &Alertmanager{http: rt}
	m.identify(u.User, token)
	m.url = spec.NewURL(u.JoinPath("api/v2/alerts"))
	return m, nil
}

// identify sets who posts.
func (m *Alertmanager) identify(user *url.Userinfo, token spec.Secret) {
	switch {
	case user != nil:
		password, _ := user.Password()
		both := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password))
		m.auth = spec.NewSecret("Basic " + both)
		m.secrets = spec.UserSecrets(user)
	case token.Is():
		m.auth = spec.NewSecret("Bearer " + token.Reveal())
		m.secrets = []spec.Secret{token}
	}
}

// String returns where alerts are posted to, without credentials and query.
func (m *Alertmanager) String() string { return m.url.String() }

// batch is how many alerts are posted at once; Prometheus sends as many.
const batch = 256

// Post posts what fires in a and what stopped to fire. What fires ends hold after
// a.At unless it is posted again until then. What it has of objectives whose source
// failed is posted again as it is: nobody knows that it is over.
func (m *Alertmanager) Post(ctx context.Context, a *report.Alerts, hold time.Duration) error {
	alerts := alertsOf(a, hold)
	held, err := m.held(ctx, a, hold)
	return cmp.Or(err, m.sendAll(ctx, append(alerts, without(held, alerts)...)))
}

// sendAll posts alerts in batches and returns the first error. It posts none if
// there are none: a wrong address is found before it matters.
func (m *Alertmanager) sendAll(ctx context.Context, alerts []alert) error {
	var errs []error
	for first := true; first || len(alerts) > 0; first = false {
		n := min(batch, len(alerts))
		errs = append(errs, m.send(ctx, alerts[:n]))
		alerts = alerts[n:]
	}
	return cmp.Or(errs...)
}

// PostAll posts to every one of a cluster at the same time and returns an error for
// each that took nothing.
func PostAll(ctx context.Context, cluster []*Alertmanager, a *report.Alerts, hold time.Duration) []error {
	errs := make([]error, len(cluster))
	var all sync.WaitGroup
	for i, m := range cluster {
		all.Go(func() { errs[i] = m.Post(ctx, a, hold) })
	}
	all.Wait()
	return nonNil(errs)
}

func nonNil(errs []error) []error {
	var out []error
	for _, err := range errs {
		if err != nil {
			out = append(out, err)
		}
	}
	return out
}

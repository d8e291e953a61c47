// Package opsgenie tells Opsgenie, or Jira Service Management, of alerts. An alert's
// alias is its own: to create it again while it is open counts it, and calls nobody
// anew. Nothing is updated, which Jira Service Management cannot do.
package opsgenie

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "opsgenie", Doc: "Opsgenie, or the operations of Jira Service Management.", Pages: true, Check: check,
			Goals: func(cfg spec.Block) []hosts.Goal { return hosts.To(server(cfg)) },
			Keys: []spec.Key{
				{Name: "key", Type: spec.Credential, Required: true, Doc: "Key of an API integration (GenieKey)."},
				{
					Name: "url", Type: spec.Address, Default: defaultURL, Example: "https://api.eu.opsgenie.com",
					Doc: "What stands before /v2/alerts: " + defaultURL + " if left out, https://api.eu.opsgenie.com, " +
						"or " + jsmURL + ".",
				},
				{Name: "api_key", Means: "key_env"}, {Name: "api_url", Means: "url"},
			},
		},
		Keyed: true,
		Open:  open,
	}
}

const (
	defaultURL = "https://api.opsgenie.com"
	jsmURL     = "https://api.atlassian.com/jsm/ops/integration"
	path       = "/v2/alerts"
)

// check refuses the address of another API.
func check(cfg spec.Block) diag.List {
	v := cfg.Get("url")
	u := cfg.URL("url").Join()
	u.Path = base(u.Path)
	known := strings.HasSuffix(u.Host, "opsgenie.com") && u.Path == "" || u.Scheme+"://"+u.Host+u.Path == jsmURL
	proxy := !strings.HasSuffix(u.Host, "opsgenie.com") && !strings.HasSuffix(u.Host, "atlassian.com")
	if !v.Is() || known || proxy {
		return nil
	}
	other := diag.Errorf(v.Pos, "opsgenie/url", "url is not what stands before /v2/alerts")
	return diag.List{other.WithHint("write url: %s, https://api.eu.opsgenie.com, or %s", defaultURL, jsmURL)}
}

// base returns a path without that of alerts, which people copy with it.
func base(below string) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(below, "/"), path), "/")
}

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	key, err := cfg.Secret("key", env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	alerts := server(cfg)
	alerts.Path = base(alerts.Path) + path
	return destination{alerts, key, env.HTTP}, nil
}

// server returns what stands before the path of alerts, or of it.
func server(cfg spec.Block) *url.URL { return notify.Server(cfg, "url", defaultURL).Join() }

type destination struct {
	alerts *url.URL
	key    spec.Secret
	http   http.RoundTripper
}

// Limits of the Alert API, in characters.
const (
	maxMessage     = 130
	maxDescription = 15_000
	maxEntity      = 512
)

// creation is the body of a request to create an alert.
type creation struct {
	Message     string            `json:"message"`
	Alias       string            `json:"alias"`
	Description string            `json:"description"`
	Entity      string            `json:"entity,omitempty"`
	Source      string            `json:"source"`
	Priority    string            `json:"priority"`
	Details     map[string]string `json:"details,omitempty"`
}

// closing is the body of a request to close one.
type closing struct {
	Source string `json:"source"`
	Note   string `json:"note"`
}

// Pack returns one request a change.
func (d destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	if m.Kind != "alert" {
		return nil, errors.New("a pager takes no summaries")
	}
	m = notify.Clean(m, maxEntity)
	var out []notify.Parcel
	for _, c := range m.Paged() {
		alias, to := notify.Hash(c.Key), *d.alerts
		p := notify.Parcel{Part: c.Key, ID: alias}
		if c.Kind == notify.Resolved {
			to = *d.alerts.JoinPath(alias, "close")
			to.RawQuery = "identifierType=alias"
			p.Body = notify.JSON(closing{Source: "nines", Note: notify.Inert(c.Summary)})
		} else {
			p.Body = notify.JSON(created(m, c, alias))
		}
		p.Own = &to
		out = append(out, p)
	}
	return out, nil
}

func created(m notify.Message, c notify.Change, alias string) creation {
	out := creation{
		Message: notify.Shorten(notify.Inert(c.Summary), maxMessage), Alias: alias,
		Description: description(m, c), Entity: c.Objective, Source: "nines", Priority: priority(c.Class),
		Details: map[string]string{"service": c.Service, "policy": c.Policy, "state": string(c.Kind)},
	}
	if !c.Since.IsZero() {
		out.Details["since"] = c.Since.UTC().Format(time.RFC3339)
	}
	return out
}

// description says all, in lines. Links are the last to go.
func description(m notify.Message, c notify.Change) string {
	links := ""
	for _, l := range m.Links {
		links += "\n" + notify.Inert(l.Text) + ": " + l.URL
	}
	lines := strings.Join(append([]string{c.Summary}, c.Details...), "\n")
	return notify.Shorten(notify.Inert(lines), maxDescription-len(links)) + links
}

func priority(c slo.Class) string {
	switch c {
	case slo.Page:
		return "P1"
	case slo.Ticket:
		return "P3"
	}
	return "P5"
}

// Send makes the request. 202 says that it was taken; what becomes of it is told below
// alerts/requests to who asks with Ref, some time later.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	answer, r := notify.Do(ctx, d.http, notify.Call{
		URL: p.Own.(*url.URL), Body: p.Body, Secrets: []spec.Secret{d.key},
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"GenieKey " + d.key.Reveal()}},
	})
	var said struct {
		Request string `json:"requestId"`
	}
	switch {
	case r.Outcome == notify.Sent && json.Unmarshal(answer.Body, &said) == nil:
		r.Ref = said.Request
	case r.Outcome == notify.Failed && r.Wait == 0:
		seconds, _ := strconv.ParseUint(answer.Header.Get("X-Ratelimit-Period-In-Sec"), 10, 16)
		r.Wait = time.Duration(seconds) * time.Second
	}
	return r
}

// Package pagerduty tells PagerDuty of alerts, with Events API v2. What opens and what
// closes an incident has the same dedup_key, which is the alert's own: a second trigger
// joins the incident that is open, and calls nobody anew.
package pagerduty

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
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
			Name: "pagerduty", Doc: "A service of PagerDuty, through Events API v2.", Pages: true, Check: check,
			Goals: func(cfg spec.Block) []hosts.Goal { return hosts.To(server(cfg)) },
			Keys: []spec.Key{
				{
					Name: "key", Type: spec.Credential, Required: true,
					Doc: "Integration key (routing key) of Events API v2.",
				},
				{
					Name: "url", Type: spec.Address, Default: defaultURL, Example: "https://events.eu.pagerduty.com",
					Doc: "Server of events; https://events.pagerduty.com if left out.",
				},
				{Name: "routing_key", Means: "key_env"}, {Name: "integration_key", Means: "key_env"},
				{Name: "service_key", Means: "key_env"},
			},
		},
		Keyed: true,
		Open:  open,
	}
}

const (
	defaultURL = "https://events.pagerduty.com"
	path       = "v2/enqueue"
)

// check refuses the address of another API.
func check(cfg spec.Block) diag.List {
	v := cfg.Get("url")
	if below := strings.Trim(cfg.URL("url").Join().Path, "/"); !v.Is() || below == "" || below == path {
		return nil
	}
	other := diag.Errorf(v.Pos, "pagerduty/url", "url names more than the server of events")
	return diag.List{other.WithHint("write url: %s, or https://events.eu.pagerduty.com", defaultURL)}
}

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	key, err := cfg.Secret("key", env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	to := server(cfg)
	to.Path, to.RawPath = "/"+path, ""
	return destination{to, key, env.HTTP}, nil
}

// server returns the address of the server of events.
func server(cfg spec.Block) *url.URL { return notify.Server(cfg, "url", defaultURL).Join() }

type destination struct {
	url  *url.URL
	key  spec.Secret
	http http.RoundTripper
}

// Limits of Events API v2, in characters and bytes.
const (
	maxSummary = 1024
	maxEvent   = 512_000
	maxName    = 255
)

// event is the body of a request. Printed it does not show the routing key.
type event struct {
	Key     any      `json:"routing_key"`
	Action  string   `json:"event_action"` // "trigger" or "resolve"
	Dedup   string   `json:"dedup_key"`
	Client  string   `json:"client,omitempty"`
	Payload *payload `json:"payload,omitempty"` // of a trigger
	Links   []link   `json:"links,omitempty"`
}

type payload struct {
	Summary   string     `json:"summary"`
	Source    string     `json:"source"`
	Severity  string     `json:"severity"`
	Timestamp *time.Time `json:"timestamp,omitempty"`
	Component string     `json:"component,omitempty"`
	Group     string     `json:"group,omitempty"`
	Class     string     `json:"class,omitempty"`
	Details   details    `json:"custom_details"`
}

type details struct {
	State   notify.ChangeKind `json:"state"`
	Figures []string          `json:"figures,omitempty"`
}

type link struct {
	URL  string `json:"href"`
	Text string `json:"text"`
}

// Pack returns one event a change.
func (d destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	if m.Kind != "alert" {
		return nil, errors.New("a pager takes no summaries")
	}
	m = notify.Clean(m, maxSummary)
	var out []notify.Parcel
	for _, c := range m.Paged() {
		e := d.event(m, c)
		body := notify.JSON(e)
		for len(body) > maxEvent && len(c.Details) > 0 { // only details may have any size
			c.Details = c.Details[:len(c.Details)/2]
			e = d.event(m, c)
			body = notify.JSON(e)
		}
		out = append(out, notify.Parcel{Part: c.Key, ID: e.Dedup, Body: body, Own: e})
	}
	return out, nil
}

func (d destination) event(m notify.Message, c notify.Change) event {
	e := event{Key: d.key, Action: "resolve", Dedup: notify.Hash(c.Key)}
	if c.Kind == notify.Resolved {
		return e
	}
	e.Action, e.Client = "trigger", "nines"
	var figures []string
	for _, text := range c.Details {
		figures = append(figures, notify.Inert(text))
	}
	name := func(text string) string { return notify.Shorten(text, maxName) }
	e.Payload = &payload{
		Summary: notify.Shorten(notify.Inert(c.Summary), maxSummary), Source: name(c.Service), Severity: severity(c.Class),
		Component: name(c.Objective), Group: name(c.Service), Class: name(c.Policy),
		Details: details{State: c.Kind, Figures: figures},
	}
	if !c.Since.IsZero() {
		since := c.Since.UTC()
		e.Payload.Timestamp = &since
	}
	for _, l := range m.Links {
		e.Links = append(e.Links, link{URL: l.URL, Text: l.Text})
	}
	return e
}

func severity(c slo.Class) string {
	switch c {
	case slo.Page:
		return "critical"
	case slo.Ticket:
		return "warning"
	}
	return "info"
}

// Send hands over an event. 202 says that it was taken.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	e := p.Own.(event)
	e.Key = d.key.Reveal()
	answer, r := notify.Do(ctx, d.http, notify.Call{
		URL: d.url, Body: notify.JSON(e), Secrets: []spec.Secret{d.key},
		Header: http.Header{"Content-Type": {"application/json"}},
	})
	var said struct {
		Dedup string `json:"dedup_key"`
	}
	if r.Outcome == notify.Sent && json.Unmarshal(answer.Body, &said) == nil {
		r.Ref = said.Dedup
	}
	return r
}

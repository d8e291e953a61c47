// Package stackstorm posts messages to StackStorm: to a webhook of a rule, or to the
// one that starts any trigger. That it answers 202 says that the message was taken,
// not that a rule matched it.
package stackstorm

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "stackstorm", Doc: "A webhook or trigger of StackStorm.", Keys: keys(), Check: check,
			Goals: func(cfg spec.Block) []hosts.Goal { return hosts.To(cfg.URL("url").Join()) },
		},
		Open: open,
	}
}

func keys() []spec.Key {
	return []spec.Key{
		{
			Name: "url", Type: spec.Address, Required: true, Example: "https://st2.example",
			Doc: "What stands before /api/v1.",
		},
		{
			Name: "key", Type: spec.Credential, Required: true,
			Doc: "API key, of a user who may do no more than this: rules see it among the headers.",
		},
		{
			Name: "webhook", Type: spec.Name, Example: "nines",
			Doc: "Name of the webhook, the url of a rule's core.st2.webhook.",
		},
		{
			Name: "trigger", Type: spec.Name, Example: "slo.summary",
			Doc: "Trigger that is started in place of a webhook.",
		},
		{Name: "api_key", Means: "key_env"},
	}
}

// check finds what is not said, or twice.
func check(cfg spec.Block) diag.List {
	webhook, trigger := cfg.Get("webhook"), cfg.Get("trigger")
	var found diag.List
	switch {
	case webhook.Is() && trigger.Is():
		twice := diag.Errorf(trigger.Pos, "stackstorm/where", "webhook and trigger both say where messages go")
		found = append(found, twice.WithHint("remove one of them"))
	case !webhook.Is() && !trigger.Is():
		nowhere := diag.Errorf(cfg.Pos, "stackstorm/where", "neither webhook nor trigger says where messages go")
		found = append(found, nowhere.WithHint("write webhook: nines, the url of a rule's webhook"))
	}
	if webhook.Is() && !isWebhook(webhook.Text) {
		bad := diag.Errorf(webhook.Pos, "stackstorm/webhook",
			"%s is not the name of a webhook", diag.Quote(webhook.Text))
		found = append(found, bad.WithHint("write the url of a rule's webhook, without / around it; or trigger: NAME"))
	}
	if path := strings.TrimRight(cfg.URL("url").Join().Path, "/") + "/"; strings.Contains(path, "/api/") {
		below := diag.Errorf(cfg.Get("url").Pos, "stackstorm/url", "url names more than the server")
		found = append(found, below.WithHint("write what stands before /api/v1"))
	}
	return found
}

// isWebhook tells whether a rule may have a webhook of this name.
func isWebhook(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return name != special
}

// special is the webhook that starts any trigger.
const special = "st2"

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	key, err := cfg.Secret("key", env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	d := destination{key: key, trigger: cfg.Get("trigger").Text, http: env.HTTP}
	path := []string{"api", "v1", "webhooks"}
	if d.trigger != "" {
		path = append(path, special)
	}
	for part := range strings.SplitSeq(cfg.Get("webhook").Text, "/") {
		path = append(path, url.PathEscape(part))
	}
	d.url = cfg.URL("url").Join(path...)
	return d, nil
}

type destination struct {
	url     *url.URL
	key     spec.Secret
	trigger string
	http    http.RoundTripper
}

// started is what the special webhook takes.
type started struct {
	Trigger string       `json:"trigger"`
	Payload notify.Event `json:"payload"`
}

// maxBody is the most bytes of a request: the server that StackStorm's installer puts
// before it takes 1 MiB.
const maxBody = 1_000_000

// Pack returns one event.
func (d destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	body := func(e notify.Event) []byte {
		if d.trigger != "" {
			return notify.JSON(started{Trigger: d.trigger, Payload: e})
		}
		return notify.JSON(e)
	}
	e, left := notify.EventWithin(m, func(e notify.Event) bool { return len(body(e)) <= maxBody })
	return []notify.Parcel{{ID: e.ID, Body: body(e), Left: left}}, nil
}

// Send posts it. The ID is its trace tag, by which executions are found.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	_, r := notify.Do(ctx, d.http, notify.Call{
		URL: d.url, Body: p.Body, Secrets: []spec.Secret{d.key},
		Header: http.Header{
			"Content-Type": {"application/json"}, "St2-Api-Key": {d.key.Reveal()}, "St2-Trace-Tag": {p.ID},
		},
	})
	return r
}

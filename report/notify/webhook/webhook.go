// Package webhook posts messages as JSON to any program that listens, with the headers
// and the signature of Standard Webhooks 1.0.0, by which a receiver knows who sends and
// what it has seen before.
package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "webhook", Doc: "Any program that takes JSON over HTTP.", Keys: keys(), Check: check,
			Goals: notify.ByURL,
		},
		Keyed: true,
		Open:  open,
	}
}

func keys() []spec.Key {
	return []spec.Key{
		{Name: "url", Type: spec.Credential, Required: true, Doc: "Address that is posted to."},
		{
			Name: "template", Type: spec.Text, Example: `'{"text": {{json .headline}}}'`,
			Doc: "Go text/template of the body over the fields of the default body: id, type, timestamp, headline, " +
				"state, text and data; json writes a value as JSON.",
		},
		{Name: "headers", Type: spec.TextMap, Doc: "Headers of requests, by name. What they say is no secret."},
		{Name: "token", Type: spec.Credential, Doc: "Token of the header Authorization: Bearer, or of token_header."},
		{
			Name: "token_header", Type: spec.Text, Example: "X-Api-Key",
			Doc: "Header that holds token as it is, in place of Authorization: Bearer.",
		},
		{
			Name: "signing_secret", Type: spec.Credential,
			Doc: "Secret of the signature: whsec_ and 24 to 64 random bytes in Base64; several, with blanks between, " +
				"while one replaces another.",
		},
		{
			Name: "max_bytes", Type: spec.Integer, Default: strconv.Itoa(defaultMost), Example: "1000000",
			Doc: "Most bytes of a body; 20000 if left out, a dozen objectives. Rows of text have no room first, " +
				"then the last rows of data, which left counts; then data is null.",
		},
		{Name: "secret", Means: "signing_secret_env"}, {Name: "hmac_secret", Means: "signing_secret_env"},
		{Name: "bearer_token", Means: "token_env"},
	}
}

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	d := &destination{http: env.HTTP, now: env.Now, most: mostBytes(cfg.Get("max_bytes"))}
	var err error
	if d.url, err = notify.Address(cfg, "url", env); err != nil {
		return nil, err
	}
	if d.token, err = cfg.Secret("token", env.Getenv, env.Root); err != nil {
		return nil, err
	}
	if d.secret, err = cfg.Secret("signing_secret", env.Getenv, env.Root); err != nil {
		return nil, err
	}
	if d.keys, err = signingKeys(d.secret); err != nil {
		return nil, err
	}
	d.header, d.tokenHeader = headers(cfg), cfg.Get("token_header").Text
	if text := cfg.Get("template"); text.Is() {
		d.template, err = parse(text.Text)
	}
	return d, err
}

// headers returns what files say of headers, and what is so if they do not.
func headers(cfg spec.Block) http.Header {
	out := http.Header{"Content-Type": {jsonType}}
	for _, f := range cfg.Get("headers").Fields {
		out.Set(f.Key, f.Value.Text)
	}
	return out
}

type destination struct {
	url    *url.URL
	header http.Header

	tokenHeader string // "" for Authorization: Bearer

	token    spec.Secret
	secret   spec.Secret
	keys     [][]byte // of signatures
	template *form    // nil: the body is the event
	most     int
	http     http.RoundTripper
	now      func() time.Time
}

// jsonType is the content of bodies, unless a header says otherwise.
const jsonType = "application/json"

// defaultMost is what Standard Webhooks advises, 20 KB, some dozen objectives: of more the
// worst are there, and how many are not. A larger body could be lost whole.
const defaultMost = 20_000

func mostBytes(v spec.Value) int {
	if n, err := strconv.Atoi(v.Text); err == nil {
		return n
	}
	return defaultMost
}

// Pack returns one parcel: the event, or what the template makes of it.
func (d *destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	var broken error
	made := func(e notify.Event) []byte {
		if d.template == nil {
			return notify.JSON(e)
		}
		text, err := d.template.body(e, isJSON(d.header))
		if err != nil {
			broken = err
		}
		return text
	}
	e, left := notify.EventWithin(m, func(e notify.Event) bool { return len(made(e)) <= d.most })
	broken = nil // of another try
	body := made(e)
	switch {
	case broken != nil && len(m.Data) > 0 && string(e.Data) == "null":
		return nil, fmt.Errorf("data has no room within max_bytes, %d: %w", d.most, broken)
	case broken != nil:
		return nil, broken
	case len(body) > d.most:
		return nil, fmt.Errorf("a body of %d bytes is larger than max_bytes, %d", len(body), d.most)
	}
	return []notify.Parcel{{ID: e.ID, Body: body, Left: left}}, nil
}

// isJSON tells whether a body has to be JSON.
func isJSON(h http.Header) bool { return h.Get("Content-Type") == jsonType }

// Send posts it. The receiver knows it by webhook-id.
func (d *destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	header := maps.Clone(d.header)
	at := strconv.FormatInt(d.now().Unix(), 10)
	header.Set("Webhook-Id", p.ID)
	header.Set("Webhook-Timestamp", at)
	if len(d.keys) > 0 {
		header.Set("Webhook-Signature", signature(d.keys, p.ID, at, p.Body))
	}
	switch {
	case !d.token.Is():
	case d.tokenHeader != "":
		header.Set(d.tokenHeader, d.token.Reveal())
	default:
		header.Set("Authorization", "Bearer "+d.token.Reveal())
	}
	_, r := notify.Do(ctx, d.http, notify.Call{
		URL: d.url, Header: header, Body: p.Body, Secrets: append(eachSecret(d.secret), d.secret, d.token),
	})
	return r
}

// names are those of the event's fields.
func names() []string {
	var fields map[string]any
	if err := json.Unmarshal(notify.JSON(sample()), &fields); err != nil {
		panic(err)
	}
	return slices.Sorted(maps.Keys(fields))
}

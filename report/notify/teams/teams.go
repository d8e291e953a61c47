// Package teams posts messages to Microsoft Teams as Adaptive Cards, through a
// workflow that starts when a webhook is called. All texts stand in TextRuns, which
// know no markup: in a TextBlock an underscore of a name would begin italics.
package teams

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "teams", Doc: "A chat or channel of Microsoft Teams, through a workflow.",
			Goals: notify.ByURL,
			Keys: []spec.Key{{
				Name: "url", Type: spec.Credential, Required: true,
				Doc: "Address of the workflow's trigger \"When a Teams webhook request is received\".",
			}},
		},
		Open: open,
	}
}

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	u, err := notify.Address(cfg, "url", env)
	if err != nil {
		return nil, err
	}
	return destination{u, env.HTTP}, nil
}

type destination struct {
	url  *url.URL
	http http.RoundTripper
}

// maxBody is the size of a request: Teams refuses cards over about 28 KB, and was seen
// to refuse some of 21 KB.
const maxBody = 20_000

// Pack returns one card.
func (destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	fitting, left := notify.Within(m, func(m notify.Message) bool { return len(body(m)) <= maxBody })
	return []notify.Parcel{{ID: m.ID, Body: body(fitting), Left: left}}, nil
}

// Send starts the workflow. Its answer comes before the message is posted: 202 tells
// that it was started, and what becomes of it nobody is told.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	call := notify.Call{URL: d.url, Header: http.Header{"Content-Type": {"application/json"}}, Body: p.Body}
	answer, r := notify.Do(ctx, d.http, call)
	if r.Outcome == notify.Sent && bytes.Contains(answer.Body, []byte(connectorFailed)) {
		return connectorReceipt(call, answer)
	}
	return r
}

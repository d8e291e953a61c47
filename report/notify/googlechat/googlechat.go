// Package googlechat tells a space of Google Chat by a webhook, as a card.
package googlechat

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/markup"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "googlechat", Doc: "A space of Google Chat, by a webhook.",
			Goals: notify.ByURL,
			Keys: []spec.Key{{
				Name: "url", Type: spec.Credential, Required: true,
				Doc: "Address of the webhook, https://chat.googleapis.com/v1/spaces/SPACE/messages?key=…&token=….",
			}},
		},
		Keyed: true,
		Open: func(cfg spec.Block, env notify.Env) (notify.Destination, error) {
			to, err := notify.Address(cfg, "url", env)
			return destination{to, env.HTTP}, err
		},
	}
}

// Limits of a message.
const (
	maxBody    = 32_000 // bytes
	maxWidgets = 100    // of a card; those behind are not shown
)

type destination struct {
	to   *url.URL
	http http.RoundTripper
}

// The parts of a message that are used here. Texts of widgets and headers are HTML,
// those of buttons are not.
type (
	post struct {
		Fallback string     `json:"fallbackText"` // on lock screens
		Cards    []cardName `json:"cardsV2"`
	}
	cardName struct {
		ID   string `json:"cardId"`
		Card card   `json:"card"`
	}
	card struct {
		Sections []section `json:"sections"`
	}
	section struct {
		Header  string   `json:"header,omitempty"`
		Widgets []widget `json:"widgets"`
	}
	widget struct {
		Paragraph *paragraph `json:"textParagraph,omitempty"`
		Buttons   *buttons   `json:"buttonList,omitempty"`
	}
	paragraph struct {
		Text string `json:"text"`
	}
	buttons struct {
		Buttons []button `json:"buttons"`
	}
	button struct {
		Text    string  `json:"text"`
		OnClick onClick `json:"onClick"`
	}
	onClick struct {
		Open openLink `json:"openLink"`
	}
	openLink struct {
		URL string `json:"url"`
	}
)

// Pack returns the message as one card.
func (destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	m, left := notify.Within(m, fits)
	if !fits(m) {
		return nil, fmt.Errorf("headline, notes and links alone are over the %d bytes that Google Chat takes", maxBody)
	}
	return []notify.Parcel{{ID: m.ID, Body: body(m), Left: left}}, nil
}

func fits(m notify.Message) bool { return len(m.Sections)+3 <= maxWidgets && len(body(m)) <= maxBody }

func body(m notify.Message) []byte {
	return notify.JSON(post{
		Fallback: quiet(markup.Mark(m.State) + m.Headline),
		Cards:    []cardName{{ID: "nines", Card: card{sections(m)}}},
	})
}

// sections lays a message out.
func sections(m notify.Message) []section {
	d := dialect()
	out := []section{{Widgets: []widget{lines(d.Bold(d.Headline(m)))}}}
	for _, s := range m.Sections {
		part := section{Header: d.Escape(s.Title)}
		rows := d.Rows(s)
		if s.Title == "" && len(rows) == 0 {
			continue
		}
		part.Widgets = []widget{lines(cmp.Or(strings.Join(rows, d.Break), "–"))} // a section has a widget
		out = append(out, part)
	}
	var last []widget
	if notes := d.Notes(m); len(notes) > 0 {
		last = append(last, lines(strings.Join(notes, d.Break)))
	}
	if len(m.Links) > 0 {
		last = append(last, widget{Buttons: &buttons{links(m)}})
	}
	if len(last) > 0 {
		out = append(out, section{Widgets: last})
	}
	return out
}

func lines(text string) widget { return widget{Paragraph: &paragraph{text}} }

func links(m notify.Message) []button {
	var out []button
	for _, l := range m.Links {
		out = append(out, button{quiet(cmp.Or(l.Text, l.URL)), onClick{openLink{markup.Address(l.URL)}}})
	}
	return out
}

func dialect() markup.Dialect {
	return markup.Dialect{
		Escape: func(text string) string { return html.EscapeString(quiet(text)) },
		Bold:   func(marked string) string { return "<b>" + marked + "</b>" },
		Item:   "", More: "\u2003", Break: "<br>",
	}
}

// quiet keeps clients from making links and mentions, <users/all>, of a text.
func quiet(text string) string { return markup.Part(text, "@:<") }

// Send posts it. An ID that the space has seen gives the message that is there.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	to := *d.to
	query := to.Query()
	query.Set("requestId", notify.Hash(p.ID))
	to.RawQuery = query.Encode()
	c := notify.Call{URL: &to, Header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}, Body: p.Body}
	a, r := notify.Do(ctx, d.http, c)
	if r.Outcome != notify.Sent {
		return r
	}
	var message struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(a.Body, &message); err != nil || message.Name == "" {
		return c.Unsure(a)
	}
	r.Ref = message.Name
	return r
}

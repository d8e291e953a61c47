// Package discord tells a channel of Discord by a webhook: the headline as text, and
// what is below it as an embed in the colour of the state.
package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/markup"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "discord", Doc: "A channel of Discord, by a webhook.",
			Goals: notify.ByURL,
			Keys: []spec.Key{
				{
					Name: "url", Type: spec.Credential, Required: true,
					Doc: "Address of the webhook, https://discord.com/api/webhooks/ID/TOKEN.",
				},
				{
					Name: "thread_id", Type: spec.Text, Example: "1234567890123456789",
					Doc: "ID of a thread of the channel; a forum needs one.",
				},
			},
		},
		Open: open,
	}
}

// Limits of a message. All texts of embeds together may have 6000 characters: there is
// one embed, with one text.
const (
	maxContent     = 2000
	maxDescription = 4096
)

type destination struct {
	to   *url.URL
	http http.RoundTripper
}

// open has the webhook wait until the message is saved: else it answers in any case.
func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	to, err := notify.Address(cfg, "url", env)
	if err != nil {
		return nil, err
	}
	query := to.Query()
	query.Set("wait", "true")
	if thread := cfg.Get("thread_id"); thread.Is() {
		query.Set("thread_id", thread.Text)
	}
	to.RawQuery = query.Encode()
	return destination{to, env.HTTP}, nil
}

// post is what a webhook takes. Nobody is mentioned, whatever the text looks like.
type post struct {
	Content  string   `json:"content"`
	Embeds   []embed  `json:"embeds,omitempty"`
	Mentions mentions `json:"allowed_mentions"`
}

type embed struct {
	Description string `json:"description"`
	Color       int    `json:"color"`
}

type mentions struct {
	Parse []string `json:"parse"`
}

// Pack returns the message as one post.
func (destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	m, left := notify.Within(m, fits)
	if !fits(m) {
		return nil, fmt.Errorf("notes and links alone are over the %d characters that Discord takes", maxDescription)
	}
	p := post{Content: content(m), Mentions: mentions{[]string{}}}
	if below := dialect().Below(m); below != "" {
		p.Embeds = []embed{{below, color(m.State)}}
	}
	return []notify.Parcel{{ID: m.ID, Body: notify.JSON(p), Left: left}}, nil
}

func fits(m notify.Message) bool { return markup.Units(dialect().Below(m)) <= maxDescription }

// content is the headline, which a lock screen shows.
func content(m notify.Message) string {
	d := dialect()
	short := func(headline string) string {
		m.Headline = headline
		return d.Bold(d.Headline(m))
	}
	return short(markup.Longest(m.Headline, func(s string) bool { return markup.Units(short(s)) <= maxContent }))
}

func dialect() markup.Dialect {
	return markup.Dialect{
		Escape: escape,
		Bold:   func(marked string) string { return "**" + marked + "**" },
		Link:   func(marked, to string) string { return "[" + marked + "](" + to + ")" },
		Item:   "- ", More: "  - ", Break: "\n",
	}
}

// escape writes a text so that Discord's clients show it as it is. A backslash takes
// the meaning from any sign.
func escape(text string) string {
	text = markup.Part(strings.TrimSpace(text), "@:")
	text = markup.Behind(text, `\`, "\\`*_~|<>[]()#")
	rest := strings.TrimLeft(text, "0123456789")
	switch {
	case rest != text && strings.HasPrefix(rest+" ", ". "):
		return text[:len(text)-len(rest)] + `\` + rest // no number of a list
	case markup.Bullet(text):
		return `\` + text
	}
	return text
}

// color is that of a state, as the pages of reports have it.
func color(s slo.State) int {
	switch s {
	case slo.Met, slo.OnTrack:
		return 0x0072b2
	case slo.AtRisk:
		return 0xe69f00
	case slo.Missed, slo.Exhausted:
		return 0xb2400a
	}
	return 0x6b7785
}

// reply is what Discord answers: the message, or how long to wait.
type reply struct {
	ID         string  `json:"id"`
	RetryAfter float64 `json:"retry_after"` // seconds
}

// Send posts it. What was saved has an ID.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	c := notify.Call{URL: d.to, Header: http.Header{"Content-Type": {"application/json"}}, Body: p.Body}
	a, r := notify.Do(ctx, d.http, c)
	var said reply
	err := json.Unmarshal(a.Body, &said)
	switch {
	case r.Outcome == notify.Sent && (err != nil || said.ID == ""):
		return c.Unsure(a)
	case r.Outcome == notify.Sent:
		r.Ref = said.ID
	case r.Outcome == notify.Failed && r.Wait == 0 && err == nil:
		r.Wait = time.Duration(math.Ceil(min(max(said.RetryAfter, 0), 1e6)*1000)) * time.Millisecond
	}
	return r
}

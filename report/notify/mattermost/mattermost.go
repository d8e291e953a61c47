// Package mattermost tells a channel of Mattermost by an incoming webhook, in its
// Markdown.
package mattermost

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/markup"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "mattermost", Doc: "A channel of Mattermost, by an incoming webhook.",
			Goals: notify.ByURL,
			Keys: []spec.Key{{
				Name: "url", Type: spec.Credential, Required: true,
				Doc: "Address of the incoming webhook, https://host/hooks/KEY.",
			}},
		},
		Open: func(cfg spec.Block, env notify.Env) (notify.Destination, error) {
			to, err := notify.Address(cfg, "url", env)
			return destination{to, env.HTTP}, err
		},
	}
}

// maxText is how many characters a post has: a longer text becomes several. A body of
// that many is below the 300,000 bytes that servers take.
const maxText = 16383

type destination struct {
	to   *url.URL
	http http.RoundTripper
}

// post is what a webhook takes. Nobody is mentioned, whatever the text looks like.
type post struct {
	Text  string `json:"text"`
	Props props  `json:"props"`
}

type props struct {
	NoMentions bool `json:"disable_mentions"`
}

// Pack returns the message as one post.
func (destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	m, left := notify.Within(m, fits)
	if !fits(m) {
		return nil, fmt.Errorf("headline, notes and links alone are over the %d characters of a post", maxText)
	}
	return []notify.Parcel{{ID: m.ID, Body: notify.JSON(post{text(m), props{true}}), Left: left}}, nil
}

func fits(m notify.Message) bool { return utf8.RuneCountInString(text(m)) <= maxText }

func text(m notify.Message) string {
	d := dialect()
	headline := d.Bold(d.Headline(m))
	if below := d.Below(m); below != "" {
		return headline + "\n\n" + below
	}
	return headline
}

func dialect() markup.Dialect {
	return markup.Dialect{
		Escape: escape,
		Bold:   func(marked string) string { return "**" + marked + "**" },
		Link:   func(marked, to string) string { return "[" + marked + "](" + to + ")" },
		Item:   "- ", More: "    - ", Break: "\n",
	}
}

// escape writes a text so that Mattermost's clients show it as it is. They look for
// mentions, tags, channels, smileys and addresses after they have taken the marks away,
// so that nothing but a character between helps against these. The server rewrites
// <a|b> before any of that, and < has no escape: it is an entity, like & and the $ of a
// formula.
func escape(text string) string {
	text = markup.Part(strings.TrimSpace(text), "@#~:;=<>&$")
	var b strings.Builder
	if markup.Bullet(text) {
		b.WriteString(notify.Apart)
	}
	for i, r := range text {
		next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		switch {
		case strings.ContainsRune("&<>$", r):
			fmt.Fprintf(&b, "&#%d;", r)
		case means(r, next):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// means tells whether a character means something before next. A backslash is one
// before a letter or digit, and two are two; a point may stand in the name of a host
// or behind the number of a list.
func means(r, next rune) bool {
	switch r {
	case '\\':
		return !word(next)
	case '.':
		return next < '0' || next > '9'
	}
	return strings.ContainsRune("`*{}[]()#!_|~", r)
}

func word(r rune) bool {
	return r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// Send posts it. A webhook that has taken it answers "ok".
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	c := notify.Call{URL: d.to, Header: header, Body: p.Body}
	a, r := notify.Do(ctx, d.http, c)
	if r.Outcome == notify.Sent && strings.TrimSpace(string(a.Body)) != "ok" {
		return c.Unsure(a)
	}
	return r
}

// Package lineworks posts messages to a talk room of LINE WORKS through an Incoming
// Webhook of its app directory. Texts are plain: there is no markup but mentions.
package lineworks

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "lineworks", Doc: "A talk room of LINE WORKS, through its webhook.",
			Goals: notify.ByURL,
			Keys: []spec.Key{{
				Name: "url", Type: spec.Credential, Required: true,
				Doc: "Address that the Incoming Webhook app shows for the room.",
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

// LINE WORKS says no limits of webhooks: these are those of its bots, in characters.
const (
	maxTitle = 200
	maxText  = 2000
	maxLabel = 20
	maxURL   = 1000
)

// post is what the webhook takes.
type post struct {
	Title  string  `json:"title"`
	Body   content `json:"body"`
	Button *button `json:"button,omitempty"`
}

type content struct {
	Text string `json:"text"`
}

type button struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// Pack returns one post: the headline is its title and the first link its button.
func (destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	fitting, left := notify.Within(m, func(m notify.Message) bool {
		p := postOf(m)
		return utf8.RuneCountInString(p.Title) <= maxTitle && utf8.RuneCountInString(p.Body.Text) <= maxText
	})
	return []notify.Parcel{{ID: m.ID, Body: notify.JSON(postOf(fitting)), Left: left}}, nil
}

func postOf(m notify.Message) post {
	p := post{Title: m.Headline}
	if len(m.Links) > 0 && utf8.RuneCountInString(m.Links[0].URL) <= maxURL {
		p.Button = &button{Label: quiet(notify.Shorten(m.Links[0].Text, maxLabel)), URL: m.Links[0].URL}
		m.Links = m.Links[1:]
	}
	if m.State != "" {
		p.Title = unit.Mark(m.State) + " " + m.Headline
	}
	text := strings.TrimPrefix(notify.Plain(m), m.Headline+"\n")
	if p.Body.Text = strings.Trim(text, "\n"); p.Body.Text == "" { // a post needs one
		p.Body.Text = m.Headline
	}
	p.Title, p.Body.Text = quiet(p.Title), quiet(p.Body.Text)
	return p
}

// mention is how a bot's text begins to call a member, or all: <m userId="all">.
var mention = pattern.Of(`(?i)<(\s*m\b)`)

// quiet returns a text that calls nobody.
func quiet(text string) string { return mention().ReplaceAllString(text, "＜$1") }

// Send posts it. The status is not all: an answer of status 200 has a code of its own.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	call := notify.Call{URL: d.url, Header: http.Header{"Content-Type": {"application/json"}}, Body: p.Body}
	answer, r := notify.Do(ctx, d.http, call)
	if r.Outcome != notify.Sent {
		return r
	}
	return judged(call, answer)
}

// judged returns what the body of an answer of status 2xx says.
func judged(call notify.Call, answer notify.Answer) notify.Receipt {
	if answer.Page() {
		err := errors.New(call.URL.Host + " answers with a page, not as LINE WORKS does")
		return notify.Receipt{Outcome: notify.Refused, Err: err}
	}
	var said struct {
		Code int `json:"code"`
	}
	if json.Unmarshal(answer.Body, &said) != nil || said.Code == 0 || said.Code >= 200 && said.Code < 300 {
		return notify.Receipt{Outcome: notify.Sent}
	}
	err := errors.New(call.URL.Host + " answers code " + strconv.Itoa(said.Code) + call.Quote(answer.Body))
	switch {
	case said.Code == http.StatusTooManyRequests:
		return notify.Receipt{Outcome: notify.Failed, Err: err}
	case said.Code >= http.StatusInternalServerError:
		return notify.Receipt{Outcome: notify.Unknown, Err: err}
	}
	return notify.Receipt{Outcome: notify.Refused, Err: err}
}

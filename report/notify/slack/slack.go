// Package slack tells a channel of Slack, by an incoming webhook or as a bot.
//
// What somebody else wrote stands only in plain_text and in the text elements of
// rich_text, where Slack looks for no marks; text, which a phone's lock screen shows, is
// not marked either.
package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
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
			Name: "slack", Doc: "A channel of Slack: url of an incoming webhook, or token of a bot and channel.",
			Keys: []spec.Key{
				{Name: "url", Type: spec.Credential, Doc: "Address of an incoming webhook."},
				{Name: "token", Type: spec.Credential, Doc: "Token of a bot, xoxb-…, with the scope chat:write."},
				{Name: "channel", Type: spec.Text, Example: "C0123456789", Doc: "ID of the channel that the bot writes to."},
				{
					Name: "attach", Type: spec.Texts, Enum: []string{html, excel},
					Doc: "Reports that the bot uploads below a summary, with the scope files:write.",
				},
				{
					Name: "api_url", Type: spec.Address, Default: defaultAPI, Example: defaultAPI,
					Doc: "Where Slack's methods are; " + defaultAPI + " if left out.",
				},
			},
			Check: check,
			Goals: goals,
		},
		Open: open,
	}
}

// Names of reports in attach.
const (
	html  = "html"
	excel = "excel"
)

const defaultAPI = "https://slack.com/api"

// check finds what belongs to the other of the two ways.
func check(b spec.Block) diag.List {
	var out diag.List
	bot := given(b, "token")
	switch {
	case given(b, "url") && bot:
		both := diag.Errorf(b.Pos, "slack/way", "url and token are two ways to one channel")
		return diag.List{both.WithHint("remove one of them: only a bot can upload reports")}
	case bot && !b.Get("channel").Is():
		none := diag.Errorf(b.Pos, "slack/channel", "a bot needs the channel that it writes to")
		return diag.List{none.WithHint("write channel: C0123456789, the ID at the end of the channel's details")}
	case bot:
		return nil
	case !given(b, "url"):
		none := diag.Errorf(b.Pos, "slack/way", "there is no way to Slack")
		out = append(out, none.WithHint("write url_env: VARIABLE for an incoming webhook, "+
			"or token_env: VARIABLE and channel: for a bot"))
	}
	for _, name := range []string{"channel", "attach", "api_url"} {
		if v := b.Get(name); v.Is() {
			alone := diag.Errorf(v.Pos, "slack/way",
				"%s is of a bot: an incoming webhook has one channel and takes no files", name)
			out = append(out, alone.WithHint("remove it, or write token_env: VARIABLE in place of url"))
		}
	}
	return out
}

// given tells whether a block says where a secret is.
func given(b spec.Block, name string) bool {
	return b.Get(name+"_env").Is() || b.Get(name+"_file").Is()
}

// goals are the host of the webhook; or that of Slack's methods, and where files go that
// Slack gives an address for, which has no need of the token.
func goals(cfg spec.Block) []hosts.Goal {
	if given(cfg, "url") {
		return hosts.In("url")
	}
	methods := methodsAt(cfg).Join()
	out := hosts.To(methods)
	if cfg.Get("attach").Is() {
		files := url.URL{Scheme: methods.Scheme, Host: "files.slack.com"}
		if strings.HasSuffix("."+methods.Hostname(), ".slack-gov.com") {
			files.Host = "files.slack-gov.com"
		}
		out = append(out, hosts.Goal{Host: hosts.Of(&files), Bare: true})
	}
	return out
}

// methodsAt returns where Slack's methods are.
func methodsAt(cfg spec.Block) spec.URL { return notify.Server(cfg, "api_url", defaultAPI) }

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	if given(cfg, "url") {
		to, err := notify.Address(cfg, "url", env)
		return webhook{to, env.HTTP}, err
	}
	token, err := cfg.Secret("token", env.Getenv, env.Root)
	b := bot{
		api: methodsAt(cfg), token: token, channel: cfg.Get("channel").Text,
		attach: cfg.Get("attach").Strings(), http: env.HTTP,
	}
	return b, err
}

// webhook is an incoming webhook.
type webhook struct {
	to   *url.URL
	http http.RoundTripper
}

// Pack returns the message as blocks.
func (webhook) Pack(m notify.Message) ([]notify.Parcel, error) { return pack(m, "") }

// Send posts it. A webhook that has taken it answers "ok".
func (d webhook) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	c := notify.Call{URL: d.to, Header: jsonHeader(), Body: p.Body}
	a, r := notify.Do(ctx, d.http, c)
	if r.Outcome == notify.Sent && strings.TrimSpace(string(a.Body)) != "ok" {
		return c.Unsure(a)
	}
	return r
}

func jsonHeader() http.Header {
	return http.Header{"Content-Type": {"application/json; charset=utf-8"}}
}

// bot is an app that calls Slack's methods.
type bot struct {
	api     spec.URL
	token   spec.Secret
	channel string
	attach  []string
	http    http.RoundTripper
}

// own is what a bot sends: the message, and files below it.
type own struct {
	message []byte
	files   []notify.File
}

// Pack returns the message as blocks, and what reports go with it.
func (d bot) Pack(m notify.Message) ([]notify.Parcel, error) {
	parcels, err := pack(m, d.channel)
	if err != nil {
		return nil, err
	}
	p := &parcels[0]
	goes := own{message: p.Body}
	for _, f := range m.Files {
		if slices.Contains(d.attach, f.Form) && len(f.Body) > 0 {
			goes.files = append(goes.files, f)
			p.Body = fmt.Appendf(slices.Clip(p.Body), "\n%s (%s, %d bytes)", diag.Escape(f.Name), f.Type, len(f.Body))
		}
	}
	p.Own = goes
	return parcels, nil
}

// reply is what Slack's methods answer.
type reply struct {
	OK        bool   `json:"ok"`
	Error     string `json:"error"`
	Channel   string `json:"channel"` // its ID
	TS        string `json:"ts"`      // of the message
	UploadURL string `json:"upload_url"`
	FileID    string `json:"file_id"`
}

// Send posts the message, and what files go with it. A message without its files is
// Sent: to post it again would be worse.
func (d bot) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	goes, _ := p.Own.(own)
	posted, r := d.method(ctx, "chat.postMessage", jsonHeader(), goes.message)
	if r.Outcome != notify.Sent {
		return r
	}
	r.Ref = posted.Channel + "/" + posted.TS
	if err := d.upload(ctx, goes.files, posted); err != nil {
		r.Err = fmt.Errorf("the message is posted, but not all of its reports: %w", err)
	}
	return r
}

// method calls a method. An answer of 200 may tell of an error.
func (d bot) method(ctx context.Context, name string, header http.Header, body []byte) (reply, notify.Receipt) {
	header.Set("Authorization", "Bearer "+d.token.Reveal())
	c := notify.Call{URL: d.api.Join(name), Header: header, Body: body, Secrets: []spec.Secret{d.token}}
	a, r := notify.Do(ctx, d.http, c)
	if r.Outcome != notify.Sent {
		return reply{}, r
	}
	var said reply
	if err := json.Unmarshal(a.Body, &said); err != nil || !said.OK && said.Error == "" {
		return reply{}, c.Unsure(a)
	}
	if !said.OK {
		r = notify.Receipt{Outcome: outcome(said.Error)}
		r.Err = fmt.Errorf("%s answers to %s%s%s", c.URL.Host, name, c.Quote(a.Body), hint(said.Error))
	}
	return said, r
}

// outcome returns what became of a message that Slack says to be in error.
func outcome(code string) notify.Outcome {
	switch code {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return notify.Failed
	case "fatal_error", "internal_error", "request_timeout", "service_unavailable":
		return notify.Unknown
	}
	return notify.Refused
}

// hint says how to mend what Slack does not like.
func hint(code string) string {
	switch code {
	case "not_in_channel":
		return "\nhint: invite the bot to the channel"
	case "channel_not_found":
		return "\nhint: write the ID of the channel, and invite the bot if the channel is private"
	case "missing_scope":
		return "\nhint: give the bot the scopes chat:write and, to upload reports, files:write, and install it again"
	case "not_authed", "invalid_auth", "token_revoked", "token_expired", "account_inactive":
		return "\nhint: the token is no valid one of a bot"
	}
	return ""
}

package slack

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/markup"
)

// Limits of a message.
const (
	maxHeader = 150
	maxBlocks = 50
	// maxSum is what all blocks may take as JSON: Slack refuses legal blocks from some
	// 13,200 characters on, which it does not document.
	maxSum = 13000
)

// post is a message. Marks, names and previews of links are off where they can be.
type post struct {
	Channel string  `json:"channel,omitempty"`
	Text    string  `json:"text"` // on lock screens, and for who sees no blocks
	Mrkdwn  bool    `json:"mrkdwn"`
	Links   bool    `json:"unfurl_links"`
	Media   bool    `json:"unfurl_media"`
	Blocks  []block `json:"blocks"`
}

// block is a header or a rich_text.
type block struct {
	Type     string    `json:"type"`
	Text     *plain    `json:"text,omitempty"`
	Elements []element `json:"elements,omitempty"`
}

type plain struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

// element is a part of rich_text: a section or a list, whose elements are sections,
// and in them text and links.
type element struct {
	Type     string    `json:"type"`
	Style    any       `json:"style,omitempty"` // of a list its sort, of a text bold
	Elements []element `json:"elements,omitempty"`
	Text     string    `json:"text,omitempty"`
	URL      string    `json:"url,omitempty"`
}

type bold struct {
	Bold bool `json:"bold"`
}

// pack returns the message for a channel, "" for that of a webhook.
func pack(m notify.Message, channel string) ([]notify.Parcel, error) {
	m, left := notify.Within(m, fits)
	if !fits(m) {
		return nil, fmt.Errorf("headline, notes and links alone are over the %d characters that Slack takes", maxSum)
	}
	p := post{Channel: channel, Text: fallback(m), Blocks: blocks(m)}
	return []notify.Parcel{{ID: m.ID, Body: notify.JSON(p), Left: left}}, nil
}

func fits(m notify.Message) bool { return len(notify.JSON(blocks(m))) <= maxSum }

// fallback is the message in one line. Slack looks for entities in it, and shows
// addresses and short names of pictures as such where it is told not to look for marks.
func fallback(m notify.Message) string {
	text := quiet(markup.Mark(m.State) + m.Headline)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// quiet keeps clients from making links, mentions and pictures of a text.
func quiet(text string) string { return markup.Part(text, "@:") }

// blocks lays a message out.
func blocks(m notify.Message) []block {
	headline := cmp.Or(markup.Mark(m.State)+m.Headline, "–") // a header has a text
	title := markup.Longest(headline, func(s string) bool { return markup.Units(quiet(s)) <= maxHeader })
	out := []block{{Type: "header", Text: &plain{Type: "plain_text", Text: quiet(title)}}}
	add := func(elements ...element) {
		switch {
		case len(elements) == 0:
		case len(out) == maxBlocks:
			out[maxBlocks-1].Elements = append(out[maxBlocks-1].Elements, elements...)
		default:
			out = append(out, block{Type: "rich_text", Elements: elements})
		}
	}
	if title != headline {
		add(section(text(headline)))
	}
	for _, s := range m.Sections {
		add(list(s)...)
	}
	var last []element
	for _, n := range m.Notes {
		last = append(last, section(text("! "+n)))
	}
	for _, l := range m.Links {
		link := element{Type: "link", URL: markup.Address(l.URL), Text: quiet(l.Text)}
		last = append(last, section(link))
	}
	add(last...)
	return out
}

// list lays out a section: its title, and its rows as a list.
func list(s notify.Section) []element {
	var out, rows []element
	if s.Title != "" {
		out = append(out, section(strong(s.Title)))
	}
	for _, r := range s.Rows {
		rows = append(rows, row(r))
	}
	if s.Left != "" {
		rows = append(rows, section(text(s.Left)))
	}
	if len(rows) > 0 {
		out = append(out, element{Type: "rich_text_list", Style: "bullet", Elements: rows})
	}
	return out
}

// row is an item of a list.
func row(r notify.Row) element {
	rest := r.Text
	if r.Name != "" && r.Text != "" {
		rest = ": " + r.Text
	}
	for _, more := range r.More {
		rest += "\n" + more
	}
	var parts []element
	if mark := markup.Mark(r.State); mark != "" {
		parts = append(parts, text(mark))
	}
	if r.Name != "" {
		parts = append(parts, strong(r.Name))
	}
	if rest != "" {
		parts = append(parts, text(rest))
	}
	if len(parts) == 0 {
		parts = append(parts, text("–"))
	}
	return section(parts...)
}

func section(parts ...element) element { return element{Type: "rich_text_section", Elements: parts} }

func text(s string) element { return element{Type: "text", Text: quiet(s)} }

func strong(s string) element { return element{Type: "text", Text: quiet(s), Style: bold{true}} }

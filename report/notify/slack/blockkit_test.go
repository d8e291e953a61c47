package slack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
)

// blockKit holds a message against Slack's published rules, and notes what a reader
// sees. It knows nothing of how messages are made here.
type blockKit struct {
	seen strings.Builder
	errs []error
}

// errTooLong is what Slack says of legal blocks that are too many characters together.
var errTooLong = errors.New("msg_blocks_too_long")

// takes tells whether Slack takes a body. What stands behind the message names files.
func takes(body []byte) error {
	k, err := examine(body)
	return errors.Join(append(k.errs, err)...)
}

// seen returns what is read: the text of the lock screen, then the blocks.
func seen(t *testing.T, body []byte) string {
	t.Helper()
	k, err := examine(body)
	if err != nil {
		t.Fatal(err)
	}
	return k.seen.String()
}

func examine(body []byte) (*blockKit, error) {
	var m map[string]any
	k := &blockKit{}
	if err := json.NewDecoder(bytes.NewReader(body)).Decode(&m); err != nil {
		return k, err
	}
	k.keys("message", m, "text", "channel", "mrkdwn", "unfurl_links", "unfurl_media", "blocks")
	for _, off := range []string{"mrkdwn", "unfurl_links", "unfurl_media"} {
		if m[off] != false {
			k.wrong("%s is on", off)
		}
	}
	k.fallback(m["text"])
	blocks, _ := m["blocks"].([]any)
	if len(blocks) == 0 || len(blocks) > 50 {
		k.wrong("%d blocks", len(blocks))
	}
	for _, b := range blocks {
		k.block(object(b))
		k.seen.WriteString("\n")
	}
	if text, _ := json.Marshal(blocks); characters(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(text))) > 13_200 {
		k.errs = append(k.errs, errTooLong)
	}
	return k, nil
}

func (k *blockKit) wrong(format string, args ...any) {
	k.errs = append(k.errs, fmt.Errorf(format, args...))
}

// keys refuses keys that there are not.
func (k *blockKit) keys(what string, m map[string]any, known ...string) {
	for key := range m {
		found := false
		for _, name := range known {
			found = found || name == key
		}
		if !found {
			k.wrong("%s has no key %s", what, key)
		}
	}
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func characters(s string) int { return len(utf16.Encode([]rune(s))) }

var (
	slackEntity = regexp.MustCompile(`&(amp|lt|gt);`)
	live        = regexp.MustCompile(`@\w|:[\w+'-]+:|\w+://`)
)

// fallback is shown where no blocks are: it is escaped, and holds nothing else.
func (k *blockKit) fallback(v any) {
	text, _ := v.(string)
	if strings.ContainsAny(slackEntity.ReplaceAllString(text, ""), "<>&") {
		k.wrong("text %q is not escaped", text)
	}
	plain := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
	k.text("text", plain, 4000)
	k.seen.WriteString("[" + plain + "]\n")
}

// text is inert: nothing in it is a mention, a picture or an address.
func (k *blockKit) text(what, text string, most int) {
	if n := characters(text); n == 0 || n > most {
		k.wrong("%s of %d characters", what, n)
	}
	if found := live.FindString(text); found != "" {
		k.wrong("%q in %s is not meant", found, what)
	}
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unicode.IsControl) {
		k.wrong("a control character in %s", what)
	}
}

func (k *blockKit) block(b map[string]any) {
	switch b["type"] {
	case "header":
		k.keys("header", b, "type", "text")
		text := object(b["text"])
		k.keys("header's text", text, "type", "text", "emoji")
		if text["type"] != "plain_text" || text["emoji"] != false {
			k.wrong("a header of %v", text["type"])
		}
		s, _ := text["text"].(string)
		k.text("header", s, 150)
		k.seen.WriteString(s + "\n")
	case "rich_text":
		k.keys("rich_text", b, "type", "elements")
		k.each(b, k.part)
	default:
		k.wrong("a block of type %v", b["type"])
	}
}

// each looks at the elements of something, of which there is at least one.
func (k *blockKit) each(of map[string]any, look func(map[string]any)) {
	elements, _ := of["elements"].([]any)
	if len(elements) == 0 {
		k.wrong("%v has no elements", of["type"])
	}
	for _, e := range elements {
		look(object(e))
	}
}

// part is an element of rich_text itself.
func (k *blockKit) part(e map[string]any) {
	if e["type"] != "rich_text_list" {
		k.section(e)
		return
	}
	k.keys("list", e, "type", "style", "elements", "indent", "offset", "border")
	if e["style"] != "bullet" && e["style"] != "ordered" {
		k.wrong("a list of style %v", e["style"])
	}
	k.each(e, func(item map[string]any) {
		k.seen.WriteString("• ")
		k.section(item)
	})
}

func (k *blockKit) section(e map[string]any) {
	if e["type"] != "rich_text_section" {
		k.wrong("%v in place of a section", e["type"])
	}
	k.keys("section", e, "type", "elements")
	k.each(e, k.inline)
	k.seen.WriteString("\n")
}

func (k *blockKit) inline(e map[string]any) {
	text, _ := e["text"].(string)
	k.text("rich_text", text, 13_200)
	k.seen.WriteString(text)
	switch e["type"] {
	case "text":
		k.keys("text", e, "type", "text", "style")
		k.keys("style", object(e["style"]), "bold", "italic", "strike", "code")
	case "link":
		k.keys("link", e, "type", "text", "url")
		to, _ := e["url"].(string)
		if u, err := url.Parse(to); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			k.wrong("a link to %q", to)
		}
		k.seen.WriteString(" → " + to)
	default:
		k.wrong("%v in a section", e["type"])
	}
}

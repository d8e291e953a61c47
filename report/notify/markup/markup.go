// Package markup writes messages as marked text, in the dialect of a place. All of
// them lay a message out in one way: the headline, the sections with their rows, the
// notes, the links.
package markup

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// Dialect is how a place marks text.
type Dialect struct {
	Escape func(text string) string       // makes a text mean nothing but itself, where it begins a line too
	Bold   func(marked string) string     // of text that is escaped
	Link   func(marked, to string) string // of text that is escaped, to an address of Address
	Item   string                         // begins a row
	More   string                         // begins what else there is to a row
	Break  string                         // ends a line
}

// Headline returns the headline of a message behind its mark.
func (d Dialect) Headline(m notify.Message) string { return Mark(m.State) + d.Escape(m.Headline) }

// Below returns what stands below the headline, "" if that is nothing.
func (d Dialect) Below(m notify.Message) string {
	var parts []string
	add := func(lines []string) {
		if len(lines) > 0 {
			parts = append(parts, strings.Join(lines, d.Break))
		}
	}
	for _, s := range m.Sections {
		var title []string
		if s.Title != "" {
			title = []string{d.Strong(s.Title)}
		}
		add(append(title, d.Rows(s)...))
	}
	add(d.Notes(m))
	var links []string
	for _, l := range m.Links {
		links = append(links, d.Link(d.Escape(l.Text), Address(l.URL)))
	}
	add(links)
	return strings.Join(parts, d.Break+d.Break)
}

// Rows returns the lines of a section's rows.
func (d Dialect) Rows(s notify.Section) []string {
	var lines []string
	for _, r := range s.Rows {
		lines = append(lines, d.Item+Mark(r.State)+d.lead(r))
		for _, more := range r.More {
			lines = append(lines, d.More+d.Escape(more))
		}
	}
	if s.Left != "" {
		lines = append(lines, d.Item+d.Escape(s.Left))
	}
	return lines
}

// lead is the first line of a row.
func (d Dialect) lead(r notify.Row) string {
	switch {
	case r.Name == "":
		return d.Escape(r.Text)
	case r.Text == "":
		return d.Strong(r.Name)
	}
	return d.Strong(r.Name) + ": " + d.Escape(r.Text)
}

// Strong returns a text as bold. Marks around nothing would be shown as they are.
func (d Dialect) Strong(text string) string {
	if marked := d.Escape(text); marked != "" {
		return d.Bold(marked)
	}
	return ""
}

// Notes returns the lines of a message's notes.
func (d Dialect) Notes(m notify.Message) []string {
	var lines []string
	for _, n := range m.Notes {
		lines = append(lines, "! "+d.Escape(n))
	}
	return lines
}

// Mark is the sign of a state with its blank, "" if there is none.
func Mark(s slo.State) string {
	if s == "" {
		return ""
	}
	return unit.Mark(s) + " "
}

// Part returns text with notify.Apart behind each character of after that something
// follows, so that no mention, address or short name of a picture begins there. A time
// of day stays as it is.
func Part(text, after string) string {
	var b strings.Builder
	word := 0 // where the word begins that is being written
	for i, r := range text {
		b.WriteRune(r)
		if unicode.IsSpace(r) {
			word = i + utf8.RuneLen(r)
		}
		next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		switch {
		case !strings.ContainsRune(after, r), next == utf8.RuneError, unicode.IsSpace(next), string(next) == notify.Apart:
		case r == ':' && clock(text[word:]):
		default:
			b.WriteString(notify.Apart)
		}
	}
	return b.String()
}

// clock tells whether text begins with a time of day, without seconds.
func clock(text string) bool {
	hour, rest, _ := strings.Cut(text, ":")
	minute := strings.TrimLeft(rest, "0123456789")
	digits := hour != "" && strings.Trim(hour, "0123456789") == ""
	return digits && len(rest)-len(minute) == 2 && !strings.HasPrefix(minute, ":")
}

// Bullet tells whether a line that begins with text would be a list, a rule, or what
// makes a title of the line above it.
func Bullet(text string) bool {
	rest := strings.TrimLeft(text, "-+=")
	return rest != text && (rest == "" || rest[0] == ' ')
}

// Behind returns text with before in front of each character of those.
func Behind(text, before, those string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(those, r) {
			b.WriteString(before)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unsafe are characters that may end an address within marks, or mean something there.
const unsafe = "\"'()<>[\\]^`{|}@"

// Address returns an http or https address with unsafe characters as %XX.
func Address(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	rest := u.EscapedPath()
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		rest += "#" + u.EscapedFragment()
	}
	var b strings.Builder
	b.WriteString(u.Scheme + "://" + u.Host)
	for _, c := range []byte(rest) {
		if c <= ' ' || c >= utf8.RuneSelf || strings.IndexByte(unsafe, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Longest returns text, or as much of its begin with "…" behind it as fits takes.
func Longest(text string, fits func(string) bool) string {
	if fits(text) {
		return text
	}
	runes := []rune(text)
	low, high := 0, len(runes)-1 // low runes fit, or none do
	for low < high {
		middle := (low + high + 1) / 2
		if fits(string(runes[:middle]) + "…") {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return string(runes[:low]) + "…"
}

// Units returns how long chats say that a text is: in UTF-16, as browsers count.
func Units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

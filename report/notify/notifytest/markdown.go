package notifytest

import (
	"html"
	"regexp"
	"strings"

	"github.com/nines-slo/nines/slo/pattern"
)

// Markdown reads marked text as a client does, and takes more for a mark than any
// client: what it finds and was not meant is a mistake.
type Markdown struct {
	Escapes  string         // what a backslash takes the meaning from
	Single   bool           // two backslashes before a letter are two
	Entities bool           // &lt; is <
	Written  *regexp.Regexp // what means something in the text as it is written
	Shown    *regexp.Regexp // what means something in the text as it is shown
}

var (
	itemMark  = pattern.Of(`^ *- `)
	blockMark = pattern.Of("^(    |\t| *(#{1,6}( |$)|>|[-+*]( |$)|[0-9]+[.)]( |$)|\\||```|~~~|=+ *$|(- *){3,}$|-# ))")
	linkMark  = pattern.Of(`^\[((?:\\.|[^\[\]\\])*)\]\((https?://[^()\s]*)\)`)
	entity    = pattern.Of(`^&#?\w+;`)
	wordMark  = pattern.Of(`^\w`)
)

// Read returns the text without marks, and what marks there are: "bold", "item", "link"
// and its address, or what was not meant behind a question mark.
func (d Markdown) Read(text string) (seen string, found []string) {
	r := markdownReader{Markdown: d}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			r.put("\n", "\n")
		}
		if mark := itemMark().FindString(line); mark != "" {
			r.found = append(r.found, "item")
			line = line[len(mark):]
		}
		if mark := blockMark().FindString(line); mark != "" {
			r.found = append(r.found, "?block "+mark)
		}
		r.inline(line)
	}
	if r.bold {
		r.found = append(r.found, "?bold without end")
	}
	for _, m := range d.Written.FindAllString(r.written.String(), -1) {
		r.found = append(r.found, "?written "+m)
	}
	for _, m := range d.Shown.FindAllString(r.shown.String(), -1) {
		r.found = append(r.found, "?shown "+m)
	}
	return r.shown.String(), r.found
}

type markdownReader struct {
	Markdown
	bold           bool
	written, shown strings.Builder
	found          []string
}

func (r *markdownReader) put(written, shown string) {
	r.written.WriteString(written)
	r.shown.WriteString(shown)
}

func (r *markdownReader) inline(text string) {
	for text != "" {
		taken := 1
		switch {
		case r.escaped(text):
			taken = 2
			r.put(text[:2], text[1:2])
		case strings.HasPrefix(text, "**"):
			taken = 2
			if r.bold = !r.bold; r.bold {
				r.found = append(r.found, "bold")
			}
			r.put("\x01", "")
		case linkMark().MatchString(text):
			link := linkMark().FindStringSubmatch(text)
			taken = len(link[0])
			r.found = append(r.found, "link "+link[2])
			r.put("\x01", "")
			r.inline(link[1])
			r.put("\x01", "")
		case r.Entities && entity().MatchString(text):
			taken = len(entity().FindString(text))
			r.put(text[:taken], html.UnescapeString(text[:taken]))
		default:
			if strings.IndexByte("*_`[]<|~", text[0]) >= 0 {
				r.found = append(r.found, "?"+text[:1])
			}
			r.put(text[:1], text[:1])
		}
		text = text[taken:]
	}
}

func (r *markdownReader) escaped(text string) bool {
	if len(text) < 2 || text[0] != '\\' || strings.IndexByte(r.Escapes, text[1]) < 0 {
		return false
	}
	return !(r.Single && text[1] == '\\' && wordMark().MatchString(text[2:]))
}

package markdown

import (
	"fmt"
	"io"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
)

// longest is how many characters of a text a message shows.
const longest = 1000

// Message writes what is told to people: the headline, a list for each section, what to
// know of the figures, and links.
func Message(w io.Writer, m notify.Message) error {
	m = notify.Clean(m, longest)
	out := diag.NewPage(w, diag.Text, false)
	fmt.Fprintf(out, "## %s %s\n", unit.Mark(m.State), escape(m.Headline))
	for _, s := range m.Sections {
		fmt.Fprintf(out, "\n### %s\n\n", escape(s.Title))
		for _, r := range s.Rows {
			messageRow(out, r)
		}
	}
	if len(m.Notes) > 0 {
		out.WriteString("\n")
	}
	for _, n := range m.Notes {
		fmt.Fprintf(out, "- %s\n", escape(n))
	}
	for _, l := range m.Links {
		fmt.Fprintf(out, "\n[%s](<%s>)\n", escape(l.Text), l.URL)
	}
	return out.Flush()
}

// messageRow writes a row as an item, with one of its own for each further text.
func messageRow(out *diag.Screen, r notify.Row) {
	text := escape(r.Text)
	if r.Name != "" {
		text = fmt.Sprintf("**%s**: %s", escape(r.Name), text)
	}
	if r.State != "" {
		text = unit.Mark(r.State) + " " + text
	}
	fmt.Fprintf(out, "- %s\n", text)
	for _, more := range r.More {
		fmt.Fprintf(out, "  - %s\n", escape(more))
	}
}

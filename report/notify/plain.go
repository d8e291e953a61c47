package notify

import (
	"strings"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// Plain returns m as plain text, complete: for terminals, for the plain part of a mail,
// and for what stands beside a rich message. It escapes nothing.
func Plain(m Message) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	line(m.Headline)
	for _, s := range m.Sections {
		line("")
		if s.Title != "" {
			line(s.Title)
		}
		for _, r := range s.Rows {
			line(strings.Join(append([]string{mark(r.State) + lead(r)}, r.More...), "\n    "))
		}
		if s.Left != "" {
			line("  " + s.Left)
		}
	}
	if len(m.Notes)+len(m.Links) > 0 {
		line("")
	}
	for _, n := range m.Notes {
		line("! " + n)
	}
	for _, l := range m.Links {
		line(l.Text + ": " + l.URL)
	}
	return b.String()
}

// lead is the first line of a row.
func lead(r Row) string {
	if r.Name == "" || r.Text == "" {
		return r.Name + r.Text
	}
	return r.Name + ": " + r.Text
}

// mark is the sign of a state with its blank, as wide where there is none.
func mark(s slo.State) string {
	if s == "" {
		return "  "
	}
	return unit.ASCII(s) + " "
}

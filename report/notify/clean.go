package notify

import (
	"net/url"
	"sort"

	"github.com/nines-slo/nines/slo/diag"
)

// Clean returns m with no text that does more than to be read: control characters and
// what turns the direction of text stand as escapes, a text of more than longest
// characters ends with "…", and a link that is not http or https is gone. What else a
// place takes for markup is for the place's own destination to escape.
func Clean(m Message, longest int) Message {
	m = Texts(m, func(text string) string { return Shorten(diag.Escape(text), longest) })
	var links []Link
	for _, l := range m.Links {
		if u, err := url.Parse(l.URL); err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
			links = append(links, Link{Text: l.Text, URL: u.String()})
		}
	}
	m.Links = links
	return m
}

// Texts returns m with what f makes of each text in it.
func Texts(m Message, f func(string) string) Message {
	all := func(texts []string) []string { return mapped(texts, f) }
	m.Headline, m.Notes = f(m.Headline), all(m.Notes)
	m.Sections = mapped(m.Sections, func(s Section) Section {
		s.Title, s.Left = f(s.Title), f(s.Left)
		s.Rows = mapped(s.Rows, func(r Row) Row {
			r.Name, r.Text, r.More = f(r.Name), f(r.Text), all(r.More)
			return r
		})
		return s
	})
	m.Links = mapped(m.Links, func(l Link) Link {
		l.Text = f(l.Text)
		return l
	})
	m.Changes = mapped(m.Changes, func(c Change) Change {
		c.Service, c.Objective, c.Policy = f(c.Service), f(c.Objective), f(c.Policy)
		c.Summary, c.Details = f(c.Summary), all(c.Details)
		return c
	})
	return m
}

// mapped returns what f makes of each of all.
func mapped[T any](all []T, f func(T) T) []T {
	out := make([]T, len(all))
	for i, one := range all {
		out[i] = f(one)
	}
	return out
}

// Shorten returns text with at most longest characters, the last of them "…" if that
// is not all.
func Shorten(text string, longest int) string {
	if len(text) <= longest { // bytes, of which a character has one or more
		return text
	}
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:max(longest-1, 0)]) + "…"
	}
	return text
}

// Within returns what of m fit takes, as people get it: cleaned and inert. It says how
// many rows are left out. Texts stay whole up to a thousand characters, and are shorter
// only if headline, links and notes have no room else; if even that does not help, notes
// go, the last first.
func Within(m Message, fit func(Message) bool) (Message, int) {
	return within(m, fit, func(m Message, longest int) Message { return Texts(Clean(m, longest), Inert) })
}

// within is Within with another way to clean.
func within(m Message, fit func(Message) bool, clean func(Message, int) Message) (Message, int) {
	var out Message
	left := 0
	for _, longest := range []int{1000, 200, 80} {
		out, left = Fit(clean(m, longest), fit)
		if fit(out) {
			return out, left
		}
	}
	notes := out.Notes
	first := func(n int) Message {
		out.Notes = append(notes[:n:n], out.Language.Counted("notify.left", len(notes)-n))
		return out
	}
	keep := sort.Search(max(len(notes)-1, 0), func(n int) bool { return !fit(first(n + 1)) })
	if len(notes) > 0 {
		out = first(keep)
	}
	return out, left
}

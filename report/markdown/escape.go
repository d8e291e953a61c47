package markdown

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
)

// apart is a space of no width. Forges look for mentions, references, addresses and
// emoji in the text that Markdown was made to, where no backslash is left to stop them.
const apart = "&#8203;"

// reference is what forges make more of than text: people, issues and the like, emoji
// such as :tada:, which a time of day is not.
var reference = pattern.Of(`^(?:[@~][\pL\pN_"']|[#!$&]\d|:(?:[\w+-]*[A-Za-z_+-][\w+-]*|100|1234):|:[A-Za-z_+-][\w+-]*$)`)

// begins is what makes a list or a heading of a line that begins with it.
var begins = pattern.Of(`^(?:[-+=]+|\d{1,9}[.)])(?: |$)`)

// escape returns s as one line of plain text: it shows as it is written, wherever it
// stands, links to nothing, and calls nobody. Line ends and tabs become spaces, what
// else no reader sees is written as escapes.
func escape(s string) string {
	s = strings.TrimSpace(visible(s))
	var b strings.Builder
	if first := strings.TrimSpace(begins().FindString(s)); first != "" {
		last := len(first) - 1
		b.WriteString(first[:last] + `\` + first[last:])
		s = s[len(first):]
	}
	for i, r := range s {
		rest := s[i:]
		switch {
		case r == '.' && endsInWWW(s[:i]), strings.HasPrefix(rest, "://"):
			b.WriteString(apart)
		case strings.ContainsRune("\\`*_[]<>|~&#!$@", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		if reference().MatchString(rest) || r == '-' && strings.HasSuffix(strings.ToUpper(s[:i]), "GH") {
			b.WriteString(apart)
		}
	}
	return b.String()
}

// visible returns s on one line, with nothing in it that is not seen.
func visible(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case r == '\n', r == '\r', r == '\t':
			b.WriteByte(' ')
		case diag.Hidden(r):
			b.WriteString(diag.Escape(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func endsInWWW(s string) bool {
	return len(s) >= 3 && strings.EqualFold(s[len(s)-3:], "www")
}

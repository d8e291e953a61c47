package promql

import (
	"strings"

	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// placeholder stands for Step where the parser reads: a duration of the same length, so
// that places stay what they are.
const placeholder = "1000s"

// span is a part of a text, from its first byte to before its end.
type span = posrange.PositionRange

func part(start, end int) span { return span{Start: posrange.Pos(start), End: posrange.Pos(end)} }

// scanned is what a text shows before it is parsed.
type scanned struct {
	steps  []int  // where Step stands
	others []span // variables and templates of other tools
	open   []int  // brackets that are never closed
}

// scan goes through a text, not into its strings and notes.
func scan(text string) scanned {
	var s scanned
	for i := 0; i < len(text); {
		n := aside(text[i:])
		if n == 0 {
			n = s.sign(text, i)
		}
		i += n
	}
	return s
}

// aside returns the length of the string or note that text begins with, 0 if it does with
// neither.
func aside(text string) int {
	switch quote := text[0]; quote {
	case '#':
		return len(firstLine(text))
	case '`', '"', '\'':
		for i := 1; i < len(text); i++ {
			switch {
			case text[i] == '\\' && quote != '`':
				i++
			case text[i] == quote:
				return i + 1
			}
		}
		return len(text)
	}
	return 0
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// sign keeps what text has at i and returns its length.
func (s *scanned) sign(text string, i int) int {
	rest := text[i:]
	if n := template(rest); n > 0 {
		return s.other(i, n)
	}
	switch rest[0] {
	case '$':
		n := 1
		for n < len(rest) && alphanumeric(rest[n]) {
			n++
		}
		if rest[:n] != Step || i > 0 && alphanumeric(text[i-1]) {
			return s.other(i, n)
		}
		s.steps = append(s.steps, i)
		return n
	case '(', '[', '{':
		s.open = append(s.open, i)
	case ')', ']', '}':
		s.open = s.open[:max(len(s.open)-1, 0)]
	}
	return 1
}

// template returns the length of another tool's template that a text begins with, 0 if it
// begins with none.
func template(text string) int {
	if strings.IndexByte("{[$", text[0]) < 0 {
		return 0
	}
	for _, pair := range [][2]string{{"{{", "}}"}, {"[[", "]]"}, {"${", "}"}} {
		if !strings.HasPrefix(text, pair[0]) || strings.HasPrefix(text, "[[[") {
			continue
		}
		if end := strings.Index(text, pair[1]); end > 0 {
			return end + len(pair[1])
		}
		return len(text)
	}
	return 0
}

func (s *scanned) other(i, n int) int {
	s.others = append(s.others, part(i, i+n))
	return n
}

// alphanumeric tells whether a byte may be part of a word or a number.
func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// name returns the name of a metric or a function that a text begins with.
func name(text string) string {
	i := 0
	for i < len(text) && (alphanumeric(text[i]) || text[i] == ':') {
		i++
	}
	return text[:i]
}

// variable tells whether the value of a matcher is one that dashboards replace.
func variable(value string) bool {
	if strings.Contains(value, "{{") || strings.Contains(value, "${") {
		return true
	}
	word, ok := strings.CutPrefix(value, "$")
	return ok && word != "" && name(word) == word
}

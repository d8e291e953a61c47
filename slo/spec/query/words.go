package query

import "strings"

// kind is what a word of a text is.
type kind int

const (
	sign   kind = iota // an operator or a bracket
	name               // of a metric, a function, a label, or a keyword
	number             // with its unit, if it is a duration
	span               // of time, in brackets
	braces             // of a selector, with what is in them
)

// word is a part of a text that means something outside of quotes and comments.
type word struct {
	from, to int
	kind     kind
}

func (w word) text(all string) string { return all[w.from:w.to] }

func (w word) is(all, text string) bool { return w.text(all) == text }

// scan returns the words of a text.
func scan(text string) []word {
	words := make([]word, 0, len(text)/4)
	for i := 0; i < len(text); {
		n, w := next(text[i:])
		if w != nil {
			words = append(words, word{from: i, to: i + n, kind: *w})
		}
		i += n
	}
	return words
}

// next returns the length of what a text begins with, and what kind of word that is, nil for
// none.
func next(text string) (int, *kind) {
	is := func(k kind) *kind { return &k }
	switch c := text[0]; {
	case strings.IndexByte(" \t\r\n", c) >= 0:
		return 1, nil
	case c == '#':
		return comment(text), nil
	case c == '"', c == '\'', c == '`':
		return quoted(text), nil
	case c == '{':
		return closed(text, '}'), is(braces)
	case c == '[':
		return closed(text, ']'), is(span)
	case letter(c):
		return run(text, wordly), is(name)
	case digit(c), c == '.':
		return digits(text), is(number)
	}
	return 1, is(sign)
}

func comment(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// quoted returns the length of a string.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] != '`':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(text)
}

// closed returns the length of what brackets hold, with them.
func closed(text string, end byte) int {
	for i := 1; i < len(text); {
		switch c := text[i]; {
		case c == end:
			return i + 1
		case c == '"', c == '\'', c == '`':
			i += quoted(text[i:])
		case c == '#':
			i += comment(text[i:])
		default:
			i++
		}
	}
	return len(text)
}

// run returns how many characters a text begins with that are alike.
func run(text string, in func(byte) bool) int {
	n := 1
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}

// digits returns the length of a number, with the sign of its exponent: 1e-3.
func digits(text string) int {
	n := run(text, func(c byte) bool { return wordly(c) || c == '.' })
	hex := len(text) > 1 && text[1]|0x20 == 'x'
	if n+1 < len(text) && text[n-1]|0x20 == 'e' && !hex && (text[n] == '-' || text[n] == '+') && digit(text[n+1]) {
		return n + 1 + run(text[n+1:], digit)
	}
	return n
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c == ':' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

func wordly(c byte) bool { return letter(c) || digit(c) }

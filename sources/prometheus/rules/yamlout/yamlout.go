// Package yamlout writes texts as YAML scalars that every parser reads back as the same
// texts, whatever they hold. It knows no maps and lists: whoever writes a document of a
// fixed shape needs none.
package yamlout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
)

// Text returns s as a scalar on one line, as Append writes it.
func Text(s string) string { return string(Append(nil, s)) }

// Append writes s as a scalar on one line, which may stand in braces: plain where it is a
// word that is nothing else, in single quotes where it can be, else in double quotes. Bytes
// that are no UTF-8 become U+FFFD, since YAML has no others.
func Append(to []byte, s string) []byte {
	switch {
	case word(s):
		return append(to, s...)
	case ascii(s) || printable(s):
		return quoted(to, s)
	}
	return escaped(to, s)
}

// quoted writes s in single quotes, its own twice.
func quoted(to []byte, s string) []byte {
	to = append(to, '\'')
	for {
		before, after, more := strings.Cut(s, "'")
		to = append(to, before...)
		if !more {
			return append(to, '\'')
		}
		to, s = append(to, "''"...), after
	}
}

// word tells whether s may stand without quotes: letters, digits, _ and : within, and no
// word that YAML 1.1 or 1.2 takes for something else.
func word(s string) bool {
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		within := i > 0 && i < len(s)-1 && c == ':' || i > 0 && c >= '0' && c <= '9'
		if !letter && !within {
			return false
		}
	}
	if len(s) > len("false") {
		return true
	}
	switch strings.ToLower(s) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

// ascii tells whether s has signs and letters of ASCII alone, as nearly all texts do.
func ascii(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// printable tells whether s is the same on one line.
func printable(s string) bool {
	for i, r := range s {
		if !plain(r) {
			return false
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return false
			}
		}
	}
	return true
}

// plain tells whether a character is seen as it is.
func plain(r rune) bool {
	return r >= ' ' && r < 0x7f || r > 0xa0 && unicode.IsPrint(r) && !diag.Hidden(r)
}

// escaped writes s in double quotes.
func escaped(to []byte, s string) []byte {
	const digits = "0123456789abcdef"
	to = append(to, '"')
	for _, r := range s {
		switch {
		case r == '"', r == '\\':
			to = append(to, '\\', byte(r))
		case r == '\n':
			to = append(to, `\n`...)
		case plain(r):
			to = utf8.AppendRune(to, r)
		default:
			to = append(to, `\U`...)
			for shift := 28; shift >= 0; shift -= 4 {
				to = append(to, digits[r>>shift&15])
			}
		}
	}
	return append(to, '"')
}

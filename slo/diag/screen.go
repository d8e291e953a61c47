package diag

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// screen measures text without asking the environment, so that the same finding
// is the same bytes everywhere.
func screen() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// Width returns the columns that s takes on a terminal.
func Width(s string) int { return screen().StringWidth(s) }

// Cut shortens s to n columns, the last of them mark.
func Cut(s string, n int, mark string) string { return screen().Truncate(s, n, mark) }

// Escape writes what would move the cursor, change colours or turn the direction
// of text as escapes, "\n" or "\u202e".
func Escape(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r), unicode.Is(unicode.Zs, r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// maxQuote is how many characters of a user's words a message repeats.
const maxQuote = 60

// Quote puts a user's words in quotes, cut where they are long.
func Quote(words string) string {
	if runes := []rune(words); len(runes) > maxQuote {
		words = string(runes[:maxQuote-1]) + "…"
	}
	return strconv.Quote(words)
}

// Thousands writes n as messages do, 1,234,567.
func Thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

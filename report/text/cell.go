package text

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"github.com/nines-slo/nines/slo"
)

// screen measures text without asking the environment, so that the same model is
// the same bytes everywhere.
func screen() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

func width(s string) int { return screen().StringWidth(s) }

// cut shortens s to n columns.
func cut(s string, n int) string { return screen().Truncate(s, n, "...") }

// escape writes what would move the cursor, change colours or turn the direction
// of text as escapes, "\n" or "\u202e".
func escape(s string) string {
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

// narrow replaces signs whose width terminals do not agree on.
func narrow(s string) string {
	return strings.NewReplacer("–", "-", "×", "x", "≤", "<=", "≈", "~").Replace(s)
}

// SGR codes.
const (
	plain  = ""
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func colorOf(s slo.State) string {
	switch s {
	case slo.Missed, slo.Exhausted:
		return red
	case slo.AtRisk:
		return yellow
	case slo.Met, slo.OnTrack:
		return green
	}
	return cyan
}

func paint(s, code string, color bool) string {
	if !color || code == plain || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

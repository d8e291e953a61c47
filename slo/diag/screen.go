package diag

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
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

// Notation is how a Screen writes a character that must not reach a terminal.
type Notation int

const (
	Text     Notation = iota // \x1b, and no line is a command to who runs the program
	Commands                 // \x1b, where lines may be such commands
	JSON                     // \u001b, which JSON and scripts read back
	XML                      // &#x1b;
)

// Screen is a writer in front of stdout or stderr, for text in UTF-8. It writes what
// would move the cursor, change colours or turn the direction of text as escapes, line
// ends and tabs aside, and keeps a line from being a workflow command: runners of GitHub Actions obey those that begin with :: or hold
// ##[. What ends within a character waits for the rest.
type Screen struct {
	w        io.Writer
	notation Notation
	color    bool // colours are let through
	tail     []byte
	within   bool // a line, behind its blanks
}

// NewScreen returns a screen in front of w.
func NewScreen(w io.Writer, notation Notation, color bool) *Screen {
	return &Screen{w: w, notation: notation, color: color}
}

// Write writes p, as it may be read.
func (s *Screen) Write(p []byte) (int, error) {
	text := append(s.tail, p...)
	s.tail = nil
	var out bytes.Buffer
	for len(text) > 0 {
		n := s.next(&out, text)
		if n == 0 {
			s.tail = slices.Clone(text)
			break
		}
		text = text[n:]
	}
	if _, err := s.w.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

// colour sets one, or ends it.
var colour = regexp.MustCompile("^\x1b\\[[0-9;]{0,8}m")

// next writes the first character of text and returns its length, 0 if it is not all
// there.
func (s *Screen) next(out *bytes.Buffer, text []byte) int {
	if s.color && text[0] == 0x1b {
		if set := colour.Find(text); set != nil {
			out.Write(set)
			return len(set)
		}
		if len(text) < len("\x1b[12345678m") && !bytes.ContainsAny(text, "m\n") {
			return 0
		}
	}
	r, n := utf8.DecodeRune(text)
	switch {
	case r == utf8.RuneError && n == 1 && !utf8.FullRune(text):
		return 0
	case r == utf8.RuneError && n == 1:
		out.WriteString(s.escaped(rune(text[0])))
	case moves(r), s.commands(text):
		out.WriteString(s.escaped(r))
	default:
		out.WriteRune(r)
	}
	switch r {
	case '\n':
		s.within = false
	case ' ', '\t':
	default:
		s.within = true
	}
	return n
}

// moves tells whether r would move the cursor, change colours or turn the direction of
// text.
func moves(r rune) bool {
	control := unicode.IsControl(r) && r != '\n' && r != '\t'
	return control || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r)
}

// commands tells whether text, as it stands in its line, begins a command.
func (s *Screen) commands(text []byte) bool {
	if s.notation == Commands {
		return false
	}
	first := !s.within && text[0] == ':' && (len(text) == 1 || text[1] == ':')
	return first || bytes.HasPrefix(text, []byte("##["))
}

func (s *Screen) escaped(r rune) string {
	switch {
	case s.notation == JSON:
		return fmt.Sprintf(`\u%04x`, r)
	case s.notation == XML:
		return fmt.Sprintf("&#x%x;", r)
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
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

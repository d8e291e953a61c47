package diag

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
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

// Hidden tells whether r is no text: it moves the cursor, changes colours, turns the
// direction of text, or is not seen at all. Line ends and tabs are hidden too. The
// joiners of Persian, Hindi and emoji are not.
func Hidden(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r < ' ' || r == 0x7f
	case r == '\u200c', r == '\u200d':
		return false
	case r == '\u2028', r == '\u2029', unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
		return true
	case unicode.Is(unicode.Cf, r):
		return !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
	}
	return unicode.IsControl(r)
}

// Escape writes what would move the cursor, change colours or turn the direction
// of text as escapes, "\n" or "\u202e".
func Escape(s string) string {
	odd := func(r rune) bool { return r == utf8.RuneError || !printed(r) }
	if !strings.ContainsFunc(s, odd) {
		return s // as most texts are
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			b.WriteString(Text.escaped(rune(s[i])))
		case printed(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			b.WriteString(Text.escaped(r))
		}
	}
	return b.String()
}

// printed tells whether a character is seen, or the room that it takes.
func printed(r rune) bool {
	return !Hidden(r) && (unicode.IsPrint(r) || unicode.Is(unicode.Zs, r))
}

// Notation is how a Screen writes a character that must not reach a terminal.
type Notation int

const (
	Text     Notation = iota // \x1b, and no line is a command to who runs the program
	Commands                 // \x1b, where lines may be such commands
	JSON                     // \u001b, which JSON and scripts read back
	XML                      // &#x1b;
)

func (n Notation) escaped(r rune) string {
	switch {
	case n == XML:
		return fmt.Sprintf("&#x%x;", r)
	case n == JSON && r > 0xffff:
		high, low := utf16.EncodeRune(r)
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	case n == JSON:
		return fmt.Sprintf(`\u%04x`, r)
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// invalid returns how a byte is written that is no UTF-8.
func (n Notation) invalid(b byte) string {
	if n == JSON || n == XML {
		return n.escaped(utf8.RuneError)
	}
	return n.escaped(rune(b))
}

// Screen is what text in UTF-8 passes on its way out of the program. It writes what is
// Hidden as escapes, line ends and tabs aside, colours too: they come by Paint alone.
// It keeps lines from being commands to who runs the program: pipelines obey those that
// begin with :: behind blanks, and ##[ or ##vso[ anywhere.
type Screen struct {
	w        io.Writer
	notation Notation
	color    bool // Paint does
	tail     []byte
	line     progress
}

// progress is how far a line has come towards being a command.
type progress struct {
	begun  bool // there is more than blanks
	colon  bool // there is a colon alone
	hashes int  // ## was just read, and letters
}

// NewScreen returns a screen in front of w. In front of a screen of the same notation it
// stands in that one's place.
func NewScreen(w io.Writer, notation Notation, color bool) *Screen {
	if behind, ok := w.(*Screen); ok && behind.notation == notation {
		w, color = behind.w, color && behind.color
		behind.line = progress{}
	}
	return &Screen{w: w, notation: notation, color: color}
}

// NewPage returns a screen for many words, which leave with Flush.
func NewPage(w io.Writer, notation Notation, color bool) *Screen {
	s := NewScreen(w, notation, color)
	s.w = bufio.NewWriter(s.w)
	return s
}

// Flush lets a page go.
func (s *Screen) Flush() error {
	if page, ok := s.w.(*bufio.Writer); ok {
		return page.Flush()
	}
	return nil
}

// WriteString writes text, as it may be read.
func (s *Screen) WriteString(text string) (int, error) { return s.Write([]byte(text)) }

// Paint writes text in a colour of SGR, such as 31; "" is none.
func (s *Screen) Paint(text, code string) {
	if !s.color || code == "" || text == "" {
		s.WriteString(text)
		return
	}
	io.WriteString(s.w, "\x1b["+code+"m")
	s.WriteString(text)
	io.WriteString(s.w, "\x1b[0m")
}

// Write writes p, as it may be read. What ends within a character waits for the rest.
func (s *Screen) Write(p []byte) (int, error) {
	text := append(s.tail, p...)
	s.tail = nil
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		bad := r == utf8.RuneError && n == 1
		if bad && !utf8.FullRune(text) {
			s.tail = slices.Clone(text)
			break
		}
		switch {
		case bad:
			out = append(out, s.notation.invalid(text[0])...)
		case Hidden(r) && r != '\n' && r != '\t', s.obeyed(r):
			out = append(out, s.notation.escaped(r)...)
		default:
			out = append(out, text[:n]...)
		}
		s.line.next(r)
		text = text[n:]
	}
	if _, err := s.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// obeyed tells whether r would make a command of its line.
func (s *Screen) obeyed(r rune) bool {
	return s.notation != Commands && (r == ':' && s.line.colon || r == '[' && s.line.hashes > 1)
}

// next takes in the next character of a line.
func (l *progress) next(r rune) {
	if r == '\n' {
		*l = progress{}
		return
	}
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	switch {
	case r == '#':
		l.hashes = min(l.hashes+1, 2)
	case l.hashes < 2 || !letter:
		l.hashes = 0
	}
	l.colon = r == ':' && !l.begun
	l.begun = l.begun || !unicode.IsSpace(r)
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

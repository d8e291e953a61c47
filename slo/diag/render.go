package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// maxExcerpt is the width of a source line as shown, in columns of a terminal.
const maxExcerpt = 100

// screen measures text without asking the environment, so that the same finding
// is the same bytes everywhere.
func screen() *runewidth.Condition { return &runewidth.Condition{StrictEmojiNeutral: true} }

// Render writes findings as text: position, message and code on a line of their
// own, then the source line with a caret under the place, then the hint. Control
// characters are written as escapes, long source lines are cut around the place.
func Render(w io.Writer, findings List, color bool) error {
	out := bufio.NewWriter(w)
	for _, f := range findings {
		render(out, f, color)
	}
	return out.Flush()
}

func render(w *bufio.Writer, f Finding, color bool) {
	if f.Pos.File != "" {
		fmt.Fprintf(w, "%s: ", paint(escape(f.Pos.String()), "1", color))
	}
	if f.Severity == Warning {
		w.WriteString(paint("warning: ", "33", color))
	}
	w.WriteString(escape(f.Message))
	if f.Code != "" {
		fmt.Fprintf(w, " %s", paint("["+escape(f.Code)+"]", "2", color))
	}
	w.WriteByte('\n')
	if f.Excerpt != "" && f.Pos.Line > 0 {
		excerpt(w, f, color)
	}
	if f.Hint != "" {
		fmt.Fprintf(w, "%s %s\n", paint("hint:", "36", color), escape(f.Hint))
	}
}

// excerpt writes the numbered source line and, where the column is known, a
// caret with a tail under the place.
func excerpt(w *bufio.Writer, f Finding, color bool) {
	before, place, after := split(f.Excerpt, f.Pos)
	before = keepEnd(before, maxExcerpt/2)
	room := maxExcerpt - screen().StringWidth(before)
	place = keepStart(place, room)
	after = keepStart(after, room-screen().StringWidth(place))
	number := fmt.Sprintf("%5d | ", f.Pos.Line)
	fmt.Fprintf(w, "%s%s\n", number, before+place+after)
	if f.Pos.Col == 0 {
		return
	}
	margin := strings.Repeat(" ", len(number)-2) + "| "
	tail := strings.Repeat("~", max(screen().StringWidth(place)-1, 0))
	fmt.Fprintf(w, "%s%s%s\n", margin, strings.Repeat(" ", screen().StringWidth(before)), paint("^"+tail, "31", color))
}

// split cuts a line into what stands before, at and after a place, with control
// characters escaped. A place beyond the line's end is empty.
func split(line string, pos Pos) (before, place, after string) {
	runes := []rune(line)
	start := min(max(pos.Col-1, 0), len(runes))
	end := min(start+max(pos.Len, 1), len(runes))
	return escape(string(runes[:start])), escape(string(runes[start:end])), escape(string(runes[end:]))
}

// keepStart cuts s to width columns, keepEnd cuts its front; both mark the cut.
func keepStart(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if screen().StringWidth(s) <= width {
		return s
	}
	return screen().Truncate(s, width, "…")
}

func keepEnd(s string, width int) string {
	if over := screen().StringWidth(s) - width; over > 0 {
		return screen().TruncateLeft(s, over+1, "…")
	}
	return s
}

// escape writes what would move the cursor or change the reading direction as
// \u escapes, and a tab as a space.
func escape(s string) string {
	unsafe := func(r rune) bool { return r == '\ufffd' || !unicode.IsPrint(r) && r != ' ' }
	if strings.IndexFunc(s, unsafe) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteByte(' ')
		case unsafe(r):
			b.WriteString(strings.Trim(fmt.Sprintf("%+q", r), "'"))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func paint(s, code string, color bool) string {
	if !color {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

package diag

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxExcerpt is the width of a source line as shown, in columns of a terminal.
const maxExcerpt = 100

// maxMessage is the width of a message: one may quote what a file says.
const maxMessage = 600

// Render writes findings as text: position, message and code on a line of their
// own, then the source line with a caret under the place, then the hint. Control
// characters are written as escapes, long source lines are cut around the place.
func Render(w io.Writer, findings List, color bool) error {
	out := NewPage(w, Text, color)
	for _, f := range findings {
		render(out, f)
	}
	return out.Flush()
}

func render(w *Screen, f Finding) {
	if f.Pos.File != "" {
		w.Paint(escape(f.Pos.String()), "1")
		w.WriteString(": ")
	}
	if f.Severity == Warning {
		w.Paint("warning: ", "33")
	}
	w.WriteString(Cut(escape(f.Message), maxMessage, "…"))
	if f.Code != "" {
		w.WriteString(" ")
		w.Paint("["+escape(f.Code)+"]", "2")
	}
	w.WriteString("\n")
	if f.Excerpt != "" && f.Pos.Line > 0 {
		excerpt(w, f)
	}
	if f.Hint != "" {
		w.Paint("hint:", "36")
		fmt.Fprintf(w, " %s\n", Cut(escape(f.Hint), maxMessage, "…"))
	}
}

// excerpt writes the numbered source line and, where the column is known, a
// caret with a tail under the place.
func excerpt(w *Screen, f Finding) {
	before, place, after := split(f.Excerpt, f.Pos)
	before = keepEnd(before, maxExcerpt/2)
	room := maxExcerpt - Width(before)
	place = keepStart(place, room)
	after = keepStart(after, room-Width(place))
	number := fmt.Sprintf("%5d | ", f.Pos.Line)
	fmt.Fprintf(w, "%s%s\n", number, before+place+after)
	if f.Pos.Col == 0 {
		return
	}
	margin := strings.Repeat(" ", len(number)-2) + "| "
	tail := strings.Repeat("~", max(Width(place)-1, 0))
	w.WriteString(margin + strings.Repeat(" ", Width(before)))
	w.Paint("^"+tail, "31")
	w.WriteString("\n")
}

// split cuts a line into what stands before, at and after a place, with control
// characters escaped. A place beyond the line's end is empty.
func split(line string, pos Pos) (before, place, after string) {
	if !utf8.ValidString(line) {
		line = string([]rune(line)) // with a sign for each byte that is no text
	}
	start := offset(line, pos.Col-1)
	end := start + offset(line[start:], max(pos.Len, 1))
	return escape(line[:start]), escape(line[start:end]), escape(line[end:])
}

// offset returns the byte at which the character n begins, the end of s if it has fewer.
func offset(s string, n int) int {
	for i := range s {
		if n <= 0 {
			return i
		}
		n--
	}
	return len(s)
}

// keepStart cuts s to width columns, keepEnd cuts its front; both mark the cut.
func keepStart(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if Width(s) <= width {
		return s
	}
	return Cut(s, width, "…")
}

func keepEnd(s string, width int) string {
	if over := Width(s) - width; over > 0 {
		return screen().TruncateLeft(s, over+1, "…")
	}
	return s
}

// escape is Escape with a tab as a space, so that columns stay where they are.
func escape(s string) string { return Escape(strings.ReplaceAll(s, "\t", " ")) }

package yaml

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// written is a scalar as the file has it: over several lines, or with escapes. One that was
// joined has parts and nothing else.
type written struct {
	parts []joint

	text  string // without the blanks around it, with its quotes
	line  int    // of its first character
	col   int
	quote byte // that begins the text and doubles or escapes, 0 if none does
}

// writtenAs returns how a token writes v, nil if that is v.Text at v.Pos.
func writtenAs(v Value, tok *token.Token) *written {
	text, quote := source(tok), byte(0)
	plain := text
	switch tok.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		quote = text[0]
		plain = strings.Trim(plain, text[:1])
	}
	line, col := tok.Position.Line, tok.Position.Column
	if plain == v.Text && line == v.Pos.Line && col == v.Pos.Col {
		return nil
	}
	return &written{text: text, line: line, col: col, quote: quote}
}

// Within returns the place of a part of a scalar's text, from the byte at start to before
// the one at end: in the file, also behind escapes and line breaks. Len ends with the
// part's first line. It is v.Pos if v was built and does not stand there as it is.
func (v Value) Within(start, end int) diag.Pos {
	start = min(max(start, 0), len(v.Text))
	end = min(max(end, start), len(v.Text))
	switch {
	case v.written != nil && v.written.parts != nil:
		return v.joined(start, end)
	case v.written != nil:
		return v.written.within(v, start, end)
	}
	quotes := 0
	if v.Quoted {
		quotes = 1
	}
	if v.Pos.Len != utf8.RuneCountInString(v.Text)+2*quotes {
		return v.Pos
	}
	pos := v.Pos
	pos.Col += quotes + utf8.RuneCountInString(v.Text[:start])
	pos.Len = max(utf8.RuneCountInString(v.Text[start:end]), 1)
	return pos
}

// within finds a part by its characters that are not blank, of which the text and what is
// written have the same: line breaks are folded and indents dropped.
func (w *written) within(v Value, start, end int) diag.Pos {
	first := solid(v.Text[:start])
	last := first + max(solid(v.Text[start:end]), 1) - 1
	pos := diag.Pos{File: v.Pos.File}
	at := cursor{text: w.text, line: w.line, col: w.col}
	if w.quote != 0 {
		at.skip(1)
	}
	for n := 0; n <= last && at.text != ""; {
		length, is := w.next(at.text)
		line, col := at.line, at.col
		at.skip(length)
		if !is {
			continue
		}
		switch {
		case n <= first:
			pos.Line, pos.Col = line, col
			fallthrough
		case line == pos.Line:
			pos.Len = at.col - pos.Col
		}
		n++
		if n == first && strings.Trim(at.text, blank) == "" { // the part is behind the last of them
			pos.Line, pos.Col, pos.Len = at.line, at.col, 1
		}
	}
	if pos.Line == 0 {
		return v.Pos
	}
	return pos
}

// next returns the length of the character that text begins with, and whether it is not
// blank.
func (w *written) next(text string) (length int, solid bool) {
	switch {
	case w.quote == '\'' && strings.HasPrefix(text, "''"):
		return 2, true
	case w.quote == '"' && text[0] == '\\' && len(text) > 1:
		n, _ := escape(text[1:])
		n = min(n+1, len(text))
		return n, !blankEscape(text[1:n])
	}
	_, n := utf8.DecodeRuneInString(text)
	return n, strings.IndexByte(blanks, text[0]) < 0
}

// blankEscape tells whether an escape, without its backslash, is no character or a blank.
func blankEscape(name string) bool {
	switch name[0] {
	case '\n', 'n', 't', 'r', ' ', '\t':
		return true
	case 'x', 'u', 'U':
		code, err := strconv.ParseUint(name[1:], 16, 8)
		return err == nil && strings.IndexByte(blanks, byte(code)) >= 0
	}
	return false
}

// blanks are what a scalar may write in other ways.
const blanks = " \t\n\r"

// solid counts the characters of text that are not blank.
func solid(text string) int {
	n := 0
	for _, r := range text {
		if !strings.ContainsRune(blanks, r) {
			n++
		}
	}
	return n
}

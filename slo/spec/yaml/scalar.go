package yaml

import (
	"strings"

	"github.com/goccy/go-yaml/token"
)

// scalar returns the value of one token.
func (t *tree) scalar(tok *token.Token) Value {
	t.values++
	v := Value{Kind: Scalar, Pos: tokenPos(t.file, tok)}
	switch tok.Type {
	case token.NullType, token.ImplicitNullType:
		v.Kind = Null
	case token.SingleQuoteType, token.DoubleQuoteType:
		v.Text, v.Quoted = tok.Value, true
		v.written = writtenAs(v, tok)
	default:
		return t.plainScalar(tok)
	}
	return v
}

// plainScalar returns the value of a text without quotes. The scanner takes
// "-key: value # note" for more text if text stands above it: the note is cut off
// here, and a key refused.
func (t *tree) plainScalar(tok *token.Token) Value {
	text := source(tok)
	i := strayAt(text)
	switch {
	case i < 0:
	case text[i] == '#' && onlyNotes(text[i:]):
		text = text[:i]
	default:
		at := cursor{text: text, line: tok.Position.Line, col: tok.Position.Column}
		at.skip(i)
		stray := token.Token{Origin: text[i : i+1], Position: &token.Position{Line: at.line, Column: at.col}}
		return t.fail(&stray, hintColon, "unexpected %q", stray.Origin)
	}
	v := Value{Kind: Scalar, Pos: tokenPos(t.file, tok), Text: fold(text)}
	v.written = writtenAs(v, tok)
	return v
}

// strayAt returns where a text holds what would end it: a colon before a blank, or
// a number sign behind one; -1 if nowhere.
func strayAt(text string) int {
	for i := range len(text) {
		switch {
		case text[i] == ':' && (i+1 == len(text) || strings.IndexByte(blank, text[i+1]) >= 0),
			text[i] == '#' && i > 0 && strings.IndexByte(blank, text[i-1]) >= 0:
			return i
		}
	}
	return -1
}

// onlyNotes tells whether every line of text is a note or blank.
func onlyNotes(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.Trim(line, blank); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// blockScalar reads | and >, whose place is that sign.
func (t *tree) blockScalar() Value {
	t.values++
	v := Value{Kind: Scalar, Pos: tokenPos(t.file, t.rest.next()), Quoted: true}
	if t.rest.is(token.StringType) {
		tok := t.rest.next()
		v.Text, v.written = tok.Value, writtenAs(v, tok)
	}
	return v
}

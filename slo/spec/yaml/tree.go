package yaml

import (
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// tree builds Values from tokens, by the columns in which they stand. After an
// error no token is left, so that every loop ends.
type tree struct {
	file     string
	rest     tokens // not yet read
	anchors  map[string]anchor
	entries  []Field // of the maps that are being read, outer ones first
	values   int     // built so far, aliases written out
	depth    int
	failed   bool
	findings diag.List
}

// fail records a break of the grammar and drops the rest of the file.
func (t *tree) fail(tok *token.Token, hint, format string, args ...any) Value {
	return t.failAs("yaml/syntax", tok, hint, format, args...)
}

func (t *tree) failAs(code string, tok *token.Token, hint, format string, args ...any) Value {
	f := diag.Errorf(tokenPos(t.file, tok), code, format, args...)
	f.Hint = hint
	t.find(f)
	t.rest, t.failed = nil, true
	return Value{}
}

// find records a finding behind which the file is read on.
func (t *tree) find(f diag.Finding) { t.findings = append(t.findings, f) }

func (t *tree) documents() []Value {
	var docs []Value
	for t.rest.peek() != nil {
		if t.rest.is(token.DirectiveType) {
			t.directive()
			continue
		}
		if t.rest.is(token.DocumentEndType) {
			t.end()
			continue
		}
		if t.rest.is(token.DocumentHeaderType) {
			t.begin()
		}
		doc := t.block(0, 0)
		if tok := t.rest.peek(); tok != nil && !outside(tok) {
			t.unexpected(tok)
		}
		if doc.Is() && !t.failed {
			docs = append(docs, doc)
		}
		clear(t.anchors)
	}
	return docs
}

// begin reads "---", on whose line a scalar or brackets may follow.
func (t *tree) begin() {
	mark, tok := t.rest.next(), t.rest.peek()
	if tok == nil || tok.Position.Line > mark.Position.Line {
		return
	}
	if t.rest.isKey() || t.rest.is(token.SequenceEntryType) {
		t.fail(tok, hintNewLine, "a map or list cannot begin on the line of ---")
	}
}

// end reads "...", behind which nothing stands on its line.
func (t *tree) end() {
	mark := t.rest.next()
	if tok := t.rest.peek(); tok != nil && tok.Position.Line == mark.Position.Line {
		t.unexpected(tok)
	}
}

// outside tells whether tok ends the document.
func outside(tok *token.Token) bool {
	return isType(tok, token.DocumentHeaderType, token.DocumentEndType)
}

// Hints on how to mend what cannot stand in its place.
const (
	hintColon   = `is the line indented like the one above it? a text that holds ": " needs quotes`
	hintIndent  = "check the indentation, and quote texts that hold : # [ ] { } or ,"
	hintCommas  = "separate entries by commas, and quote texts that hold : # [ ] { } or ,"
	hintNewLine = `begin it on a new line, or quote a text that holds ": "`
	hintStar    = "a text that begins with * needs quotes"
	hintPercent = "a value that begins with % needs quotes"
)

// unexpected fails with the likeliest reason why tok cannot stand here.
func (t *tree) unexpected(tok *token.Token) {
	switch tok.Type {
	case token.MappingValueType:
		t.fail(tok, hintColon, `unexpected ":"`)
	case token.DirectiveType:
		t.fail(tok, hintPercent, `unexpected "%%"`)
	case token.MappingKeyType:
		t.failAs("yaml/unread", tok, "write key: value", "keys of the form ? key are not read")
	default:
		t.fail(tok, hintIndent, "unexpected %s", diag.Quote(plain(tok)))
	}
}

// block reads a value of which all tokens stand right of column left, but for the
// dashes of a list, which may stand in column dash already.
func (t *tree) block(left, dash int) Value {
	if !t.enter() {
		return Value{}
	}
	defer func() { t.depth-- }()
	before := t.values
	name, at := t.properties()
	tok := t.rest.peek()
	if tok == nil || outside(tok) {
		return t.keep(name, before, Value{Kind: Null, Pos: at})
	}
	first := left + 1
	if t.rest.is(token.SequenceEntryType) {
		first = dash
	}
	if at.Line > 0 && tok.Position.Line > at.Line && tok.Position.Column < first {
		return t.keep(name, before, Value{Kind: Null, Pos: at})
	}
	if at.Line > 0 && tok.Position.Line == at.Line && t.rest.isKey() {
		return t.fail(tok, "put them on the line above", "an anchor or tag cannot stand before a key")
	}
	return t.keep(name, before, t.content(tok))
}

func (t *tree) content(tok *token.Token) Value {
	switch {
	case t.rest.is(token.SequenceEntryType):
		return t.list(tok.Position.Column)
	case t.rest.isKey():
		return t.mapping(tok.Position.Column)
	}
	return t.inline()
}

// inline reads a value that begins and, but for block scalars, ends where it
// stands: a scalar, an alias, a map or list in brackets.
func (t *tree) inline() Value {
	tok := t.rest.peek()
	switch {
	case tok == nil:
		return Value{}
	case t.rest.is(token.MappingStartType):
		return t.flowMap()
	case t.rest.is(token.SequenceStartType):
		return t.flowList()
	case t.rest.is(token.AliasType):
		return t.alias()
	case t.rest.is(token.LiteralType, token.FoldedType):
		return t.blockScalar()
	case isScalar(tok):
		return t.scalar(t.rest.next())
	}
	t.unexpected(tok)
	return Value{}
}

// mapping reads the entries of a map whose keys stand in column col.
func (t *tree) mapping(col int) Value {
	m := t.newMap(tokenPos(t.file, t.rest.peek()))
	for tok := t.rest.peek(); tok != nil && tok.Position.Column == col && t.rest.isKey(); tok = t.rest.peek() {
		key, colon := t.rest.next(), t.rest.next()
		f := t.field(key)
		f.Value = t.mapValue(f, colon, col)
		t.add(&m, f, key)
	}
	if tok := t.rest.peek(); tok != nil && tok.Position.Column >= col && !outside(tok) {
		t.unexpected(tok)
	}
	return t.merge(m)
}

func (t *tree) mapValue(f Field, colon *token.Token, col int) Value {
	tok := t.rest.peek()
	null := Value{Kind: Null, Pos: f.Pos}
	switch {
	case tok == nil || outside(tok):
		return null
	case tok.Position.Line == colon.Position.Line && (t.rest.isKey() || t.rest.is(token.SequenceEntryType)):
		return t.fail(tok, hintNewLine, "a map or list cannot begin on the line of its key")
	case tok.Position.Line > colon.Position.Line && tok.Position.Column == col && t.rest.is(token.SequenceEntryType):
		return t.list(col)
	case tok.Position.Line > colon.Position.Line && tok.Position.Column <= col:
		return null
	}
	if v := t.block(col, col); v.Kind != Null || v.Pos.Line > 0 {
		return v
	}
	return null
}

// list reads the entries of a list whose dashes stand in column col.
func (t *tree) list(col int) Value {
	v := Value{Kind: List, Pos: tokenPos(t.file, t.rest.peek())}
	t.values++
	for t.dashIn(col) {
		dash := t.rest.next()
		item := Value{Kind: Null}
		if t.belongs(dash, col) {
			item = t.block(col, col+1)
		}
		if item.Pos.Line == 0 {
			item.Pos = tokenPos(t.file, dash)
		}
		v.Items = append(v.Items, item)
	}
	if tok := t.rest.peek(); tok != nil && tok.Position.Column > col && !outside(tok) {
		t.unexpected(tok)
	}
	return v
}

// dashIn tells whether the next token is a dash in column col.
func (t *tree) dashIn(col int) bool {
	return t.rest.is(token.SequenceEntryType) && t.rest.peek().Position.Column == col
}

// belongs tells whether the next token is part of the entry that dash begins in
// column col.
func (t *tree) belongs(dash *token.Token, col int) bool {
	next := t.rest.peek()
	if next == nil || outside(next) {
		return false
	}
	return next.Position.Line == dash.Position.Line || next.Position.Column > col
}

// enter counts a value and a level of nesting.
func (t *tree) enter() bool {
	t.depth++
	tok := t.rest.peek()
	switch {
	case tok == nil:
	case t.depth > MaxDepth:
		t.failAs("yaml/depth", tok, "", "nested deeper than %d levels", MaxDepth)
	case t.values > maxValues:
		t.failAs("yaml/size", tok, "split the file", "file holds more than %d values", maxValues)
	default:
		return true
	}
	t.depth--
	return false
}

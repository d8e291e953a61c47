package yaml

import (
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// flowMap reads {a: 1, b}.
func (t *tree) flowMap() Value {
	open := t.rest.next()
	m := t.newMap(tokenPos(t.file, open))
	t.values++
	for !t.rest.is(token.MappingEndType) {
		key := t.rest.peek()
		if !isScalar(key) {
			return t.broken(open, "map")
		}
		t.rest.next()
		f := t.field(key)
		f.Value = Value{Kind: Null, Pos: f.Pos}
		if t.rest.is(token.MappingValueType) {
			t.rest.next()
			if !t.rest.is(token.CollectEntryType, token.MappingEndType) {
				f.Value = t.flowValue()
			}
		}
		if f.Value.Pos.Line == 0 {
			f.Value.Pos = f.Pos
		}
		t.add(&m, f, key)
		if !t.comma(token.MappingEndType) {
			return t.broken(open, "map")
		}
	}
	t.rest.next()
	return t.merge(m)
}

// flowList reads [a, b].
func (t *tree) flowList() Value {
	open := t.rest.next()
	v := Value{Kind: List, Pos: tokenPos(t.file, open)}
	t.values++
	for !t.rest.is(token.SequenceEndType) {
		if t.rest.peek() == nil {
			return t.broken(open, "list")
		}
		v.Items = append(v.Items, t.flowValue())
		if !t.comma(token.SequenceEndType) {
			return t.broken(open, "list")
		}
	}
	t.rest.next()
	return v
}

func (t *tree) flowValue() Value {
	if !t.enter() {
		return Value{}
	}
	defer func() { t.depth-- }()
	before := t.values
	name, at := t.properties()
	if at.Line > 0 && t.rest.is(token.CollectEntryType, token.MappingEndType, token.SequenceEndType) {
		return t.keep(name, before, Value{Kind: Null, Pos: at})
	}
	return t.keep(name, before, t.inline())
}

// comma skips the comma between entries and tells whether one, or the end, is there.
func (t *tree) comma(end token.Type) bool {
	if t.rest.is(token.CollectEntryType) {
		t.rest.next()
		return true
	}
	return t.rest.is(end)
}

// broken fails at what cannot stand in the map or list in brackets that began at open.
func (t *tree) broken(open *token.Token, what string) Value {
	if t.failed { // inside
		return Value{}
	}
	tok := t.rest.peek()
	if tok == nil || outside(tok) {
		return t.fail(open, "", "the %s %s is never closed", what, diag.Quote(open.Value))
	}
	return t.fail(tok, hintCommas, "unexpected %s in the %s that begins at line %d, column %d",
		diag.Quote(plain(tok)), what, open.Position.Line, open.Position.Column)
}

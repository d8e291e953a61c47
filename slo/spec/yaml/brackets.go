package yaml

import (
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// flowMap reads {a: 1, b}.
func (t *tree) flowMap() Value {
	open := t.next()
	m := newMap(tokenPos(t.file, open))
	t.values++
	for !t.is(token.MappingEndType) {
		key := t.peek()
		if !isScalar(key) {
			return t.broken(open, "map")
		}
		t.next()
		f := t.field(key)
		f.Value = Value{Kind: Null, Pos: f.Pos}
		if t.is(token.MappingValueType) {
			t.next()
			if !t.is(token.CollectEntryType, token.MappingEndType) {
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
	t.next()
	return t.merge(m)
}

// flowList reads [a, b].
func (t *tree) flowList() Value {
	open := t.next()
	v := Value{Kind: List, Pos: tokenPos(t.file, open)}
	t.values++
	for !t.is(token.SequenceEndType) {
		if t.peek() == nil {
			return t.broken(open, "list")
		}
		v.Items = append(v.Items, t.flowValue())
		if !t.comma(token.SequenceEndType) {
			return t.broken(open, "list")
		}
	}
	t.next()
	return v
}

func (t *tree) flowValue() Value {
	if !t.enter() {
		return Value{}
	}
	defer func() { t.depth-- }()
	before := t.values
	name, at := t.properties()
	if at.Line > 0 && t.is(token.CollectEntryType, token.MappingEndType, token.SequenceEndType) {
		return t.keep(name, before, Value{Kind: Null, Pos: at})
	}
	return t.keep(name, before, t.inline())
}

// comma skips the comma between entries and tells whether one, or the end, is there.
func (t *tree) comma(end token.Type) bool {
	if t.is(token.CollectEntryType) {
		t.next()
		return true
	}
	return t.is(end)
}

// broken fails at what cannot stand in the map or list in brackets that began at open.
func (t *tree) broken(open *token.Token, what string) Value {
	if t.failed { // inside
		return Value{}
	}
	tok := t.peek()
	if tok == nil || t.outside(tok) {
		return t.fail(open, "", "the %s %s is never closed", what, diag.Quote(open.Value))
	}
	return t.fail(tok, hintCommas, "unexpected %s in the %s that begins at line %d, column %d",
		diag.Quote(plain(tok)), what, open.Position.Line, open.Position.Column)
}

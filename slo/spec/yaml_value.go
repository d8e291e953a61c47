package spec

import (
	"strings"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// isScalar tells whether tok is a scalar other than a block scalar.
func isScalar(tok *token.Token) bool {
	return isType(tok, token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.IntegerType,
		token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType, token.FloatType, token.InfinityType,
		token.NanType, token.NullType, token.ImplicitNullType, token.BoolType, token.MergeKeyType)
}

// isKey tells whether the token n ahead is the key of an entry on one line.
func (t *tree) isKey(n int) bool {
	key, colon := t.at(n), t.at(n+1)
	return isScalar(key) && isType(colon, token.MappingValueType) && key.Position.Line == colon.Position.Line
}

// scalar returns the value of one token.
func (t *tree) scalar(tok *token.Token) Value {
	t.values++
	v := Value{Kind: Scalar, Pos: tokenPos(t.file, tok)}
	switch tok.Type {
	case token.NullType, token.ImplicitNullType:
		v.Kind = Null
	case token.SingleQuoteType, token.DoubleQuoteType:
		v.Text, v.Quoted = tok.Value, true
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
	return Value{Kind: Scalar, Pos: tokenPos(t.file, tok), Text: fold(text)}
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
	v := Value{Kind: Scalar, Pos: tokenPos(t.file, t.next()), Quoted: true}
	if t.is(token.StringType) {
		v.Text = t.next().Value
	}
	return v
}

// properties reads tags and anchors, and returns the anchors' names and the place
// of the last. A tag that says what a scalar's text is already is skipped.
func (t *tree) properties() (names []string, at diag.Pos) {
	for t.is(token.TagType, token.AnchorType) {
		tok := t.next()
		at = tokenPos(t.file, tok)
		if tok.Type == token.TagType {
			if !plainTag(tok.Value) {
				t.fail(tok, "remove it", "tag %s is not read", quote(tok.Value))
			}
			names = append(names, "")
			continue
		}
		name := t.peek()
		if name == nil || name.Position.Line != at.Line || !isScalar(name) {
			t.fail(tok, "", "an anchor needs a name")
			continue
		}
		names = append(names, t.name())
	}
	return names, at
}

// name reads the name of an anchor. The scanner takes what follows a tab for more of it.
func (t *tree) name() string {
	tok := t.next()
	if strings.Contains(source(tok), "\t") {
		t.fail(tok, "write a space", "a tab cannot stand behind the name of an anchor")
	}
	return tok.Value
}

func plainTag(tag string) bool {
	switch tag {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq":
		return true
	}
	return false
}

// keep stores v under the names of its anchors.
func (t *tree) keep(names []string, before int, v Value) Value {
	for _, name := range names {
		if name != "" {
			t.anchors[name] = anchor{v, t.values - before}
		}
	}
	return v
}

// alias returns the value that "*name" repeats, and counts it as if written out.
func (t *tree) alias() Value {
	star, name := t.next(), t.peek()
	if name == nil || !isScalar(name) || name.Position.Line != star.Position.Line {
		return t.fail(star, "a text that begins with * needs quotes", "an alias needs a name")
	}
	a, ok := t.anchors[t.name()]
	if t.failed {
		return Value{}
	}
	if !ok {
		return t.fail(name, "a text that begins with * needs quotes", "alias %s has no anchor above it", quote(name.Value))
	}
	t.values += a.size + 1
	if t.values > maxValues {
		return t.failAs("yaml/alias", name, "write the values out", "aliases stand for more than %d values", maxValues)
	}
	return a.value
}

// builtMap is a map under construction.
type builtMap struct {
	Value
	places map[string]diag.Pos // of the keys
	merged []Value             // of "<<", in order
}

func newMap(pos diag.Pos) builtMap {
	return builtMap{Value: Value{Kind: Map, Pos: pos}, places: map[string]diag.Pos{}}
}

// field returns an entry that has no value yet.
func (t *tree) field(key *token.Token) Field {
	f := Field{Key: plain(key), Pos: tokenPos(t.file, key)}
	if isType(key, token.SingleQuoteType, token.DoubleQuoteType) {
		f.Key = key.Value
	}
	return f
}

// add puts f into m; of a key given twice the first counts.
func (t *tree) add(m *builtMap, f Field, key *token.Token) {
	t.values++
	if key.Type == token.MergeKeyType {
		m.merged = append(m.merged, f.Value)
		return
	}
	if first, twice := m.places[f.Key]; twice {
		t.findings = append(t.findings, diag.Errorf(f.Pos, "yaml/duplicate-key", "key %s is given twice, first on line %d", quote(f.Key), first.Line).
			WithHint("remove one of them"))
		return
	}
	m.places[f.Key] = f.Pos
	m.Fields = append(m.Fields, f)
}

// merge adds the entries of "<<" maps whose keys m lacks.
func (t *tree) merge(m builtMap) Value {
	for _, v := range m.merged {
		if t.failed {
			break
		}
		from := []Value{v}
		if v.Kind == List {
			from = v.Items
		}
		for _, source := range from {
			if source.Kind != Map {
				t.findings = append(t.findings, diag.Errorf(source.Pos, "yaml/merge", "\"<<\" wants a map or a list of maps"))
			}
			for _, f := range source.Fields {
				if _, own := m.places[f.Key]; !own {
					m.places[f.Key] = f.Pos
					m.Fields = append(m.Fields, f)
				}
			}
		}
	}
	return m.Value
}

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
	names, at := t.properties()
	if len(names) > 0 && t.is(token.CollectEntryType, token.MappingEndType, token.SequenceEndType) {
		return t.keep(names, before, Value{Kind: Null, Pos: at})
	}
	return t.keep(names, before, t.inline())
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
		return t.fail(open, "", "the %s %s is never closed", what, quote(open.Value))
	}
	return t.fail(tok, "separate entries by commas, and quote texts that hold : # [ ] { } or ,",
		"unexpected %s in the %s that begins at line %d, column %d", quote(plain(tok)), what, open.Position.Line, open.Position.Column)
}

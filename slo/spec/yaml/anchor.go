package yaml

import (
	"strings"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// anchor is a value that aliases repeat.
type anchor struct {
	value Value
	size  int // in values
}

// properties reads the tag and the anchor of a value, and returns the anchor's name,
// "" if it has none, and the place of the last of the two, which is zero if there is
// neither. A tag that says what a scalar's text is already is skipped.
func (t *tree) properties() (name string, at diag.Pos) {
	var tagged, named bool
	for t.rest.is(token.TagType, token.AnchorType) {
		tok := t.rest.next()
		at = tokenPos(t.file, tok)
		tag := tok.Type == token.TagType
		switch {
		case tag && tagged, !tag && named:
			t.fail(tok, "remove one of them", "a value has one anchor and one tag")
		case tag && !plainTag(tok.Value):
			t.failAs("yaml/unread", tok, "remove it", "tag %s is not read", diag.Quote(tok.Value))
		case tag:
			tagged = true
		case !isName(tok, t.rest.peek()):
			t.fail(tok, "", "an anchor needs a name")
		default:
			name, named = t.name(), true
		}
	}
	return name, at
}

// isName tells whether name is what the sign & or * before it names.
func isName(sign, name *token.Token) bool {
	if name == nil || !isScalar(name) {
		return false
	}
	return name.Position.Line == sign.Position.Line && name.Position.Column == sign.Position.Column+1
}

// name reads the name of an anchor. The scanner takes what follows a tab for more of it.
func (t *tree) name() string {
	tok := t.rest.next()
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

// keep stores v under the name of its anchor, if it has one. before is how many
// values there were above it.
func (t *tree) keep(name string, before int, v Value) Value {
	if name != "" {
		t.anchors[name] = anchor{v, t.values - before}
	}
	return v
}

// alias returns the value that "*name" repeats, and counts it as if written out.
func (t *tree) alias() Value {
	star, name := t.rest.next(), t.rest.peek()
	if !isName(star, name) {
		return t.fail(star, hintStar, "an alias needs a name")
	}
	a, ok := t.anchors[t.name()]
	if t.failed {
		return Value{}
	}
	if !ok {
		return t.fail(name, hintStar, "alias %s has no anchor above it", diag.Quote(name.Value))
	}
	t.values += a.size + 1
	if t.values > maxValues {
		return t.failAs("yaml/alias", name, "write the values out", "aliases stand for more than %d values", maxValues)
	}
	return a.value
}

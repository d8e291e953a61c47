package yaml

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
)

// Formats build values that a file does not have, of what it says in other words:
// each stands in the place that says it, so that findings about it point there.

// Text returns a scalar that stands at pos.
func Text(pos diag.Pos, text string) Value {
	return Value{Kind: Scalar, Pos: pos, Text: text}
}

// ListOf returns a list that stands at pos.
func ListOf(pos diag.Pos, items ...Value) Value {
	return Value{Kind: List, Pos: pos, Items: items}
}

// MapOf returns a map that stands at pos. Fields whose value is missing are left
// out: what a file does not say stays unsaid.
func MapOf(pos diag.Pos, fields ...Field) Value {
	v := Value{Kind: Map, Pos: pos, Fields: make([]Field, 0, len(fields))}
	for _, f := range fields {
		if f.Value.Kind != Missing {
			v.Fields = append(v.Fields, f)
		}
	}
	return v
}

// As returns the field of a map that says v by another name. Its key stands where v
// does.
func (v Value) As(key string) Field { return Field{Key: key, Pos: v.Pos, Value: v} }

// Part is a part of a text: the bytes of Of from From to before To, or Text, which no file
// has, if Of is missing.
type Part struct {
	Of       Value
	From, To int
	Text     string
}

// Whole returns all of a scalar as a part.
func Whole(of Value) Part { return Part{Of: of, To: len(of.Text)} }

// Words returns a part that no file has.
func Words(text string) Part { return Part{Text: text} }

// joint is a part of a joined text: what it is of, nil if no file has it, the bytes of that, and
// where it begins in the text.
type joint struct {
	of           *Value
	from, to, at int
}

// Join returns the scalar that parts make one behind the other. It stands at pos, and
// places within it are those of its parts, see Value.Within.
func Join(pos diag.Pos, parts ...Part) Value {
	j := joiner{joints: make([]joint, 0, len(parts))}
	for _, p := range parts {
		if p.Of.Kind == Missing {
			j.words(p.Text)
			continue
		}
		of := p.Of
		j.part(&of, p.From, p.To)
	}
	return j.value(pos)
}

// Replace returns a scalar with words in place of some of its parts, each from a byte to before
// another one, in order. Places within it are those of v.
func Replace(v Value, found [][]int, words string) Value {
	if len(found) == 0 {
		return v
	}
	j, done := joiner{joints: make([]joint, 0, 2*len(found)+1)}, 0
	j.text.Grow(len(v.Text) + len(found)*len(words))
	for _, at := range found {
		j.part(&v, done, at[0])
		j.words(words)
		done = at[1]
	}
	j.part(&v, done, len(v.Text))
	return j.value(v.Pos)
}

// joiner joins a scalar.
type joiner struct {
	joints []joint
	text   strings.Builder
}

func (j *joiner) words(text string) {
	j.joints = append(j.joints, joint{at: j.text.Len()})
	j.text.WriteString(text)
}

func (j *joiner) part(of *Value, from, to int) {
	j.joints = append(j.joints, joint{of: of, from: from, to: to, at: j.text.Len()})
	j.text.WriteString(of.Text[from:to])
}

func (j *joiner) value(pos diag.Pos) Value {
	return Value{Kind: Scalar, Pos: pos, Quoted: true, Text: j.text.String(), written: &written{parts: j.joints}}
}

// joined returns the place of a part of a joined text: that of what it begins in, up to its
// end or to where that is left.
func (v Value) joined(start, end int) diag.Pos {
	parts := v.written.parts
	first := partAt(parts, start)
	if first < 0 || parts[first].of == nil {
		return v.Pos
	}
	p := parts[first]
	from, to := p.from+start-p.at, p.to
	last := partAt(parts, max(start, end-1))
	if q := parts[last]; q.of != nil && q.of.Pos == p.of.Pos {
		to = q.from + end - q.at
	}
	return p.of.Within(from, to)
}

// partAt returns the index of the part that the byte at offset at is of, −1 without parts.
func partAt(parts []joint, at int) int {
	i := len(parts) - 1
	for i > 0 && parts[i].at > at {
		i--
	}
	return i
}

package yaml

import "github.com/nines-slo/nines/slo/diag"

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
	v := Value{Kind: Map, Pos: pos}
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

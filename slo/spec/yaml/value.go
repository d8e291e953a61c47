package yaml

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
)

// Kind is the shape of a Value.
type Kind uint8

const (
	Missing Kind = iota // the key is not there
	Null
	Scalar
	List
	Map
)

// String returns the kind in a user's words.
func (k Kind) String() string {
	return [...]string{"missing", "empty", "a single value", "a list", "a map"}[k]
}

// Value is one value of a file with its place. Scalars keep their text: numbers
// are decoded from what the user wrote, since YAML's own reading of 99_9, 0x63
// or .nan is nobody's intent. The zero Value is missing.
type Value struct {
	Kind   Kind
	Quoted bool // a scalar
	Pos    diag.Pos
	Text   string  // of a scalar, without quotes
	Items  []Value // of a list
	Fields []Field // of a map, in file order

	written *written // of a scalar, nil if it stands at Pos as Text has it
}

// Field is one entry of a map.
type Field struct {
	Key   string
	Pos   diag.Pos // of the key
	Value Value
}

// Get returns the value of a map's key, a missing Value if it has none.
//
// A Value is wide and Get is called from everywhere: copied into all of its callers it
// would be a hundredth of the program.
//
//go:noinline
func (v Value) Get(key string) Value {
	for i := range v.Fields {
		if f := &v.Fields[i]; f.Key == key {
			return f.Value
		}
	}
	return Value{Pos: v.Pos}
}

// Is tells whether v is there and not null.
func (v Value) Is() bool { return v.Kind > Null }

// Said returns v without the keys that have no value, which most tools take for not there.
func (v Value) Said() Value {
	if !v.silent() {
		return v
	}
	out := v
	out.Items, out.Fields = nil, nil
	for _, item := range v.Items {
		out.Items = append(out.Items, item.Said())
	}
	for _, f := range v.Fields {
		if f.Value.Kind != Null {
			f.Value = f.Value.Said()
			out.Fields = append(out.Fields, f)
		}
	}
	return out
}

// silent tells whether a key in v has no value.
func (v Value) silent() bool {
	return slices.ContainsFunc(v.Items, Value.silent) ||
		slices.ContainsFunc(v.Fields, func(f Field) bool { return f.Value.Kind == Null || f.Value.silent() })
}

// Key identifies what v says: two values have the same key if and only if they
// are equal but for their places, the quotes around a scalar and the order of a
// map's fields. Quotes tell nothing because no reader looks at them: "200" and
// 200 are the same text. A key is safe to store: it is the same in every run
// and every release. It is made of one letter for the kind, a number and what
// the number counts:
//
//	n                       null
//	-                       missing
//	s4:west                 the scalar west, of 4 bytes
//	l2:s2:eus4:west         the list [eu, west]
//	m1:6:regions2:eu        the map {region: eu}
//
// No text can be taken for structure, since its length stands before it.
func (v Value) Key() string {
	var b strings.Builder
	v.writeKey(&b)
	return b.String()
}

func (v Value) writeKey(b *strings.Builder) {
	switch v.Kind {
	case Missing:
		b.WriteByte('-')
	case Null:
		b.WriteByte('n')
	case Scalar:
		b.WriteByte('s')
		writeCounted(b, v.Text)
	case List:
		b.WriteString("l" + strconv.Itoa(len(v.Items)) + ":")
		for _, item := range v.Items {
			item.writeKey(b)
		}
	case Map:
		b.WriteString("m" + strconv.Itoa(len(v.Fields)) + ":")
		sorted := slices.Clone(v.Fields)
		order.Stable(sorted, func(x, y Field) int {
			return cmp.Compare(x.Key, y.Key)
		})
		for _, f := range sorted {
			writeCounted(b, f.Key)
			f.Value.writeKey(b)
		}
	}
}

// writeCounted writes a text behind its length in bytes.
func writeCounted(b *strings.Builder, text string) {
	b.WriteString(strconv.Itoa(len(text)) + ":" + text)
}

// Strings returns the texts of a scalar or of a list of scalars.
func (v Value) Strings() []string {
	if v.Kind == Scalar {
		return []string{v.Text}
	}
	var out []string
	for _, item := range v.Items {
		out = append(out, item.Text)
	}
	return out
}

// Duration returns the duration that v says, 0 if it says none.
func (v Value) Duration() time.Duration {
	d, _ := slo.ParseDuration(v.Text)
	return d
}

// Zone returns the time zone that v names, fallback if it names none.
func (v Value) Zone(fallback *time.Location) *time.Location {
	if loc, err := time.LoadLocation(v.Text); err == nil && v.Kind == Scalar {
		return loc
	}
	return fallback
}

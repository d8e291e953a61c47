package spec

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Kind is the shape of a Value.
type Kind int

const (
	Missing Kind = iota // the key is not there
	Null
	Scalar
	List
	Map
)

// Value is one value of a file with its place. Scalars keep their text: numbers
// are decoded from what the user wrote, since YAML's own reading of 99_9, 0x63
// or .nan is nobody's intent. The zero Value is missing.
type Value struct {
	Kind   Kind
	Pos    diag.Pos
	Text   string  // of a scalar, without quotes
	Quoted bool    // of a scalar
	Items  []Value // of a list
	Fields []Field // of a map, in file order
}

// Field is one entry of a map.
type Field struct {
	Key   string
	Pos   diag.Pos // of the key
	Value Value
}

// Get returns the value of a map's key, a missing Value if it has none.
func (v Value) Get(key string) Value {
	for _, f := range v.Fields {
		if f.Key == key {
			return f.Value
		}
	}
	return Value{Pos: v.Pos}
}

// Is tells whether v is there and not null.
func (v Value) Is() bool { return v.Kind > Null }

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
		sorted := slices.SortedStableFunc(slices.Values(v.Fields), func(x, y Field) int {
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

// Duration returns a duration that Check accepted, 0 if v is missing.
func (v Value) Duration() time.Duration {
	d, _ := slo.ParseDuration(v.Text)
	return d
}

// Zone returns a time zone that Check accepted, fallback if v is missing.
func (v Value) Zone(fallback *time.Location) *time.Location {
	if loc, err := time.LoadLocation(v.Text); err == nil && v.Kind == Scalar {
		return loc
	}
	return fallback
}

// Block is a map of a file together with what its texts depend on.
type Block struct {
	Value
	Dir  string         // of the file; paths are relative to it
	Zone *time.Location // the file's time zone, never nil

	// Count is the one count that an sli block stands for where good and total
	// come from two sources, and Both or "" in any other block.
	Count Count
}

// Type is what a key's value must be.
type Type int

const (
	Text      Type = iota // a non-empty scalar
	Integer               // digits with an optional sign
	Decimal               // a plain decimal number
	Boolean               // true or false
	Length                // a duration with a unit, slo.ParseDuration
	Share                 // a percentage or ratio, slo.ParseTarget
	Instant               // RFC 3339 with an offset
	Day                   // 2026-10-31
	TimeZone              // IANA name
	Texts                 // a scalar or a list of scalars
	TextMap               // a map of scalars
	Object                // a map with Keys
	Objects               // a list of maps with Keys
	Condition             // a map of field → test, see package sources/match
	Any                   // checked by whoever reads it
	Name                  // printable text of at most 200 characters
	Fraction              // a percentage or ratio from 0 to 100 %
	Moment                // a date, a local date and time, or RFC 3339
	Span                  // a duration, or a calendar unit
	Under                 // a share and what falls short of it, "< 25%"
	Above                 // a number and what passes it, "> 10"
	Interval              // 2026-10, 2026-Q3, 2026, 2026-W46 or last-7d
	Deadline              // a duration, or "end"
)

// Key describes one key of a map: Check holds a map against a list of Keys,
// Schema prints them. It is the one place where a key is named.
type Key struct {
	Name     string
	Type     Type
	Doc      string // one line for editors
	Required bool
	Enum     []string // allowed texts; empty: any
	Example  string   // a value as a file would write it, for hints; empty: one of the type's
	Keys     []Key    // of Object and Objects
	Short    *Key     // of Object: what a scalar in the map's place must be; nil: none may stand there
	Empty    bool     // of Objects: an empty list says something
	Means    string   // this is no key: other tools call the key so that has this name here
}

// SourceKind is what the spec needs to know of a kind of source to check files
// without opening it.
type SourceKind struct {
	Name string // the source's `type:`
	Doc  string
	Keys []Key // of the source's block, beside `type`
	SLI  []Key // of the sli block, beside `source`

	// Check finds what Keys cannot express in a source's block and in an sli
	// block of it. Both were held against Keys and SLI before. It reads no file
	// and opens no connection. sli is missing when the block alone is checked.
	Check func(source, sli Block) diag.List
}

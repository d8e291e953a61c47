package yaml

import (
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// builtMap is a map under construction.
type builtMap struct {
	value  Value
	places map[string]int // of the keys among the entries, nil while they are few
	merged []Value        // of "<<", in order
}

func newMap(pos diag.Pos) builtMap { return builtMap{value: Value{Kind: Map, Pos: pos}} }

// fewFields is up to how many entries of a map are looked through one by one: a map of places
// is larger than they are.
const fewFields = 16

// find returns the entry of a key, nil if there is none.
func (m *builtMap) find(key string) *Field {
	fields := m.value.Fields
	if len(fields) <= fewFields {
		for i := range fields {
			if fields[i].Key == key {
				return &fields[i]
			}
		}
		return nil
	}
	if i, has := m.places[key]; has {
		return &fields[i]
	}
	return nil
}

// put adds an entry whose key m lacks.
func (m *builtMap) put(f Field) {
	if m.value.Fields == nil {
		m.value.Fields = make([]Field, 0, usualFields)
	}
	m.value.Fields = append(m.value.Fields, f)
	n := len(m.value.Fields)
	switch {
	case n <= fewFields:
	case m.places != nil:
		m.places[f.Key] = n - 1
	default:
		m.places = map[string]int{}
		for i, f := range m.value.Fields {
			m.places[f.Key] = i
		}
	}
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
	if first := m.find(f.Key); first != nil {
		again := diag.Errorf(f.Pos, "yaml/duplicate-key", "key %s is given twice, first on line %d",
			diag.Quote(f.Key), first.Pos.Line)
		t.find(again.WithHint("remove one of them"))
		return
	}
	m.put(f)
}

// usualFields is how many entries a map has room for at first: most of an SLO file have more
// than one.
const usualFields = 4

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
				t.find(diag.Errorf(source.Pos, "yaml/merge", `"<<" wants a map or a list of maps`))
			}
			for _, f := range source.Fields {
				if m.find(f.Key) == nil {
					m.put(f)
				}
			}
		}
	}
	return m.value
}

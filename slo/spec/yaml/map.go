package yaml

import (
	"slices"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// builtMap is a map under construction. Its entries stand on a stack with those of the maps
// around it, so that the map gets a slice of just their number in the end.
type builtMap struct {
	pos    diag.Pos
	stack  *[]Field
	first  int            // of its entries on the stack
	places map[string]int // of the keys among the entries, nil while they are few
	merged []Value        // of "<<", in order
}

func (t *tree) newMap(pos diag.Pos) builtMap {
	return builtMap{pos: pos, stack: &t.entries, first: len(t.entries)}
}

// fields returns the entries so far.
func (m *builtMap) fields() []Field { return (*m.stack)[m.first:] }

// done returns the map, and takes its entries off the stack.
func (m *builtMap) done() Value {
	v := Value{Kind: Map, Pos: m.pos}
	if fields := m.fields(); len(fields) > 0 {
		v.Fields = slices.Clone(fields)
	}
	*m.stack = (*m.stack)[:m.first]
	return v
}

// fewFields is up to how many entries of a map are looked through one by one: a map of places
// is larger than they are.
const fewFields = 16

// find returns the entry of a key, nil if there is none.
func (m *builtMap) find(key string) *Field {
	fields := m.fields()
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
	*m.stack = append(*m.stack, f)
	n := len(m.fields())
	switch {
	case n <= fewFields:
	case m.places != nil:
		m.places[f.Key] = n - 1
	default:
		m.places = map[string]int{}
		for i, f := range m.fields() {
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
	return m.done()
}

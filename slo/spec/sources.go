package spec

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// block returns a map together with where it stands.
func (d *document) block(v Value) Block { return Block{Value: v, Dir: d.dir, Zone: d.zone} }

// readSources checks every entry of sources against its kind.
func (d *document) readSources() {
	d.sources, d.broken = map[string]*Source{}, map[string]bool{}
	v := d.Get("sources")
	switch {
	case v.Kind == Missing || v.Kind == Null:
		return // reported by Check
	case v.Kind != Map:
		d.add(wrongType(v, "sources", "a map of sources by name", sourcesExample))
		return
	case len(v.Fields) == 0:
		d.add(diag.Errorf(v.Pos, "spec/empty", "%q is an empty map", "sources").WithHint("write sources: %s", sourcesExample))
	}
	for _, f := range v.Fields {
		if err := checkName(f.Key); err != nil || f.Key == "" {
			d.add(diag.Errorf(f.Pos, "spec/name", "%s is not a name of a source", diag.Quote(f.Key)))
		}
		before := len(d.findings)
		d.sources[f.Key] = d.source(f)
		d.broken[f.Key] = len(d.findings) > before
	}
}

func (d *document) source(f Field) *Source {
	f.Value = d.mend(f.Value, "type", d.sourceKeys)
	s := &Source{Name: f.Key, Type: f.Value.Get("type").Text, Block: d.block(f.Value)}
	if f.Value.Kind != Map {
		d.add(wrongType(f.Value, f.Key, "a map with type", "{type: csv, path: counts.csv}"))
		return s
	}
	kind, ok := d.kind(s.Type)
	if !ok {
		d.add(d.unknownKind(f))
		if !d.foreign(s.Type) {
			d.unknownKeys(f.Value, d.sourceKeys)
		}
		return s
	}
	if kind.Step != nil {
		s.Step = kind.Step(s.Block)
	}
	if kind.Files != nil {
		s.Files = kind.Files(s.Block)
	}
	found := Check(f.Value, sourceKeys(kind))
	d.add(found...)
	if len(found) == 0 && kind.Check != nil {
		d.add(kind.Check(s.Block, Block{Dir: d.dir, Zone: d.zone})...)
	}
	return s
}

// sourceKeys returns the keys of a source's block.
func sourceKeys(k SourceKind) []Key {
	return append([]Key{{Name: "type", Type: Text, Required: true, Doc: "Kind of the source."}}, k.Keys...)
}

// sliKeys returns the keys of an sli block on a source of kind k.
func sliKeys(k SourceKind) []Key {
	return append([]Key{{Name: "source", Type: Name, Required: true, Doc: "Name of an entry of sources."}}, k.SLI...)
}

func (l *loader) kind(name string) (SourceKind, bool) {
	for _, k := range l.kinds {
		if k.Name == name {
			return k, true
		}
	}
	return SourceKind{}, false
}

// foreign tells whether a type is like that of no kind: its keys are its own.
func (l *loader) foreign(kind string) bool {
	return kind != "" && diag.Nearest(kind, l.kindNames()) == ""
}

func (l *loader) kindNames() []string {
	var known []string
	for _, k := range l.kinds {
		known = append(known, k.Name)
	}
	return known
}

func (d *document) unknownKind(f Field) diag.Finding {
	known := d.kindNames()
	t := f.Value.Get("type")
	if t.Kind != Scalar || t.Text == "" {
		return diag.Errorf(f.Pos, "source/type", "source %s has no type", diag.Quote(f.Key)).WithHint("known types are %s", strings.Join(known, ", "))
	}
	found := diag.Errorf(t.Pos, "source/type", "source type %s is not known", diag.Quote(t.Text))
	if near := diag.Nearest(t.Text, known); near != "" {
		return found.WithHint("did you mean %s? known types are %s", near, strings.Join(known, ", "))
	}
	return found.WithHint("known types are %s", strings.Join(known, ", "))
}

// indicator returns the questions to the sources that an SLO's sli asks, and
// what kind of promise that makes.
func (d *document) indicator(v Value) ([]Part, slo.Kind) {
	sli := v.Get("sli")
	switch {
	case sli.Kind == Missing || sli.Kind == Null:
		return nil, slo.Kind{} // reported by Check
	case sli.Kind != Map:
		d.add(wrongType(sli, "sli", "a map with source", sliExample))
		return nil, slo.Kind{}
	}
	sli = d.mendSource(sli)
	if halves := split(sli); len(halves) > 0 {
		return d.halves(sli, halves)
	}
	return d.part(sli, Both), kindOf(sli)
}

// split returns the counts of an sli that name a source of their own.
func split(sli Value) []Field {
	var halves []Field
	for _, f := range sli.Fields {
		if isCount(f.Key) && f.Value.Get("source").Is() {
			halves = append(halves, f)
		}
	}
	return halves
}

func isCount(key string) bool {
	return slices.Contains([]Count{Good, Bad, Total}, Count(key))
}

// halves reads an sli whose two counts come from two sources.
func (d *document) halves(sli Value, halves []Field) ([]Part, slo.Kind) {
	wrong := d.besideHalves(sli)
	if len(halves) != 2 && !wrong {
		d.add(diag.Errorf(sli.Pos, "sli/parts", "sli has %d of good, bad, total with a source of its own, but needs 2", len(halves)))
		wrong = true
	}
	var parts []Part
	kind := slo.Kind{}
	for _, f := range halves {
		parts = append(parts, d.part(f.Value, Count(f.Key))...)
		if k := kindOf(f.Value); kind.Threshold == 0 {
			kind = k
		}
	}
	if wrong {
		return nil, slo.Kind{}
	}
	return parts, kind
}

// besideHalves refuses what is no count with a source of its own, and tells
// whether there is such a key.
func (d *document) besideHalves(sli Value) (wrong bool) {
	for _, f := range sli.Fields {
		switch {
		case isCount(f.Key) && f.Value.Get("source").Is():
			continue
		case indexKey(d.sliKeys, f.Key) < 0:
			d.unknownKeys(Value{Fields: []Field{f}}, []Key{{Name: string(Good)}, {Name: string(Bad)}, {Name: string(Total)}})
		default:
			d.add(diag.Errorf(f.Pos, "sli/parts", "key %s cannot stand beside counts that have sources of their own", diag.Quote(f.Key)).
				WithHint("give two of good, bad, total, each with its source"))
		}
		wrong = true
	}
	return wrong
}

// part checks one question against the kind of its source.
func (d *document) part(sli Value, count Count) []Part {
	name := sli.Get("source")
	if name.Kind != Scalar {
		d.add(d.noSource(sli))
		d.unknownKeys(sli, d.sliKeys)
		return nil
	}
	source, ok := d.sources[name.Text]
	if !ok {
		d.add(d.unknownSource(name))
		d.unknownKeys(sli, d.sliKeys)
		return nil
	}
	part := Part{Source: source, SLI: d.block(sli), Count: count}
	part.SLI.Count = count
	kind, ok := d.kind(source.Type)
	if !ok {
		if !d.foreign(source.Type) {
			d.unknownKeys(sli, d.sliKeys)
		}
		return []Part{part}
	}
	found := Check(sli, sliKeys(kind))
	d.add(found...)
	if len(found) == 0 && !d.broken[name.Text] && kind.Check != nil {
		d.add(kind.Check(source.Block, part.SLI)...)
	}
	return []Part{part}
}

func (d *document) noSource(sli Value) diag.Finding {
	f := diag.Errorf(sli.Pos, "sli/source", "sli names no source")
	if len(d.sources) == 0 {
		return f.WithHint("add source: with the name of an entry of sources")
	}
	return f.WithHint("add source: with one of %s", d.sourceNames())
}

func (d *document) sourceNames() string { return strings.Join(d.sortedSources(), ", ") }

func (d *document) sortedSources() []string {
	return slices.Sorted(maps.Keys(d.sources))
}

func (d *document) unknownSource(name Value) diag.Finding {
	f := diag.Errorf(name.Pos, "sli/source", "source %s is not in sources", diag.Quote(name.Text))
	if near := diag.Nearest(name.Text, d.sortedSources()); near != "" {
		return f.WithHint("did you mean %s?", near)
	}
	if len(d.sources) == 0 {
		return f.WithHint("add it to sources")
	}
	return f.WithHint("sources here are %s", d.sourceNames())
}

// kindOf tells a latency promise, whose good or bad events are told apart by a
// comparison with a duration, from one of availability.
func kindOf(sli Value) slo.Kind {
	for _, key := range []string{"good", "bad"} {
		condition := sli.Get(key)
		for _, test := range []Value{condition.Get("duration"), condition.Get("not").Get("duration"), condition.Get("duration").Get("not")} {
			if threshold, ok := comparison(test); ok {
				return slo.Kind{Name: slo.Latency, Threshold: threshold}
			}
		}
	}
	return slo.Kind{Name: slo.Availability}
}

// comparison returns the duration of a test such as "<= 300ms".
func comparison(test Value) (time.Duration, bool) {
	bound := strings.TrimLeft(test.Text, "<>=")
	if bound == test.Text {
		return 0, false
	}
	d, err := slo.ParseDuration(bound)
	return d, err == nil
}

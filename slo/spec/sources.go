package spec

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// sourceReader reads the sources of a document and what its SLOs ask of them.
type sourceReader struct {
	found *findings
	kinds kinds
	dir   string
	zone  *time.Location
	from  origin

	foreign bool // another tool's file asks them

	sources map[string]*Source
	broken  map[string]bool // sources with findings: what uses them is not judged
}

// origin is where the sources of a document are from.
type origin int

const (
	ofDocument origin = iota
	ofCommand         // given
	ofNobody          // a source of the type that the format asks, which is nowhere
)

// block returns a map together with where it stands.
func (r *sourceReader) block(v Value) Block {
	return Block{Value: v, Dir: r.dir, Zone: r.zone, Foreign: r.foreign}
}

// read checks every entry of sources against its kind.
func (r *sourceReader) read(v Value) {
	r.sources, r.broken = map[string]*Source{}, map[string]bool{}
	switch {
	case v.Kind == Missing || v.Kind == Null:
		return // reported by Check
	case v.Kind != Map:
		r.found.add(wrongType(v, "sources", "a map of sources by name", sourcesExample))
		return
	case len(v.Fields) == 0:
		empty := diag.Errorf(v.Pos, "spec/empty", "%q is an empty map", "sources")
		r.found.add(empty.WithHint("write sources: %s", sourcesExample))
	}
	for _, f := range v.Fields {
		if err := checkName(f.Key); err != nil || f.Key == "" {
			r.found.add(diag.Errorf(f.Pos, "spec/name", "%s is not a name of a source", diag.Quote(f.Key)))
		}
		before := r.found.len()
		r.sources[f.Key] = r.source(f)
		r.broken[f.Key] = r.found.len() > before
	}
}

// source reads one entry of sources.
func (r *sourceReader) source(f Field) *Source {
	f.Value = r.found.mend(f.Value, "type", r.kinds.sourceKeys)
	s := &Source{Name: f.Key, Type: f.Value.Get("type").Text, Block: r.block(f.Value)}
	switch r.from {
	case ofCommand:
		s.Block.Dir = "" // from where the program runs
	case ofNobody:
		s.Nowhere = true
		return s
	}
	if f.Value.Kind != Map {
		r.found.add(wrongType(f.Value, f.Key, "a map with type", "{type: csv, path: counts.csv}"))
		return s
	}
	kind, ok := r.kinds.named(s.Type)
	if !ok {
		r.found.add(r.kinds.unknown(f))
		if !r.kinds.foreign(s.Type) {
			r.found.unknownKeys(f.Value, r.kinds.sourceKeys)
		}
		return s
	}
	if kind.Step != nil {
		s.Step = kind.Step(s.Block)
	}
	if kind.Files != nil {
		s.Files = kind.Files(s.Block)
	}
	wrong := Check(f.Value, SourceKeys(kind))
	r.found.add(wrong...)
	if len(wrong) == 0 && kind.Check != nil {
		r.found.add(kind.Check(s.Block, r.block(Value{}))...)
	}
	return s
}

// indicator returns the questions to the sources that an SLO's sli asks, split by the
// labels per, and what kind of promise that makes.
func (r *sourceReader) indicator(sli Value, per []string) ([]Part, slo.Kind) {
	switch {
	case sli.Kind == Missing || sli.Kind == Null:
		return nil, slo.Kind{} // reported by Check
	case sli.Kind != Map:
		r.found.add(wrongType(sli, "sli", "a map with source", sliExample))
		return nil, slo.Kind{}
	}
	sli = r.mendSource(sli)
	if halves := split(sli); len(halves) > 0 {
		return r.halves(sli, halves, per)
	}
	return r.part(sli, Both, per), kindOf(sli)
}

// mendSource mends the `source` of an sli, or of its counts.
func (r *sourceReader) mendSource(sli Value) Value {
	sli = r.found.mend(sli, "source", r.kinds.sliKeys)
	if sli.Get("source").Kind != Missing {
		return sli
	}
	sli.Fields = slices.Clone(sli.Fields)
	for i, f := range sli.Fields {
		if isCount(f.Key) {
			sli.Fields[i].Value = r.found.mend(f.Value, "source", r.kinds.sliKeys)
		}
	}
	return sli
}

// split returns the counts of an sli that name a source of their own.
func split(sli Value) []Field {
	var halves []Field
	for _, f := range sli.Fields {
		if isHalf(f) {
			halves = append(halves, f)
		}
	}
	return halves
}

func isHalf(f Field) bool { return isCount(f.Key) && f.Value.Get("source").Is() }

func isCount(key string) bool {
	return slices.Contains([]Count{Good, Bad, Total}, Count(key))
}

// halves reads an sli whose two counts come from two sources.
func (r *sourceReader) halves(sli Value, halves []Field, per []string) ([]Part, slo.Kind) {
	wrong := r.besideHalves(sli)
	if len(halves) != 2 && !wrong {
		r.found.add(diag.Errorf(sli.Pos, "sli/parts",
			"sli has %d of good, bad, total with a source of its own, but needs 2", len(halves)))
		wrong = true
	}
	var parts []Part
	kind := slo.Kind{}
	for _, f := range halves {
		parts = append(parts, r.part(f.Value, Count(f.Key), per)...)
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
func (r *sourceReader) besideHalves(sli Value) (wrong bool) {
	for _, f := range sli.Fields {
		switch {
		case isHalf(f):
			continue
		case indexKey(r.kinds.sliKeys, f.Key) < 0:
			counts := []Key{{Name: string(Good)}, {Name: string(Bad)}, {Name: string(Total)}}
			r.found.unknownKeys(Value{Fields: []Field{f}}, counts)
		default:
			beside := diag.Errorf(f.Pos, "sli/parts",
				"key %s cannot stand beside counts that have sources of their own", diag.Quote(f.Key))
			r.found.add(beside.WithHint("give two of good, bad, total, each with its source"))
		}
		wrong = true
	}
	return wrong
}

// part checks one question against the kind of its source.
func (r *sourceReader) part(sli Value, count Count, per []string) []Part {
	name := sli.Get("source")
	if name.Kind != Scalar {
		r.found.add(r.noSource(sli))
		r.found.unknownKeys(sli, r.kinds.sliKeys)
		return nil
	}
	source, ok := r.sources[name.Text]
	if !ok {
		r.found.add(r.unknownSource(name))
		r.found.unknownKeys(sli, r.kinds.sliKeys)
		return nil
	}
	part := Part{Source: source, SLI: r.block(sli), Count: count}
	part.SLI.Count, part.SLI.Per, part.SLI.Kept = count, per, &Kept{}
	kind, ok := r.kinds.named(source.Type)
	if !ok {
		if !r.kinds.foreign(source.Type) {
			r.found.unknownKeys(sli, r.kinds.sliKeys)
		}
		return []Part{part}
	}
	wrong := Check(sli, r.kinds.onKind[kind.Name])
	r.found.add(wrong...)
	if len(wrong) == 0 && !r.broken[name.Text] && kind.Check != nil {
		r.found.add(kind.Check(source.Block, part.SLI)...)
	}
	return []Part{part}
}

func (r *sourceReader) noSource(sli Value) diag.Finding {
	f := diag.Errorf(sli.Pos, "sli/source", "sli names no source")
	if len(r.sources) == 0 {
		return f.WithHint("add source: with the name of an entry of sources, or give %s %s", givenFile, givenExample)
	}
	return f.WithHint("add source: with one of %s", strings.Join(r.names(), ", "))
}

// names returns the names of the document's sources, sorted.
func (r *sourceReader) names() []string { return slices.Sorted(maps.Keys(r.sources)) }

func (r *sourceReader) unknownSource(name Value) diag.Finding {
	f := diag.Errorf(name.Pos, "sli/source", "source %s is not in sources", diag.Quote(name.Text))
	if near := diag.Nearest(name.Text, r.names()); near != "" {
		return f.WithHint("did you mean %s?", near)
	}
	switch {
	case len(r.sources) == 0:
		return f.WithHint("add it to sources, or leave it out and give %s %s", givenFile, givenExample)
	case r.from == ofCommand:
		return f.WithHint("leave it out for the one of %s, or add it to sources", givenFile)
	}
	return f.WithHint("sources here are %s", strings.Join(r.names(), ", "))
}

// kindOf tells a latency promise, whose good or bad events are told apart by a
// comparison with a duration, from one of availability.
func kindOf(sli Value) slo.Kind {
	for _, key := range []string{"good", "bad"} {
		condition := sli.Get(key)
		if threshold, ok := comparison(condition); ok && sli.Get("histogram").Is() {
			return slo.Kind{Name: slo.Latency, Threshold: threshold}
		}
		duration := condition.Get("duration")
		for _, test := range []Value{duration, condition.Get("not").Get("duration"), duration.Get("not")} {
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

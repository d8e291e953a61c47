package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// SourceKind is what the spec needs to know of a kind of source to check files
// without opening it.
type SourceKind struct {
	Name string // the source's `type:`
	Doc  string
	Keys []Key // of the source's block, beside `type`
	SLI  []Key // of the sli block, beside `source`

	// Check finds what Keys cannot express in a source's block and in an sli
	// block of it. Both were compared with Keys and SLI before. It reads no file
	// and opens no connection. sli is missing when the block alone is checked, which
	// is before any sli of it, and then without a finding.
	Check func(source, sli Block) diag.List

	// Step returns the length of the buckets that the source has, 0 if it counts as
	// finely as it is asked to. Nil stands for 0. Like Files it may be asked about a
	// block that is wrong, and then says what it can.
	Step func(source Block) time.Duration

	// Files returns the names or patterns of the files that the source reads: a text
	// or a list of texts, relative to source.Dir, where "-" is standard input. It is
	// missing, or Files nil, if the source reads none.
	Files func(source Block) Value

	// Goals returns the hosts that the source asks: no other is reached. Nil if the source asks none.
	Goals func(source Block) []hosts.Goal

	// Holds returns the secrets of a source beside those of Keys: what it gets without a
	// key that names a variable or a file. Nil if there are none.
	Holds func(source Block) []Held
}

// kinds are the kinds of sources that a file may name.
type kinds struct {
	all        []SourceKind
	sourceKeys []Key            // of a source of any kind
	sliKeys    []Key            // of an sli on one
	onKind     map[string][]Key // of an sli on a source of a kind, by its name
}

func newKinds(all []SourceKind) kinds {
	k := kinds{all: all, sourceKeys: unionKeys(all, SourceKeys), sliKeys: anySLI(all), onKind: map[string][]Key{}}
	for _, kind := range all {
		k.onKind[kind.Name] = SLIKeys(kind)
	}
	return k
}

// named returns the kind of a name.
func (k kinds) named(name string) (SourceKind, bool) {
	i := slices.IndexFunc(k.all, func(kind SourceKind) bool { return kind.Name == name })
	if i < 0 {
		return SourceKind{}, false
	}
	return k.all[i], true
}

func (k kinds) names() []string {
	var known []string
	for _, kind := range k.all {
		known = append(known, kind.Name)
	}
	return known
}

// foreign tells whether a type is like that of no kind: its keys are its own.
func (k kinds) foreign(name string) bool {
	return name != "" && diag.Nearest(name, k.names()) == ""
}

// unknown says that a source is of no kind.
func (k kinds) unknown(source Field) diag.Finding { return unknownType("source", source, k.names()) }

// unknownType says that an entry of sources or destinations, as what calls it, is of none
// of the known types.
func unknownType(what string, entry Field, types []string) diag.Finding {
	code, known := what+"/type", strings.Join(types, ", ")
	kind := entry.Value.Get("type")
	if kind.Kind != Scalar || kind.Text == "" {
		found := diag.Errorf(entry.Pos, code, "%s %s has no type", what, diag.Quote(entry.Key))
		return found.WithHint("known types are %s", known)
	}
	found := diag.Errorf(kind.Pos, code, "%s type %s is not known", what, diag.Quote(kind.Text))
	if near := diag.Nearest(kind.Text, types); near != "" {
		return found.WithHint("did you mean %s? known types are %s", near, known)
	}
	return found.WithHint("known types are %s", known)
}

// SourceKeys returns the keys of a source's block.
func SourceKeys(k SourceKind) []Key {
	return append([]Key{
		{Name: "type", Type: Text, Required: true, Doc: "Kind of the source."},
		{
			Name: "delay", Type: Lateness,
			Doc: "How long after an instant all of its counts are there; 0 if left out. What is younger is not looked at.",
		},
	}, k.Keys...)
}

// SLIKeys returns the keys of an sli block on a source of kind k.
func SLIKeys(k SourceKind) []Key {
	source := Key{Name: "source", Type: Name, Required: true, Doc: "Name of an entry of sources."}
	return append([]Key{source}, k.SLI...)
}

// Given is the source of documents that name none, as a command line gives it.
type Given struct {
	kind  SourceKind
	block Value
}

// givenFile is where findings about what is given stand.
const givenFile = "--source"

// ParseGiven reads TYPE=ADDRESS: the address stands for the first key that sources of the
// type must have. A map in braces in its place is the whole block. The error has a hint on a
// line of its own.
func ParseGiven(text string, all []SourceKind) (*Given, error) {
	k := kinds{all: all}
	name, address, said := strings.Cut(text, "=")
	kind, known := k.named(name)
	switch {
	case !known && (!said || name == "" || strings.ContainsAny(name, ":/.@?")): // not shown: an address may hold a secret
		return nil, fmt.Errorf("%s does not say the type\nhint: write %[1]s TYPE=ADDRESS, such as %[1]s %[2]s",
			givenFile, givenExample)
	case !known:
		at := Field{Key: name, Value: yaml.MapOf(diag.Pos{}, yaml.Text(diag.Pos{}, name).As("type"))}
		return nil, givenError(k.unknown(at))
	}
	i := slices.IndexFunc(kind.Keys, func(key Key) bool { return key.Required })
	if i < 0 || kind.Keys[i].Type != Address && kind.Keys[i].Name != pathKey {
		return nil, fmt.Errorf("%s: source type %s needs more than an address\nhint: name it in sources of the file",
			givenFile, diag.Quote(name))
	}
	key, pos := kind.Keys[i], diag.Pos{File: givenFile}
	if address == "" {
		example := "FILE"
		if key.Type == Address {
			example = cmp.Or(key.Example, scalarTypes()[Address].example)
		}
		return nil, fmt.Errorf("%s %s has no address\nhint: write %[1]s %[2]s=%[3]s", givenFile, name, example)
	}
	g := &Given{kind: kind}
	block, wrong := yaml.MapOf(pos, yaml.Text(pos, address).As(key.Name)), diag.List(nil)
	if strings.HasPrefix(address, "{") {
		if block, wrong = flow(address); wrong.Errors() {
			return nil, givenError(wrong[0])
		}
	}
	g.block = yaml.MapOf(pos, append([]Field{yaml.Text(pos, name).As("type")}, block.Fields...)...)
	wrong = Check(g.block, SourceKeys(kind))
	if len(wrong) == 0 && kind.Check != nil {
		wrong = kind.Check(Block{Value: g.block}, Block{})
	}
	for _, f := range wrong {
		if f.Severity == diag.Error {
			return nil, givenError(f)
		}
	}
	return g, nil
}

// flow reads a map in braces.
func flow(text string) (Value, diag.List) {
	docs, findings := yaml.Parse(givenFile, []byte(text))
	if !findings.Errors() && (len(docs) != 1 || docs[0].Kind != Map) {
		findings = append(findings, diag.Errorf(diag.Pos{}, "source/given", "what stands in braces is not one map"))
	}
	if !findings.Errors() && docs[0].Get("type").Is() {
		findings = append(findings, diag.Errorf(diag.Pos{}, "source/given", "the type stands in front of the braces"))
	}
	if findings.Errors() {
		return Value{}, findings
	}
	return docs[0], nil
}

// givenExample is a source as a command line gives it.
const givenExample = "prometheus=http://localhost:9090"

// pathKey is the key of sources that read files.
const pathKey = "path"

// givenError says what is wrong with what is given.
func givenError(f diag.Finding) error {
	if f.Hint == "" {
		return fmt.Errorf("%s: %s", givenFile, f.Message)
	}
	return fmt.Errorf("%s: %s\nhint: %s", givenFile, f.Message, f.Hint)
}

// into returns a document of the native format that names no source with the given one,
// which its slis that name none ask.
func (g *Given) into(doc Value) (Value, bool) {
	if g == nil || doc.Kind != Map || doc.Get("sources").Kind != Missing {
		return doc, false
	}
	pos := g.block.Pos
	sources := yaml.MapOf(pos, g.block.As(g.kind.Name)).As("sources")
	doc.Fields = slices.Clone(doc.Fields)
	at := len(doc.Fields)
	for i, f := range doc.Fields {
		if f.Key == "slos" {
			f.Value.Items = slices.Clone(f.Value.Items)
			for j, entry := range f.Value.Items {
				f.Value.Items[j] = g.asked(entry)
			}
			doc.Fields[i], at = f, min(at, i)
		}
	}
	doc.Fields = slices.Insert(doc.Fields, at, sources)
	return doc, true
}

// sourced returns a document of the native format with the source that it asks where it
// names none: the given one, else one that is nowhere if its own format asks a type.
func (l *loader) sourced(doc Value, in Format) (Value, origin) {
	given, ok := l.given, false
	if given != nil && (in.Asks == "" || in.Asks == given.kind.Name) {
		if doc, ok = given.into(doc); ok {
			l.asked = true
			return doc, ofCommand
		}
	}
	if kind, known := l.kinds.named(in.Asks); known {
		nowhere := &Given{kind: kind, block: yaml.MapOf(doc.Pos, yaml.Text(doc.Pos, kind.Name).As("type"))}
		if doc, ok = nowhere.into(doc); ok {
			l.other = kind.Name
			return doc, ofNobody
		}
	}
	return doc, ofDocument
}

// Nowhere returns what there is to do about sources that nothing says the place of: a finding
// a file.
func (s *Set) Nowhere() diag.List {
	var out diag.List
	for _, o := range s.Objectives {
		for _, part := range o.Parts {
			file := part.SLI.Pos.File
			told := slices.ContainsFunc(out, func(f diag.Finding) bool { return f.Pos.File == file })
			if !part.Source.Nowhere || told {
				continue
			}
			none := diag.Errorf(diag.Pos{File: file}, "source/nowhere",
				"the file asks %s and does not say where it is", part.Source.Type)
			out = append(out, none.WithHint("give %s %s=URL", givenFile, part.Source.Type))
		}
	}
	return out
}

// asked returns an entry of slos whose sli asks the given source, unless it names another.
func (g *Given) asked(entry Value) Value {
	entry.Fields = slices.Clone(entry.Fields)
	for i, f := range entry.Fields {
		sli := f.Value
		if f.Key == "sli" && sli.Kind == Map && sli.Get("source").Kind == Missing && len(split(sli)) == 0 {
			sli.Fields = slices.Concat([]Field{yaml.Text(sli.Pos, g.kind.Name).As("source")}, sli.Fields)
			entry.Fields[i].Value = sli
		}
	}
	return entry
}

// unasked warns of a source that is given and that no document asks, since those that name none
// ask one of another type, "" if all do.
func (g *Given) unasked(other string) diag.Finding {
	if other != "" {
		f := diag.Warnf(g.block.Pos, "source/given", "no SLO file asks its %s: those that name no source ask %s",
			g.kind.Name, other)
		return f.WithHint("give %s %s=URL", givenFile, other)
	}
	f := diag.Warnf(g.block.Pos, "source/given", "no SLO file asks its %s: all name their sources", g.kind.Name)
	return f.WithHint("leave it out, or leave sources out of the files: it overrides nothing")
}

// unionKeys returns the keys that of returns for any of kinds, each once.
func unionKeys(kinds []SourceKind, of func(SourceKind) []Key) []Key {
	var all []Key
	for _, kind := range kinds {
		for _, k := range of(kind) {
			if indexKey(all, k.Name) < 0 {
				all = append(all, k)
			}
		}
	}
	return all
}

// anySLI returns the keys of an sli on a source of any kind.
func anySLI(kinds []SourceKind) []Key {
	keys := unionKeys(kinds, SLIKeys)
	for _, count := range []Count{Good, Bad, Total} {
		if indexKey(keys, string(count)) < 0 {
			keys = append(keys, Key{Name: string(count)})
		}
	}
	return keys
}

// maxMendable is how many keys of one map are looked at for a misspelt one.
const maxMendable = 100

// mend reports a key of v that was likely meant to be the missing key name, and
// returns v as if that stood there, so that what depends on it is checked in the
// same run.
func (f *findings) mend(v Value, name string, keys []Key) Value {
	if v.Get(name).Kind != Missing || f.many() {
		return v
	}
	known := append([]string{name}, names(keys)...) // of two as near it is the missing one
	for i, field := range v.Fields[:min(len(v.Fields), maxMendable)] {
		if indexKey(keys, field.Key) >= 0 || diag.Nearest(field.Key, known) != name {
			continue
		}
		f.add(unknownName(field).WithHint("did you mean %s?", name))
		v.Fields = slices.Clone(v.Fields)
		v.Fields[i].Key = name
		break
	}
	return v
}

// unknownKeys reports the keys of v that stand in none of keys, those of all kinds:
// what of them a source may have whose kind is not known, nobody can tell.
func (f *findings) unknownKeys(v Value, keys []Key) {
	for _, field := range v.Fields {
		switch {
		case indexKey(keys, field.Key) >= 0:
		case f.many():
			f.add(unknownName(field))
		default:
			f.add(unknownKey(field, keys))
		}
	}
}

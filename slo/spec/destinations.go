package spec

import (
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// DestinationKind is what the spec needs to know of a kind of destination to check
// files without telling anybody anything.
type DestinationKind struct {
	Name string // the destination's `type:`
	Doc  string
	Keys []Key // of its block, beside `type`

	// Check finds what Keys cannot express. It opens no connection and reads no
	// secret. Nil: there is no such thing.
	Check func(Block) diag.List

	// Goals returns the hosts that messages go to, which no others leave for. Like
	// Files of a SourceKind it may be asked about a block that is wrong. Nil: there
	// are none.
	Goals func(Block) []hosts.Goal

	// Pages tells that messages call a person at once: an alert goes there, a summary
	// does not.
	Pages bool
}

// Destination is one entry of `destinations:`, of all files together.
type Destination struct {
	Name  string
	Type  string
	Block Block
	Pos   diag.Pos // of its name
}

// DestinationKeys returns the keys of a destination's block.
func DestinationKeys(k DestinationKind) []Key {
	return append([]Key{
		{Name: "type", Type: Text, Required: true, Doc: "Kind of the destination."},
		{
			Name: "classes", Type: Texts, Enum: []string{string(slo.Page), string(slo.Ticket), string(slo.Log)}, Example: "[page]",
			Doc: "Alerts of these classes come here, of policies that name no destination.",
		},
		{
			Name: "owners", Type: Texts, Example: "[payments-team]",
			Doc: "With --split owner: whose summaries come here; everybody's if left out. Globs work.",
		},
	}, k.Keys...)
}

// Owns tells whether summaries for an owner go to d.
func (d Destination) Owns(owner string) bool {
	owners := d.Block.Get("owners").Strings()
	return len(owners) == 0 || slices.ContainsFunc(owners, func(glob string) bool { return slo.Globs(glob, owner) })
}

// Takes tells whether an alert of a policy goes to d.
func (d Destination) Takes(class slo.Class, to []string) bool {
	if len(to) > 0 {
		return slices.Contains(to, d.Name)
	}
	return slices.Contains(d.Block.Get("classes").Strings(), string(class))
}

// Known is what files may name, besides the keys of the native format.
type Known struct {
	Formats      []Format
	Sources      []SourceKind
	Destinations []DestinationKind
	Given        *Given    // the source of documents that name none; nil: there is none
	Stdin        io.Reader // what the file "-" is; nil: there is none
	Keep         bool      // the Set has its Documents
}

// destinationReader reads the destinations of all files and what policies say of them.
type destinationReader struct {
	found *findings
	kinds []DestinationKind
	named map[string]Destination
	asked []Value // names in `to:` of alert policies
}

// sharedKeys are the keys of a document that has nothing but destinations, for the
// documents of several services.
func sharedKeys() []Key {
	return slices.DeleteFunc(FileKeys(), func(k Key) bool { return k.Name != "apiVersion" && k.Name != "destinations" })
}

// shared tells whether a document has nothing but destinations.
func shared(doc Value) bool {
	other := func(f Field) bool { return indexKey(sharedKeys(), f.Key) < 0 }
	return doc.Get("destinations").Is() && !slices.ContainsFunc(doc.Fields, other)
}

// read takes over the destinations of a document. A name that two documents give to
// one and the same destination is that.
func (r *destinationReader) read(v Value, dir string, zone *time.Location) {
	if v.Kind != Missing && v.Kind != Null && v.Kind != Map {
		r.found.add(wrongType(v, "destinations", "a map of destinations by name", destinationsExample))
		return
	}
	for _, f := range v.Fields {
		if err := checkName(f.Key); err != nil || f.Key == "" || strings.ContainsAny(f.Key, ", ") {
			bad := diag.Errorf(f.Pos, "spec/name", "%s is not a name of a destination", diag.Quote(f.Key))
			r.found.add(bad.WithHint("write one word without blanks and commas, like chat"))
		}
		d := Destination{Name: f.Key, Pos: f.Pos, Block: Block{Value: f.Value, Dir: dir, Zone: zone}}
		d.Type = f.Value.Get("type").Text
		first, twice := r.named[f.Key]
		switch {
		case !twice:
			r.check(f)
			r.named[f.Key] = d
		case r.meaning(first.Block.Value) != r.meaning(f.Value) || first.Block.Dir != dir && relative(f.Value):
			differs := diag.Errorf(f.Pos, "destination/conflict", "destination %s is another one at %s", diag.Quote(f.Key), first.Pos)
			r.found.add(differs.WithHint("there is one list of destinations for all files: give one of the two another name"))
		}
	}
}

// meaning is what a block says: the same of one that writes out what is meant anyway, or
// a single text as a list.
func (r *destinationReader) meaning(v Value) string {
	i := slices.IndexFunc(r.kinds, func(k DestinationKind) bool { return k.Name == v.Get("type").Text })
	if i < 0 {
		return v.Key()
	}
	keys := DestinationKeys(r.kinds[i])
	out := Value{Kind: Map}
	for _, f := range v.Fields {
		k := indexKey(keys, f.Key)
		if k >= 0 && keys[k].Type == Texts && f.Value.Kind == Scalar {
			f.Value = Value{Kind: List, Items: []Value{f.Value}}
		}
		if f.Value.Kind != Null {
			out.Fields = append(out.Fields, f)
		}
	}
	for _, k := range keys {
		if k.Default != "" && !v.Get(k.Name).Is() {
			out.Fields = append(out.Fields, Field{Key: k.Name, Value: Value{Kind: Scalar, Text: k.Default}})
		}
	}
	return out.Key()
}

// relative tells whether a block names a file, which depends on where the block stands:
// by a key that asks for one, or as the path of a command.
func relative(v Value) bool {
	if strings.HasPrefix(v.Text, "./") || strings.HasPrefix(v.Text, "../") || slices.ContainsFunc(v.Items, relative) {
		return true
	}
	return slices.ContainsFunc(v.Fields, func(f Field) bool {
		return strings.HasSuffix(f.Key, fromFile) || relative(f.Value)
	})
}

// check compares one entry with its kind.
func (r *destinationReader) check(f Field) {
	if f.Value.Kind != Map {
		r.found.add(wrongType(f.Value, f.Key, "a map with type", "{type: slack, url_env: SLACK_URL}"))
		return
	}
	var known []string
	for _, k := range r.kinds {
		known = append(known, k.Name)
	}
	i := slices.Index(known, f.Value.Get("type").Text)
	if i < 0 {
		r.found.add(unknownType("destination", f, known))
		return
	}
	wrong := append(Check(f.Value, DestinationKeys(r.kinds[i])), queries(f.Value, r.kinds[i].Keys)...)
	r.found.add(wrong...)
	if len(wrong) == 0 && r.kinds[i].Check != nil {
		r.found.add(r.kinds[i].Check(Block{Value: f.Value})...)
	}
}

// queries refuses addresses with a query: no kind has one that is no secret.
func queries(v Value, keys []Key) diag.List {
	var found diag.List
	credential := ""
	for _, k := range keys {
		if k.Type == Credential && credential == "" && k.Name != "url" {
			credential = k.Name + fromEnv
		}
	}
	for _, k := range keys {
		if at := v.Get(k.Name); k.Type == Address && at.Kind == Scalar && strings.Contains(at.Text, "?") {
			shown := diag.Errorf(at.Pos, secretShown,
				"%s has a query, which may hold a secret: it has no place in a file that many read", k.Name)
			found = append(found, shown.WithHint("write the address up to the ?, and %s: VARIABLE", credential))
		}
	}
	return found
}

// ask takes note of the destinations that the policies of an `alerts:` list name.
func (r *destinationReader) ask(alerts Value) {
	for _, policy := range alerts.Items {
		to := policy.Get("to")
		if to.Kind == Scalar {
			r.asked = append(r.asked, to)
		}
		for _, item := range to.Items {
			if item.Kind == Scalar {
				r.asked = append(r.asked, item)
			}
		}
	}
}

// settle refuses names that no file gives to a destination, and returns those that are
// there, sorted by name. Files without any destination leave it to an Alertmanager
// what names mean: there is nothing to hold them against.
func (r *destinationReader) settle() []Destination {
	names := slices.Sorted(maps.Keys(r.named))
	for _, to := range r.asked {
		if _, known := r.named[to.Text]; known || len(names) == 0 {
			continue
		}
		unknown := diag.Errorf(to.Pos, "destination/unknown", "destination %s is not in destinations", diag.Quote(to.Text))
		r.found.add(unknown.WithHint("%s", diag.Among(to.Text, names, nil)))
	}
	var out []Destination
	for _, name := range names {
		out = append(out, r.named[name])
	}
	return out
}

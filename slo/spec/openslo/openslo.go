// Package openslo reads documents of OpenSLO v1, and of v1alpha and v2alpha, which say the same in
// other words.
//
// Documents name each other: SLIs, data sources, alert policies and conditions are looked up among
// all that a run reads. An SLO without alert policies has none. What breaks OpenSLO's rules and has
// one obvious meaning, as its own examples do, is an error, or with lenient a warning.
package openslo

import (
	"maps"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// The versions that are read.
const (
	v1      = "openslo/v1"
	v1alpha = "openslo/v1alpha"
	v2alpha = "openslo.com/v2alpha"
)

func versions() []string { return []string{v1, v1alpha, v2alpha} }

// Format returns the format. Lenient reads what OpenSLO's rules forbid.
func Format(lenient bool) spec.Format {
	return spec.Format{
		Name: v1, Mine: mine, Asks: "prometheus", Marks: []string{"openslo"},
		Begins: []string{"apiVersion: " + v1, "apiVersion: " + v1alpha, "apiVersion: " + v2alpha},
		Native: func(named []spec.Value) spec.Reader { return read(named, lenient) },
	}
}

// mine takes other versions too, so that they are refused for what they are.
func mine(doc spec.Value) bool {
	version := doc.Get("apiVersion").Text
	return strings.HasPrefix(version, "openslo/") || strings.HasPrefix(version, "openslo.com/")
}

func read(named []spec.Value, lenient bool) spec.Reader {
	all := newIndex(named)
	known := map[string]keys{}
	for _, version := range versions() {
		known[version] = tables(version)
	}
	return func(doc spec.Value) ([]spec.Value, diag.List) {
		r := reader{version: doc.Get("apiVersion").Text, all: all, lenient: lenient}
		r.keys = known[r.version]
		return r.read(doc), r.found
	}
}

// reader reads one document.
type reader struct {
	version string
	keys    keys
	all     index
	lenient bool
	found   diag.List

	meta, spec spec.Value
	sources    []spec.Field // that the SLO asks, by name
}

func (r *reader) add(f diag.Finding) { r.found = append(r.found, f) }

// breaks reports what OpenSLO's rules forbid and has one meaning.
func (r *reader) breaks(f diag.Finding, meaning string) {
	if r.lenient {
		f.Severity = diag.Warning
		f.Message += ": " + meaning
		r.add(f)
		return
	}
	r.add(f.WithHint("--lenient reads it: %s", meaning))
}

// read returns a document in the native format, none if it states no objective or has errors.
func (r *reader) read(doc spec.Value) []spec.Value {
	if r.keys == nil {
		r.add(native.Unknown("OpenSLO", "openslo", doc, "apiVersion", versions()...))
		return nil
	}
	kind := doc.Get("kind")
	keys, known := r.keys[kind.Text]
	if !known {
		r.add(native.Unknown("OpenSLO", "openslo", doc, "kind", kinds()...))
		return nil
	}
	r.found = append(r.found, spec.Check(doc, keys)...)
	r.meta, r.spec = doc.Get("metadata"), doc.Get("spec")
	r.named(kind.Text)
	if kind.Text == "DataSource" {
		r.details(r.spec)
	}
	if r.found.Errors() || kind.Text != "SLO" {
		return nil
	}
	slos := r.slos()
	if r.found.Errors() {
		return nil
	}
	service := r.service()
	r.known("Service", service)
	return []spec.Value{yaml.MapOf(doc.Pos,
		yaml.Text(doc.Pos, spec.APIVersion).As("apiVersion"),
		service.As("service"),
		r.all.get("Service", service.Text).Get("spec").Get("description").As("description"),
		r.sourceMap().As("sources"),
		yaml.ListOf(r.spec.Pos, slos...).As("slos"),
	)}
}

// named checks the name of a document, which stands once.
func (r *reader) named(kind string) {
	name := r.meta.Get("name")
	if first := r.all.get(kind, name.Text).Get("metadata").Get("name"); first.Is() && first.Pos != name.Pos && kind != "SLO" {
		twice := diag.Errorf(name.Pos, "openslo/name", "%s %s is already at %s", kind, diag.Quote(name.Text), first.Pos)
		r.breaks(twice, "the first counts")
	}
}

func (r *reader) service() spec.Value {
	if r.version == v2alpha {
		return r.spec.Get("serviceRef")
	}
	return r.spec.Get("service")
}

// slos returns an SLO for each objective of the document.
func (r *reader) slos() []spec.Value {
	objectives := r.spec.Get("objectives").Items
	window := r.window()
	alerts := r.alerts()
	var out []spec.Value
	for _, o := range objectives {
		if v := compositeKey(o); v.Is() {
			r.add(diag.Errorf(v.Pos, "openslo/composite", "a composite of several indicators is nothing that nines has").
				WithHint("write an SLO for each of them"))
			continue
		}
		name := r.meta.Get("name")
		if len(objectives) > 1 {
			name = r.nameOf(o, len(out))
		}
		out = append(out, r.slo(o, name, window, alerts))
	}
	return out
}

// compositeKey returns what makes an objective a part of a composite.
func compositeKey(o spec.Value) spec.Value {
	for _, key := range []string{"indicator", "indicatorRef", "sli", "sliRef", "compositeWeight"} {
		if v := o.Get(key); v.Is() {
			return v
		}
	}
	return spec.Value{}
}

// nameOf returns the name of one of several objectives.
func (r *reader) nameOf(o spec.Value, n int) spec.Value {
	name, own := r.meta.Get("name"), o.Get("displayName")
	if !own.Is() {
		own = yaml.Text(o.Pos, string(rune('a'+n%26)))
	}
	return yaml.Join(own.Pos, yaml.Whole(name), yaml.Words("-"), yaml.Whole(own))
}

func (r *reader) slo(o, name, window, alerts spec.Value) spec.Value {
	sli, budgeting := r.indicator(o)
	description := r.spec.Get("description")
	if !description.Is() {
		description = r.meta.Get("displayName")
	}
	return yaml.MapOf(o.Pos,
		name.As("name"),
		description.As("description"),
		native.Labels(r.meta.Get("labels")).As("labels"),
		r.target(o).As("target"),
		window.As("window"),
		budgeting.As("budgeting"),
		sli.As("sli"),
		alerts.As("alerts"),
	)
}

// target returns the target of an objective, a ratio or percent.
func (r *reader) target(o spec.Value) spec.Value {
	ratio, percent := o.Get("target"), o.Get("targetPercent")
	switch {
	case !ratio.Is() && !percent.Is():
		r.add(diag.Errorf(o.Pos, "openslo/target", "an objective has one of target and targetPercent").WithHint("add target: 0.999"))
	case ratio.Is() && percent.Is():
		r.add(diag.Errorf(percent.Pos, "openslo/target", "targetPercent stands beside target").WithHint("remove one of them"))
	case percent.Is():
		r.found = append(r.found, native.Small(percent, "targetPercent", "openslo/target")...)
		return native.Percent(percent)
	}
	return native.Share(ratio)
}

// index are documents by kind and name.
type index map[string]map[string]spec.Value

func newIndex(named []spec.Value) index {
	all := index{}
	for _, doc := range named {
		kind, name := doc.Get("kind").Text, doc.Get("metadata").Get("name").Text
		if all[kind] == nil {
			all[kind] = map[string]spec.Value{}
		}
		if _, twice := all[kind][name]; !twice {
			all[kind][name] = doc
		}
	}
	return all
}

func (all index) get(kind, name string) spec.Value { return all[kind][name] }

// names returns the names of a kind.
func (all index) names(kind string) []string { return slices.Sorted(maps.Keys(all[kind])) }

// known warns of a name that no document of a kind has, where there are some: where there is none
// they are likely kept elsewhere.
func (r *reader) known(kind string, ref spec.Value) {
	if len(r.all[kind]) == 0 || r.all.get(kind, ref.Text).Is() {
		return
	}
	f := diag.Warnf(ref.Pos, "openslo/reference", "no document read is the %s %s", kind, diag.Quote(ref.Text))
	r.add(f.WithHint("%s", among(ref.Text, kind, r.all.names(kind))))
}

// named returns the document that a reference names, a missing one with a finding if there is none.
func (r *reader) lookUp(kind string, ref spec.Value) spec.Value {
	doc := r.all.get(kind, ref.Text)
	if !doc.Is() {
		f := diag.Errorf(ref.Pos, "openslo/reference", "no document read is the %s %s", kind, diag.Quote(ref.Text))
		r.add(f.WithHint("%s", among(ref.Text, kind, r.all.names(kind))))
	}
	return doc
}

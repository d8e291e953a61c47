// Package pyrra reads ServiceLevelObjective documents of pyrra, v1alpha1.
//
// What pyrra computes and files do not say is said here: targets are percent; each SLO has four
// alerts whose windows are parts of its own (slo/rules.go of pyrra, Windows) and one for a metric
// that is not there. Pyrra knows of no service: that is the label pyrra.dev/service, else the
// namespace.
package pyrra

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// version is the one that is read, and kind the kind. Some write the version without the group.
const (
	group   = "pyrra.dev/"
	version = "v1alpha1"
	kind    = "ServiceLevelObjective"
)

// Format returns the format.
func Format() spec.Format {
	return spec.Format{Name: group + version, Mine: mine, Asks: "prometheus", Native: read}
}

// mine takes other versions too, so that they are refused for what they are.
func mine(doc spec.Value) bool {
	text := doc.Get("apiVersion").Text
	return strings.HasPrefix(text, group) || text == version && doc.Get("kind").Text == kind
}

func read([]spec.Value) spec.Reader {
	keys := spec.ObjectKeys(specKeys(), native.Metadata(native.Need("name", spec.Name, "checkout-errors"), spec.Loose, spec.Loose)...)
	return func(doc spec.Value) ([]spec.Value, diag.List) {
		r := reader{doc: doc, meta: doc.Get("metadata"), spec: doc.Get("spec")}
		return r.read(keys), r.found
	}
}

// reader reads one document.
type reader struct {
	doc, meta, spec spec.Value
	window          spec.Value // without years
	found           diag.List
}

func (r *reader) add(f diag.Finding) { r.found = append(r.found, f) }

// read returns the document in the native format, none if it has errors.
func (r *reader) read(keys []spec.Key) []spec.Value {
	switch {
	case strings.TrimPrefix(r.doc.Get("apiVersion").Text, group) != version:
		r.add(native.Unknown("pyrra", "pyrra", r.doc, "apiVersion", group+version))
		return nil
	case r.doc.Get("kind").Text != kind:
		r.add(native.Unknown("pyrra", "pyrra", r.doc, "kind", kind))
		return nil
	}
	r.found = append(r.found, spec.Check(r.doc, keys)...)
	name := r.meta.Get("name")
	if r.found.Errors() {
		return nil
	}
	r.window = r.spec.Get("window")
	if days := spec.Days(r.window.Text); days != r.window.Text {
		r.window = yaml.Text(r.window.Pos, days)
	}
	r.ignored()
	one, ok := r.slo(name)
	if !ok {
		return nil
	}
	return []spec.Value{yaml.MapOf(r.doc.Pos,
		yaml.Text(r.doc.Pos, spec.APIVersion).As("apiVersion"),
		r.service().As("service"),
		yaml.ListOf(r.spec.Pos, one).As("slos"),
	)}
}

// ignored reports what changes the rules of pyrra alone.
func (r *reader) ignored() {
	for _, key := range []string{"partial_response_strategy", "ruleOutput", "performanceOverAccuracy"} {
		if v := r.spec.Get(key); v.Is() && !native.Off(v) {
			r.add(diag.Warnf(v.Pos, "pyrra/rules", "%s is for rules that pyrra writes, and is left out", key))
		}
	}
}

// slo returns the SLO, false if it has errors.
func (r *reader) slo(name spec.Value) (spec.Value, bool) {
	target := r.spec.Get("target")
	r.found = append(r.found, native.Small(target, "target", "pyrra/target")...)
	before := len(r.found)
	i := r.indicator()
	alerts := r.alerts(name, i)
	slo := yaml.MapOf(r.spec.Pos,
		name.As("name"),
		native.Said(r.spec.Get("description")).As("description"),
		r.labels(false).As("labels"),
		native.Percent(target).As("target"),
		r.window.As("window"),
		i.sli.As("sli"),
		i.per.As("per"),
		alerts.As("alerts"),
	)
	return slo, !r.found[before:].Errors()
}

// service returns what the SLO is of.
func (r *reader) service() spec.Value {
	if service := r.meta.Get("labels").Get(group + "service"); native.Said(service).Is() {
		return service
	}
	if namespace := r.meta.Get("namespace"); native.Said(namespace).Is() {
		return namespace
	}
	return yaml.Text(r.meta.Pos, "default") // the namespace where objects without one are
}

// labels returns the labels of the object that are for pyrra, without what marks them, or those
// that are not.
func (r *reader) labels(forPyrra bool) spec.Value { return ours(r.meta.Get("labels"), forPyrra) }

func ours(m spec.Value, forPyrra bool) spec.Value {
	out := yaml.MapOf(m.Pos)
	for _, f := range m.Fields {
		name, is := strings.CutPrefix(f.Key, group)
		if is == forPyrra && native.Said(f.Value).Is() {
			f.Key = name
			out.Fields = append(out.Fields, f)
		}
	}
	return native.Some(out)
}

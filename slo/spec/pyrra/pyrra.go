// Package pyrra reads ServiceLevelObjective documents of pyrra, v1alpha1.
//
// What pyrra computes and files do not say is said here: targets are percent; each SLO has four
// alerts whose windows are parts of its own (slo/rules.go of pyrra, Windows) and one for a metric
// that is not there. Pyrra knows of no service: that is the label pyrra.dev/service, else the
// namespace.
package pyrra

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
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
	return spec.Format{Name: group + version, Mine: mine, Asks: "prometheus", Native: native}
}

// mine takes other versions too, so that they are refused for what they are.
func mine(doc spec.Value) bool {
	text := doc.Get("apiVersion").Text
	return strings.HasPrefix(text, group) || text == version && doc.Get("kind").Text == kind
}

func native([]spec.Value) spec.Reader {
	keys := spec.ObjectKeys(specKeys())
	return func(doc spec.Value) ([]spec.Value, diag.List) {
		r := reader{doc: doc, meta: doc.Get("metadata"), spec: doc.Get("spec")}
		return r.read(keys), r.found
	}
}

// reader reads one document.
type reader struct {
	doc, meta, spec spec.Value
	found           diag.List
}

func (r *reader) add(f diag.Finding) { r.found = append(r.found, f) }

// read returns the document in the native format, none if it has errors.
func (r *reader) read(keys []spec.Key) []spec.Value {
	if v := r.doc.Get("apiVersion"); strings.TrimPrefix(v.Text, group) != version {
		r.refuse(v, "apiVersion", group+version)
		return nil
	}
	if v := r.doc.Get("kind"); v.Text != kind {
		r.refuse(v, "kind", kind)
		return nil
	}
	r.found = append(r.found, spec.Check(r.doc, keys)...)
	name := r.meta.Get("name")
	if name.Kind != spec.Scalar {
		r.add(diag.Errorf(r.meta.Pos, "pyrra/name", "metadata has no name, which is that of the SLO").WithHint("add name: checkout-errors"))
	}
	if r.found.Errors() {
		return nil
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

// refuse reports a version or a kind that is not read.
func (r *reader) refuse(v spec.Value, key, known string) {
	f := diag.Errorf(v.Pos, "pyrra/version", "%s %s is none of pyrra's that this version reads", key, diag.Quote(v.Text))
	r.add(f.WithHint("it reads %s", known))
}

// ignored reports what changes the rules of pyrra alone.
func (r *reader) ignored() {
	for _, key := range []string{"partial_response_strategy", "ruleOutput"} {
		if v := r.spec.Get(key); v.Is() {
			r.add(diag.Warnf(v.Pos, "pyrra/rules", "%s is for rules that pyrra writes, and is left out", key))
		}
	}
}

// slo returns the SLO, false if it has errors.
func (r *reader) slo(name spec.Value) (spec.Value, bool) {
	target := r.spec.Get("target")
	if strings.HasPrefix(target.Text, "0.") {
		small := diag.Warnf(target.Pos, "pyrra/target", "target %s is percent: a hundredth of what a ratio would be", diag.Quote(target.Text))
		r.add(small.WithHint(`write target: "99.9"`))
	}
	before := len(r.found)
	i := r.indicator()
	alerts := r.alerts(name, i)
	slo := yaml.MapOf(r.spec.Pos,
		name.As("name"),
		said(r.spec.Get("description")).As("description"),
		r.labels(false).As("labels"),
		yaml.Join(target.Pos, yaml.Whole(target), yaml.Words("%")).As("target"),
		r.spec.Get("window").As("window"),
		i.sli.As("sli"),
		i.per.As("per"),
		alerts.As("alerts"),
	)
	return slo, !r.found[before:].Errors()
}

// service returns what the SLO is of.
func (r *reader) service() spec.Value {
	if service := r.meta.Get("labels").Get(group + "service"); said(service).Is() {
		return service
	}
	if namespace := r.meta.Get("namespace"); said(namespace).Is() {
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
		if is == forPyrra && said(f.Value).Is() {
			f.Key = name
			out.Fields = append(out.Fields, f)
		}
	}
	return some(out)
}

// said returns a text, missing if it is empty.
func said(v spec.Value) spec.Value {
	if v.Kind == spec.Scalar && v.Text == "" {
		return spec.Value{}
	}
	return v
}

// some returns a map, missing if it is empty.
func some(v spec.Value) spec.Value {
	if len(v.Fields) == 0 {
		return spec.Value{}
	}
	return v
}

// set adds an entry to a map, in place of one of the same key.
func set(m spec.Value, f spec.Field) spec.Value {
	m.Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(old spec.Field) bool { return old.Key == f.Key })
	m.Fields = append(m.Fields, f)
	return m
}

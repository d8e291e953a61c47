// Package nobl9 reads manifests of Nobl9, n9/v1alpha.
//
// Documents name each other: agents, alert policies and budget adjustments are looked up among all
// that a run reads, and may be on Nobl9's server alone. Slices are of a minute. An SLO that names no
// alert policy has no alerts.
package nobl9

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// The version that is read, and what all have.
const (
	group   = "n9/"
	version = group + "v1alpha"
)

// Format returns the format.
func Format() spec.Format {
	return spec.Format{Name: version, Mine: mine, Asks: "prometheus", Marks: []string{group}, Native: read}
}

// mine takes other versions too, so that they are refused for what they are.
func mine(doc spec.Value) bool { return strings.HasPrefix(doc.Get("apiVersion").Text, group) }

// read reads documents together.
func read(named []spec.Value) spec.Reader {
	told := map[string]bool{}
	all := tables()
	return func(doc spec.Value) ([]spec.Value, diag.List) {
		r := reader{all: named, keys: all, told: told, meta: doc.Get("metadata"), spec: doc.Get("spec")}
		return r.read(doc), r.found
	}
}

// reader reads one document.
type reader struct {
	all        []spec.Value
	keys       keys
	told       map[string]bool // what is said once a run
	meta, spec spec.Value
	found      diag.List
}

func (r *reader) add(f diag.Finding) { r.found = append(r.found, f) }

// once adds a finding of which one a run is enough.
func (r *reader) once(f diag.Finding) {
	if !r.told[f.Code] {
		r.told[f.Code] = true
		r.add(f)
	}
}

// read returns the document in the native format, none if it states no objective or has errors.
func (r *reader) read(doc spec.Value) []spec.Value {
	kind := doc.Get("kind")
	switch {
	case doc.Get("apiVersion").Text != version:
		r.add(native.Unknown("Nobl9", "nobl9", doc, "apiVersion", version))
		return nil
	case !slices.Contains(kinds(), kind.Text):
		r.add(native.Unknown("Nobl9", "nobl9", doc, "kind", kinds()...))
		return nil
	case kind.Text == "AlertSilence":
		r.add(diag.Warnf(doc.Pos, "nobl9/silence", "silences are not carried over: what they silence fires"))
		return nil
	case r.keys[kind.Text] == nil:
		return nil
	}
	r.found = append(r.found, spec.Check(doc, r.keys[kind.Text])...)
	if kind.Text != "SLO" {
		r.other(doc, kind.Text)
		return nil
	}
	if r.found.Errors() {
		return nil
	}
	r.unread()
	source := r.source()
	slos := r.slos(source)
	if r.found.Errors() {
		return nil
	}
	return []spec.Value{yaml.MapOf(doc.Pos,
		yaml.Text(doc.Pos, spec.APIVersion).As("apiVersion"),
		r.spec.Get("service").As("service"),
		source.As("sources"),
		yaml.ListOf(r.spec.Pos, slos...).As("slos"),
	)}
}

// other checks a document that SLOs name.
func (r *reader) other(doc spec.Value, kind string) {
	name, project := r.meta.Get("name"), r.meta.Get("project")
	for _, first := range r.all {
		meta := first.Get("metadata")
		if first.Get("kind").Text != kind || meta.Get("name").Text != name.Text || meta.Get("project").Text != project.Text {
			continue
		}
		if at := meta.Get("name").Pos; name.Is() && at != name.Pos {
			twice := diag.Errorf(name.Pos, "nobl9/name", "%s %s is already at %s", kind, diag.Quote(name.Text), at)
			r.add(twice.WithHint("remove one of them, or give it another name"))
		}
		break
	}
	if kind == "AlertPolicy" {
		r.methods(r.spec.Get("alertMethods"))
	}
}

// methods tells that alert methods are not carried over.
func (r *reader) methods(all spec.Value) {
	if len(all.Items) > 0 {
		r.once(diag.Warnf(all.Pos, "nobl9/methods", "alertMethods have no address: destinations of nines are named in its own files"))
	}
}

// unread tells what of an SLO is not carried over.
func (r *reader) unread() {
	noData := r.spec.Get("anomalyConfig").Get("noData")
	r.methods(noData.Get("alertMethods"))
	if zero := noData.Get("treatZeroAsNoData"); zero.Text == "true" {
		r.add(diag.Warnf(zero.Pos, "nobl9/no-data", "treatZeroAsNoData is not carried over: a count of 0 is data"))
	}
	if attachments := r.spec.Get("attachments"); len(attachments.Items) > 0 {
		r.once(diag.Warnf(attachments.Pos, "nobl9/attachments", "attachments are not carried over: links: of nines stand in its own files"))
	}
	if composite := r.spec.Get("composite"); composite.Is() {
		r.add(diag.Warnf(composite.Pos, "nobl9/composite", "the composite of the objectives is not carried over: each is an SLO of its own"))
	}
}

// slos returns an SLO for each objective of the document.
func (r *reader) slos(source spec.Value) []spec.Value {
	window, alerts, exclusions := r.window(), r.alerts(), r.exclusions()
	objectives := r.spec.Get("objectives").Items
	var out []spec.Value
	for _, o := range objectives {
		if composite := o.Get("composite"); composite.Is() {
			f := diag.Errorf(composite.Pos, "nobl9/composite", "a composite of other SLOs is nothing that nines has")
			r.add(f.WithHint("leave it out: its components are SLOs of their own"))
			continue
		}
		sli, budgeting := r.sli(o)
		for _, f := range source.Fields {
			sli.Fields = slices.Insert(sli.Fields, 0, yaml.Text(sli.Pos, f.Key).As("source"))
		}
		out = append(out, yaml.MapOf(o.Pos,
			r.name(o, len(objectives) > 1).As("name"),
			r.description().As("description"),
			r.labels().As("labels"),
			o.Get("target").As("target"),
			window.As("window"),
			budgeting.As("budgeting"),
			sli.As("sli"),
			exclusions.As("exclusions"),
			alerts.As("alerts"),
		))
	}
	return out
}

// name returns the name of an objective: that of the SLO, with its own if there are several.
func (r *reader) name(o spec.Value, several bool) spec.Value {
	name, own := r.meta.Get("name"), o.Get("name")
	if !own.Is() {
		own = o.Get("displayName")
	}
	if !own.Is() {
		own = o.Get("value")
	}
	if !several || !own.Is() {
		return name
	}
	return yaml.Join(own.Pos, yaml.Whole(name), yaml.Words("-"), yaml.Whole(own))
}

func (r *reader) description() spec.Value {
	for _, v := range []spec.Value{r.spec.Get("description"), r.meta.Get("displayName")} {
		if v.Kind == spec.Scalar && v.Text != "" {
			return v
		}
	}
	return spec.Value{}
}

// labels returns the labels of the SLO, of which one may have several values, and its project.
func (r *reader) labels() spec.Value {
	project := yaml.MapOf(r.meta.Pos, r.meta.Get("project").As("project"))
	return native.Merged(project, native.Labels(r.meta.Get("labels")))
}

// find returns the document of one of some kinds that a name means, in a project if that is named,
// a missing one if it is not read.
func (r *reader) find(name, project spec.Value, kinds ...string) spec.Value {
	for _, doc := range r.all {
		meta := doc.Get("metadata")
		other := project.Is() && meta.Get("project").Is() && meta.Get("project").Text != project.Text
		if slices.Contains(kinds, doc.Get("kind").Text) && meta.Get("name").Text == name.Text && !other {
			return doc
		}
	}
	return spec.Value{}
}

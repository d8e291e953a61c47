// Package slogenerator reads files of Google's slo-generator: ServiceLevelObjective documents of
// sre.google.com/v2 and the shared configuration of a run.
//
// What slo-generator computes and files do not say is said here: an SLO has no window but those of
// the steps of its error budget policy, of which the longest is taken, or 30 days where no
// configuration is read. A step is an alert of one window. Burn rates are exact, where slo-generator
// rounds them to a tenth before it compares.
package slogenerator

import (
	"maps"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// What a document is known by.
const (
	group   = "sre.google.com/"
	version = group + "v2"
	kind    = "ServiceLevelObjective"
)

// Format returns the format.
func Format() spec.Format {
	return spec.Format{
		Name: version, Mine: mine, Asks: "prometheus", Native: read,
		Marks: []string{"backends", "error_budget_policies"},
	}
}

// mine takes other versions too, so that they are refused for what they are.
func mine(doc spec.Value) bool {
	return strings.HasPrefix(doc.Get("apiVersion").Text, group) || isConfig(doc) || isFirst(doc)
}

// isConfig tells whether a document is a shared configuration, which has no version.
func isConfig(doc spec.Value) bool {
	steps := func(f spec.Field) bool { return f.Value.Get("steps").Kind == spec.List }
	policies := slices.ContainsFunc(doc.Get("error_budget_policies").Fields, steps)
	both := doc.Get("backends").Kind == spec.Map && doc.Get("exporters").Kind == spec.Map
	return doc.Get("apiVersion").Kind == spec.Missing && (policies || both)
}

// isFirst tells whether a document is of the first version, which does not say so.
func isFirst(doc spec.Value) bool {
	return doc.Get("apiVersion").Kind == spec.Missing && doc.Get("slo_name").Is() && doc.Get("slo_target").Is()
}

// read reads documents together: a configuration is for the SLOs of all.
func read(named []spec.Value) spec.Reader {
	c := newConfig(named)
	told := map[string]bool{}
	keys := spec.ObjectKeys(specKeys(), native.Metadata(native.Need("name", spec.Name, "checkout-availability"), spec.Loose, spec.Loose)...)
	return func(doc spec.Value) ([]spec.Value, diag.List) {
		r := reader{config: c, told: told, meta: doc.Get("metadata"), spec: doc.Get("spec")}
		return r.read(doc, keys), r.found
	}
}

// reader reads one document.
type reader struct {
	config     config
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
func (r *reader) read(doc spec.Value, keys []spec.Key) []spec.Value {
	v := doc.Get("apiVersion")
	switch {
	case isConfig(doc):
		r.found = append(append(r.found, checkConfig(doc)...), r.config.clashes(doc)...)
		return nil
	case isFirst(doc):
		first := diag.Errorf(doc.Pos, "slo-generator/version", "this is an SLO of slo-generator's first version, which is not read")
		r.add(first.WithHint("run slo-generator migrate, which writes %s", version))
		return nil
	case v.Text != version:
		r.add(native.Unknown("slo-generator", "slo-generator", doc, "apiVersion", version))
		return nil
	case doc.Get("kind").Text != kind:
		r.add(native.Unknown("slo-generator", "slo-generator", doc, "kind", kind))
		return nil
	}
	r.found = append(r.found, spec.Check(doc, keys)...)
	r.asked(r.spec.Get("backend"))
	if r.found.Errors() {
		return nil
	}
	sources := r.sources()
	one := r.slo(sources)
	if r.found.Errors() {
		return nil
	}
	return []spec.Value{yaml.MapOf(doc.Pos,
		yaml.Text(doc.Pos, spec.APIVersion).As("apiVersion"),
		r.service().As("service"),
		sources.As("sources"),
		yaml.ListOf(r.spec.Pos, one).As("slos"),
	)}
}

// slo returns the SLO.
func (r *reader) slo(sources spec.Value) spec.Value {
	sli, budgeting := r.sli()
	for _, f := range sources.Fields {
		sli.Fields = slices.Insert(sli.Fields, 0, yaml.Text(sli.Pos, f.Key).As("source"))
	}
	if r.found.Errors() {
		return spec.Value{}
	}
	if exporters := r.spec.Get("exporters"); len(exporters.Items) > 0 {
		r.once(diag.Warnf(exporters.Pos, "slo-generator/exporters", "exporters are slo-generator's: destinations of nines are named in its own files"))
	}
	steps := r.steps()
	return yaml.MapOf(r.spec.Pos,
		r.meta.Get("name").As("name"),
		r.spec.Get("description").As("description"),
		r.labels().As("labels"),
		native.Share(r.spec.Get("goal")).As("target"),
		window(steps, r.spec.Pos).As("window"),
		budgeting.As("budgeting"),
		sli.As("sli"),
		alerts(steps).As("alerts"),
	)
}

// service returns what the SLO is of.
func (r *reader) service() spec.Value {
	if service := r.meta.Get("labels").Get("service_name"); service.Is() {
		return service
	}
	return r.meta.Get("name")
}

// labels returns the labels but for that of the service.
func (r *reader) labels() spec.Value {
	out := yaml.MapOf(r.meta.Get("labels").Pos)
	for _, f := range r.meta.Get("labels").Fields {
		if f.Key != "service_name" && f.Value.Text != "" {
			out.Fields = append(out.Fields, f)
		}
	}
	return native.Some(out)
}

// config is what the shared configurations of a run say.
type config struct {
	read     bool
	backends map[string]spec.Value
	policies map[string]spec.Value
}

func newConfig(named []spec.Value) config {
	c := config{backends: map[string]spec.Value{}, policies: map[string]spec.Value{}}
	for _, doc := range named {
		if !isConfig(doc) {
			continue
		}
		c.read = true
		for _, f := range doc.Get("backends").Fields {
			c.backends = first(c.backends, f)
		}
		for _, f := range doc.Get("error_budget_policies").Fields {
			c.policies = first(c.policies, f)
		}
	}
	return c
}

// first adds an entry, unless one of its name is there.
func first(all map[string]spec.Value, f spec.Field) map[string]spec.Value {
	if _, has := all[f.Key]; !has {
		all[f.Key] = f.Value
	}
	return all
}

// clashes finds what a configuration says otherwise than one that was read before it.
func (c config) clashes(doc spec.Value) (out diag.List) {
	for key, known := range map[string]map[string]spec.Value{"backends": c.backends, "error_budget_policies": c.policies} {
		for _, f := range doc.Get(key).Fields {
			if before := known[f.Key]; !same(before, f.Value) {
				other := diag.Errorf(f.Pos, "slo-generator/config", "%s %s says otherwise at %s", key, diag.Quote(f.Key), before.Pos)
				out = append(out, other.WithHint("read the files of one configuration at a time"))
			}
		}
	}
	return out
}

// same tells whether two values say the same, wherever they stand.
func same(a, b spec.Value) bool {
	if a.Kind != b.Kind || a.Text != b.Text {
		return false
	}
	fields := func(a, b spec.Field) bool { return a.Key == b.Key && same(a.Value, b.Value) }
	return slices.EqualFunc(a.Items, b.Items, same) && slices.EqualFunc(a.Fields, b.Fields, fields)
}

// policyNames returns the names of the policies, sorted.
func (c config) policyNames() []string { return slices.Sorted(maps.Keys(c.policies)) }

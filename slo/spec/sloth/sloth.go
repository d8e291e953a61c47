// Package sloth reads files of sloth: prometheus/v1, the same as an object of Kubernetes
// (PrometheusServiceLevel), and AlertWindows.
//
// What sloth computes and files do not say is said here: objectives are percent, their window
// is 30 days unless AlertWindows of the same run say another, and each SLO has two alerts of
// two pairs of windows. Sums are those of nines: events are counted, where sloth takes the
// mean of ratios.
package sloth

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// The versions that are read.
const (
	fileVersion   = "prometheus/v1"
	objectVersion = "sloth.slok.dev/v1"
)

// The kinds of objects that are read.
const (
	levelKind   = "PrometheusServiceLevel"
	windowsKind = "AlertWindows"
)

// Format returns the format.
func Format() spec.Format {
	return spec.Format{
		Name: "sloth's " + fileVersion, Mine: mine, Asks: "prometheus", Marks: []string{windowsKind}, Native: read,
		Begins: []string{"version: " + fileVersion, "apiVersion: " + objectVersion},
	}
}

// mine takes other versions too, so that they are refused for what they are.
func mine(doc spec.Value) bool {
	group, _, _ := strings.Cut(objectVersion, "/")
	return strings.HasPrefix(doc.Get("version").Text, "prometheus/") && doc.Get("apiVersion").Kind == spec.Missing ||
		strings.HasPrefix(doc.Get("apiVersion").Text, group+"/")
}

// read reads documents together: AlertWindows are for the SLOs of all.
func read(named []spec.Value) spec.Reader {
	w, found := alertWindows(named)
	files, objects := tables(snake, spec.Loose), tables(camel, spec.Strict)
	return func(doc spec.Value) ([]spec.Value, diag.List) {
		r := reader{windows: w, dialect: snake, keys: files}
		if doc.Get("apiVersion").Is() {
			r.dialect, r.keys = camel, objects
		}
		r.found = append(r.found, found[doc.Pos]...)
		return r.read(doc), r.found
	}
}

// reader reads one document.
type reader struct {
	dialect dialect
	keys    keys
	windows windows
	found   diag.List
	service spec.Value
}

func (r *reader) add(f diag.Finding) { r.found = append(r.found, f) }

// read returns the document in the native format, none if there is nothing to be read.
func (r *reader) read(doc spec.Value) []spec.Value {
	body, kind := doc, doc.Get("kind").Text
	switch version := doc.Get("apiVersion"); {
	case version.Kind == spec.Missing && doc.Get("version").Text == fileVersion:
		r.found = append(r.found, spec.Check(doc, r.keys.file)...)
	case version.Kind == spec.Missing:
		r.add(native.Unknown("sloth", "sloth", doc, "version", fileVersion))
		return nil
	case version.Text != objectVersion:
		r.add(native.Unknown("sloth", "sloth", doc, "apiVersion", objectVersion))
		return nil
	case kind == windowsKind:
		return nil
	case kind != levelKind:
		r.add(native.Unknown("sloth", "sloth", doc, "kind", levelKind, windowsKind))
		return nil
	default:
		body = doc.Get("spec")
		r.found = append(r.found, spec.Check(doc, r.keys.object)...)
	}
	r.service = body.Get("service")
	if slos := body.Get("slos"); slos.Is() && slos.Kind != spec.List {
		r.found = append(r.found, diag.Errorf(slos.Pos, "sloth/slos", "slos is no list").
			WithHint("write each SLO behind a dash: - name: availability"))
	}
	if r.service.Kind != spec.Scalar || body.Get("slos").Kind != spec.List {
		return nil
	}
	r.chain(body.Get(r.dialect("slo_plugins")))
	return r.document(body)
}

// document returns a service with its SLOs, nothing if all of them are wrong.
func (r *reader) document(body spec.Value) []spec.Value {
	var slos []spec.Value
	for _, entry := range body.Get("slos").Items {
		wrong := spec.Check(entry, r.keys.slo)
		r.found = append(r.found, wrong...)
		if wrong.Errors() {
			continue
		}
		r.chain(entry.Get("plugins"))
		if one, ok := r.slo(entry); ok {
			slos = append(slos, one)
		}
	}
	if len(slos) == 0 && len(body.Get("slos").Items) > 0 {
		return nil
	}
	return []spec.Value{yaml.MapOf(body.Pos,
		yaml.Text(body.Pos, spec.APIVersion).As("apiVersion"),
		r.service.As("service"),
		native.Merged(body.Get("labels")).As("labels"),
		yaml.ListOf(body.Get("slos").Pos, slos...).As("slos"),
	)}
}

// slo returns one SLO, false if it has errors.
func (r *reader) slo(entry spec.Value) (spec.Value, bool) {
	before := len(r.found)
	sli, budgeting := r.sli(entry.Get("sli"))
	alerts := r.alerts(entry)
	objective := entry.Get("objective")
	r.found = append(r.found, native.Small(objective, "objective", "sloth/objective")...)
	slo := yaml.MapOf(entry.Pos,
		entry.Get("name").As("name"),
		native.Said(entry.Get("description")).As("description"),
		native.Merged(entry.Get("labels")).As("labels"),
		native.Percent(objective).As("target"),
		r.windows.period(entry).As("window"),
		budgeting.As("budgeting"),
		sli.As("sli"),
		alerts.As("alerts"),
	)
	return slo, !slices.ContainsFunc(r.found[before:], func(f diag.Finding) bool { return f.Severity == diag.Error })
}

// chain reports plugins that change what sloth makes of an SLO.
func (r *reader) chain(plugins spec.Value) {
	for _, plugin := range plugins.Get("chain").Items {
		if id := plugin.Get("id"); id.Is() && !strings.HasPrefix(id.Text, "sloth.dev/core/") {
			unread := diag.Warnf(id.Pos, "sloth/plugin", "plugin %s is code of sloth, which is not run: "+
				"what it makes of rules is missing", diag.Quote(id.Text))
			r.add(unread)
		}
	}
}

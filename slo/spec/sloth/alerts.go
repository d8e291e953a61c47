package sloth

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// severities are the two alerts of an SLO, which are classes of the native format.
func severities() []string { return []string{"page", "ticket"} }

// alerts returns the alert policies of an SLO.
func (r *reader) alerts(entry spec.Value) spec.Value {
	alerting := entry.Get("alerting")
	var policies []spec.Value
	for _, severity := range severities() {
		one := alerting.Get(r.dialect(severity + "_alert"))
		if !native.On(one.Get("disable")) {
			policies = append(policies, r.policy(entry, severity, one))
		}
	}
	if len(policies) > 0 && native.Said(alerting.Get("name")).Kind != spec.Scalar {
		unnamed := diag.Errorf(alerting.Pos, "sloth/alerting", "the alerts have no name")
		r.add(unnamed.WithHint("add name: to alerting, or disable: true to both of %s and %s",
			r.dialect("page_alert"), r.dialect("ticket_alert")))
	}
	return yaml.ListOf(alerting.Pos, policies...)
}

// policy returns one of them.
func (r *reader) policy(entry spec.Value, severity string, own spec.Value) spec.Value {
	alerting := entry.Get("alerting")
	pos := alerting.Pos
	if own.Is() {
		pos = own.Pos
	}
	name := entry.Get("name")
	id := yaml.Join(name.Pos, yaml.Whole(r.service), yaml.Words("-"), yaml.Whole(name))
	ids := spec.Value{Kind: spec.Map, Pos: pos, Fields: []spec.Field{
		id.As("sloth_id"), r.service.As("sloth_service"), name.As("sloth_slo"),
		yaml.Text(pos, severity).As("sloth_severity"),
	}}
	return yaml.MapOf(pos,
		yaml.Text(pos, severity).As("class"),
		alerting.Get("name").As("alert"),
		native.Merged(ids, alerting.Get("labels"), own.Get("labels")).As("labels"),
		native.Merged(alerting.Get("annotations"), own.Get("annotations")).As("annotations"),
		r.windows.of(severity, pos).As("when"),
	)
}

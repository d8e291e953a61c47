package openslo

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// class returns the class of a severity, "" if it is no word that we know.
func class(severity string) string {
	switch strings.ToLower(severity) {
	case "page", "critical", "high", "urgent", "sev1", "p1":
		return "page"
	case "ticket", "warning", "medium", "sev2", "p2":
		return "ticket"
	case "log", "info", "low", "none":
		return "log"
	}
	return ""
}

// alerts returns the alert policies of the SLO: none if it names none.
func (r *reader) alerts() spec.Value {
	named := r.spec.Get("alertPolicies")
	var policies []spec.Value
	for _, item := range named.Items {
		body, name := r.referred("AlertPolicy", "alertPolicyRef", item)
		if body.Is() {
			policies = append(policies, r.conditions(body, name)...)
		}
	}
	pos := named.Pos
	if !named.Is() {
		pos = r.spec.Pos
	}
	return yaml.ListOf(pos, policies...)
}

// referred returns what a document says that stands as an item within another one, or that the item
// names under a key, and its name.
func (r *reader) referred(kind, key string, item spec.Value) (body, name spec.Value) {
	ref, own := item.Get(key), item.Get("spec")
	if item.Kind == spec.Scalar {
		ref = item
	}
	switch {
	case ref.Is() == own.Is():
		wrong := diag.Errorf(item.Pos, "openslo/reference", "this has one of %s and spec", key)
		r.add(wrong.WithHint("write %s: with the name of a document of kind %s, or what it says below spec", key, kind))
		return spec.Value{}, spec.Value{}
	case ref.Is():
		return r.lookUp(kind, ref).Get("spec"), ref
	}
	return own, item.Get("metadata").Get("name")
}

// conditions returns a policy of the native format for each condition.
func (r *reader) conditions(body, name spec.Value) (policies []spec.Value) {
	if breaching := body.Get("alertWhenBreaching"); breaching.Text == "false" {
		r.add(diag.Warnf(breaching.Pos, "openslo/alert", "policy %s does not alert when burn rates are high, and is left out", diag.Quote(name.Text)))
		return nil
	}
	if targets := body.Get("notificationTargets"); targets.Is() {
		r.add(diag.Warnf(targets.Pos, "openslo/targets", "notificationTargets have no address: destinations of nines are named in its own files"))
	}
	for i, item := range body.Get("conditions").Items {
		if i > 0 {
			second := diag.Errorf(item.Pos, "openslo/alert", "an alert policy has one condition: that of this one is at %s", body.Get("conditions").Items[0].Pos)
			r.add(second.WithHint("make an alert policy of each"))
			break
		}
		if condition, _ := r.referred("AlertCondition", "conditionRef", item); condition.Is() {
			policies = append(policies, r.condition(body, condition, name))
		}
	}
	return policies
}

// condition returns a policy of one condition, which looks at one window.
func (r *reader) condition(policy, body, name spec.Value) spec.Value {
	c, severity := body.Get("condition"), body.Get("severity")
	of := class(severity.Text)
	if of == "" {
		of = "ticket"
		f := diag.Warnf(severity.Pos, "openslo/severity", "severity %s is none that is known: it is a ticket", diag.Quote(severity.Text))
		r.add(f.WithHint("write page, ticket or log"))
	}
	if op := c.Get("op"); op.Text == "lt" || op.Text == "lte" {
		r.breaks(diag.Errorf(op.Pos, "openslo/alert", "op %s alerts while little of the budget burns", op.Text), "over the threshold")
	}
	lookback := r.length(c.Get("lookbackWindow"), "lookbackWindow")
	when := []spec.Value{yaml.MapOf(c.Pos, c.Get("threshold").As("burn"), lookback.As("long"), yaml.Text(c.Pos, "none").As("short"))}
	if quiet := policy.Get("alertWhenNoData"); quiet.Text == "true" {
		when = append(when, yaml.MapOf(quiet.Pos, lookback.As("no_data")))
	}
	after := c.Get("alertAfter")
	wait := spec.Value{}
	if strings.Trim(after.Text, "0mhdw") != "" {
		wait = r.length(after, "alertAfter")
	}
	return yaml.MapOf(c.Pos,
		name.As("name"),
		yaml.Text(severity.Pos, of).As("class"),
		yaml.MapOf(severity.Pos, severity.As("severity")).As("labels"),
		wait.As("for"),
		yaml.ListOf(c.Pos, when...).As("when"),
	)
}

package openslo

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
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
		body, name := r.policy(item)
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

// policy returns what a policy says, and its name.
func (r *reader) policy(item spec.Value) (body, name spec.Value) {
	ref := item.Get("alertPolicyRef")
	if item.Kind == spec.Scalar {
		ref = item // as older documents have it
	}
	if !ref.Is() {
		wrong := spec.Check(item, append(native.Any("kind", "metadata"), native.Object("spec", table{r.version}.policy()...)))
		r.found = append(r.found, wrong...)
		return item.Get("spec"), item.Get("metadata").Get("name")
	}
	return r.lookUp("AlertPolicy", ref).Get("spec"), ref
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
	for _, item := range body.Get("conditions").Items {
		condition := item.Get("spec")
		if ref := item.Get("conditionRef"); ref.Is() {
			condition = r.lookUp("AlertCondition", ref).Get("spec")
		}
		if condition.Is() {
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

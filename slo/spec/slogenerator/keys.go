package slogenerator

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

func specKeys() []spec.Key {
	return []spec.Key{
		{Name: "description", Type: spec.Text, Doc: "The SLO in words."},
		{Name: "goal", Type: spec.Decimal, Required: true, Example: "0.999", Doc: "Target, a ratio."},
		{Name: "backend", Type: spec.Text, Required: true, Example: "prometheus", Doc: "Where it is asked."},
		{Name: "method", Type: spec.Text, Required: true, Example: "good_bad_ratio", Doc: "How it is counted."},
		{Name: "service_level_indicator", Type: spec.Any, Required: true, Example: "{filter_good: …, filter_valid: …}", Doc: "What is counted."},
		{Name: "error_budget_policy", Type: spec.Text, Doc: "Name of a policy of the configuration."},
		{Name: "exporters", Type: spec.Any, Doc: "Where slo-generator sends its reports."},
		{Name: "frequency", Type: spec.Any, Doc: "How often slo-generator is run."},
	}
}

func sliKeys() []spec.Key {
	text := func(name string) spec.Key { return spec.Key{Name: name, Type: spec.Text, Doc: "PromQL."} }
	return []spec.Key{
		text("filter_good"), text("filter_bad"), text("filter_valid"), text("expression"), text("threshold_bucket"),
		{Name: "operators", Type: spec.Texts, Doc: "Functions around a filter, from inside to outside."},
	}
}

// stepKeys are those of a step. The manual calls three of them by other names, which the tool
// does not read.
func stepKeys() []spec.Key {
	return []spec.Key{
		{Name: "name", Type: spec.Text, Required: true, Example: "1 hour", Doc: "Name of the step."},
		{Name: "window", Type: spec.Integer, Required: true, Example: "3600", Doc: "Window in seconds."},
		{Name: "burn_rate_threshold", Type: spec.Decimal, Required: true, Example: "9", Doc: "Burn rate."},
		{Name: "alert", Type: spec.Boolean, Doc: "Whether it alerts."},
		{Name: "message_alert", Type: spec.Any, Doc: "What is said then."},
		{Name: "message_ok", Type: spec.Any, Doc: "What is said else."},
		{Name: "alerting_burn_rate_threshold", Means: "burn_rate_threshold"},
		{Name: "urgent_notification", Means: "alert"},
		{Name: "overburned_consequence_message", Means: "message_alert"},
		{Name: "achieved_consequence_message", Means: "message_ok"},
	}
}

// checkConfig finds what is wrong with a configuration.
func checkConfig(doc spec.Value) diag.List {
	any := func(name string) spec.Key { return spec.Key{Name: name, Type: spec.Any, Doc: "Read elsewhere."} }
	found := spec.Check(doc, []spec.Key{
		any("backends"), any("exporters"), any("default_exporters"), any("error_budget_policies"),
	})
	steps := []spec.Key{{Name: "steps", Type: spec.Objects, Required: true, Keys: stepKeys(), Doc: "Windows that are looked at."}}
	for _, f := range doc.Get("error_budget_policies").Fields {
		found = append(found, spec.Check(f.Value, steps)...)
	}
	return found
}

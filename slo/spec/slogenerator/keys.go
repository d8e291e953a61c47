package slogenerator

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

func specKeys() []spec.Key {
	return append(native.Any("exporters", "frequency"),
		native.Key("description", spec.Text, ""),
		native.Need("goal", spec.Decimal, "0.999"),
		native.Need("backend", spec.Text, "prometheus"),
		native.Need("method", spec.Text, "good_bad_ratio"),
		native.Need("service_level_indicator", spec.Any, "{filter_good: …, filter_valid: …}"),
		native.Key("error_budget_policy", spec.Text, ""))
}

func sliKeys() []spec.Key {
	keys := []spec.Key{native.Key("operators", spec.Texts, "[increase, sum]")}
	for _, name := range []string{"filter_good", "filter_bad", "filter_valid", "expression", "threshold_bucket"} {
		keys = append(keys, native.Key(name, spec.Text, ""))
	}
	return keys
}

// stepKeys are those of a step. The manual calls four of them by other names, which the tool
// does not read.
func stepKeys() []spec.Key {
	return append(native.Any("message_alert", "message_ok"),
		native.Need("name", spec.Text, "1 hour"),
		native.Need("window", spec.Integer, "3600"),
		native.Need("burn_rate_threshold", spec.Decimal, "9"),
		native.Key("alert", spec.Boolean, ""),
		spec.Key{Name: "alerting_burn_rate_threshold", Means: "burn_rate_threshold"},
		spec.Key{Name: "urgent_notification", Means: "alert"},
		spec.Key{Name: "overburned_consequence_message", Means: "message_alert"},
		spec.Key{Name: "achieved_consequence_message", Means: "message_ok"})
}

// checkConfig finds what is wrong with a configuration.
func checkConfig(doc spec.Value) diag.List {
	found := spec.Check(doc, native.Any("backends", "exporters", "default_exporters", "error_budget_policies"))
	for _, f := range doc.Get("error_budget_policies").Fields {
		found = append(found, spec.Check(f.Value, []spec.Key{native.List("steps", stepKeys()...)})...)
	}
	return found
}

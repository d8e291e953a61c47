package slogenerator

import (
	"strconv"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

func specKeys() []spec.Key {
	return append(native.Any("exporters", "frequency"),
		native.Key("description", spec.Text, ""),
		native.Need("goal", spec.Ratio, "0.999"),
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

// methods are those of prometheus, with the keys that each reads.
func methods() map[string][]string {
	return map[string][]string{
		"good_bad_ratio":   {"filter_good", "filter_bad", "filter_valid", "operators"},
		"query_sli":        {"expression"},
		"distribution_cut": {"expression", "threshold_bucket"},
	}
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
	found := spec.Check(doc, append(native.Any("default_exporters"),
		native.Object("backends", natives(doc.Get("backends"))...), native.Object("exporters", native.Any(names(doc.Get("exporters"))...)...),
		native.Object("error_budget_policies", native.Any(names(doc.Get("error_budget_policies"))...)...)))
	for _, f := range doc.Get("error_budget_policies").Fields {
		found = append(found, spec.Check(f.Value, []spec.Key{native.List("steps", stepKeys()...)})...)
		for _, step := range f.Value.Get("steps").Items {
			window := step.Get("window")
			_, err := strconv.Atoi(window.Text)
			if _, ok := seconds(step); !ok && err == nil {
				wrong := diag.Errorf(window.Pos, "slo-generator/window", "window %s is no number of seconds from 1 to %d, ten years", diag.Quote(window.Text), most)
				found = append(found, wrong.WithHint("write window: 3600"))
			}
		}
	}
	return found
}

// names are the keys of a map.
func names(m spec.Value) (out []string) {
	for _, f := range m.Fields {
		out = append(out, f.Key)
	}
	return out
}

// natives are the keys of backends, of which those of prometheus are known.
func natives(backends spec.Value) (keys []spec.Key) {
	for _, name := range names(backends) {
		if isPrometheus(name) {
			keys = append(keys, native.Object(name, append(native.Any("headers"), native.Key("url", spec.Text, ""))...))
		} else {
			keys = append(keys, native.Any(name)...)
		}
	}
	return keys
}

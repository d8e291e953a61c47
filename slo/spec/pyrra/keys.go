package pyrra

import (
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

func specKeys() []spec.Key {
	texts := func(names ...string) (keys []spec.Key) {
		for _, name := range names {
			keys = append(keys, native.Key(name, spec.Loose, ""))
		}
		return keys
	}
	return append(native.Any("description", "partial_response_strategy", "ruleOutput"),
		native.Key("performanceOverAccuracy", spec.Switch, ""),
		native.Need("target", spec.Percent, `"99.9"`),
		native.Need("window", spec.Years, "4w"),
		native.Required(native.Object("indicator", indicatorKeys()...)),
		native.Object("alerting", append(texts("name", "absentName"),
			native.Key("disabled", spec.Switch, ""),
			native.Key("burnrates", spec.Switch, ""),
			native.Key("absent", spec.Switch, ""),
			native.Object("severities", texts("absent", "fastBurn", "mediumBurn", "slowBurn", "longTermBurn")...))...))
}

func indicatorKeys() []spec.Key {
	metric := native.Need("metric", spec.Text, `'http_requests_total{job="checkout"}'`)
	part := func(name string) spec.Key { return native.Required(native.Object(name, metric)) }
	kind := func(name string, keys ...spec.Key) spec.Key {
		return native.Object(name, append(keys, spec.Key{Name: "grouping", Type: spec.Texts, Empty: true})...)
	}
	return []spec.Key{
		kind("ratio", part("errors"), part("total")),
		kind("latency", part("success"), part("total")),
		kind("latencyNative", part("total"), native.Need("latency", spec.Length, "100ms")),
		kind("bool_gauge", metric),
	}
}

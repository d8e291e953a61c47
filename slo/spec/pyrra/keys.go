package pyrra

import (
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

func specKeys() []spec.Key {
	return append(native.Any("description", "partial_response_strategy", "performanceOverAccuracy", "ruleOutput"),
		native.Need("target", spec.Decimal, `"99.9"`),
		native.Need("window", spec.Length, "4w"),
		native.Required(native.Object("indicator", indicatorKeys()...)),
		native.Object("alerting", append(native.Any("name", "absentName"),
			native.Key("disabled", spec.Boolean, ""),
			native.Key("burnrates", spec.Boolean, ""),
			native.Key("absent", spec.Boolean, ""),
			native.Object("severities", native.Any("absent", "fastBurn", "mediumBurn", "slowBurn", "longTermBurn")...))...))
}

func indicatorKeys() []spec.Key {
	metric := native.Need("metric", spec.Text, `'http_requests_total{job="checkout"}'`)
	part := func(name string) spec.Key { return native.Required(native.Object(name, metric)) }
	kind := func(name string, keys ...spec.Key) spec.Key {
		return native.Object(name, append(keys, native.Any("grouping")...)...)
	}
	return []spec.Key{
		kind("ratio", part("errors"), part("total")),
		kind("latency", part("success"), part("total")),
		kind("latencyNative", part("total"), native.Need("latency", spec.Length, "100ms")),
		kind("bool_gauge", metric),
	}
}

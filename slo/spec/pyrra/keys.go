package pyrra

import "github.com/nines-slo/nines/slo/spec"

func specKeys() []spec.Key {
	return []spec.Key{
		{Name: "target", Type: spec.Decimal, Required: true, Example: `"99.9"`, Doc: "Target in percent."},
		{Name: "window", Type: spec.Length, Required: true, Example: "4w", Doc: "Window of the SLO."},
		{Name: "description", Type: spec.Any, Doc: "The SLO in words."},
		{Name: "indicator", Type: spec.Object, Required: true, Keys: indicatorKeys(), Doc: "What is counted."},
		{Name: "alerting", Type: spec.Object, Keys: alertingKeys(), Doc: "Alerts."},
		{Name: "partial_response_strategy", Type: spec.Any, Doc: "Of Thanos' rules."},
		{Name: "performanceOverAccuracy", Type: spec.Any, Doc: "How pyrra adds up 4 weeks."},
		{Name: "ruleOutput", Type: spec.Any, Doc: "Labels of pyrra's rules."},
	}
}

func indicatorKeys() []spec.Key {
	metric := spec.Key{
		Name: "metric", Type: spec.Text, Required: true,
		Example: `'http_requests_total{job="checkout"}'`, Doc: "Selector of a metric.",
	}
	part := func(name string) spec.Key {
		return spec.Key{Name: name, Type: spec.Object, Required: true, Keys: []spec.Key{metric}, Doc: "Some of the events."}
	}
	grouping := spec.Key{Name: "grouping", Type: spec.Any, Doc: "Labels that the SLO is split by."}
	kind := func(name string, keys ...spec.Key) spec.Key {
		return spec.Key{Name: name, Type: spec.Object, Keys: append(keys, grouping), Doc: "An indicator."}
	}
	return []spec.Key{
		kind("ratio", part("errors"), part("total")),
		kind("latency", part("success"), part("total")),
		kind("latencyNative", part("total"),
			spec.Key{Name: "latency", Type: spec.Length, Required: true, Example: "100ms", Doc: "What is quick."}),
		kind("bool_gauge", metric),
	}
}

func alertingKeys() []spec.Key {
	var severities []spec.Key
	for _, name := range []string{"absent", "fastBurn", "mediumBurn", "slowBurn", "longTermBurn"} {
		severities = append(severities, spec.Key{Name: name, Type: spec.Any, Doc: "Label severity of that alert."})
	}
	return []spec.Key{
		{Name: "disabled", Type: spec.Boolean, Doc: "No alerts."},
		{Name: "burnrates", Type: spec.Boolean, Doc: "Whether there are alerts of burn rates."},
		{Name: "absent", Type: spec.Boolean, Doc: "Whether there is one of a metric that is not there."},
		{Name: "name", Type: spec.Any, Doc: "Name of the alerts of burn rates."},
		{Name: "absentName", Type: spec.Any, Doc: "Name of the other one."},
		{Name: "severities", Type: spec.Object, Keys: severities, Doc: "Labels severity."},
	}
}

package nobl9

import (
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

func kinds() []string {
	return []string{
		"Agent", "Alert", "AlertMethod", "AlertPolicy", "AlertSilence", "Annotation", "BudgetAdjustment", "DataExport", "Direct",
		"Project", "Report", "RoleBinding", "SLO", "Service", "UserGroup",
	}
}

// keys are those of the kinds that are read.
type keys map[string][]spec.Key

func tables() keys {
	meta := append(native.Metadata(native.Need("name", spec.Name, "checkout-availability"), spec.Texts, spec.Loose),
		loose("displayName"), loose("project"))
	all := keys{}
	for kind, body := range map[string][]spec.Key{
		"SLO": sloKeys(), "AlertPolicy": policyKeys(), "BudgetAdjustment": adjustmentKeys(), "Agent": agentKeys(), "Direct": agentKeys(),
	} {
		all[kind] = append(spec.ObjectKeys(body, meta...), native.Any("organization", "manifestSrc", "oktaClientID")...)
	}
	return all
}

func loose(name string) spec.Key { return native.Key(name, spec.Loose, "") }

func sloKeys() []spec.Key {
	calendar := native.Object("calendar", native.Need("startTime", spec.Text, "2026-01-01 00:00:00"), native.Need("timeZone", spec.TimeZone, ""))
	source := native.Object("metricSource", loose("project"), native.OneOf("kind", "Agent", "Direct"), native.Need("name", spec.Text, "prometheus"))
	noData := []spec.Key{methods(loose("name"), loose("project")), native.Key("treatZeroAsNoData", spec.Boolean, ""),
		native.Key("alertAfter", spec.Length, "15m")}
	policies := spec.Key{Name: "alertPolicies", Type: spec.Texts, Empty: true, Example: "[fast-burn]"}
	attachments := spec.Key{Name: "attachments", Type: spec.Objects, Empty: true,
		Keys: []spec.Key{native.Need("url", spec.Text, "https://wiki.example"), loose("displayName")}}
	return append(native.Any("tier", "createdAt", "createdBy", "composite"),
		loose("description"), policies, attachments,
		native.Need("service", spec.Name, ""),
		native.Object("indicator", append(native.Any("rawMetric"), native.Required(source))...),
		native.Required(native.OneOf("budgetingMethod", "Occurrences", "Timeslices")),
		native.List("timeWindows", append(native.Any("period"), calendar, native.Key("isRolling", spec.Boolean, ""),
			native.Need("unit", spec.Text, "Day"), native.Need("count", spec.Integer, "28"))...),
		native.List("objectives", objectiveKeys()...),
		native.Object("anomalyConfig", native.Object("noData", noData...)))
}

// methods is a list of alert methods.
func methods(each ...spec.Key) spec.Key {
	return spec.Key{Name: "alertMethods", Type: spec.Objects, Empty: true, Keys: each}
}

func objectiveKeys() []spec.Key {
	metric := func(name string) spec.Key { return native.Object(name, queryKeys()...) }
	return append(native.Any("composite"), native.Key("primary", spec.Boolean, ""), loose("name"), loose("displayName"),
		native.Key("value", spec.Decimal, "1"),
		native.Key("timeSliceTarget", spec.FullRatio, "0.95"),
		native.OneOf("op", "lte", "gte", "lt", "gt"),
		native.Need("target", spec.Ratio, "0.99"),
		native.Object("rawMetric", metric("query")),
		native.Object("countMetrics", native.Need("incremental", spec.Boolean, ""), metric("good"), metric("bad"), metric("total"), metric("goodTotal")))
}

// queryKeys are those of the sources that may stand in a metric.
func queryKeys() []spec.Key {
	out := native.Any(append(otherSources(), "googleCloudMonitoring", "gcm")...)
	for _, name := range promSources() {
		out = append(out, native.Object(name, native.Need("promql", spec.Text, "sum(http_requests_total)")))
	}
	return out
}

// promSources are the sources that are asked by PromQL alone. Two more may be.
func promSources() []string {
	return []string{"prometheus", "amazonPrometheus", "azurePrometheus", "coralogix", "dash0"}
}

func otherSources() []string {
	return []string{
		"appDynamics", "atlas", "azureMonitor", "bigQuery", "cloudWatch", "datadog", "dynatrace", "elasticsearch", "generic",
		"grafanaLoki", "graphite", "honeycomb", "influxdb", "instana", "lightstep", "logicMonitor", "newRelic", "openTSDB",
		"opentsdb", "pingdom", "redshift", "splunk", "splunkObservability", "sumoLogic", "thousandEyes",
	}
}

func agentKeys() []spec.Key {
	others := append(otherSources(), promSources()[1:]...)
	return append(native.Any(append(others, "gcm", "releaseChannel", "logCollectionEnabled", "historicalDataRetrieval", "queryDelay",
		"interval", "timeout", "jitter", "sourceOf")...),
		loose("description"), native.Object("prometheus", append(native.Any("step", "region"), native.Key("url", spec.Text, "https://prometheus.example"))...))
}

func policyKeys() []spec.Key {
	measurement := native.OneOf("measurement", "averageBurnRate", "burnedBudget", "timeToBurnBudget", "timeToBurnEntireBudget", "budgetDrop")
	method := native.Object("metadata", loose("name"), loose("project"))
	return []spec.Key{
		loose("description"), methods(method), native.Key("coolDown", spec.Length, "5m"),
		native.Required(native.OneOf("severity", "Low", "Medium", "High")),
		native.List("conditions", native.Required(measurement), native.Need("value", spec.Text, "2"), native.OneOf("op", "lte", "gte", "lt", "gt"),
			native.Key("alertingWindow", spec.Length, "1h"), native.Key("lastsFor", spec.Lateness, "10m")),
	}
}

func adjustmentKeys() []spec.Key {
	slo := native.List("slos", native.Need("name", spec.Name, "checkout-availability"), loose("project"))
	return []spec.Key{
		loose("description"), native.Need("firstEventStart", spec.Text, "2026-01-01T00:00:00Z"),
		native.Need("duration", spec.Length, "1h"), native.Key("rrule", spec.Text, "FREQ=MONTHLY;BYDAY=1TU"),
		native.Required(native.Object("filters", slo)),
	}
}

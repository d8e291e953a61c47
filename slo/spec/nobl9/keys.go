package nobl9

import (
	"maps"
	"slices"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

func kinds() []string {
	return []string{
		"Agent", "Alert", "AlertMethod", "AlertPolicy", "AlertSilence", "Annotation", "BudgetAdjustment", "DataExport", "Direct",
		"Project", "Report", "RoleBinding", "SLO", "Service", "UserGroup",
	}
}

func sloKeys() []spec.Key {
	calendar := native.Object("calendar", native.Need("startTime", spec.Text, "2026-01-01 00:00:00"), native.Need("timeZone", spec.TimeZone, ""))
	source := native.Object("metricSource", append(native.Any("project", "kind"), native.Need("name", spec.Text, "prometheus"))...)
	noData := append(native.Any("alertMethods", "treatZeroAsNoData"), native.Key("alertAfter", spec.Length, "15m"))
	return append(native.Any("description", "attachments", "tier", "createdAt", "createdBy", "alertPolicies", "composite"),
		native.Need("service", spec.Name, ""),
		native.Object("indicator", append(native.Any("rawMetric"), native.Required(source))...),
		native.Required(native.OneOf("budgetingMethod", "Occurrences", "Timeslices")),
		native.List("timeWindows", append(native.Any("period"), calendar, native.Key("isRolling", spec.Boolean, ""),
			native.Need("unit", spec.Text, "Day"), native.Need("count", spec.Integer, "28"))...),
		native.List("objectives", objectiveKeys()...),
		native.Object("anomalyConfig", native.Object("noData", noData...)))
}

func objectiveKeys() []spec.Key {
	metric := func(name string) spec.Key {
		return native.Object(name, native.Any(slices.Sorted(maps.Keys(sourceKinds()))...)...)
	}
	return append(native.Any("name", "displayName", "primary", "composite"),
		native.Key("value", spec.Decimal, "1"),
		native.Key("timeSliceTarget", spec.Decimal, "0.95"),
		native.OneOf("op", "lte", "gte", "lt", "gt"),
		native.Need("target", spec.Decimal, "0.99"),
		native.Object("rawMetric", metric("query")),
		native.Object("countMetrics", native.Need("incremental", spec.Boolean, ""), metric("good"), metric("bad"), metric("total"), metric("goodTotal")))
}

// sourceKinds are the sources of Nobl9, with the key of their PromQL, "" if they are asked otherwise.
func sourceKinds() map[string]string {
	kinds := map[string]string{
		"prometheus": "promql", "amazonPrometheus": "promql", "azurePrometheus": "promql", "coralogix": "promql",
		"googleCloudMonitoring": "promql", "gcm": "promql", "dash0": "promql",
	}
	for _, other := range []string{
		"appDynamics", "atlas", "azureMonitor", "bigQuery", "cloudWatch", "datadog", "dynatrace", "elasticsearch", "generic",
		"grafanaLoki", "graphite", "honeycomb", "influxdb", "instana", "lightstep", "logicMonitor", "newRelic", "openTSDB",
		"opentsdb", "pingdom", "redshift", "splunk", "splunkObservability", "sumoLogic", "thousandEyes",
	} {
		kinds[other] = ""
	}
	return kinds
}

func policyKeys() []spec.Key {
	measurement := native.OneOf("measurement", "averageBurnRate", "burnedBudget", "timeToBurnBudget", "timeToBurnEntireBudget", "budgetDrop")
	return append(native.Any("description", "alertMethods", "coolDown"),
		native.Required(native.OneOf("severity", "Low", "Medium", "High")),
		native.List("conditions", native.Required(measurement), native.Need("value", spec.Text, "2"), native.OneOf("op", "lte", "gte", "lt", "gt"),
			native.Key("alertingWindow", spec.Length, "1h"), native.Key("lastsFor", spec.Lateness, "10m")))
}

package nobl9

import (
	"maps"
	"slices"

	"github.com/nines-slo/nines/slo/spec"
)

func kinds() []string {
	return []string{
		"Agent", "Alert", "AlertMethod", "AlertPolicy", "AlertSilence", "Annotation", "BudgetAdjustment", "DataExport", "Direct",
		"Project", "Report", "RoleBinding", "SLO", "Service", "UserGroup",
	}
}

func anything(name string) spec.Key {
	return spec.Key{Name: name, Type: spec.Any, Doc: "Read elsewhere."}
}

func decimal(name string) spec.Key { return spec.Key{Name: name, Type: spec.Decimal, Doc: "A number."} }

func sloKeys() []spec.Key {
	return []spec.Key{
		anything("description"), anything("attachments"), anything("tier"), anything("createdAt"), anything("createdBy"),
		{Name: "service", Type: spec.Name, Required: true, Doc: "What the SLO is of."},
		{Name: "indicator", Type: spec.Object, Doc: "Where it is asked.", Keys: []spec.Key{
			anything("rawMetric"),
			{Name: "metricSource", Type: spec.Object, Required: true, Doc: "The source.", Keys: []spec.Key{
				{Name: "name", Type: spec.Text, Required: true, Doc: "Name."}, anything("project"), anything("kind"),
			}},
		}},
		{Name: "budgetingMethod", Type: spec.Text, Required: true, Enum: []string{"Occurrences", "Timeslices"}, Doc: "How the budget is counted."},
		{Name: "timeWindows", Type: spec.Objects, Required: true, Doc: "The window.", Keys: []spec.Key{
			{Name: "unit", Type: spec.Text, Required: true, Example: "Day", Doc: "Unit."},
			{Name: "count", Type: spec.Integer, Required: true, Example: "28", Doc: "How many."},
			{Name: "isRolling", Type: spec.Boolean, Doc: "Whether it rolls."}, anything("period"),
			{Name: "calendar", Type: spec.Object, Doc: "When it begins.", Keys: []spec.Key{
				{Name: "startTime", Type: spec.Text, Required: true, Example: "2026-01-01 00:00:00", Doc: "First begin."},
				{Name: "timeZone", Type: spec.TimeZone, Required: true, Doc: "IANA zone."},
			}},
		}},
		{Name: "objectives", Type: spec.Objects, Required: true, Keys: objectiveKeys(), Doc: "Targets."},
		anything("alertPolicies"), anything("composite"),
		{Name: "anomalyConfig", Type: spec.Object, Doc: "No data.", Keys: []spec.Key{
			{Name: "noData", Type: spec.Object, Doc: "No data.", Keys: []spec.Key{
				anything("alertMethods"), anything("treatZeroAsNoData"), {Name: "alertAfter", Type: spec.Length, Example: "15m", Doc: "How long."},
			}},
		}},
	}
}

func objectiveKeys() []spec.Key {
	metric := func(name string) spec.Key {
		return spec.Key{Name: name, Type: spec.Object, Keys: metricKeys(), Doc: "A query."}
	}
	return []spec.Key{
		anything("name"), anything("displayName"), decimal("value"), anything("primary"), decimal("timeSliceTarget"),
		{Name: "op", Type: spec.Text, Enum: []string{"lte", "gte", "lt", "gt"}, Doc: "Comparison."},
		{Name: "target", Type: spec.Decimal, Required: true, Example: "0.99", Doc: "Target, a ratio."},
		{Name: "rawMetric", Type: spec.Object, Doc: "Values that are judged.", Keys: []spec.Key{metric("query")}},
		{Name: "countMetrics", Type: spec.Object, Doc: "Two counts.", Keys: []spec.Key{
			{Name: "incremental", Type: spec.Boolean, Required: true, Doc: "Whether they only grow."},
			metric("good"), metric("bad"), metric("total"), metric("goodTotal"),
		}},
		anything("composite"),
	}
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

// metricKeys: one of the kinds of sources.
func metricKeys() []spec.Key {
	var keys []spec.Key
	for _, kind := range slices.Sorted(maps.Keys(sourceKinds())) {
		keys = append(keys, anything(kind))
	}
	return keys
}

func policyKeys() []spec.Key {
	return []spec.Key{
		anything("description"), anything("alertMethods"), anything("coolDown"),
		{Name: "severity", Type: spec.Text, Required: true, Enum: []string{"Low", "Medium", "High"}, Doc: "Severity."},
		{Name: "conditions", Type: spec.Objects, Required: true, Doc: "All of them.", Keys: []spec.Key{
			{
				Name: "measurement", Type: spec.Text, Required: true, Doc: "What is looked at.",
				Enum: []string{"averageBurnRate", "burnedBudget", "timeToBurnBudget", "timeToBurnEntireBudget", "budgetDrop"},
			},
			{Name: "value", Type: spec.Text, Required: true, Example: "2", Doc: "Limit."},
			{Name: "op", Type: spec.Text, Enum: []string{"lte", "gte", "lt", "gt"}, Doc: "Comparison."},
			{Name: "alertingWindow", Type: spec.Length, Example: "1h", Doc: "Window."},
			{Name: "lastsFor", Type: spec.Lateness, Example: "10m", Doc: "How long."},
		}},
	}
}

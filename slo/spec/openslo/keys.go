package openslo

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
)

// keys are the keys of documents of a version, by kind.
type keys map[string][]spec.Key

func kinds() []string {
	return []string{"AlertCondition", "AlertNotificationTarget", "AlertPolicy", "DataSource", "SLI", "SLO", "Service"}
}

// among is a hint on what a reference may mean.
func among(name, kind string, names []string) string {
	slices.Sort(names)
	switch near := diag.Nearest(name, names); {
	case near != "":
		return "did you mean " + near + "?"
	case len(names) == 0:
		return "name the file that has it too"
	}
	return "the documents of kind " + kind + " are " + strings.Join(names, ", ")
}

// tables returns the keys of a version.
func tables(version string) keys {
	t := table{version}
	return keys{
		"SLO": spec.ObjectKeys(t.slo()), "SLI": spec.ObjectKeys(t.sli()),
		"AlertPolicy": spec.ObjectKeys(t.policy()), "AlertCondition": spec.ObjectKeys(t.condition()),
		"AlertNotificationTarget": spec.ObjectKeys(append(native.Any("description"), text("target"))),
		"DataSource":              spec.ObjectKeys(append(native.Any("description", "connectionDetails"), text("type"))),
		"Service":                 spec.ObjectKeys(native.Any("description")),
	}
}

// table makes the keys of a version.
type table struct{ version string }

func text(name string) spec.Key    { return native.Need(name, spec.Text, "") }
func decimal(name string) spec.Key { return native.Key(name, spec.Decimal, "") }
func boolean(name string) spec.Key { return native.Key(name, spec.Boolean, "") }
func compared() spec.Key           { return native.OneOf("op", "lte", "gte", "lt", "gt") }

func (t table) slo() []spec.Key {
	calendar := native.Object("calendar", text("startTime"), native.Need("timeZone", spec.TimeZone, ""))
	service, windows := "service", native.List("timeWindow", native.Need("duration", spec.Text, "30d"), boolean("isRolling"), calendar)
	inline := func(name string) []spec.Key {
		return append(native.Any(name+"Ref"), native.Object(name, append(native.Any("metadata"), native.Object("spec", t.sli()...))...))
	}
	indicator := inline("indicator")
	switch t.version {
	case v1alpha:
		indicator = []spec.Key{native.Object("indicator", native.Object("thresholdMetric", t.metric()...))}
		windows = native.List("timeWindows", text("unit"), decimal("count"), boolean("isRolling"), calendar)
	case v2alpha:
		service, indicator = "serviceRef", inline("sli")
	}
	return slices.Concat(indicator, native.Any("description", "alertPolicies"), []spec.Key{
		text(service), windows, text("budgetingMethod"), native.List("objectives", t.objective()...),
	})
}

func (t table) objective() []spec.Key {
	keys := append(native.Any("displayName"), compared(), decimal("value"), decimal("target"), decimal("targetPercent"),
		decimal("timeSliceTarget"), native.Key("timeSliceWindow", spec.Text, "5m"))
	if t.version == v1alpha {
		return append(keys, native.Object("ratioMetrics", boolean("incremental"), boolean("counter"), native.Object("good", t.metric()...),
			native.Object("bad", t.metric()...), native.Object("total", t.metric()...)))
	}
	return append(keys, native.Any("indicator", "indicatorRef", "sli", "sliRef", "compositeWeight")...)
}

func (t table) sli() []spec.Key {
	metric := func(name string) spec.Key { return native.Object(name, t.metric()...) }
	return append(native.Any("description"), metric("thresholdMetric"),
		native.Object("ratioMetric", boolean("counter"), metric("good"), metric("bad"), metric("total"), metric("raw"),
			native.OneOf("rawType", "success", "failure")))
}

// metric are the keys of where a query is asked, and what.
func (t table) metric() []spec.Key {
	query := native.Need("spec", spec.Any, "{query: …}")
	switch t.version {
	case v1alpha:
		return append(native.Any("queryType", "metadata"), text("source"), text("query"))
	case v2alpha:
		inline := append(native.Any("description", "connectionDetails"), text("type"))
		return append(native.Any("dataSourceRef"), native.Object("dataSourceSpec", inline...), query)
	}
	return []spec.Key{native.Object("metricSource", append(native.Any("metricSourceRef", "type"), query)...)}
}

func (t table) policy() []spec.Key {
	inline := append(native.Any("conditionRef", "kind", "metadata"), native.Object("spec", t.condition()...))
	return append(native.Any("description", "notificationTargets"), boolean("alertWhenNoData"), boolean("alertWhenResolved"),
		boolean("alertWhenBreaching"), native.List("conditions", inline...))
}

func (t table) condition() []spec.Key {
	return append(native.Any("description"), text("severity"), native.Required(native.Object("condition",
		native.Required(native.OneOf("kind", "burnrate")), compared(), native.Need("threshold", spec.Decimal, "2"),
		native.Need("lookbackWindow", spec.Text, "1h"), native.Key("alertAfter", spec.Text, "5m"))))
}

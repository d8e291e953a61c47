package openslo

import (
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
	t, all := table{version}, keys{}
	for kind, keys := range map[string][]spec.Key{
		"SLO": t.slo(), "SLI": t.sli(), "AlertPolicy": t.policy(), "AlertCondition": t.condition(),
		"AlertNotificationTarget": {described(), text("target")},
		"DataSource":              append(native.Any("connectionDetails"), described(), text("type")),
		"Service":                 {described()},
	} {
		all[kind] = spec.ObjectKeys(keys, meta(native.Need("name", spec.Name, "checkout-availability"))...)
	}
	return all
}

// table makes the keys of a version.
type table struct{ version string }

func text(name string) spec.Key    { return native.Need(name, spec.Text, "") }
func ref(name string) spec.Key     { return native.Key(name, spec.Text, "") }
func described() spec.Key          { return native.Key("description", spec.Loose, "") }
func decimal(name string) spec.Key { return native.Key(name, spec.Decimal, "") }
func boolean(name string) spec.Key { return native.Key(name, spec.Boolean, "") }
func compared() spec.Key           { return native.OneOf("op", "lte", "gte", "lt", "gt") }

// meta are the keys of metadata, where a label may have several values.
func meta(name spec.Key) []spec.Key {
	return append(native.Metadata(name, spec.Texts, spec.Loose), native.Key("displayName", spec.Loose, ""))
}

// inline are the keys of a document that stands within another one.
func inline(keys []spec.Key) []spec.Key {
	return append(native.Any("kind"), native.Object("metadata", meta(native.Key("name", spec.Name, ""))...), native.Object("spec", keys...))
}

// items is a list of documents that stand within another one, or are named under a key.
func items(name, refKey string, keys []spec.Key) spec.Key {
	return spec.Key{Name: name, Type: spec.Objects, Empty: true, Keys: append([]spec.Key{ref(refKey)}, inline(keys)...)}
}

func (t table) slo() []spec.Key {
	calendar := native.Object("calendar", text("startTime"), native.Need("timeZone", spec.TimeZone, ""))
	service, windows := "service", native.List("timeWindow", native.Need("duration", spec.Text, "30d"), boolean("isRolling"), calendar)
	own := func(name string) []spec.Key {
		return []spec.Key{ref(name + "Ref"), native.Object(name, inline(t.sli())...)}
	}
	indicator := own("indicator")
	switch t.version {
	case v1alpha:
		indicator = []spec.Key{native.Object("indicator", native.Object("thresholdMetric", t.metric()...))}
		windows = native.List("timeWindows", text("unit"), decimal("count"), boolean("isRolling"), calendar)
	case v2alpha:
		service, indicator = "serviceRef", own("sli")
	}
	policies := items("alertPolicies", "alertPolicyRef", t.policy())
	policies.Short = &spec.Key{Name: policies.Name, Type: spec.Text} // the name alone, as older documents have it
	return append(indicator, described(), policies,
		text(service), windows, text("budgetingMethod"), native.List("objectives", t.objective()...))
}

func (t table) objective() []spec.Key {
	keys := []spec.Key{
		native.Key("displayName", spec.Loose, ""), compared(), decimal("value"), native.Key("target", spec.Ratio, "0.999"),
		native.Key("targetPercent", spec.Percent, "99.9"), native.Key("timeSliceTarget", spec.FullRatio, "0.95"),
		native.Key("timeSliceWindow", spec.Text, "5m"),
	}
	if t.version == v1alpha {
		return append(keys, native.Object("ratioMetrics", boolean("incremental"), boolean("counter"), native.Object("good", t.metric()...),
			native.Object("bad", t.metric()...), native.Object("total", t.metric()...)))
	}
	return append(keys, native.Any("indicator", "indicatorRef", "sli", "sliRef", "compositeWeight")...)
}

func (t table) sli() []spec.Key {
	metric := func(name string) spec.Key { return native.Object(name, t.metric()...) }
	return append([]spec.Key{described()}, metric("thresholdMetric"),
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
		inline := append(native.Any("connectionDetails"), described(), text("type"))
		return []spec.Key{ref("dataSourceRef"), native.Object("dataSourceSpec", inline...), query}
	}
	return []spec.Key{native.Object("metricSource", ref("metricSourceRef"), ref("type"), query)}
}

func (t table) policy() []spec.Key {
	conditions := native.Required(items("conditions", "conditionRef", t.condition()))
	conditions.Empty = false
	return []spec.Key{
		described(), boolean("alertWhenNoData"), boolean("alertWhenResolved"), boolean("alertWhenBreaching"), conditions,
		items("notificationTargets", "targetRef", []spec.Key{described(), text("target")}),
	}
}

func (t table) condition() []spec.Key {
	return append([]spec.Key{described()}, text("severity"), native.Required(native.Object("condition",
		native.Required(native.OneOf("kind", "burnrate")), compared(), native.Need("threshold", spec.Decimal, "2"),
		native.Need("lookbackWindow", spec.Text, "1h"), native.Key("alertAfter", spec.Text, "5m"))))
}

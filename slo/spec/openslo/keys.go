package openslo

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
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
		"AlertNotificationTarget": spec.ObjectKeys([]spec.Key{description(), text("target")}),
		"DataSource":              spec.ObjectKeys([]spec.Key{description(), text("type"), anything("connectionDetails")}),
		"Service":                 spec.ObjectKeys([]spec.Key{description()}),
	}
}

// table makes the keys of a version.
type table struct{ version string }

func text(name string) spec.Key {
	return spec.Key{Name: name, Type: spec.Text, Required: true, Doc: "Text."}
}
func description() spec.Key { return anything("description") }
func anything(name string) spec.Key {
	return spec.Key{Name: name, Type: spec.Any, Doc: "Read elsewhere."}
}

func object(name string, keys ...spec.Key) spec.Key {
	return spec.Key{Name: name, Type: spec.Object, Keys: keys, Doc: "A part."}
}

func list(name string, keys []spec.Key) spec.Key {
	return spec.Key{Name: name, Type: spec.Objects, Keys: keys, Required: true, Doc: "Parts."}
}

func decimal(name string) spec.Key { return spec.Key{Name: name, Type: spec.Decimal, Doc: "A number."} }

func (t table) slo() []spec.Key {
	service, indicator := "service", []spec.Key{object("indicator", anything("metadata"), object("spec", t.sli()...)), anything("indicatorRef")}
	windows := list("timeWindow", []spec.Key{
		{Name: "duration", Type: spec.Text, Required: true, Example: "30d", Doc: "Length."}, boolean("isRolling"), calendar(),
	})
	switch t.version {
	case v1alpha:
		indicator = []spec.Key{object("indicator", object("thresholdMetric", t.metric()...))}
		windows = list("timeWindows", []spec.Key{text("unit"), decimal("count"), boolean("isRolling"), calendar()})
	case v2alpha:
		service = "serviceRef"
		indicator = []spec.Key{object("sli", anything("metadata"), object("spec", t.sli()...)), anything("sliRef")}
	}
	return append(indicator, text(service), description(), windows, text("budgetingMethod"), list("objectives", t.objective()), anything("alertPolicies"))
}

func boolean(name string) spec.Key { return spec.Key{Name: name, Type: spec.Boolean, Doc: "Whether."} }

func calendar() spec.Key {
	return object("calendar", text("startTime"), spec.Key{Name: "timeZone", Type: spec.TimeZone, Required: true, Doc: "IANA zone."})
}

func (t table) objective() []spec.Key {
	keys := []spec.Key{
		anything("displayName"), {Name: "op", Type: spec.Text, Enum: []string{"lte", "gte", "lt", "gt"}, Doc: "Comparison."},
		{Name: "value", Type: spec.Decimal, Doc: "Threshold."}, decimal("target"), decimal("targetPercent"),
		decimal("timeSliceTarget"), {Name: "timeSliceWindow", Type: spec.Text, Doc: "Slice."},
	}
	if t.version == v1alpha {
		return append(keys, object("ratioMetrics", boolean("incremental"), boolean("counter"), object("good", t.metric()...), object("bad", t.metric()...),
			object("total", t.metric()...)))
	}
	return append(keys, anything("indicator"), anything("indicatorRef"), anything("sli"), anything("sliRef"), anything("compositeWeight"))
}

func (t table) sli() []spec.Key {
	metric := func(name string) spec.Key { return object(name, t.metric()...) }
	return []spec.Key{
		description(), metric("thresholdMetric"),
		object("ratioMetric", boolean("counter"), metric("good"), metric("bad"), metric("total"), metric("raw"),
			spec.Key{Name: "rawType", Type: spec.Text, Enum: []string{"success", "failure"}, Doc: "What raw is the share of."}),
	}
}

// metric are the keys of where a query is asked, and what.
func (t table) metric() []spec.Key {
	query := spec.Key{Name: "spec", Type: spec.Any, Required: true, Example: "{query: …}", Doc: "The query."}
	switch t.version {
	case v1alpha:
		return []spec.Key{text("source"), anything("queryType"), text("query"), anything("metadata")}
	case v2alpha:
		return []spec.Key{anything("dataSourceRef"), object("dataSourceSpec", description(), text("type"), anything("connectionDetails")), query}
	}
	return []spec.Key{object("metricSource", anything("metricSourceRef"), anything("type"), query)}
}

func (t table) policy() []spec.Key {
	return []spec.Key{
		description(), boolean("alertWhenNoData"), boolean("alertWhenResolved"), boolean("alertWhenBreaching"),
		list("conditions", []spec.Key{anything("conditionRef"), anything("kind"), anything("metadata"), object("spec", t.condition()...)}),
		anything("notificationTargets"),
	}
}

func (t table) condition() []spec.Key {
	return []spec.Key{
		description(), text("severity"),
		{Name: "condition", Type: spec.Object, Required: true, Doc: "When.", Keys: []spec.Key{
			{Name: "kind", Type: spec.Text, Required: true, Enum: []string{"burnrate"}, Doc: "What is looked at."},
			{Name: "op", Type: spec.Text, Enum: []string{"lte", "gte", "lt", "gt"}, Doc: "Comparison."},
			{Name: "threshold", Type: spec.Decimal, Required: true, Example: "2", Doc: "Burn rate."},
			{Name: "lookbackWindow", Type: spec.Text, Required: true, Example: "1h", Doc: "Window."},
			{Name: "alertAfter", Type: spec.Text, Example: "5m", Doc: "How long."},
		}},
	}
}

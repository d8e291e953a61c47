package sloth

import (
	"strings"

	"github.com/nines-slo/nines/slo/spec"
)

// dialect says a key: files write error_query, objects of Kubernetes errorQuery.
type dialect func(key string) string

func snake(key string) string { return key }

func camel(key string) string {
	var b strings.Builder
	for i, word := range strings.Split(key, "_") {
		if i > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
	}
	return b.String()
}

// keys are the keys of documents in a dialect.
type keys struct{ file, object, slo []spec.Key }

func tables(d dialect) keys {
	version := spec.Key{Name: "version", Type: spec.Text, Required: true, Doc: "Format of the file."}
	body := bodyKeys(d)
	return keys{file: append([]spec.Key{version}, body...), object: spec.ObjectKeys(body), slo: sloKeys(d)}
}

// bodyKeys are those of a service. Its SLOs are checked one by one.
func bodyKeys(d dialect) []spec.Key {
	return []spec.Key{
		{Name: "service", Type: spec.Name, Required: true, Doc: "What the SLOs are about."},
		{Name: "labels", Type: spec.Any, Doc: "Labels of all SLOs."},
		{Name: d("slo_plugins"), Type: spec.Object, Keys: pluginKeys(d), Doc: "Plugins of sloth."},
		{Name: "slos", Type: spec.Any, Required: true, Example: "[{name: availability, objective: 99.9, …}]", Doc: "The SLOs."},
	}
}

func sloKeys(d dialect) []spec.Key {
	return []spec.Key{
		{Name: "name", Type: spec.Name, Required: true, Doc: "Name of the SLO."},
		{Name: "description", Type: spec.Any, Doc: "The SLO in words."},
		{Name: "objective", Type: spec.Decimal, Required: true, Example: "99.9", Doc: "Target in percent."},
		{Name: "labels", Type: spec.Any, Doc: "Labels of the SLO."},
		{Name: "plugins", Type: spec.Object, Keys: pluginKeys(d), Doc: "Plugins of sloth."},
		{Name: "sli", Type: spec.Object, Required: true, Keys: sliKeys(d), Doc: "What is counted."},
		{Name: "alerting", Type: spec.Object, Required: true, Keys: alertingKeys(d), Doc: "Alerts."},
	}
}

func pluginKeys(d dialect) []spec.Key {
	return []spec.Key{
		{Name: d("override_previous"), Type: spec.Boolean, Doc: "Only these."},
		{Name: "overridePrevious", Type: spec.Boolean, Doc: "Only these."},
		{Name: "chain", Type: spec.Objects, Empty: true, Doc: "Plugins in order.", Keys: []spec.Key{
			{Name: "id", Type: spec.Text, Required: true, Example: "sloth.dev/core/sli_rules/v1", Doc: "Which plugin."},
			{Name: "config", Type: spec.Any, Doc: "Its configuration."},
			{Name: "priority", Type: spec.Integer, Doc: "Its place."},
		}},
	}
}

func sliKeys(d dialect) []spec.Key {
	text := func(name string) spec.Key {
		return spec.Key{
			Name: d(name), Type: spec.Text, Required: true,
			Example: "sum(rate(http_requests_total[{{.window}}]))", Doc: "PromQL.",
		}
	}
	return []spec.Key{
		{Name: "events", Type: spec.Object, Keys: []spec.Key{text("error_query"), text("total_query")}, Doc: "Two counts."},
		{Name: "raw", Type: spec.Object, Keys: []spec.Key{text("error_ratio_query")}, Doc: "A ratio of errors."},
		{Name: "plugin", Type: spec.Any, Doc: "A plugin that makes the SLI."},
	}
}

func alertingKeys(d dialect) []spec.Key {
	one := []spec.Key{
		{Name: "disable", Type: spec.Boolean, Doc: "No such alert."},
		{Name: "labels", Type: spec.Any, Doc: "Labels of the alert."},
		{Name: "annotations", Type: spec.Any, Doc: "Annotations of the alert."},
	}
	return []spec.Key{
		{Name: "name", Type: spec.Any, Example: "CheckoutFails", Doc: "Name of both alerts."},
		{Name: "labels", Type: spec.Any, Doc: "Labels of both alerts."},
		{Name: "annotations", Type: spec.Any, Doc: "Annotations of both alerts."},
		{Name: d("page_alert"), Type: spec.Object, Keys: one, Doc: "The fast alert."},
		{Name: d("ticket_alert"), Type: spec.Object, Keys: one, Doc: "The slow alert."},
	}
}

func windowsKeys() []spec.Key {
	one := []spec.Key{
		{Name: "errorBudgetPercent", Type: spec.Decimal, Required: true, Example: "2", Doc: "Share of the budget that the long window spends."},
		{Name: "shortWindow", Type: spec.Length, Required: true, Example: "5m", Doc: "Short window."},
		{Name: "longWindow", Type: spec.Length, Required: true, Example: "1h", Doc: "Long window."},
	}
	pair := []spec.Key{
		{Name: "quick", Type: spec.Object, Required: true, Keys: one, Doc: "Fast pair."},
		{Name: "slow", Type: spec.Object, Required: true, Keys: one, Doc: "Slow pair."},
	}
	body := []spec.Key{
		{Name: "sloPeriod", Type: spec.Length, Required: true, Example: "30d", Doc: "Window of the SLOs."},
		{Name: "page", Type: spec.Object, Required: true, Keys: pair, Doc: "Windows of the fast alert."},
		{Name: "ticket", Type: spec.Object, Required: true, Keys: pair, Doc: "Windows of the slow alert."},
	}
	return spec.ObjectKeys(body)
}

package sloth

import (
	"strings"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
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

// keys are the keys of documents in a dialect. SLOs are checked one by one.
type keys struct{ file, object, slo []spec.Key }

// Texts are those of a dialect: what YAML takes for a number is one of those that Kubernetes refuses.
func tables(d dialect, texts spec.Type) keys {
	body := []spec.Key{
		native.Map("labels", texts),
		native.Need("service", spec.Name, ""),
		native.Need("slos", spec.Any, "[{name: availability, objective: 99.9, …}]"),
		plugins(d("slo_plugins")),
	}
	version := native.Need("version", spec.Text, fileVersion)
	return keys{
		file: append([]spec.Key{version}, body...), slo: sloKeys(d, texts),
		object: spec.ObjectKeys(body, native.Metadata(native.Key("name", spec.Loose, ""), texts, texts)...),
	}
}

func sloKeys(d dialect, texts spec.Type) []spec.Key {
	labels, annotations := native.Map("labels", texts), native.Map("annotations", texts)
	query := func(key string) spec.Key {
		return native.Need(d(key), spec.Text, "sum(rate(http_requests_total[{{.window}}]))")
	}
	alert := []spec.Key{labels, annotations, native.Key("disable", spec.Switch, "")}
	alerting := []spec.Key{
		native.Key("name", spec.Loose, "CheckoutFails"), labels, annotations,
		native.Object(d("page_alert"), alert...), native.Object(d("ticket_alert"), alert...),
	}
	sli := append([]spec.Key{native.Object("events", query("error_query"), query("total_query")),
		native.Object("raw", query("error_ratio_query"))}, native.Any("plugin")...)
	return append(native.Any("description"), labels,
		native.Need("name", spec.Name, ""),
		native.Need("objective", spec.Percent, "99.9"),
		native.Required(native.Object("sli", sli...)),
		native.Required(native.Object("alerting", alerting...)),
		plugins("plugins"))
}

// plugins are keys of plugins, which are written in one way in both dialects.
func plugins(name string) spec.Key {
	chain := spec.Key{Name: "chain", Type: spec.Objects, Empty: true, Keys: append(native.Any("config", "priority"),
		native.Need("id", spec.Text, "sloth.dev/core/sli_rules/v1"))}
	return native.Object(name, append(native.Any("overridePrevious", "override_previous"), chain)...)
}

func windowsKeys() []spec.Key {
	one := []spec.Key{
		native.Need("errorBudgetPercent", spec.Decimal, "2"),
		native.Need("shortWindow", spec.Length, "5m"),
		native.Need("longWindow", spec.Length, "1h"),
	}
	pair := []spec.Key{native.Required(native.Object("quick", one...)), native.Required(native.Object("slow", one...))}
	return spec.ObjectKeys([]spec.Key{
		native.Need("sloPeriod", spec.Length, "30d"),
		native.Required(native.Object("page", pair...)),
		native.Required(native.Object("ticket", pair...)),
	}, native.Metadata(native.Key("name", spec.Loose, ""), spec.Loose, spec.Loose)...)
}

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

func tables(d dialect) keys {
	body := append(native.Any("labels"),
		native.Need("service", spec.Name, ""),
		native.Need("slos", spec.Any, "[{name: availability, objective: 99.9, …}]"),
		plugins(d("slo_plugins")))
	version := native.Need("version", spec.Text, fileVersion)
	return keys{file: append([]spec.Key{version}, body...), object: spec.ObjectKeys(body), slo: sloKeys(d)}
}

func sloKeys(d dialect) []spec.Key {
	query := func(key string) spec.Key {
		return native.Need(d(key), spec.Text, "sum(rate(http_requests_total[{{.window}}]))")
	}
	alert := append(native.Any("labels", "annotations"), native.Key("disable", spec.Boolean, ""))
	alerting := append([]spec.Key{native.Key("name", spec.Any, "CheckoutFails"),
		native.Object(d("page_alert"), alert...), native.Object(d("ticket_alert"), alert...)}, native.Any("labels", "annotations")...)
	sli := append([]spec.Key{native.Object("events", query("error_query"), query("total_query")),
		native.Object("raw", query("error_ratio_query"))}, native.Any("plugin")...)
	return append(native.Any("description", "labels"),
		native.Need("name", spec.Name, ""),
		native.Need("objective", spec.Decimal, "99.9"),
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
	})
}

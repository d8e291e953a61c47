package alertmanager

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// labels returns who an alert is. They follow from the SLO file alone, so that it
// stays the same alert while it fires.
func labels(o *report.Objective, a *report.Alert) map[string]string {
	out := map[string]string{
		"alertname": title(a.Test),
		"severity":  string(a.Class),
		"class":     string(a.Class),
		"service":   o.Service,
		"slo":       o.Name,
		"objective": o.ID(),
		"owner":     o.Owner,
		"policy":    a.Policy,
		"condition": a.Condition,
		"to":        strings.Join(a.To, ","),
	}
	own(out, o.Labels)
	maps.DeleteFunc(out, func(_, value string) bool { return value == "" }) // to Alertmanager that is none
	return out
}

// titles matches every title.
const titles = "ErrorBudget.*|SLONoData"

// title returns the name of alerts of a test.
func title(t slo.Test) string {
	switch t {
	case slo.Remaining:
		return "ErrorBudgetLow"
	case slo.Exhaustion:
		return "ErrorBudgetExhaustion"
	case slo.Silence:
		return "SLONoData"
	}
	return "ErrorBudgetBurn"
}

// own adds an objective's own labels to out. One of a name that is taken is called
// exported_…, as Prometheus does; of two that become the same name the one whose
// name had to be changed gets a further _.
func own(out, more map[string]string) {
	reserved := maps.Clone(out)
	called := func(key string) string {
		name := labelName(key)
		if _, taken := reserved[name]; taken {
			name = "exported_" + name
		}
		return name
	}
	changed := func(key string) int {
		if called(key) == key {
			return 0
		}
		return 1
	}
	keys := slices.SortedFunc(maps.Keys(more), func(a, b string) int {
		return cmp.Or(cmp.Compare(changed(a), changed(b)), cmp.Compare(a, b))
	})
	for _, key := range keys {
		name := called(key)
		for {
			if _, taken := out[name]; !taken {
				break
			}
			name += "_"
		}
		out[name] = more[key]
	}
}

// labelName returns key as a name that Prometheus takes, [a-zA-Z_][a-zA-Z0-9_]*,
// and does not keep for itself as it does __….
func labelName(key string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, key)
	if name == "" || name == "_" || name[0] >= '0' && name[0] <= '9' || strings.HasPrefix(name, "__") {
		return "label_" + name
	}
	return name
}

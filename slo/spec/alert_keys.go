package spec

import (
	"slices"

	"github.com/nines-slo/nines/slo"
)

const alertsExample = "[{class: page}, {class: ticket}]"

func alertsKey(doc string) Key {
	return Key{Name: "alerts", Type: Objects, Empty: true, Keys: alertKeys(), Example: alertsExample, Doc: doc}
}

func alertKeys() []Key {
	return slices.Concat([]Key{
		{Name: "name", Type: Name, Doc: "Name of the policy; its class if left out."},
		{Name: "class", Type: Text, Required: true, Enum: []string{string(slo.Page), string(slo.Ticket), string(slo.Log)}, Doc: "How urgent it is."},
		{Name: "when", Type: Objects, Keys: conditionKeys(), Doc: "Conditions, any of which fires it; those of the SRE Workbook, table 5-8, for the class if left out."},
		{Name: "for", Type: Length, Example: "2m", Doc: "A condition has to be true this long; it fires at once if left out."},
		{Name: "min_bad", Type: Decimal, Example: "10", Doc: "Bad events that the long window has at least."},
		evidenceKey("Of burn and spent: confidence, over 50%, that the error ratio over the long window is over the limit."),
		{Name: "to", Type: Texts, Example: "[pagerduty]", Doc: "Destinations."},
	},
		elsewhere("class", "severity", "level", "urgency", "priority"), elsewhere("when", "conditions", "any", "if"),
		elsewhere("for", "duration", "hold"), elsewhere("min_bad", "min_events"), elsewhere("evidence", "confidence"),
		elsewhere("to", "notify", "channels", "destinations", "receiver"))
}

// evidenceKey is how sure a figure has to be.
func evidenceKey(doc string) Key {
	methods := []string{string(slo.Wilson), string(slo.Jeffreys), string(slo.ClopperPearson)}
	return Key{Name: "evidence", Type: Object, Short: &Key{Type: Fraction}, Example: "95%", Doc: doc, Keys: []Key{
		{Name: "confidence", Type: Fraction, Required: true, Example: "95%", Doc: "How sure: over 50% and under 100%."},
		{Name: "method", Type: Text, Enum: methods, Doc: "Interval whose lower end is over the limit; wilson if left out."},
	}}
}

// conditionKeys: one of the tests, with the windows that it looks at.
func conditionKeys() []Key {
	return slices.Concat([]Key{
		{Name: "burn", Type: Decimal, Example: "14.4", Doc: "Burn rate that both windows are over."},
		{Name: "spent", Type: Fraction, Example: "2%", Doc: "Share of the budget that the long window spends: the burn rate share × window / long."},
		{Name: "events", Type: Fraction, Example: "2%", Doc: "Share of the bad events that the window may have, counted in the long window."},
		{Name: "acceleration", Type: Decimal, Example: "3", Doc: "The burn rate is over so many times that of the long window before."},
		{Name: "remaining", Type: Fraction, Example: "25%", Doc: "Less than this share of the budget is left."},
		{Name: "exhausted_within", Type: Deadline, Example: "3d", Doc: "At the burn rate of the long window the budget is gone within this time, or before the calendar window's end."},
		{Name: "no_data", Type: Length, Example: "30m", Doc: "Nothing was measured for this long."},
		{Name: "long", Type: Length, Example: "1h", Doc: "Long window."},
		{Name: "short", Type: Length, Example: "5m", Doc: "Short window; a twelfth of the long one if left out."},
	},
		[]Key{{Name: "windows", Means: "long", Example: "long: 1h, short: 5m"}},
		elsewhere("burn", "factor", "burn_rate", "burnRate", "rate", "threshold"), elsewhere("spent", "share", "budget", "consumed"),
		elsewhere("remaining", "left"), elsewhere("no_data", "absent"),
		elsewhere("long", "long_window", "window"), elsewhere("short", "short_window"))
}

// elsewhere returns what a key is called in other tools.
func elsewhere(key string, names ...string) []Key {
	var keys []Key
	for _, name := range names {
		keys = append(keys, Key{Name: name, Means: key})
	}
	return keys
}

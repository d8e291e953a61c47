package spec

import (
	"slices"

	"github.com/nines-slo/nines/slo"
)

const alertsExample = "[{class: page}, {class: ticket}]"

func alertsKey(doc string) Key {
	return Key{Name: "alerts", Type: Objects, Empty: true, Keys: alertKeys(), Example: alertsExample, Doc: doc}
}

func classes() []string { return []string{string(slo.Page), string(slo.Ticket), string(slo.Log)} }

func alertKeys() []Key {
	keys := []Key{
		{Name: "name", Type: Name, Doc: "Name of the policy; its class if left out."},
		{
			Name: "class", Type: Text, Required: true, Enum: classes(),
			Doc: "How urgent it is.",
		},
		{
			Name: "when", Type: Objects, Keys: conditionKeys(),
			Doc: "Conditions, any of which fires it; those of the SRE Workbook, table 5-8, for the class if left out.",
		},
		{
			Name: "for", Type: Length, Example: "2m",
			Doc: "A condition has to be true this long; it fires at once if left out.",
		},
		{Name: "min_bad", Type: Decimal, Example: "10", Doc: "Bad events that the long window has at least."},
		evidenceKey("Of burn and spent: confidence, over 50%, " +
			"that the error ratio over the long window is over the limit."),
		{Name: "to", Type: Texts, Example: "[pagerduty]", Doc: "Destinations."},
		{
			Name: "alert", Type: Name, Example: "CheckoutBurnsBudget",
			Doc: "Name of the alert in Prometheus rules; made of the policy's if left out.",
		},
		{
			Name: "labels", Type: TextMap, Example: "{severity: critical}",
			Doc: "Labels of the alert in Prometheus rules, beside those of the SLO.",
		},
		{
			Name: "annotations", Type: TextMap, Short: &Key{Type: Text}, Example: "{summary: Checkout fails}",
			Doc: "Annotations of the alert in Prometheus rules: templates as Prometheus reads them.",
		},
	}
	return slices.Concat(keys,
		elsewhere("class", "severity", "level", "urgency", "priority"),
		elsewhere("when", "conditions", "any", "if"),
		elsewhere("for", "duration", "hold"),
		elsewhere("min_bad", "min_events"),
		elsewhere("evidence", "confidence"),
		elsewhere("to", "notify", "channels", "destinations", "receiver"),
	)
}

// evidenceKey is how sure a figure has to be.
func evidenceKey(doc string) Key {
	methods := []string{string(slo.Wilson), string(slo.Jeffreys), string(slo.ClopperPearson)}
	return Key{Name: "evidence", Type: Object, Short: &Key{Type: Fraction}, Example: "95%", Doc: doc, Keys: []Key{
		{Name: "confidence", Type: Fraction, Required: true, Example: "95%", Doc: "How sure: over 50% and under 100%."},
		{
			Name: "method", Type: Text, Enum: methods,
			Doc: "Interval whose lower end is over the limit; wilson if left out.",
		},
	}}
}

// conditionKeys: one of the tests, with the windows that it looks at.
func conditionKeys() []Key {
	keys := []Key{
		{Name: "burn", Type: Decimal, Example: "14.4", Doc: "Burn rate that the windows are over."},
		{
			Name: "spent", Type: Fraction, Example: "2%",
			Doc: "Share of the budget that the long window spends: the burn rate share × window / long.",
		},
		{
			Name: "events", Type: Fraction, Example: "2%",
			Doc: "Share of the bad events that the window may have, counted in the long window.",
		},
		{
			Name: "acceleration", Type: Decimal, Example: "3",
			Doc: "The burn rate is over so many times that of the long window before.",
		},
		{Name: "remaining", Type: Fraction, Example: "25%", Doc: "Less than this share of the budget is left."},
		{
			Name: "exhausted_within", Type: Deadline, Example: "3d",
			Doc: "At the burn rate of the long window the budget is gone within this time, " +
				"or before the calendar window's end.",
		},
		{Name: "no_data", Type: Length, Example: "30m", Doc: "Nothing was measured for this long."},
		{Name: "long", Type: Length, Example: "1h", Doc: "Long window."},
		{
			Name: "short", Type: Optional, Example: "5m",
			Doc: "Short window; a twelfth of the long one if left out. " +
				"none: the long one alone decides, for counts that come once an hour or a day.",
		},
		{Name: "windows", Means: "long", Example: "long: 1h, short: 5m"},
	}
	return slices.Concat(keys,
		elsewhere("burn", "factor", "burn_rate", "burnRate", "rate", "threshold"),
		elsewhere("spent", "share", "budget", "consumed"),
		elsewhere("remaining", "left"),
		elsewhere("no_data", "absent"),
		elsewhere("long", "long_window", "window"),
		elsewhere("short", "short_window"),
	)
}

// elsewhere returns what a key is called in other tools.
func elsewhere(key string, names ...string) []Key {
	var keys []Key
	for _, name := range names {
		keys = append(keys, Key{Name: name, Means: key})
	}
	return keys
}

// gateKeys are the keys of an error-budget policy.
func gateKeys() []Key {
	verdicts := []string{string(slo.Closed), string(slo.CannotTell), string(slo.Warn), string(slo.Open)}
	return []Key{
		{
			Name: "max_age", Type: Length, Example: "2h",
			Doc: "How old the newest data may be; an hour, or two of its steps, if left out.",
		},
		{
			Name: "missing", Type: Text, Enum: verdicts,
			Doc: "What it means if data is missing, too old or begins inside the window; cannot_tell if left out.",
		},
		{
			Name: "rules", Type: Objects, Keys: ruleKeys(),
			Doc: "When releases stop; the worst verdict of all that hold decides. " +
				`They replace the one that holds if left out: {then: closed, remaining: "< 0%"}.`,
		},
		{
			Name: "freezes", Type: Objects, Keys: append(exclusionKeys(), scopeKey()),
			Doc: "Time in which no release goes out.",
		},
		{
			Name: "overrides", Type: Objects, Keys: overrideKeys(),
			Doc: "Who lets releases out all the same, why, and until when.",
		},
	}
}

func ruleKeys() []Key {
	return []Key{
		{
			Name: "then", Type: Text, Required: true, Enum: []string{string(slo.Closed), string(slo.Warn)},
			Doc: "What the rule says if it holds.",
		},
		{
			Name: "remaining", Type: Under,
			Doc: "Share of the error budget left, e.g. < 25%; of a calendar window, of the whole period's.",
		},
		{Name: "burn", Type: Above, Doc: "Burn rate, e.g. > 10."},
		{
			Name: "over", Type: Length, Example: "1h",
			Doc: "Time over which the burn rate is taken, up to the newest data.",
		},
		evidenceKey("Confidence, over 50%, that the burn rate is over its limit."),
		{
			Name: "firing", Type: Name, Example: "page",
			Doc: "An alert policy by name, or a class, page, ticket or log, and those faster than it.",
		},
		{
			Name: "exhausted_within", Type: Length, Example: "3d",
			Doc: "The forecast says that the budget will be exhausted within this time. Not for windows under a week.",
		},
		{
			Name: "chance", Type: Text, Enum: []string{"10%", "50%", "90%"}, Example: "50%",
			Doc: "Share of the forecast's futures in which that is so; 50% if left out.",
		},
		{
			Name: "hours", Type: Texts, Example: `"Mon-Fri 09:00-18:00"`,
			Doc: "When the rule is held, by the file's time zone; alone, it holds then whatever the figures are.",
		},
		scopeKey(),
	}
}

func overrideKeys() []Key {
	return []Key{
		{Name: "owner", Type: Name, Required: true, Example: "ops lead", Doc: "Who answers for it."},
		{Name: "reason", Type: Name, Required: true, Example: "fix for INC-7", Doc: "Why."},
		{Name: "expires", Type: Instant, Required: true, Doc: "When it ends, by itself."},
		{
			Name: "only", Type: Texts, Required: true, Example: "[checkout]",
			Doc: "Of which objectives: service, name, service/name or label=value; globs work.",
		},
		{
			Name: "then", Type: Text, Required: true, Enum: []string{string(slo.Open), string(slo.Warn)},
			Doc: "What the gate says instead.",
		},
		{
			Name: "missing", Type: Boolean,
			Doc: "true: also where data is missing, too old or too young; else it lifts only what the figures say.",
		},
	}
}

func scopeKey() Key {
	return Key{
		Name: "only", Type: Texts,
		Doc: "Of which objectives: service, name, service/name or label=value; globs work. " +
			"All that the gate is for, if left out.",
	}
}

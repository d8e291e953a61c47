package convert

import (
	"slices"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

// firing returns a document of another tool without the alert conditions that can never be true at
// the target: in native files they are errors. Notes get what is left out, by the place of the SLO's
// alerts.
func (m *margin) firing(doc spec.Value, all map[[2]string]*spec.Objective) spec.Value {
	slos := doc.Get("slos")
	slos.Items = slices.Clone(slos.Items)
	for i, entry := range slos.Items {
		if o := all[[2]string{doc.Get("service").Text, entry.Get("name").Text}]; o != nil {
			slos.Items[i] = with(entry, "alerts", m.reachable(entry, o))
		}
	}
	return with(doc, "slos", slos)
}

// with returns a map with another value for a key that it has.
func with(m spec.Value, key string, v spec.Value) spec.Value {
	m.Fields = slices.Clone(m.Fields)
	for i, f := range m.Fields {
		if f.Key == key {
			m.Fields[i].Value = v
		}
	}
	return m
}

// reachable returns the alerts of an SLO that may fire.
func (m *margin) reachable(entry spec.Value, o *spec.Objective) spec.Value {
	alerts := entry.Get("alerts")
	if len(alerts.Items) != len(o.Alerts) {
		return alerts
	}
	var policies []spec.Value
	for i, policy := range alerts.Items {
		when := policy.Get("when")
		if len(when.Items) != len(o.Alerts[i].When) {
			return entry.Get("alerts")
		}
		var conditions []spec.Value
		for j, condition := range when.Items {
			c := o.Alerts[i].When[j]
			if c.Test != slo.Burn || c.Limit.Cmp(o.Target.Highest()) < 0 {
				conditions = append(conditions, condition)
				continue
			}
			m.add(place{alerts.Pos.File, alerts.Pos.Line},
				"nines: "+o.Alerts[i].Title(c)+" can never fire at target "+o.Target.String()+", and is left out")
		}
		if len(conditions) > 0 || len(when.Items) == 0 {
			when.Items = conditions
			policies = append(policies, with(policy, "when", when))
		}
	}
	alerts.Items = policies
	return alerts
}

package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// quiet is how long nothing is measured before the alert on that fires where the file has
// no such condition.
const quiet = 30 * time.Minute

// silent is the policy of objectives that have none about missing data.
func silent() slo.Policy {
	return slo.Policy{Name: string(slo.Ticket), Class: slo.Ticket, Rule: "NinesNoData",
		When: []slo.Condition{{Test: slo.Silence, Within: quiet}}}
}

// alerts returns an alert of each policy.
func (w *writer) alerts() []Rule {
	policies, heard := w.objective.Policies(), false
	for _, p := range policies {
		heard = heard || slices.ContainsFunc(p.When, func(c slo.Condition) bool { return c.Test == slo.Silence })
	}
	if !heard {
		policies = append(slices.Clip(policies), silent())
	}
	w.cost = w.spent()
	out := make([]Rule, 0, len(policies))
	for _, p := range policies {
		if rule, ok := w.alert(p); ok {
			out = append(out, rule)
		}
	}
	return out
}

// alert returns the alert of a policy, false with a finding if there is none.
func (w *writer) alert(p slo.Policy) (Rule, bool) {
	if p.Evidence.Asked() {
		w.warnf("evidence", "the policy %s asks for evidence, which rules cannot weigh: they fire without it", p.Name)
	}
	said, exprs := make([]slo.Condition, 0, len(p.When)), make([][]string, 0, len(p.When))
	for _, c := range p.When {
		if expr := w.condition(p, c); expr != nil {
			said, exprs = append(said, c), append(exprs, expr)
		}
	}
	if len(said) == 0 {
		w.warnf("alert", "the policy %s is not in the rules: none of its conditions is", p.Name)
		return Rule{}, false
	}
	r := Rule{Alert: AlertName(p), Expr: anyOf(p, said, exprs), For: p.For, Labels: w.labels(p, said), Annotations: w.annotations(p, said)}
	return r, true
}

// anyOf returns an expression that is true where one of several is, and says which.
func anyOf(p slo.Policy, said []slo.Condition, exprs [][]string) string {
	if len(said) == 1 {
		return strings.Join(exprs[0], "")
	}
	parts := make([]string, 0, 10*len(said)) // of which one text is made at once: it is long
	for i, c := range said {
		if i > 0 {
			parts = append(parts, " or ")
		}
		parts = append(append(parts, "label_replace("), exprs[i]...)
		parts = append(parts, `, "`+conditionLabel+`", `, strconv.Quote(replacement(p.Title(c))), `, "", "")`)
	}
	return strings.Join(parts, "")
}

// replacement returns what label_replace puts in for a text.
func replacement(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// AlertName returns the name that the file gives, else one made of the policy's: NinesBurnPage.
func AlertName(p slo.Policy) string {
	if p.Rule != "" {
		return p.Rule
	}
	name := "NinesBurn"
	for _, part := range strings.FieldsFunc(p.Name, func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '.' }) {
		part = wordOf(part)
		name += strings.ToUpper(part[:1]) + part[1:]
	}
	return name
}

// labels returns those of an alert, the policy's own last: they count.
func (w *writer) labels(p slo.Policy, said []slo.Condition) []Pair {
	out := make([]Pair, 0, len(w.names.labels)+2+len(p.Labels))
	out = append(append(out, w.names.labels...), Pair{classLabel, string(p.Class)})
	if len(said) == 1 {
		out = append(out, Pair{conditionLabel, literal(p.Title(said[0]))})
	}
	for i := range w.names.labels {
		out[i].Value = literal(out[i].Value)
	}
	return merged(out, w.free(p, said))
}

// free returns the labels of a policy without those that tell its alerts apart: two of the
// same labels are an error in Prometheus, and none of them fires.
func (w *writer) free(p slo.Policy, said []slo.Condition) map[string]string {
	var taken []string
	for name := range p.Labels {
		if slices.Contains(w.objective.Per, name) || name == conditionLabel && len(said) > 1 {
			taken = append(taken, name)
		}
	}
	if len(taken) == 0 {
		return p.Labels
	}
	slices.Sort(taken)
	for _, name := range taken {
		w.warnf("label", "the policy %s has no label %s in the rules: it tells alerts of the policy apart", p.Name, name)
	}
	out := maps.Clone(p.Labels)
	maps.DeleteFunc(out, func(name, _ string) bool { return slices.Contains(taken, name) })
	return out
}

// merged returns pairs with those of a map in their place, or behind them.
func merged(pairs []Pair, with map[string]string) []Pair {
	for _, name := range slices.Sorted(maps.Keys(with)) {
		pair := Pair{name, with[name]}
		if i := slices.IndexFunc(pairs, func(p Pair) bool { return p.Name == name }); i >= 0 {
			pairs[i] = pair
		} else {
			pairs = append(pairs, pair)
		}
	}
	return pairs
}

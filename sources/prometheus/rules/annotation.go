package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo"
)

// annotations returns what people read of an alert, the policy's own in place of ours.
func (w *writer) annotations(p slo.Policy, said []slo.Condition) []Pair {
	name := literal(w.objective.Service + "/" + w.objective.Name)
	for _, label := range w.objective.Per {
		name += ` {{ $labels.` + label + ` }}`
	}
	out := []Pair{
		{"summary", name + " " + summary(said)},
		{"description", w.description(p, said)},
	}
	for _, link := range slices.Sorted(maps.Keys(w.objective.Links)) {
		out = append(out, Pair{linkName(out, link), literal(w.objective.Links[link])})
	}
	return merged(out, p.Annotations)
}

// linkName returns the name of the annotation that has a link, which none of others has:
// runbook_url.
func linkName(others []Pair, link string) string {
	name := wordOf(link) + "_url"
	if !legal(name) { // it begins with a digit, or with two _
		name = "link_" + strings.TrimLeft(name, "_")
	}
	free := name
	for n := 2; slices.ContainsFunc(others, func(p Pair) bool { return p.Name == free }); n++ {
		free = name + "_" + strconv.Itoa(n)
	}
	return free
}

// only tells whether all conditions have a test.
func only(said []slo.Condition, test slo.Test) bool {
	return !slices.ContainsFunc(said, func(c slo.Condition) bool { return c.Test != test })
}

func summary(said []slo.Condition) string {
	switch {
	case only(said, slo.Silence):
		return "is not measured"
	case only(said, slo.Burn):
		return "burns its error budget"
	}
	return "is at risk: {{ $labels." + conditionLabel + " }}"
}

// description tells what was seen, and what it has cost.
func (w *writer) description(p slo.Policy, said []slo.Condition) string {
	if only(said, slo.Silence) {
		return "Nothing was counted for " + length(said[0].Within) + ". No data is not good news: an outage may look like this."
	}
	text := "The condition {{ $labels." + conditionLabel + " }} is true."
	if only(said, slo.Burn) {
		rate := `{{ with printf "%g / ` + w.operand + `" $value | query }}{{ . | first | value | printf "%.1f" }}{{ end }}`
		counted := "events"
		if w.sliced() {
			counted = "slices of " + length(w.tile())
		}
		text = "{{ $value | humanizePercentage }} of the " + counted + " are bad over the long window of {{ $labels." + conditionLabel +
			" }}: a burn rate of " + rate + " at a target of " + w.objective.Target.String() + "."
	}
	return text + w.cost
}

// spent tells how much of the budget is spent, or that it is not known yet.
func (w *writer) spent() string {
	if !w.objective.Window.Rolling() {
		return ""
	}
	selector := strings.TrimSuffix(w.series(spentSeries), "}")
	format, args := strings.ReplaceAll(selector, "%", "%%"), ""
	for _, label := range w.objective.Per {
		format, args = format+","+label+"=%q", args+" $labels."+label
	}
	return ` {{ with printf ` + strconv.Quote(format+"}") + args + ` | query }}{{ . | first | value | humanizePercentage }} of the budget of ` +
		w.objective.Window.String() + ` is spent.{{ else }}How much of the budget is spent is not known yet.{{ end }}`
}

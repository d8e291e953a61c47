package report

import (
	"maps"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/budget"
)

// Title is the name of o for people: "service/name", with the labels behind it
// where there are any, "shop/payments (region=eu)".
func (o Objective) Title() string {
	name := o.Name
	if o.Service != "" {
		name = o.Service + "/" + o.Name
	}
	if len(o.Labels) == 0 {
		return name
	}
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(o.Labels)) {
		pairs = append(pairs, k+"="+o.Labels[k])
	}
	return name + " (" + strings.Join(pairs, ", ") + ")"
}

// Counts returns o's events or slices, whichever its method counts.
func (o Objective) Counts() budget.Counts {
	switch {
	case o.Events != nil:
		return *o.Events
	case o.Slices != nil:
		return *o.Slices
	}
	return budget.Counts{}
}

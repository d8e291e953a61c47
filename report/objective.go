package report

import "github.com/nines-slo/nines/slo/budget"

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

package build

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// summarize counts the four figures.
func summarize(
	objectives []report.Objective, counted calls, incidents []report.Incident, blips int,
) report.Summary {
	s := report.Summary{Total: len(objectives)}
	services, exhausted, held := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, o := range objectives {
		services[o.Service] = true
		if o.Gate == slo.Closed {
			held[o.Service] = true
		}
		switch o.State {
		case slo.NoData:
			s.NoData++
		case slo.Missed, slo.Exhausted:
			s.Missed++
			exhausted[o.Service] = true
		case slo.AtRisk:
			s.AtRisk++
			s.Met++
		default:
			s.Met++
		}
	}
	good, valid := counted.all()
	s.Availability, s.Calls = good.Quo(valid), valid
	s.Services, s.Exhausted, s.OnHold = len(services), len(exhausted), len(held)
	if !slices.ContainsFunc(objectives, func(o report.Objective) bool { return !o.Unmeasured() }) {
		return s
	}
	s.Incidents, s.Blips = slo.NumberOf(int64(len(incidents))), slo.NumberOf(int64(blips))
	var length time.Duration
	for _, i := range incidents {
		length += i.End.Sub(i.Start)
	}
	s.IncidentLength = length
	s.IncidentMinutes = slo.Minutes(length)
	return s
}

// calls are the events of availability objectives, each counted once. Objectives of one
// indicator have the same events, whole or cut by labels: each bucket counts once that any
// of them counts, in whatever order they come.
type calls map[string]map[string]*cut // by indicator, by the labels that cut it

// cut are the events of an indicator that is cut by the same labels, or by none.
type cut struct {
	good, valid slo.Number
	seen        map[string][]slo.Period // by the values of the labels: whose buckets are counted
}

// add counts the events of o, which was judged over p. Its indicator has that name.
func (c *calls) add(indicator string, o report.Objective, l *budget.Ledger, p slo.Period) {
	if o.Kind.Name != slo.Availability || o.Events == nil {
		return
	}
	if *c == nil {
		*c = calls{}
	}
	cuts := (*c)[indicator]
	if cuts == nil {
		cuts = map[string]*cut{}
		(*c)[indicator] = cuts
	}
	labels, part := fmt.Sprintf("%q", o.By), fmt.Sprintf("%q", values(o))
	of := cuts[labels]
	if of == nil {
		of = &cut{good: slo.NumberOf(0), valid: slo.NumberOf(0), seen: map[string][]slo.Period{}}
		cuts[labels] = of
	}
	events, seen := budget.Besides(l, of.seen[part], p)
	of.seen[part] = seen
	of.good, of.valid = of.good.Add(events.Good), of.valid.Add(events.Total)
}

// all returns the good and the valid events of all indicators. Of one that is cut in
// different ways it is the cut that has most of them, of equals the first by its labels.
func (c calls) all() (good, valid slo.Number) {
	good, valid = slo.NumberOf(0), slo.NumberOf(0)
	for _, cuts := range c {
		var most *cut
		for _, labels := range slices.Sorted(maps.Keys(cuts)) {
			if of := cuts[labels]; most == nil || of.valid.Cmp(most.valid) > 0 {
				most = of
			}
		}
		good, valid = good.Add(most.good), valid.Add(most.valid)
	}
	return good, valid
}

// values returns the values of the labels that tell o from others of its name.
func values(o report.Objective) []string {
	var out []string
	for _, label := range o.By {
		out = append(out, o.Labels[label])
	}
	return out
}

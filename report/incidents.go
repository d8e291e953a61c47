package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// mergeIncidents joins the objectives' incidents that overlap or are at most ten
// minutes apart: what a person would call one incident. Each has the alert that
// told of it first.
func mergeIncidents(objectives []Objective) []Incident {
	type one struct {
		budget.Incident
		o *Objective
	}
	var all []one
	for i := range objectives {
		for _, inc := range objectives[i].Incidents {
			all = append(all, one{inc, &objectives[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b one) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.o.ID(), b.o.ID()))
	})
	out := []Incident{}
	for _, a := range all {
		n := len(out)
		if n == 0 || a.Start.Sub(out[n-1].End) > slo.DefaultIncidents().Join {
			out = append(out, Incident{Start: a.Start, End: a.End})
			n++
		}
		out[n-1].add(a.Incident, a.o)
	}
	for i := range out {
		out[i].Alert = firstAlert(out[i], objectives)
		slices.Sort(out[i].Services)
		slices.SortStableFunc(out[i].Impacts, func(a, b Impact) int {
			return cmp.Or(b.Spent.Cmp(a.Spent), cmp.Compare(a.Objective, b.Objective))
		})
	}
	return out
}

// add joins an objective's incident to i.
func (i *Incident) add(inc budget.Incident, o *Objective) {
	if inc.End.After(i.End) {
		i.End = inc.End
	}
	i.Open = i.Open || inc.Open
	if !slices.Contains(i.Services, o.Service) {
		i.Services = append(i.Services, o.Service)
	}
	spent := inc.Bad.Quo(o.Budget.Allowed)
	for k := range i.Impacts {
		if im := &i.Impacts[k]; im.Objective == o.ID() {
			im.Bad, im.Share, im.Spent = im.Bad.Add(inc.Bad), im.Share.Add(inc.Share), im.Spent.Add(spent)
			return
		}
	}
	i.Impacts = append(i.Impacts, Impact{Objective: o.ID(), Bad: inc.Bad, Share: inc.Share, Spent: spent})
}

// summarize counts the four figures.
func summarize(objectives []Objective, indicators []string, incidents []Incident) Summary {
	s := Summary{Total: len(objectives), Incidents: len(incidents)}
	good, valid := slo.NumberOf(0), slo.NumberOf(0)
	counted := once{}
	services, exhausted, held := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, o := range objectives {
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
		if o.Kind.Name == slo.Availability && o.Events != nil && counted.first(indicators[i], o) {
			good, valid = good.Add(o.Events.Good), valid.Add(o.Events.Total)
		}
	}
	s.Availability, s.Calls = good.Quo(valid), valid
	s.Services, s.Exhausted, s.OnHold = len(services), len(exhausted), len(held)
	var length time.Duration
	for _, i := range incidents {
		length += i.End.Sub(i.Start)
	}
	s.IncidentLength = length
	s.IncidentMinutes = slo.Minutes(length)
	return s
}

// once tells which objectives to count so that each event counts once. Objectives
// of one indicator have the same events, whole or cut by labels.
type once map[string]map[string]bool

// first tells whether o is the first of its events.
func (n once) first(indicator string, o Objective) bool {
	cut := fmt.Sprintf("%q", o.By)
	if n[indicator] == nil {
		n[indicator] = map[string]bool{cut: true}
	}
	part := fmt.Sprintf("%q %q", o.By, values(o))
	if !n[indicator][cut] || n[indicator][part] {
		return false
	}
	n[indicator][part] = true
	return true
}

// values returns the values of the labels that tell o from others of its name.
func values(o Objective) []string {
	var out []string
	for _, label := range o.By {
		out = append(out, o.Labels[label])
	}
	return out
}

package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// mergeIncidents joins the objectives' incidents that overlap or are at most ten
// minutes apart: what a person would call one incident.
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
	seen := map[string]bool{}
	services, exhausted := map[string]bool{}, map[string]bool{}
	for i, o := range objectives {
		services[o.Service] = true
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
		if o.Kind.Name == slo.Availability && o.Events != nil && !seen[indicators[i]] {
			seen[indicators[i]] = true
			good, valid = good.Add(o.Events.Good), valid.Add(o.Events.Total)
		}
	}
	s.Availability, s.Calls = good.Quo(valid), valid
	s.Services, s.Exhausted = len(services), len(exhausted)
	var length time.Duration
	for _, i := range incidents {
		length += i.End.Sub(i.Start)
	}
	s.IncidentLength = length
	s.IncidentMinutes = slo.NumberFrac(int64(length), int64(time.Minute))
	return s
}

package build

import (
	"cmp"
	"slices"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// incidents tells when the objective was down in the judged period.
func incidents(j *judged, o *report.Objective) {
	if o.Unmeasured() {
		return
	}
	found := j.ledger.Incidents(j.status)
	o.Incidents = outages(found)
	o.Reliability = budget.ReliabilityOf(found, j.status.Elapsed.Length())
}

func outages(incidents []budget.Incident) []report.Outage {
	var out []report.Outage
	for _, i := range incidents {
		out = append(out, report.Outage{Start: i.Start, End: i.End, Open: i.Open, Bad: i.Bad, Share: i.Share})
	}
	return out
}

// mergeIncidents joins the objectives' incidents that overlap or are at most ten
// minutes apart: what a person would call one incident. Each has the alert that
// told of it first.
func mergeIncidents(objectives []report.Objective) []report.Incident {
	type one struct {
		found report.Outage
		of    *report.Objective
	}
	var all []one
	for i := range objectives {
		for _, inc := range objectives[i].Incidents {
			all = append(all, one{inc, &objectives[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b one) int {
		return cmp.Or(a.found.Start.Compare(b.found.Start), cmp.Compare(a.of.ID(), b.of.ID()))
	})
	out := []report.Incident{}
	for _, a := range all {
		n := len(out)
		if n == 0 || a.found.Start.Sub(out[n-1].End) > slo.DefaultIncidents().Join {
			out = append(out, report.Incident{Start: a.found.Start, End: a.found.End})
			n++
		}
		join(&out[n-1], a.found, a.of)
	}
	for i := range out {
		out[i].Alert = firstAlert(out[i], objectives)
		slices.Sort(out[i].Services)
		slices.SortStableFunc(out[i].Impacts, func(a, b report.Impact) int {
			return cmp.Or(b.Spent.Cmp(a.Spent), cmp.Compare(a.Objective, b.Objective))
		})
	}
	return out
}

// join adds an objective's incident to i.
func join(i *report.Incident, inc report.Outage, o *report.Objective) {
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
	i.Impacts = append(i.Impacts, report.Impact{Objective: o.ID(), Bad: inc.Bad, Share: inc.Share, Spent: spent})
}

// firstAlert returns the first alert of any objective that told of i, nil if none did.
func firstAlert(i report.Incident, objectives []report.Objective) *report.FirstAlert {
	var first *report.FirstAlert
	for _, o := range objectives {
		for _, a := range o.Fired {
			if a.Class == slo.Log {
				continue
			}
			for _, m := range a.Matches {
				told := m.Fired != nil && !m.Start.Before(i.Start) && !m.Start.After(i.End)
				if !told || first != nil && !m.Fired.Before(first.At) {
					continue
				}
				late := slo.Minutes(max(0, m.Fired.Sub(i.Start)))
				first = &report.FirstAlert{Objective: o.ID(), Policy: a.Name, Class: a.Class, At: m.Fired.UTC(),
					Minutes: late}
			}
		}
	}
	return first
}

package build

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/order"
)

// around returns the time whose counts tell which incidents of s count in the judged
// period, of a report also in the one before. It goes on after these.
func (b *Builder) around(s slo.SLO) slo.Period {
	p := b.period(s)
	if b.Full {
		p.Start = b.before(p, s).Start
	}
	return budget.Around(s, p, b.At)
}

// incidents tells when the objective was down in the judged period.
func incidents(j *judged, o *report.Objective) {
	if o.Unmeasured() {
		return
	}
	found, blips := j.wide.Incidents(j.status, j.b.At)
	o.Incidents, o.Blips = outages(found), outages(blips)
	o.Reliability = j.wide.Reliability(j.status, found)
}

func outages(incidents []budget.Incident) []report.Outage {
	var out []report.Outage
	for _, i := range incidents {
		out = append(out, report.Outage{Start: i.Start, End: i.End, Open: i.Open, Bad: i.Bad, Share: i.Share})
	}
	return out
}

// suffered is an outage with the objective that was down.
type suffered struct {
	report.Outage
	by *report.Objective
}

// sufferedBy returns the outages of all objectives that of tells, by start.
func sufferedBy(objectives []report.Objective, of func(report.Objective) []report.Outage) []suffered {
	var all []suffered
	for i := range objectives {
		for _, outage := range of(objectives[i]) {
			all = append(all, suffered{outage, &objectives[i]})
		}
	}
	order.Stable(all, func(a, b suffered) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.by.ID(), b.by.ID()))
	})
	return all
}

// mergeIncidents joins the objectives' incidents that overlap or are at most ten
// minutes apart: what a person would call one incident. Each has the alert that
// told of it first, and lists the objectives that had no more than a blip in it too.
// Of the other blips it returns at how many times there were some.
func mergeIncidents(objectives []report.Objective) (out []report.Incident, blips int) {
	out = []report.Incident{}
	for _, a := range sufferedBy(objectives, func(o report.Objective) []report.Outage { return o.Incidents }) {
		n := len(out)
		if n == 0 || a.Start.Sub(out[n-1].End) > slo.DefaultIncidents().Join {
			out = append(out, report.Incident{Start: a.Start, End: a.End})
			n++
		}
		i := &out[n-1]
		if a.End.After(i.End) {
			i.End = a.End
		}
		i.Open = i.Open || a.Open
		join(i, a)
	}
	blips = joinBlips(out, sufferedBy(objectives, func(o report.Objective) []report.Outage { return o.Blips }))
	for i := range out {
		out[i].Alert = firstAlert(out[i], objectives)
		out[i].Mute = unwatched(out[i], objectives)
		slices.Sort(out[i].Services)
		order.Stable(out[i].Impacts, func(a, b report.Impact) int {
			return cmp.Or(b.Spent.Cmp(a.Spent), cmp.Compare(a.Objective, b.Objective))
		})
	}
	return out, blips
}

// joinBlips adds the blips that overlap an incident to the first they do, and counts
// the others, those that overlap each other once.
func joinBlips(incidents []report.Incident, blips []suffered) int {
	n, end := 0, time.Time{}
	for _, b := range blips {
		k := sort.Search(len(incidents), func(k int) bool { return incidents[k].End.After(b.Start) })
		if k < len(incidents) && incidents[k].Start.Before(b.End) {
			join(&incidents[k], b)
			continue
		}
		if n == 0 || !b.Start.Before(end) {
			n++
		}
		if b.End.After(end) {
			end = b.End
		}
	}
	return n
}

// join adds what an objective suffered in i.
func join(i *report.Incident, inc suffered) {
	o := inc.by
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

// unwatched tells whether no page or ticket of an objective in i can fire.
func unwatched(i report.Incident, objectives []report.Objective) bool {
	able := func(a report.Alerted) bool { return a.Class != slo.Log && !a.Mute }
	return !slices.ContainsFunc(objectives, func(o report.Objective) bool {
		in := func(im report.Impact) bool { return im.Objective == o.ID() }
		return slices.ContainsFunc(i.Impacts, in) && slices.ContainsFunc(o.Fired, able)
	})
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

package build

import (
	"fmt"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// summarize counts the four figures.
func summarize(
	objectives []report.Objective, indicators []string, incidents []report.Incident, blips int,
) report.Summary {
	s := report.Summary{Total: len(objectives)}
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

// once tells which objectives to count so that each event counts once. Objectives
// of one indicator have the same events, whole or cut by labels.
type once map[string]map[string]bool

// first tells whether o is the first of its events.
func (n once) first(indicator string, o report.Objective) bool {
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
func values(o report.Objective) []string {
	var out []string
	for _, label := range o.By {
		out = append(out, o.Labels[label])
	}
	return out
}

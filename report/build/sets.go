package build

import (
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
)

// Sets returns the time in which a label set of s has to occur to be listed: the judged
// period and as much time before it, so that one that is gone is not forgotten at once.
func (b *Builder) Sets(s slo.SLO) slo.Period {
	p := b.period(s)
	return slo.Period{Start: p.Start.Add(-p.Length()), End: p.End}
}

// gone tells that a label set did not occur in the judged period. A SLO of which one did
// is kept in mind: the others are no reason to take it for unmeasured.
func gone(j *judged, o *report.Objective) {
	s := j.m.SLO
	if len(s.By) == 0 || len(s.Unlabelled()) > 0 {
		return
	}
	if o.Gone = !j.m.Data.Occurred(j.status.Period); !o.Gone {
		j.b.occurred(o.Service, o.Name)
		return
	}
	o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "slo/gone",
		"its label set did not occur in this period, only in the one before"))
}

// occurred keeps in mind that a label set of a SLO is there.
func (b *Builder) occurred(service, name string) {
	if b.lives == nil {
		b.lives = map[[2]string]bool{}
	}
	b.lives[[2]string{service, name}] = true
}

// left tells whether o is a label set that is gone while others of its SLO are not.
func (b *Builder) left(o report.Objective) bool {
	return o.Gone && b.lives[[2]string{o.Service, o.Name}]
}

// lifetime returns m as it is judged at the instant at. Of a label set that may vanish
// the time before its first event and, once it has vanished, after its last one was not
// measured.
func (m Measured) lifetime(at time.Time) Measured {
	data := m.Data
	if !m.SLO.Passing() {
		return m
	}
	last := gate.LastOccurrence(m.SLO, data, at)
	if last.IsZero() {
		return m
	}
	first := 0
	for !data.Occurs(first) {
		first++
	}
	limit := m.SLO.ReleasePolicy().Age(data.Step)
	own := *data
	own.Oldest = time.Time{}
	own.Bad, own.Total = slices.Clone(data.Bad), slices.Clone(data.Total)
	blank := func(i, j int) {
		for ; i < j; i++ {
			own.Bad[i], own.Total[i] = math.NaN(), math.NaN()
		}
	}
	blank(0, first)
	if goesOn := gate.GoesOn(m.SLO, data, at); goesOn.Sub(last) > limit {
		blank(data.Index(last), data.Len())
		m.SLO.Vanished = last
		own.Newest = goesOn
		m.Warnings = append(slices.Clone(m.Warnings), vanished())
	}
	m.Data = &own
	return m
}

// vanished tells of a label set that may vanish, and did.
func vanished() diag.Finding {
	return diag.Warnf(diag.Pos{}, "slo/vanished", "its label set has no events any more while its source goes on: "+
		"judged over its measured time alone, as `vanished: ignore` says")
}

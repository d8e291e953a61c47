// Package build makes the report model. All judgements, orders and totals are made
// here, once, one objective at a time; it writes nothing, and no renderer knows it.
package build

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/order"
)

// Needs returns the time whose counts the builder wants for s: as far back as the
// aspects reach that it tells, and as far around as its incidents do.
func (b *Builder) Needs(s slo.SLO) slo.Period { return hull(b.need(s, b.aspects()), b.around(s)) }

// hull returns the shortest period that holds both.
func hull(a, b slo.Period) slo.Period {
	a.Start = earlier(a.Start, b.Start)
	if b.End.After(a.End) {
		a.End = b.End
	}
	return a
}

// need returns the time whose counts the aspects want for s.
func (b *Builder) need(s slo.SLO, aspects []aspect) slo.Period {
	return b.question(s).need(aspects)
}

// question returns what is asked of s.
func (b *Builder) question(s slo.SLO) question {
	p := b.period(s)
	return question{b: b, slo: s, period: p, end: ended(p, b.At.Add(-budget.Lag(s)))}
}

// need returns the time whose counts the aspects want.
func (q question) need(aspects []aspect) slo.Period {
	need := budget.Needs(q.slo, q.period, q.b.At)
	for _, a := range aspects {
		if a.reach != nil {
			need.Start = earlier(need.Start, a.reach(q))
		}
	}
	return need
}

// Add judges an objective over what Needs asks for, whatever else its data holds. It
// returns an error if its slices do not fit its data.
func (b *Builder) Add(m Measured) error { return b.add(m, b.aspects()) }

// add judges an objective and tells these aspects of it. Each ledger has the counts that
// are asked of it, so that half a year of history for a forecast costs the others nothing.
func (b *Builder) add(m Measured, aspects []aspect) error {
	q := b.question(m.SLO)
	need, around := q.need(aspects), b.around(m.SLO)
	all := m.over(hull(need, around), b.At)
	wide, err := budget.New(all.SLO, all.near(around))
	if err != nil {
		return err
	}
	m, q.near = m.over(need, b.At), true
	l, err := budget.New(m.SLO, m.near(q.need(aspects)))
	if err != nil {
		return err
	}
	j := &judged{b: b, m: m, ledger: l, wide: wide, judge: b.judge, status: b.judge(l)}
	o := tell(j, newObjective(m, j.status, b.Span != nil), aspects)
	b.calls.add(m.Indicator, o, l, j.status.Covered)
	b.objectives = append(b.objectives, o)
	return nil
}

// Series returns the counts behind an objective's figures by steps of the clock.
func (b *Builder) Series(m Measured, step time.Duration) ([]budget.Row, error) {
	m = m.over(b.need(m.SLO, b.aspects()), b.At)
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return nil, err
	}
	return l.Series(b.judge(l).Elapsed, step), nil
}

// judge judges an objective over its own window, or the period asked for.
func (b *Builder) judge(l *budget.Ledger) budget.Status {
	switch s := l.SLO(); {
	case b.Span != nil:
		return l.Status(b.period(s), b.At)
	case s.Window.Rolling():
		return l.Current(b.At)
	default:
		return l.Own(ending(s.Window, b.At), b.At)
	}
}

// Status returns what was added, worst first.
func (b *Builder) Status(sources []report.Source) report.Status {
	objectives := b.settled()
	order.Stable(objectives, worstFirst)
	return report.Status{Schema: report.StatusSchema, At: b.At, Language: b.Language, Zone: b.Zone,
		Timezone: zoneName(b.Zone), Objectives: objectives, Sources: sources}
}

// Report returns what was added, over b.Span, worst first.
func (b *Builder) Report(title, version string, sources []report.Source) *report.Report {
	r := &report.Report{Status: b.Status(sources), Version: version, Title: title}
	r.Schema = report.ReportSchema
	p := b.Span.In(b.Zone, b.At)
	r.Period = report.Period{Name: b.Span.Name, Start: p.Start, End: p.End, Timezone: b.Zone.String()}
	r.Before = b.periodBefore()
	r.Final = final(r)
	incidents, blips := mergeIncidents(b.objectives)
	r.Incidents = incidents
	r.Deploys, r.DeployHours = b.deployed()
	r.Summary = summarize(b.settled(), b.calls, incidents, blips)
	if slices.ContainsFunc(b.previous, func(o report.Objective) bool { return o.State != slo.NoData }) {
		incidents, blips := mergeIncidents(b.previous)
		s := summarize(b.previous, b.callsBefore, incidents, blips)
		r.Previous = &s
	}
	r.Headline = words.Headline(r)
	return r
}

// periodBefore is the period before that of the report; a month has its name.
func (b *Builder) periodBefore() report.Period {
	p := b.Span.Before(b.Span.In(b.Zone, b.At), b.Zone)
	before := report.Period{Start: p.Start, End: p.End, Timezone: b.Zone.String()}
	if _, err := time.Parse("2006-01", b.Span.Name); err == nil {
		before.Name = p.Start.In(b.Zone).Format("2006-01")
	}
	return before
}

// final tells whether all of what r judges is over, and some of it known.
func final(r *report.Report) bool {
	running := func(o report.Objective) bool { return !o.Window.Closed }
	return !r.Period.End.After(r.At) && !r.Unmeasured() && !slices.ContainsFunc(r.Objectives, running)
}

// worstFirst orders by state, then by what was spent, then by name.
func worstFirst(a, b report.Objective) int {
	return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), b.Budget.Spent.Cmp(a.Budget.Spent), cmp.Compare(a.ID(), b.ID()))
}

// Alerts returns what was added to a builder of alerts.
func (b *Builder) Alerts(sources []report.Source) *report.Alerts {
	out := &report.Alerts{Status: b.Status(sources)}
	out.Schema = report.AlertsSchema
	for _, o := range out.Objectives {
		out.Summary.Mute += len(o.Mute)
		for _, a := range o.Alerts {
			count(&out.Summary, a)
		}
	}
	return out
}

// count adds a to s.
func count(s *report.AlertSummary, a report.Alert) {
	switch a.State {
	case burn.NoData:
		if a.Since != nil {
			s.Carried++
		}
		if a.Idle {
			s.Idle++
			return
		}
		s.NoData++
	case burn.Inactive:
		s.Inactive++
	case burn.Pending:
		s.Pending++
	case burn.Active:
		*map[slo.Class]*int{slo.Page: &s.Pages, slo.Ticket: &s.Tickets, slo.Log: &s.Logs}[a.Class]++
		if a.Covered {
			s.Covered++
		}
	}
}

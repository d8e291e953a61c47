// Package build makes the report model. All judgements, orders and totals are made
// here, once, one objective at a time; it writes nothing, and no renderer knows it.
package build

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/forecast"
	"github.com/nines-slo/nines/slo/gate"
)

// Measured is one objective with its counts. Data covers what Needs asked for;
// an objective whose source failed has Data without a measured bucket.
type Measured struct {
	SLO         slo.SLO
	Indicator   string // what was counted: objectives of one indicator have the same events, whole or cut by SLO.By
	Data        *slo.Series
	Percentiles []slo.Percentiles
	Warnings    []diag.Finding
	Failed      string
}

// Builder judges objectives one at a time, so that their series can be dropped
// before the next is read.
type Builder struct {
	At       time.Time
	Language unit.Language
	Zone     *time.Location // of texts for people and of the report
	Span     *slo.Span      // nil: each objective's own window
	Full     bool           // also what only a report shows: charts, own windows, the period before
	Alerting bool           // also how the alert policies stand
	Foresee  bool           // also when each budget will be exhausted

	Deploys     []deploy.Deploy // sorted by time; those of the judged periods are looked at. nil: nobody asks about them
	DeployHours time.Duration   // how long after a deploy; zero: deploy.DefaultHours

	deploys    map[report.DeployName][]report.DeployEffect
	objectives []report.Objective
	previous   []report.Objective
	indicators []string // of objectives, in step
}

// Needs returns the time whose counts the builder wants for s.
func (b *Builder) Needs(s slo.SLO) slo.Period {
	p := b.period(s)
	need := slo.Period{Start: p.Start, End: p.End}
	if need.End.After(b.At) {
		need.End = b.At
	}
	back := func(t time.Time) {
		if t.Before(need.Start) {
			need.Start = t
		}
	}
	if !s.Window.Rolling() || b.Span != nil {
		back(need.End.Add(-4 * 7 * 24 * time.Hour)) // for the projection
	}
	for _, w := range slo.BurnWindows(s) {
		back(need.End.Add(-w))
	}
	if b.Alerting {
		back(need.End.Add(-burn.Reach(s, s.Policies()) - lookback))
	}
	if b.Foresee {
		back(need.End.Add(-forecast.Needs(s)))
	}
	if t := b.deployReach(s); !t.IsZero() {
		back(t)
	}
	if !b.Full {
		back(slo.DateOf(need.End, s.Window.Location()).AddDays(-stripDays).Start(s.Window.Location()))
		return need
	}
	before := b.Span.Before(p, s.Window.Location())
	back(before.End.Add(-gate.Reach(s, s.ReleasePolicy())))
	back(windowBefore(s.Window, before.End))
	back(before.Start)
	back(p.Start.Add(-burn.Reach(s, s.Policies())))
	back(s.Window.Bounds(need.End.Add(-1)).Start)
	return need
}

// windowBefore returns the start of the window that ends at end, or of the calendar
// window that it ends or lies in.
func windowBefore(w slo.Window, end time.Time) time.Time {
	if w.Rolling() {
		return w.Bounds(end).Start
	}
	return w.Bounds(end.Add(-1)).Start
}

// stripDays is how many days a status shows.
const stripDays = 28

// period returns the period over which s is judged.
func (b *Builder) period(s slo.SLO) slo.Period {
	if b.Span == nil {
		return s.Window.Bounds(b.At)
	}
	return b.Span.In(s.Window.Location(), b.At)
}

// Add judges an objective. It returns an error if its slices do not fit its data.
func (b *Builder) Add(m Measured) error {
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return err
	}
	st := b.judge(l)
	o := newObjective(m, st, b.Span != nil)
	o.BurnRates = burnRates(l, st.Elapsed.End)
	if b.Alerting {
		o.Alerts = alerts(l, st.Elapsed.End, m.Failed != "")
	}
	if b.Foresee {
		o.Forecast = newForecast(l, st.Elapsed.End)
	}
	o.Exclusions = exclusions(l, st.Elapsed)
	o.Incidents = l.Incidents(st)
	o.Reliability = budget.ReliabilityOf(o.Incidents, st.Elapsed.Length())
	b.blame(l, st, st.Budget.Allowed)
	if !b.Full {
		o.Days = newDays(l.LastDays(st, stripDays))
	} else {
		o.Days = newDays(l.Days(st))
		o.Standing = standing(m, l, st.Period, b.At)
		o.Fired = fired(l, st)
		hold(&o, b, m, l, ended(st.Period, b.At))
		if o.State.Rank() <= slo.AtRisk.Rank() {
			o.Detail = newDetail(l, st, m.Percentiles)
		}
		b.compare(m, l, st.Period, &o)
	}
	b.objectives = append(b.objectives, o)
	b.indicators = append(b.indicators, m.Indicator)
	return nil
}

// Series returns the counts behind an objective's figures by steps of the clock.
func (b *Builder) Series(m Measured, step time.Duration) ([]budget.Row, error) {
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return nil, err
	}
	return l.Series(b.judge(l).Elapsed, step), nil
}

// judge judges an objective over its own window, or the period asked for.
func (b *Builder) judge(l *budget.Ledger) budget.Status {
	if b.Span == nil {
		return l.Current(b.At)
	}
	return l.Status(b.period(l.SLO()), b.At)
}

// compare judges the period before p.
func (b *Builder) compare(m Measured, l *budget.Ledger, p slo.Period, o *report.Objective) {
	before := l.Status(b.Span.Before(p, m.SLO.Window.Location()), b.At)
	prev := newObjective(m, before, true)
	prev.Incidents = l.Incidents(before)
	was, _ := held(m, l, ended(before.Period, b.At))
	prev.Gate = was.Verdict
	b.previous = append(b.previous, prev)
	if before.State != slo.NoData || before.SLI.Known() {
		o.Previous = &report.Previous{SLI: before.SLI, Spent: before.Budget.Spent, State: before.State}
	}
}

// Status returns what was added, worst first.
func (b *Builder) Status(sources []report.Source) report.Status {
	objectives := slices.Clone(b.objectives)
	slices.SortStableFunc(objectives, worstFirst)
	return report.Status{Schema: report.StatusSchema, At: b.At, Language: b.Language, Zone: b.Zone, Objectives: objectives, Sources: sources}
}

// Report returns what was added, over b.Span, worst first.
func (b *Builder) Report(title, version string, sources []report.Source) *report.Report {
	r := &report.Report{Status: b.Status(sources), Version: version, Title: title}
	r.Schema = report.ReportSchema
	p := b.Span.In(b.Zone, b.At)
	r.Period = report.Period{Name: b.Span.Name, Start: p.Start, End: p.End, Timezone: b.Zone.String()}
	r.Before = b.before()
	r.Final = final(r)
	r.Incidents = mergeIncidents(b.objectives)
	r.Deploys, r.DeployHours = b.deployed()
	r.Summary = summarize(b.objectives, b.indicators, r.Incidents)
	if slices.ContainsFunc(b.previous, func(o report.Objective) bool { return o.State != slo.NoData }) {
		s := summarize(b.previous, b.indicators, mergeIncidents(b.previous))
		r.Previous = &s
	}
	r.Headline = words.Headline(r)
	return r
}

// before is the period before that of the report; a month has its name.
func (b *Builder) before() report.Period {
	p := b.Span.Before(b.Span.In(b.Zone, b.At), b.Zone)
	before := report.Period{Start: p.Start, End: p.End, Timezone: b.Zone.String()}
	if _, err := time.Parse("2006-01", b.Span.Name); err == nil {
		before.Name = p.Start.In(b.Zone).Format("2006-01")
	}
	return before
}

// final tells whether all of what r judges is over.
func final(r *report.Report) bool {
	running := func(o report.Objective) bool { return !o.Window.Closed }
	return !r.Period.End.After(r.At) && !slices.ContainsFunc(r.Objectives, running)
}

// worstFirst orders by state, then by what was spent, then by name.
func worstFirst(a, b report.Objective) int {
	return cmp.Or(cmp.Compare(a.State.Rank(), b.State.Rank()), b.Budget.Spent.Cmp(a.Budget.Spent), cmp.Compare(a.ID(), b.ID()))
}

package build

import (
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
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
	Idle        []diag.Finding // what its alert policies can never do, for whoever tells of alerts
	Failed      string
}

// cut returns m with the counts of need alone, so that what else was asked of its
// source changes nothing. A bucket that need begins in belongs to it.
func (m Measured) cut(need slo.Period) Measured {
	need.Start = need.Start.Add(1 - m.Data.Step)
	m.Data = m.Data.Cut(need)
	return m
}

// near returns the counts of need alone, that know when the first of all of m was measured.
func (m Measured) near(need slo.Period) *slo.Series {
	data := m.cut(need).Data
	data.Oldest = m.Data.First()
	return data
}

// over returns m as it is judged at the instant at with the counts of need. What came
// later changes nothing, what was before may tell of a label set that it is gone.
func (m Measured) over(need slo.Period, at time.Time) Measured {
	return m.cut(slo.Period{Start: m.Data.Start, End: need.End}).lifetime(at).cut(need)
}

// Builder judges objectives one at a time, so that their series can be dropped
// before the next is read.
type Builder struct {
	At       time.Time
	Language unit.Language
	Zone     *time.Location // of texts for people and of the report
	Span     *slo.Span      // nil: each objective's own window
	Given    string         // the flags that asked for the time: "--period 2026-07"; "" for none
	Full     bool           // also what only a report shows: charts, own windows, the period before
	Alerting bool           // also how the alert policies stand
	Foresee  bool           // also when each budget will be exhausted

	Deploys     []deploy.Deploy // sorted by time; those of the judged periods are looked at. nil: nobody asks about them
	DeployHours time.Duration   // how long after a deploy; zero: deploy.DefaultHours

	deploys            map[report.DeployName][]report.DeployEffect
	objectives         []report.Objective
	previous           []report.Objective
	calls, callsBefore calls // of objectives, of previous
	holds              holds[policyHold]
	outside            []beyond
}

// aspect is one thing that is told of an objective besides its verdict: how far back
// it looks, and what it fills of the model. What a builder asks of sources and what it
// reads is one list of these; to tell one more thing, add it there.
type aspect struct {
	reach func(question) time.Time         // from when on counts are needed; nil: of the judged period alone
	fill  func(*judged, *report.Objective) // reads no counts from before reach; nil: the verdict itself
}

// question is what is asked of an objective.
type question struct {
	b      *Builder
	slo    slo.SLO
	period slo.Period // that is judged, whole
	end    time.Time  // of the counts at the earliest: of the period, or what is complete while it runs
	near   bool       // what a forecast draws from is left out
}

// judged is an objective that was judged.
type judged struct {
	b      *Builder
	m      Measured       // with all counts that are told of, also what a forecast alone draws from
	pos    diag.Pos       // in its file; only of a gate
	fresh  time.Duration  // how old its data may be; only of a gate
	ledger *budget.Ledger // without what a forecast alone draws from
	wide   *budget.Ledger // of more time than was judged: for incidents alone
	status budget.Status
	judge  func(*budget.Ledger) budget.Status // as status was made
}

// ended returns when the judged period was over, at the latest now.
func (j *judged) ended() time.Time { return ended(j.status.Period, j.b.At) }

// final returns when the counts of a period were complete, at the latest now.
func (j *judged) final(st budget.Status) time.Time {
	if st.Closed {
		return st.Now.Add(j.m.SLO.Delay)
	}
	return j.b.At
}

// projectionPast is how far back a projection looks.
const projectionPast = 4 * 7 * 24 * time.Hour

// period returns the period over which s is judged, of an own window what is needed
// to judge it.
func (b *Builder) period(s slo.SLO) slo.Period {
	switch {
	case b.Span != nil:
		return b.Span.In(s.Window.Location(), b.At)
	case s.Window.Rolling():
		return budget.Own(s, b.At)
	}
	return budget.Needs(s, ending(s.Window, b.At), b.At)
}

// ending returns the calendar window that holds what was measured until t. One that begins
// at t holds nothing yet: whoever looks at the end of a month's last day asks about the month.
func ending(w slo.Window, t time.Time) slo.Period { return w.Bounds(t.Add(-1)) }

// ended returns when p is over, at the latest at.
func ended(p slo.Period, at time.Time) time.Time {
	if p.End.After(at) {
		return at
	}
	return p.End
}

// before returns the period before p, that s is compared with.
func (b *Builder) before(p slo.Period, s slo.SLO) slo.Period {
	return b.Span.Before(p, s.Window.Location())
}

// Sets returns the time in which a label set of s has to occur to be listed: the judged
// period and the whole one before it, so that one that is gone is not forgotten at once.
func (b *Builder) Sets(s slo.SLO) slo.Period {
	p := b.period(s)
	switch {
	case b.Span != nil:
		return slo.Period{Start: b.before(p, s).Start, End: p.End}
	case s.Window.Rolling():
		return slo.Period{Start: p.Start.Add(-p.Length()), End: p.End}
	}
	return slo.Period{Start: s.Window.Previous(ending(s.Window, b.At)).Start, End: p.End}
}

// Judged returns the time over which s is judged.
func (b *Builder) Judged(s slo.SLO) slo.Period { return b.period(s) }

// gone tells that a label set did not occur in the judged period.
func gone(j *judged, o *report.Objective) {
	s := j.m.SLO
	if len(s.By) == 0 || len(s.Unlabelled()) > 0 {
		return
	}
	if o.Gone = !j.m.Data.Occurred(j.status.Period); o.Gone {
		o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "slo/gone",
			"its label set did not occur in this period, only in the one before"))
	}
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

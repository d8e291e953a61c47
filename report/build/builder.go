package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
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

// cut returns m with the counts of need alone, so that what else was asked of its
// source changes nothing. A bucket that need begins in belongs to it.
func (m Measured) cut(need slo.Period) Measured {
	need.Start = need.Start.Add(1 - m.Data.Step)
	m.Data = m.Data.Cut(need)
	return m
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
	indicators []string           // of objectives, in step
	lives      map[[2]string]bool // service and name of SLOs of which a label set occurred in the judged period
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
}

// judged is an objective that was judged.
type judged struct {
	b      *Builder
	m      Measured
	pos    diag.Pos // in its file; only of a gate
	ledger *budget.Ledger
	status budget.Status
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
	if b.Span == nil {
		return budget.Own(s, b.At)
	}
	return b.Span.In(s.Window.Location(), b.At)
}

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

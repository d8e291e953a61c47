// Package burn evaluates alert policies. It is the only place that does: alerts,
// backtests, gates and reports show what it says.
//
// Conditions are compared strictly and exactly. A condition without valid events in one
// of its windows is not true and not resolved either, but unknown. What fires goes on
// through such instants, at most for the condition's long window after the last instant
// that was judged.
package burn

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// Semantics is whose rules are followed where a window begins, and where it has no
// valid events.
type Semantics int

// A window of w before an instant has the buckets that start in it. Counters that are
// sampled at the ends of buckets grow over as many as there are samples less one.
const (
	// Own: all of the window's buckets; a firing is carried on where there is nothing
	// to look at.
	Own Semantics = iota
	// Prometheus2: the same buckets, since a range has the samples at both of its ends.
	// An expression without a result ends a firing.
	Prometheus2
	// Prometheus3: a bucket less on the old side, since a range is left-open: it lacks
	// the sample at its beginning. An expression without a result ends a firing.
	Prometheus3
)

// Options change how conditions are read.
type Options struct{ Semantics Semantics }

// Evaluator evaluates the alert policies of one objective.
// Its instants are the ends of the buckets; an instant sees what ended by then. What
// it is asked for and answers are the times at which people know of them: the delay of
// the source after an instant. It is for one goroutine.
type Evaluator struct {
	ledger  *budget.Ledger
	meter   *budget.Meter
	options Options
	rules   []*rule
}

// New returns the evaluator of policies over l.
func New(l *budget.Ledger, policies []slo.Policy, o Options) *Evaluator {
	e := &Evaluator{ledger: l, meter: l.Meter(), options: o}
	for _, p := range policies {
		for _, c := range p.When {
			e.rules = append(e.rules, e.rule(p, c))
		}
	}
	return e
}

// Reach returns how much time before an instant has to be known to tell whether
// any of the policies fires for s then: what the conditions look at, and before that
// the time for which they have to be true and for which a firing may be carried on, all
// of it as late as the source is.
func Reach(s slo.SLO, policies []slo.Policy) time.Duration {
	var d time.Duration
	for _, p := range policies {
		for _, c := range p.When {
			d = max(d, reach(s, c)+p.For+c.Long)
		}
	}
	return d + s.Delay
}

// reach returns how much time before an instant a condition looks at.
func reach(s slo.SLO, c slo.Condition) time.Duration {
	switch c.Test {
	case slo.Acceleration:
		return 2 * c.Long
	case slo.Silence:
		return c.Within
	case slo.Burn:
		return c.Long
	}
	return max(c.Long, budget.Reach(s))
}

// Merge returns the time in which any of the firings was, sorted. None overlaps or
// touches another.
func Merge(firings ...[]Firing) []Firing {
	var periods []slo.Period
	var open time.Time // the first that has no end
	for _, list := range firings {
		for _, f := range list {
			if f.End.IsZero() && (open.IsZero() || f.Start.Before(open)) {
				open = f.Start
			}
			periods = append(periods, slo.Period{Start: f.Start, End: f.End})
		}
	}
	var out []Firing
	for _, p := range slo.Union(periods) {
		if !open.IsZero() && !p.End.Before(open) {
			if p.Start.Before(open) {
				open = p.Start
			}
			break
		}
		out = append(out, Firing(p))
	}
	if !open.IsZero() {
		out = append(out, Firing{Start: open})
	}
	return out
}

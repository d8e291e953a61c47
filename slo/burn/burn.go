// Package burn evaluates alert policies. It is the only place that does: alerts,
// backtests, gates and reports show what it says.
//
// Conditions are compared strictly and exactly. A condition without valid events to
// look at is not true and not resolved either, but unknown.
package burn

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// Options change how conditions are read.
type Options struct {
	// LeftOpen takes a window's range as Prometheus 3 and later do: without the
	// sample at its beginning, so that counters grow over one bucket less.
	LeftOpen bool
}

// Evaluator evaluates the alert policies of one objective.
// Its instants are the ends of the buckets; an instant sees what ended by then.
// It is for one goroutine.
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
// any of the policies fires for s then.
func Reach(s slo.SLO, policies []slo.Policy) time.Duration {
	var d time.Duration
	for _, p := range policies {
		for _, c := range p.When {
			d = max(d, reach(s, c)+p.For)
		}
	}
	return d
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

// Track is what one condition of a policy did over a stretch of time.
type Track struct {
	Policy    slo.Policy
	Condition slo.Condition
	Firings   []Firing
}

// Firing is the time [Start, End) in which a condition fired. A zero End: it still
// did at the last instant.
type Firing struct {
	Start time.Time
	End   time.Time
}

// Replay evaluates every instant from from to to, both included, and returns a
// track for every condition, in the order of the policies. A firing starts at the
// first instant at which its condition fires, and ends at the first at which it
// does not.
func (e *Evaluator) Replay(from, to time.Time) []Track {
	first, last := e.meter.First(from), e.meter.Instant(to)
	tracks := make([]Track, len(e.rules))
	for i, r := range e.rules {
		tracks[i] = Track{Policy: r.policy, Condition: r.condition, Firings: r.replay(first, last)}
	}
	return tracks
}

// replay returns the firings at instants [first, last].
func (r *rule) replay(first, last int) []Firing {
	var out []Firing
	run, end := 0, 0 // how many instants in a row were true, and the one after them
	open := false
	stop := func() {
		if open {
			out[len(out)-1].End = r.meter.Time(end)
		}
		run, open = 0, false
	}
	r.each(max(first-r.hold, 0), last, func(k int) {
		if k != end {
			stop()
		}
		run, end = run+1, k+1
		if run > r.hold && k >= first && !open {
			out, open = append(out, Firing{Start: r.meter.Time(k)}), true
		}
	})
	if end <= last {
		stop()
	}
	return out
}

// each calls f with every instant of [first, last] at which the condition is true.
func (r *rule) each(first, last int, f func(k int)) {
	if r.condition.Test == slo.Burn {
		r.meter.Scan(first, last, r.long, r.limit, func(k int) {
			if s := r.meter.Last(k, r.short); r.meter.Over(s, s, r.limit) && r.enough(r.meter.Last(k, r.long)) == yes {
				f(k)
			}
		})
		return
	}
	for k := first; k <= last; k++ {
		if r.test(k) == yes {
			f(k)
		}
	}
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

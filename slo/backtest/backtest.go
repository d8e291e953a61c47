// Package backtest replays alert policies over history and holds their firings
// against incidents: which would have been detected, how late, what they had
// cost by then, how often people would have been called for nothing. It also
// searches for policies that would have done better, and says when history is too
// short to tell.
//
// The firings are those of package burn, the one evaluator. What is learnt from
// history is scored on parts of it that were not looked at.
package backtest

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
)

// DefaultLate is how long after an incident's start an alert is in time.
const DefaultLate = 15 * time.Minute

// Options say what is replayed.
type Options struct {
	From, To time.Time // instants, both included
	Late     time.Duration
	LeftOpen bool // as Prometheus from version 3 on cuts ranges
}

// Late returns how late an alert of s over data counted every step may be: asked,
// or DefaultLate if that is 0, but at least two steps, the time that it takes to
// see a bucket and the one after it.
func LateOf(asked time.Duration, s slo.SLO, step time.Duration) time.Duration {
	if asked == 0 {
		asked = DefaultLate
	}
	return max(asked, 2*max(step, s.Budgeting.Slice))
}

// Result is one objective's history.
type Result struct {
	Tracks   []burn.Track
	Policies []Alert // of each policy, in their order
	Classes  []Alert // of each class that has a policy, fastest first
	Late     time.Duration
}

// Alert is what people are called by: the firings of a policy, or of all policies
// of a class, as one.
type Alert struct {
	Name  string
	Class slo.Class
	Score
}

// Run replays policies over l and holds them against incidents.
func Run(l *budget.Ledger, policies []slo.Policy, incidents []Incident, o Options) Result {
	r := Result{Late: LateOf(o.Late, l.SLO(), l.Meter().Step())}
	r.Tracks = burn.New(l, policies, burn.Options{LeftOpen: o.LeftOpen}).Replay(o.From, o.To)
	j := judgement{from: o.From, to: o.To, late: r.Late, incidents: incidents, ledger: l}
	byClass := map[slo.Class][][]burn.Firing{}
	tracks := r.Tracks
	for _, p := range policies {
		var firings [][]burn.Firing
		for _, t := range tracks[:len(p.When)] {
			firings = append(firings, t.Firings)
		}
		tracks = tracks[len(p.When):]
		byClass[p.Class] = append(byClass[p.Class], firings...)
		r.Policies = append(r.Policies, Alert{p.Name, p.Class, j.score(burn.Merge(firings...))})
	}
	for _, class := range []slo.Class{slo.Page, slo.Ticket, slo.Log} {
		if firings, ok := byClass[class]; ok {
			r.Classes = append(r.Classes, Alert{string(class), class, j.score(burn.Merge(firings...))})
		}
	}
	return r
}

// Found returns the incidents that the counts of a period show, see
// budget.Ledger.Incidents.
func Found(l *budget.Ledger, p slo.Period) []Incident {
	var out []Incident
	for _, in := range l.Incidents(l.Status(p, p.End)) {
		found := Incident{Period: in.Period}
		if in.Open {
			found.End = time.Time{}
		}
		out = append(out, found)
	}
	return out
}

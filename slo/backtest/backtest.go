// Package backtest replays alert policies over history and compares their firings
// with incidents: which would have been detected, how late, what they had
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
	From, To  time.Time // when people could have been called, both included
	Late      time.Duration
	Semantics burn.Semantics
	MaxFalse  slo.Number // false firings a week that a Tuner allows; unknown: DefaultMaxFalse
}

// LateOf returns how long after an incident's start an alert of s is in time, if
// counts come every step: the time asked for, or DefaultLate if that is 0. It is at
// least two steps and the delay of the source, since that is how long it takes to see
// two buckets.
func LateOf(asked time.Duration, s slo.SLO, step time.Duration) time.Duration {
	if asked == 0 {
		asked = DefaultLate
	}
	return max(asked, 2*max(step, s.Budgeting.Slice)+s.Delay)
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
	Name    string
	Class   slo.Class
	Earlier bool // it fired at the instant before From too: its first firing began before
	Score
}

// Run replays policies over l and compares their firings with incidents.
func Run(l *budget.Ledger, policies []slo.Policy, incidents []Incident, o Options) Result {
	r := Result{Late: LateOf(o.Late, l.SLO(), l.Meter().Step())}
	r.Tracks = burn.New(l, policies, burn.Options{Semantics: o.Semantics}).Replay(o.From, o.To)
	j := judgement{from: o.From, to: o.To, late: r.Late, incidents: incidents, ledger: l}
	byClass, on := map[slo.Class][][]burn.Firing{}, map[slo.Class]bool{}
	tracks := r.Tracks
	for _, p := range policies {
		var firings [][]burn.Firing
		earlier := false
		for _, t := range tracks[:len(p.When)] {
			firings, earlier = append(firings, t.Firings), earlier || t.Earlier
		}
		tracks = tracks[len(p.When):]
		byClass[p.Class], on[p.Class] = append(byClass[p.Class], firings...), on[p.Class] || earlier
		r.Policies = append(r.Policies, Alert{p.Name, p.Class, earlier, j.score(burn.Merge(firings...))})
	}
	for _, class := range []slo.Class{slo.Page, slo.Ticket, slo.Log} {
		if firings, ok := byClass[class]; ok {
			r.Classes = append(r.Classes, Alert{string(class), class, on[class], j.score(burn.Merge(firings...))})
		}
	}
	return r
}

// Found returns the incidents that the counts of a period show at the instant at, see
// budget.Ledger.Incidents. Blips are none of them: an alert in one belongs to no
// incident.
func Found(l *budget.Ledger, p slo.Period, at time.Time) []Incident {
	var out []Incident
	incidents, _ := l.Incidents(l.Status(p, p.End), at)
	for _, in := range incidents {
		found := Incident{Period: in.Period}
		if in.Open {
			found.End = time.Time{}
		}
		out = append(out, found)
	}
	return out
}

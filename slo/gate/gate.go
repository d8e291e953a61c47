// Package gate applies an error-budget policy to an objective: may a release go
// out? It is of the opinion that what is not known is no reason to open: an
// objective without data, or whose data is old or begins inside its window, says
// "cannot tell" unless its policy says otherwise.
package gate

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

// Code names what a Check looked at.
type Code string

const (
	NoData    Code = "no_data"
	Stale     Code = "stale"     // Figure and Limit are minutes
	Young     Code = "young"     // Figure and Limit are minutes of the window
	Remaining Code = "remaining" // Figure and Limit are shares of the budget left
)

// Check is one line of a policy held against an objective.
type Check struct {
	Code    Code
	Verdict slo.Verdict // open if it does not hold
	Figure  slo.Number
	Limit   slo.Number
	Equal   bool     // the limit itself is over it
	Policy  diag.Pos // the line; zero for the default policy
	Opens   Opening
}

// Reason tells whether c keeps the gate from being plainly open.
func (c Check) Reason() bool { return c.Verdict != slo.Open }

// Opening is when a check that holds will hold no more. Both times zero: that does
// not depend on time alone.
type Opening struct {
	Stopped time.Time  // if there are no more bad events
	AtRate  time.Time  // if they go on as they do
	Rate    slo.Number // burn rate at which they do; unknown: no matter
}

// Objective is what is known of one objective at the instant of the judgement.
type Objective struct {
	Ledger *budget.Ledger
	Status budget.Status // of the objective's own window
	Newest time.Time     // end of the newest bucket measured; zero: none was
	Step   time.Duration // of the buckets
}

// Outcome is what a policy says of one objective.
type Outcome struct {
	Verdict slo.Verdict
	Checks  []Check // worst first; never empty
}

// Judge applies g to o at the instant at.
func Judge(o Objective, g slo.Gate, at time.Time) Outcome {
	out := Outcome{Verdict: slo.Open, Checks: missing(o, g, at)}
	for _, r := range g.Rules {
		if c, ok := rule(o, r); ok {
			out.Checks = append(out.Checks, c)
		}
	}
	slices.SortStableFunc(out.Checks, func(a, b Check) int { return a.Verdict.Rank() - b.Verdict.Rank() })
	for _, c := range out.Checks {
		out.Verdict = Worst(out.Verdict, c.Verdict)
	}
	return out
}

// Worst returns the worse of two verdicts.
func Worst(a, b slo.Verdict) slo.Verdict {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}

// rule holds one rule against o. It returns false if there is no figure to do it
// with, which missing reports.
func rule(o Objective, r slo.Rule) (Check, bool) {
	if o.Status.State == slo.NoData {
		return Check{}, false
	}
	c := Check{Code: Code(r.Test), Verdict: slo.Open, Figure: o.Status.Deciding().Remaining, Limit: r.Limit, Equal: r.Equal, Policy: r.Pos}
	if n := c.Figure.Cmp(r.Limit); n < 0 || n == 0 && r.Equal {
		c.Verdict, c.Opens = r.Then, refills(o, r)
	}
	return c, true
}

// refills tells when as much of the budget is left again as r asks for: as bad
// events leave a rolling window, or at the end of a calendar period.
func refills(o Objective, r slo.Rule) Opening {
	s := o.Ledger.SLO()
	if !s.Window.Rolling() {
		return Opening{Stopped: o.Status.Period.End, AtRate: o.Status.Period.End}
	}
	got := o.Ledger.Recover(o.Status.Judged.Start, o.Status.Elapsed.End, s.Window.Length, slo.NumberOf(1).Sub(r.Limit), r.Equal)
	return Opening{Stopped: got.Stopped, AtRate: got.AtRate, Rate: got.Rate.Rate}
}

// Package gate applies an error-budget policy to an objective: may a release go
// out? What is not known is no reason to open: an objective without data, or whose
// data is old or begins inside its window, says "cannot tell" unless its policy says
// otherwise.
//
// Budgets are those of the objective's window at the instant of the judgement.
// Burn rates and alerts are as of the end of the newest bucket, which is no older
// than the policy allows: data that comes in hourly does not make them unknown.
package gate

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/forecast"
	"github.com/nines-slo/nines/slo/order"
)

// Code names what a Check looked at.
type Code string

const (
	NoData     Code = "no_data"
	Stale      Code = "stale"       // Figure and Limit are minutes
	Young      Code = "young"       // Figure and Limit are minutes of the window
	Partial    Code = "partial"     // too little of Over was measured; Figure and Limit are shares of it
	Unheard    Code = "unheard"     // an alert, Name, that cannot be told for want of data
	Calendar   Code = "calendar"    // of a freeze; Name says why it cannot be read
	Vanished   Code = "vanished"    // a label set whose source goes on; Figure and Limit are minutes since its last event
	Excluded   Code = "excluded"    // too much is, beside what recurs; Figure and Limit are shares of the time that recurring exclusions leave
	Begun      Code = "begun"       // the promise has only begun; Figure and Limit are minutes measured since then
	Doubtful   Code = "doubtful"    // If would close the gate if events that were not read or not sure were bad
	Earlier    Code = "earlier"     // If would close the gate if the promise had begun with the data
	Lacking    Code = "lacking"     // what was asked for, Name, did not come with the data: of no objective
	Remaining  Code = "remaining"   // Figure and Limit are shares of the budget left
	Burn       Code = "burn"        // Figure and Limit are burn rates
	Firing     Code = "firing"      // Name is the alert; Figure and Limit are its own
	NoRule     Code = "no_rule"     // none is for it now; Figure is the share of the budget left
	Forecast   Code = "forecast"    // Figure is minutes until exhaustion, unknown if the budget lasts; Limit is minutes
	Unforeseen Code = "no_forecast" // Figure is days of history, Limit how many are needed
	Hours      Code = "hours"
	Freeze     Code = "freeze" // Name is its name
	Gone       Code = "gone"   // a label set that occurred in the period before alone
)

// Unknown tells whether c is about what is not known.
func (c Code) Unknown() bool {
	return slices.Contains([]Code{NoData, Stale, Young, Partial, Unheard, Calendar, Unforeseen,
		Vanished, Excluded, Begun, Doubtful, Earlier, Lacking}, c)
}

// Check is one line of a policy held against an objective.
type Check struct {
	Code     Code
	Verdict  slo.Verdict // open if it does not hold
	Figure   slo.Number
	Limit    slo.Number
	AtLimit  bool          // it holds at the limit too
	Over     time.Duration // of a burn rate
	Evidence slo.Evidence  // that was asked for
	Chance   slo.Number    // of a forecast, the share of futures asked for
	Least    slo.Number    // the burn rate that is at least proven with it
	Name     string
	Since    time.Time     // of an alert, or of the promise where it is too young
	Before   bool          // of the window before, which counts while too little of the objective's own is measured
	Policy   diag.Pos      // the line; zero for the default policy
	Lifted   *slo.Override // this override lets it pass
	Opens    Opening
	If       *Check     // what would close the gate, if Code is about that
	Of       *Objective // as it would be, which If is a check of
	Events   slo.Number // that were not read or not sure, of the time that If looks at

	Reason forecast.Reason // of Unforeseen, why
	Score  forecast.Score  // of Unforeseen, if it got that far
}

// Weight returns what c says in the end: its verdict, or that of the override.
func (c Check) Weight() slo.Verdict {
	if c.Lifted != nil {
		return c.Lifted.Then
	}
	return c.Verdict
}

// Opening tells when a check that holds now will stop to hold. If both times are zero,
// time alone does not change it.
type Opening struct {
	Stopped time.Time  // if there are no more bad events
	AtRate  time.Time  // if they go on as they do
	Rate    slo.Number // burn rate at which they do; unknown: no matter
}

// Objective is what is known of one objective at the instant of the judgement.
type Objective struct {
	Ledger  *budget.Ledger
	Status  budget.Status  // of the objective's own window
	Before  *budget.Status // of the window before, if it counts; else nil
	Newest  time.Time      // end of the newest bucket measured; zero: none was
	Step    time.Duration  // of the buckets
	Worst   *Objective     // as it would be if all doubtful events were bad; nil: there are none
	Promise *Objective     // as it would be had the promise begun with the data; nil: the same

	data   *slo.Series
	known  bool      // its figures count, however little was measured
	passed bool      // Status is of the window before
	until  time.Time // while that counts; zero: until enough of the objective's own is measured
}

// Of returns what is known at the instant at of the objective of l, whose own window
// stands as st says; data are its counts.
func Of(l *budget.Ledger, st budget.Status, data *slo.Series, at time.Time) Objective {
	o := of(l, st, data, at)
	o.Worst, o.Promise = o.worst(at), o.promise(at)
	return o
}

// of counts the window before while too little is measured, unless the data begins later.
func of(l *budget.Ledger, st budget.Status, data *slo.Series, at time.Time) Objective {
	o := Objective{Ledger: l, Status: st, Newest: Newest(l.SLO(), data, at), Step: data.Step, data: data}
	thin := st.Thin > 0 && (!st.Ripe.IsZero() || st.Young.IsZero())
	if p, ok := before(l.SLO(), st.Period); ok && (thin || o.idle(at)) {
		was := l.Status(p, at)
		o.Before, o.until = &was, o.settles(at)
	}
	return o
}

// Outcome is what a policy says of one objective.
type Outcome struct {
	Verdict slo.Verdict
	Checks  []Check // worst first, never empty
}

// Judge applies g to o at the instant at.
func Judge(o Objective, g slo.Gate, at time.Time) Outcome {
	found := figures(o, g, at)
	checks := slices.Concat(missing(o, g, at), found, freezes(o, g, at))
	if !closes(o, g, found, at) {
		checks = append(checks, hidden(o, g, at)...)
	}
	if len(checks) == 0 { // no rule is for it now
		checks = []Check{{Code: NoRule, Verdict: slo.Open, Figure: o.Status.Budget.Remaining}}
	}
	return decide(o, g, checks, at)
}

// decide applies the overrides to checks and lets the worst decide.
func decide(o Objective, g slo.Gate, checks []Check, at time.Time) Outcome {
	for i := range checks {
		checks[i].Lifted = lift(checks[i], o.Ledger.SLO(), g.Overrides, at)
	}
	order.Stable(checks, func(a, b Check) int { return a.Weight().Rank() - b.Weight().Rank() })
	out := Outcome{Verdict: slo.Open, Checks: checks}
	for _, c := range checks {
		out.Verdict = Worst(out.Verdict, c.Weight())
	}
	return out
}

// figures returns the checks of what the policy says of the objective's own window, and
// of the window before where that counts.
func figures(o Objective, g slo.Gate, at time.Time) []Check {
	return append(rules(o, g, at), passed(o, g, at)...)
}

// Worst returns the worse of two verdicts.
func Worst(a, b slo.Verdict) slo.Verdict {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}

// lift returns the first override that lets c pass, nil if there is none.
func lift(c Check, s slo.SLO, overrides []slo.Override, at time.Time) *slo.Override {
	for i, o := range overrides {
		applies := at.Before(o.Expires) && o.Only.Takes(s, nil) && (o.Missing || !c.Code.Unknown())
		if applies && o.Then.Rank() > c.Verdict.Rank() {
			return &overrides[i]
		}
	}
	return nil
}

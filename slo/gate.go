package slo

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// Verdict is what a release gate says.
type Verdict string

const (
	Open       Verdict = "open"
	Warn       Verdict = "warn"        // open, and somebody should look
	CannotTell Verdict = "cannot_tell" // no data, or too old or too young data
	Closed     Verdict = "closed"
)

// Rank orders verdicts worst first: closed beats cannot tell, which beats warn.
func (v Verdict) Rank() int { return slices.Index([]Verdict{Closed, CannotTell, Warn, Open}, v) }

// Gate is an error-budget policy: what stops releases, and what does not.
type Gate struct {
	MaxAge  time.Duration // the newest bucket may be this old; 0: an hour, or two buckets if that is longer
	Missing Verdict       // of an objective without data, or with too old or too young data
	Rules   []Rule        // each that holds says its verdict; the worst decides
}

// DefaultGate returns the policy of objectives whose file has none: closed if the
// budget is overspent.
func DefaultGate() Gate {
	return Gate{Missing: CannotTell, Rules: []Rule{{Then: Closed, Test: RemainingBudget, Limit: NumberOf(0)}}}
}

// Age returns how old the newest of buckets of that step may be.
func (g Gate) Age(step time.Duration) time.Duration {
	if g.MaxAge > 0 {
		return g.MaxAge
	}
	return max(time.Hour, 2*step)
}

// GateTest is what a Rule looks at.
type GateTest string

// RemainingBudget holds if less than the share Limit of the deciding budget is left.
const RemainingBudget GateTest = "remaining"

// Rule is one line of an error-budget policy.
type Rule struct {
	Then  Verdict // what it says if it holds
	Test  GateTest
	Limit Number
	Equal bool     // it holds at the limit too
	Pos   diag.Pos // of the line; zero for the default policy
}

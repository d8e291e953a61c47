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
	MaxAge    time.Duration // the newest bucket may be this old; 0: an hour, or two buckets if that is longer
	Missing   Verdict       // of an objective without data, or with too old or too young data
	Rules     []Rule        // each that holds says its verdict; the worst decides
	Freezes   []Freeze
	Overrides []Override

	MaxAgePos, MissingPos diag.Pos // of what the file says; zero for a default
}

// DefaultGate returns the policy of objectives whose file has none: closed if the
// budget is overspent.
func DefaultGate() Gate {
	return Gate{Missing: CannotTell, Rules: []Rule{{Then: Closed, Test: RemainingBudget, Limit: NumberOf(0)}}}
}

// ReleasePolicy returns the error-budget policy of s: its own, else the default one.
func (s SLO) ReleasePolicy() Gate {
	if s.Gate != nil {
		return *s.Gate
	}
	return DefaultGate()
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

const (
	// RemainingBudget holds if less than the share Limit of the budget is left.
	RemainingBudget GateTest = "remaining"
	// Burning holds if the burn rate over Over is more than Limit, with the
	// confidence that Evidence asks for.
	Burning GateTest = "burn"
	// AlertFiring holds if an alert policy named Alert fires, or one of the class
	// Alert or a faster class.
	AlertFiring GateTest = "firing"
	// ExhaustedWithin holds if, of the futures that the objective's past makes
	// likely, at least the share Chance (10, 50 or 90 %) exhaust the budget before
	// Within has passed, and before the window ends. Windows under a week have no
	// forecast: it is not for them.
	ExhaustedWithin GateTest = "exhausted_within"
	// Always holds in Hours.
	Always GateTest = "hours"
)

// Rule is one line of an error-budget policy.
type Rule struct {
	Then     Verdict // what it says if it holds
	Test     GateTest
	Limit    Number
	Equal    bool // it holds at the limit too
	Over     time.Duration
	Evidence Evidence
	Alert    string
	Within   time.Duration
	Chance   Number
	Only     Selector // of which objectives
	Hours    []Hours  // when; nil: at any time
	Pos      diag.Pos // of the line; zero for the default policy
}

// Freeze is time in which no release goes out, whatever the figures say.
type Freeze struct {
	Exclusion Exclusion // when it is, and its name
	Only      Selector
	Failed    string // why its calendar cannot be read: nobody knows when it is
	Pos       diag.Pos
}

// Override lets releases out although the policy does not, until it expires.
type Override struct {
	Owner   string
	Reason  string
	Expires time.Time
	Only    Selector
	Then    Verdict // what holds instead: open or warn
	Missing bool    // also of objectives of which too little is known
	Pos     diag.Pos
}

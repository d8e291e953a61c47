package slo

import (
	"slices"
	"time"
)

// Class is how urgent an alert is.
type Class string

const (
	Page   Class = "page"   // a person acts now
	Ticket Class = "ticket" // a person acts in working hours
	Log    Class = "log"    // nobody is told
)

// Rank orders classes fastest first; a slower class that is true together with a
// faster one is covered by it.
func (c Class) Rank() int { return slices.Index([]Class{Page, Ticket, Log}, c) }

// Policy is one alert policy: it fires when one of its conditions has been true
// for long enough.
type Policy struct {
	Name     string
	Class    Class
	When     []Condition
	For      time.Duration // a condition has to be true this long at every step; 0: it fires at once
	MinBad   Number        // bad events (or slices) in a condition's long window, at least; unknown: any number
	Evidence Evidence      // of burn: how sure it has to be that the error ratio over the long window is over the limit
	To       []string      // destinations

	// What rules of it say beside what nines makes of the objective.
	Rule        string            // name of the alert in Prometheus; "": one is made
	Labels      map[string]string // of the alert
	Annotations map[string]string // of the alert, templates of Prometheus
}

// Test is what a Condition looks at.
type Test string

const (
	// Burn: the burn rate over Long and, if there is a Short, that over Short are
	// strictly over Limit.
	Burn Test = "burn"
	// Events: the bad events of Long are more than the share Limit of what the
	// objective's window may have, and those of Short, if there is one, more than
	// their part of it.
	Events Test = "events"
	// Acceleration: the burn rate over Long is strictly over Limit times that of
	// the Long before it.
	Acceleration Test = "acceleration"
	// Remaining: strictly less than the share Limit of the budget is left.
	Remaining Test = "remaining"
	// Exhaustion: at the burn rate over Long the budget is gone before Within has
	// passed, or before the window ends if Within is 0.
	Exhaustion Test = "exhaustion"
	// Silence: for Within nothing was measured.
	Silence Test = "no data"
)

// Condition is one test of an alert policy. Fields that its Test does not name are zero.
type Condition struct {
	Test   Test
	Limit  Number
	Long   time.Duration
	Short  time.Duration // of Burn and Events, 0: none, Long alone decides
	Within time.Duration
}

// String returns "1h/5m" for burn rates, "1h" for those over one window, and names any
// other test: "events 1h/5m",
// "acceleration 1h", "remaining 25%", "exhaustion 3d over 6h", "no data 30m".
func (c Condition) String() string {
	long, windows := FormatDuration(c.Long), FormatDuration(c.Long)
	if c.Short > 0 {
		windows += "/" + FormatDuration(c.Short)
	}
	switch c.Test {
	case Burn:
		return windows
	case Events:
		return string(c.Test) + " " + windows
	case Remaining:
		return string(c.Test) + " " + c.Limit.Mul(NumberOf(100)).String() + "%"
	case Exhaustion:
		within := "window"
		if c.Within > 0 {
			within = FormatDuration(c.Within)
		}
		return string(c.Test) + " " + within + " over " + long
	case Silence:
		return string(c.Test) + " " + FormatDuration(c.Within)
	}
	return string(c.Test) + " " + long
}

// Title returns how p names its condition c: "page 1h/5m".
func (p Policy) Title(c Condition) string { return p.Name + " " + c.String() }

// month is the window whose shares of budget the default policies are written for.
const month = 30 * 24 * time.Hour

// defaultAlerts is the policy of the SRE Workbook, chapter 5, table 5-8, for 30
// days: the share of the budget in percent that each long window may take.
func defaultAlerts() []defaultAlert {
	return []defaultAlert{
		{Page, 2, time.Hour, 5 * time.Minute},
		{Page, 5, 6 * time.Hour, 30 * time.Minute},
		{Ticket, 10, 3 * 24 * time.Hour, 6 * time.Hour},
	}
}

type defaultAlert struct {
	class       Class
	percent     int64
	long, short time.Duration
}

// monthly tells whether the policy's shares hold for s: its window has 28 to 31 days.
func (s SLO) monthly() bool {
	days := s.Window.Nominal() / (24 * time.Hour)
	return days >= 28 && s.Window.Nominal() <= 31*24*time.Hour
}

// Policies returns the alert policies of s: its own, else the default ones.
func (s SLO) Policies() []Policy {
	if s.Alerts != nil {
		return s.Alerts
	}
	return DefaultPolicies(s)
}

// DefaultPolicies returns the default policies for s, named "page" and "ticket":
// 2 % of the budget in 1 h and 5 % in 6 h page, 10 % in 3 d is a ticket. A policy
// of which the window of s leaves no condition is left out; one of which its slice or
// step leaves none stays without any, so that it can be told that it cannot fire.
func DefaultPolicies(s SLO) []Policy {
	var out []Policy
	for _, class := range []Class{Page, Ticket} {
		when := DefaultConditions(s, class)
		if len(when) > 0 || len(DefaultConditions(s.AnyGrid(), class)) > 0 {
			out = append(out, Policy{Name: string(class), Class: class, When: when})
		}
	}
	return out
}

// AnyGrid returns s as if its counts came and were judged at any step.
func (s SLO) AnyGrid() SLO {
	s.Step, s.Budgeting.Slice = 0, 0
	return s
}

// CanFire tells whether one of the conditions of p can ever be true for s. A burn rate
// has to be one that the target of s lets it have.
func (s SLO) CanFire(p Policy) bool {
	return slices.ContainsFunc(p.When, func(c Condition) bool {
		return c.Test != Burn || c.Limit.Cmp(s.Target.Highest()) < 0
	})
}

// DefaultConditions returns the conditions of the default policy of that class.
//
// For windows of 28 to 31 days (a calendar month is 30) the shares hold and the
// factor is share × window / long. For any other length the factors stay those of
// 30 days, 14.4, 6 and 1, and conditions whose long window is over half of the
// SLO's, or whose short window is under its slice or step, are left out.
func DefaultConditions(s SLO, class Class) []Condition {
	basis := month
	if s.monthly() {
		basis = s.Window.Nominal()
	}
	var out []Condition
	for _, a := range defaultAlerts() {
		if a.class == class && s.burns(a.long) && a.short >= max(s.Budgeting.Slice, s.Step) {
			factor := NumberFrac(a.percent*int64(basis), 100*int64(a.long)) // share × basis / long
			out = append(out, Condition{Test: Burn, Limit: factor, Long: a.long, Short: a.short})
		}
	}
	return out
}

// FactorOf returns the burn rate at which share of the budget of window is spent
// in long: share × window / long.
func FactorOf(share Number, window, long time.Duration) Number {
	return share.Mul(NumberFrac(int64(window), int64(long)))
}

// Highest returns the highest burn rate there is at target t, 1 / (1 − t): a
// condition with this limit or a higher one can never be true.
func (t Target) Highest() Number {
	if t >= Full {
		return Number{}
	}
	return NumberFrac(ppb, ppb-int64(t))
}

// burns tells whether a burn rate over w says something of s.
func (s SLO) burns(w time.Duration) bool {
	return w >= s.Budgeting.Slice && (s.monthly() || w <= s.Window.Nominal()/2)
}

// BurnWindows returns the windows over which the burn rate of s is shown, shortest
// first: those of the default policies, as far as they say something of s.
func BurnWindows(s SLO) []time.Duration {
	var out []time.Duration
	for _, a := range defaultAlerts() {
		for _, w := range []time.Duration{a.long, a.short} {
			if s.burns(w) {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

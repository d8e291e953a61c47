// Package watch tells what changed about alerts since a destination was told last: it
// compares how the policies stand now with what the destination knows. It sends
// nothing and remembers nothing by itself.
//
// A policy with several conditions is one alert. It is told when it begins to fire,
// once a day while it goes on, when it is over, and when nobody knows any more. One
// that a faster one covers stays quiet. One that comes and goes is bundled: from its
// second end within an hour on, the next is told only when it has been quiet for half
// an hour, with how often it fired.
package watch

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

// Known is what a destination was told of one alert.
type Known struct {
	Kind  notify.ChangeKind `json:"kind"` // the last that it was told
	Class slo.Class         `json:"class"`
	Since time.Time         `json:"since"`           // since when it fires, or did
	Told  time.Time         `json:"told"`            // when the destination was told
	Begun []time.Time       `json:"begun,omitempty"` // when it began to fire in the last hour
	Doubt bool              `json:"doubt,omitempty"` // nobody knows whether that arrived: it is told once more
}

// State is what a destination knows.
type State struct {
	Run    time.Time                   `json:"run"`    // of the last run; zero before the first
	Alerts map[string]map[string]Known `json:"alerts"` // by objective and policy
}

// Times of the rules.
const (
	day   = 24 * time.Hour
	hour  = time.Hour        // alerts that begin more than once in it come and go
	quiet = 30 * time.Minute // how long one that comes and goes has to be over
)

// now is how one policy stands.
type now struct {
	policy  string
	class   slo.Class
	fires   bool
	covered bool
	blind   bool // nobody knows
	since   time.Time
	carried time.Time // nobody knows, and it fired since then; zero if it did not
	ended   time.Time // the last firing that is over: its begin and end
	began   time.Time
	alerts  []*report.Alert // its conditions, those that fire first
}

// policies returns how the policies of o stand that go to a destination.
func policies(o *report.Objective, takes func(*report.Alert) bool) []now {
	var out []now
	for i := range o.Alerts {
		a := &o.Alerts[i]
		if !takes(a) {
			continue
		}
		k := slices.IndexFunc(out, func(n now) bool { return n.policy == a.Policy })
		if k < 0 {
			k = len(out)
			out = append(out, now{policy: a.Policy, class: a.Class, covered: true})
		}
		out[k].add(a)
	}
	for i := range out {
		n := &out[i]
		n.covered = n.covered && n.fires
		n.blind = n.blind && !n.fires
		slices.SortStableFunc(n.alerts, func(a, b *report.Alert) int { return cmp.Compare(order(a), order(b)) })
	}
	return out
}

func order(a *report.Alert) int {
	if a.State == burn.Active {
		return 0
	}
	return 1
}

// add takes in a condition of the policy.
func (n *now) add(a *report.Alert) {
	n.alerts = append(n.alerts, a)
	switch a.State {
	case burn.Active:
		if !n.fires || a.Since.Before(n.since) {
			n.since = *a.Since
		}
		n.fires = true
		n.covered = n.covered && a.Covered
	case burn.NoData:
		n.blind = n.blind || !a.Idle || a.Since != nil
		if a.Since != nil && (n.carried.IsZero() || a.Since.Before(n.carried)) {
			n.carried = *a.Since
		}
	}
	if last := a.Last; last != nil && last.End.After(n.ended) {
		n.began, n.ended = last.Start, *last.End
	}
}

// change is one for a destination, with what it knows then.
type change struct {
	notify.Change
	now  now
	next Known
}

// compare returns what to tell of an alert, nil if there is nothing, and what the
// destination knows then. run is when it was looked at last.
func compare(n now, was Known, run, at time.Time) (*change, Known) {
	was.Begun = recent(was.Begun, at)
	was.Class = n.class
	kind, next := news(n, was, run, at)
	again := kind == "" && was.Doubt
	if again {
		kind = was.Kind
	}
	if kind == "" {
		return nil, next
	}
	told := was.Kind != "" && was.Kind != notify.Resolved // its reader knows of this firing
	switch {
	case told && was.Kind != notify.NoData:
	case kind == notify.NoData && !told: // zero if it did not fire
		next.Since = n.carried
	case told:
	case n.fires:
		next.Since = n.since
	case n.began.After(next.Since):
		next.Since = n.began
	}
	next.Kind, next.Told, next.Doubt = kind, at, false
	c := &change{now: n, next: next, Change: notify.Change{
		Kind: kind, Class: n.class, Policy: n.policy, Since: next.Since, Again: again}}
	if kind == notify.Resolved && n.ended.After(c.Since) {
		c.Until = n.ended
	}
	return c, next
}

// news returns what is new about an alert, "" if nothing is, and what it is known by
// then.
func news(n now, was Known, run, at time.Time) (notify.ChangeKind, Known) {
	open := was.Kind == notify.Fires || was.Kind == notify.StillFires
	next := was
	switch {
	case n.covered:
		return "", was
	case n.fires:
		if !slices.ContainsFunc(next.Begun, n.since.Equal) && (!open || n.since.After(was.Since)) {
			next.Begun = append(next.Begun, n.since)
		}
		return daily(notify.Fires, notify.StillFires, open, was.Told, at), next
	case n.blind:
		return daily(notify.NoData, notify.NoData, was.Kind == notify.NoData, was.Told, at), next
	case open && len(was.Begun) > 1 && at.Sub(n.ended) < quiet:
		return "", next
	case open || was.Kind == notify.NoData:
		return notify.Resolved, next
	case !run.IsZero() && n.ended.After(run) && n.began.After(was.Since):
		next.Begun = append(next.Begun, n.began)
		return notify.Resolved, next // it fired and was over between two runs
	}
	return "", next
}

// daily returns first for what is not known yet, and further once a day after that.
func daily(first, further notify.ChangeKind, known bool, told, at time.Time) notify.ChangeKind {
	switch {
	case !known:
		return first
	case at.Sub(told) >= day:
		return further
	}
	return ""
}

// recent returns the times of the last hour.
func recent(times []time.Time, at time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(times), func(t time.Time) bool { return at.Sub(t) >= hour })
}

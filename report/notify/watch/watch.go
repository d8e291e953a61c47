// Package watch tells what changed about alerts since a destination was told last: it
// compares how the policies stand now with what the destination knows. It sends
// nothing and remembers nothing by itself.
//
// A policy with several conditions is one alert. It is told when it begins to fire,
// once a day while it goes on, when it is over, when nobody knows any more, and when it
// is no longer watched. One that a faster one covers stays quiet. One that comes and
// goes, or whose data do, is bundled: from the second time within an hour on, its end
// is told when it has been quiet for half an hour, with how often it came.
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
	Kind    notify.ChangeKind `json:"kind,omitempty"` // the last that it was told
	Class   slo.Class         `json:"class"`
	Since   time.Time         `json:"since,omitzero"`   // since when it fires, or did
	Told    time.Time         `json:"told,omitzero"`    // when the destination was told
	Begun   []time.Time       `json:"begun,omitempty"`  // when it began, or lost its data, in the last hour
	Over    time.Time         `json:"over,omitzero"`    // the end of the last firing that is done with
	Covered time.Time         `json:"covered,omitzero"` // the begin of one that was not told, since a faster alert was
	Blind   time.Time         `json:"blind,omitzero"`   // since when nobody knows
	Sighted time.Time         `json:"sighted,omitzero"` // since when somebody knows again
	Doubt   bool              `json:"doubt,omitempty"`  // nobody knows whether that arrived: it is told once more
}

// open tells whether the destination believes that something is not well.
func (k Known) open() bool { return k.Kind != "" && k.Kind != notify.Resolved }

// firing tells whether it believes that the alert fires.
func (k Known) firing() bool { return k.Kind == notify.Fires || k.Kind == notify.StillFires }

// flaps tells whether the alert comes and goes.
func (k Known) flaps() bool { return len(k.Begun) > 1 }

// begin notes that the alert begins to need attention.
func (k *Known) begin(at time.Time) {
	if !slices.ContainsFunc(k.Begun, at.Equal) {
		k.Begun = append(slices.Clone(k.Begun), at)
	}
}

// Watched is what a destination knows of an objective.
type Watched struct {
	Service string           `json:"service"`
	Files   string           `json:"files"` // Alerts.Files of the last run that looked at it
	Seen    time.Time        `json:"seen"`  // when that was
	Alerts  map[string]Known `json:"alerts,omitempty"`
}

// State is what a destination knows, by objective.
type State map[string]Watched

// Times of the rules.
const (
	day       = 24 * time.Hour
	hour      = time.Hour        // alerts that begin more than once in it come and go
	quiet     = 30 * time.Minute // how long one that comes and goes has to be over
	unwatched = 26 * time.Hour   // without a look, whoever looked: longer than daily runs are apart
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
		n.join()
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

// join makes one firing of those of several conditions that touch.
func (n *now) join() {
	for range n.alerts {
		for _, a := range n.alerts {
			switch last := a.Last; {
			case last == nil:
			case n.fires && !last.End.Before(n.since) && last.Start.Before(n.since):
				n.since = last.Start
			case !last.End.Before(n.began) && last.Start.Before(n.began):
				n.began = last.Start
			}
		}
	}
}

// clears returns when the last of its conditions ends if nothing fails any more, zero if
// nobody can tell.
func (n *now) clears() time.Time {
	var last time.Time
	for _, a := range n.alerts {
		switch {
		case a.State != burn.Active:
		case a.Clears == nil:
			return time.Time{}
		case a.Clears.After(last):
			last = *a.Clears
		}
	}
	return last
}

// change is one for a destination, with what it knows then.
type change struct {
	notify.Change
	now  now // without alerts if it is gone
	next Known
}

// gone tells whether the alert is in no file any more, or goes elsewhere.
func (c *change) gone() bool { return len(c.now.alerts) == 0 }

// compare returns what to tell of an alert, nil if there is nothing, and what the
// destination knows then. first tells that nobody looked at it before.
func compare(n now, was Known, first bool, at time.Time) (*change, Known) {
	was.Begun, was.Class = recent(was.Begun, at), n.class
	kind, next := news(n, was, first, at)
	again := kind == "" && was.Doubt && agrees(n, was.Kind)
	if again {
		kind = was.Kind
	}
	if kind == "" {
		return nil, next
	}
	next.Since = since(n, was, kind)
	next.Kind, next.Told, next.Doubt = kind, at, false
	c := &change{now: n, next: next, Change: notify.Change{
		Kind: kind, Class: n.class, Policy: n.policy, Since: next.Since, Again: again}}
	if kind == notify.Resolved && !c.Since.IsZero() && n.ended.After(c.Since) {
		c.Until = n.ended
	}
	return c, next
}

// agrees tells whether what was told is still so.
func agrees(n now, kind notify.ChangeKind) bool {
	switch kind {
	case notify.NoData:
		return n.blind
	case notify.Resolved:
		return !n.fires && !n.blind
	}
	return n.fires
}

// since returns when what is told of began to fire; zero if it did not.
func since(n now, was Known, kind notify.ChangeKind) time.Time {
	switch {
	case was.open() && !was.Since.IsZero():
		return was.Since
	case n.fires:
		return n.since
	case kind == notify.NoData && !was.open():
		return n.carried
	case n.ended.After(was.Over):
		return n.began
	}
	return was.Since
}

// news returns what is new about an alert, "" if nothing is, and what it is known by
// then.
func news(n now, was Known, first bool, at time.Time) (notify.ChangeKind, Known) {
	next := was
	if n.ended.After(was.Over) {
		next.Over = n.ended
	}
	if !n.blind && !was.Blind.IsZero() {
		next.Blind, next.Sighted = time.Time{}, at
	}
	switch {
	case n.covered:
		next.Covered = n.since
		return "", next
	case n.fires:
		if !was.open() || was.firing() && n.since.After(was.Since) {
			next.begin(n.since)
		}
		return daily(notify.Fires, notify.StillFires, was.firing(), was.Told, at), next
	case n.blind:
		return lost(was, next, at)
	case was.open():
		if was.flaps() && !was.Doubt && (at.Sub(n.ended) < quiet || at.Sub(next.Sighted) < quiet) {
			return "", next
		}
		return notify.Resolved, next
	case first || !n.ended.After(was.Over) || n.began.Equal(was.Covered):
		return "", next
	}
	next.begin(n.began) // it fired and was over between two runs
	if next.flaps() && at.Sub(n.ended) < quiet {
		next.Over = was.Over
		return "", next
	}
	return notify.Resolved, next
}

// lost returns what is new about an alert of which nobody knows.
func lost(was, next Known, at time.Time) (notify.ChangeKind, Known) {
	if was.Blind.IsZero() {
		next.Blind = at
		if !was.open() || at.Sub(was.Sighted) < hour {
			next.begin(at)
		}
	}
	known := was.Kind == notify.NoData
	if !known && was.flaps() && at.Sub(next.Blind) < quiet {
		return "", next
	}
	return daily(notify.NoData, notify.NoData, known, was.Told, at), next
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

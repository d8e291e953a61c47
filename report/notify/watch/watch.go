// Package watch tells what changed about alerts since a destination was told last: it
// compares how the policies stand now with what the destination knows. It sends
// nothing and remembers nothing by itself.
//
// A policy with several conditions is one alert. It is told when it begins to fire,
// once a day while it goes on, when it is over, when nobody knows any more, and when it
// is no longer watched. One that a faster one covers stays quiet. One that comes and
// goes, or whose data do, is bundled: from the second time within an hour on, its end
// is told when it has been quiet for half an hour, with how often it came since it was
// told of. What came and went between two looks is told at once, begin and end.
package watch

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/order"
)

// Known is what a destination was told of one alert.
type Known struct {
	Kind    notify.ChangeKind `json:"kind,omitempty"` // the last that it was told
	Class   slo.Class         `json:"class"`
	Since   time.Time         `json:"since,omitzero"`   // since when it fires, or did
	Told    time.Time         `json:"told,omitzero"`    // when the destination was told
	Begun   []time.Time       `json:"begun,omitempty"`  // when it began, or lost its data, in the last hour
	Over    time.Time         `json:"over,omitzero"`    // the end of the last firing that is done with
	Prior   time.Time         `json:"prior,omitzero"`   // up to then all surely was told
	Covered time.Time         `json:"covered,omitzero"` // the begin of one that was not told, since a faster alert was
	Blind   time.Time         `json:"blind,omitzero"`   // since when nobody knows
	Sighted time.Time         `json:"sighted,omitzero"` // since when somebody knows again
	Passed  bool              `json:"passed,omitempty"` // its begin and its end were told at once
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

// Open tells whether the destination believes of any alert that something is not well,
// or may.
func (s State) Open() bool {
	for _, w := range s {
		for _, k := range w.Alerts {
			if k.open() || k.Doubt {
				return true
			}
		}
	}
	return false
}

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
	blind   bool      // nobody knows
	known   time.Time // and did until then; zero if that is not known either
	since   time.Time
	carried time.Time // nobody knows, and it fired since then; zero if it did not
	over    []firing  // those that are over, oldest first
	alerts  []*report.Alert
}

// firing is a time in which any condition of a policy fired.
type firing struct {
	begin, end time.Time // no end: it goes on
	known      time.Time // from then to its end nobody knew; the end if it was judged to that
	covered    bool      // a faster alert fired all the time
}

// length is for how long it is known to have fired.
func (f firing) length() time.Duration { return f.known.Sub(f.begin) }

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
		n.join(o)
		n.blind = n.blind && !n.fires
		order.Stable(n.alerts, func(a, b *report.Alert) int { return cmp.Compare(rank(a), rank(b)) })
	}
	return out
}

func rank(a *report.Alert) int {
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
		n.fires = true
		n.covered = n.covered && a.Covered
	case burn.NoData:
		n.blind = n.blind || !a.Idle || a.Since != nil
		if a.Known != nil && (n.known.IsZero() || a.Known.Before(n.known)) {
			n.known = *a.Known
		}
	}
}

// join makes the firings of the policy of those of its conditions.
func (n *now) join(o *report.Objective) {
	var faster []*report.Alert
	for i := range o.Alerts {
		if a := &o.Alerts[i]; a.Class.Rank() < n.class.Rank() {
			faster = append(faster, a)
		}
	}
	above := joined(faster)
	for _, f := range joined(n.alerts) {
		switch {
		case !f.end.IsZero():
			f.covered = slices.ContainsFunc(above, f.within)
			n.over = append(n.over, f)
		case n.fires:
			n.since = f.begin
		default:
			n.carried = f.begin
		}
	}
}

// within tells whether f is a part of other.
func (f firing) within(other firing) bool {
	return !f.begin.Before(other.begin) && (other.end.IsZero() || !f.end.After(other.end))
}

// joined returns the times in which any of these conditions fired, oldest first.
func joined(alerts []*report.Alert) []firing {
	var all, out []firing
	for _, a := range alerts {
		for _, f := range a.Over {
			one := firing{begin: f.Start, end: *f.End, known: *f.End}
			if f.Blind != nil {
				one.known = *f.Blind
			}
			all = append(all, one)
		}
		if a.Since != nil && a.State != burn.Pending {
			all = append(all, firing{begin: *a.Since})
		}
	}
	order.Stable(all, func(a, b firing) int { return a.begin.Compare(b.begin) })
	for _, f := range all {
		if k := len(out) - 1; k >= 0 && (out[k].end.IsZero() || !f.begin.After(out[k].end)) {
			out[k] = out[k].with(f)
		} else {
			out = append(out, f)
		}
	}
	return out
}

// with returns one firing of two that touch.
func (f firing) with(other firing) firing {
	if f.end.IsZero() || other.end.IsZero() {
		return firing{begin: f.begin}
	}
	f.known = latest(f.known, other.known)
	f.end = latest(f.end, other.end)
	return f
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// begun tells whether it fires of which a destination that may know more does not know.
func (n *now) begun(was Known) bool { return n.fires && !was.open() && n.since.After(was.Over) }

// ended returns when the last firing that is over was; zero if there is none.
func (n *now) ended() time.Time {
	if len(n.over) == 0 {
		return time.Time{}
	}
	return n.over[len(n.over)-1].end
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
		default:
			last = latest(last, *a.Clears)
		}
	}
	return last
}

// change is one for a destination, with what it knows then.
type change struct {
	notify.Change
	now  now // without alerts if it is gone
	next Known

	fired  []firing // that are over, since it is told of
	doubt  bool     // nobody knows whether its begin was told
	before []firing // that are over and nobody was told of, before what is told
}

// gone tells whether the alert is in no file any more, or goes elsewhere.
func (c *change) gone() bool { return len(c.now.alerts) == 0 }

// compare returns what to tell of an alert, nil if there is nothing, and what the
// destination knows then.
func compare(n now, was Known, at time.Time) (*change, Known) {
	was.Begun = recent(was.Begun, at)
	kind, next := news(n, was, at)
	next.Class = n.class
	again := was.Doubt && (kind == "" && agrees(n, was.Kind) || kind == notify.NoData && was.Kind == notify.Resolved)
	if again { // an end first of all: a pager that did not get it is told of no data in nothing
		kind = was.Kind
	}
	if kind == "" {
		return nil, next
	}
	c := &change{now: n, Change: notify.Change{Kind: kind, Class: n.class, Policy: n.policy, Again: again}}
	c.tell(was)
	switch next.Prior = was.Over; {
	case was.Doubt:
		next.Prior = was.Prior
	case was.told():
		next.Prior = was.Since
	}
	c.Passed = c.Passed || again && was.Passed
	next.Kind, next.Told, next.Doubt, next.Since, next.Passed = kind, at, false, c.Since, c.Passed
	next.Over = latest(next.Over, n.ended())
	c.next = next
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

// told tells whether the destination knows of a firing that it believes to go on.
func (k Known) told() bool { return k.open() && !k.Since.IsZero() }

// doubtful tells whether nobody knows if the destination knows that a firing began.
func (k Known) doubtful() bool { return k.Doubt && k.told() && k.Kind != notify.StillFires }

// tell fills in the times of a change.
func (c *change) tell(was Known) {
	n := c.now
	lost := was
	if was.Doubt {
		lost.Kind, lost.Over = "", was.Prior
	}
	unseen := n.unseen(lost)
	switch {
	case was.told() || c.Again:
		c.Since, c.fired = was.Since, since(n.over, was.Since)
		c.before = unseen[:len(unseen)-len(since(unseen, was.Since))]
	case n.fires:
		c.Since, c.before = n.since, unseen
	case c.Kind == notify.NoData:
		c.Since, c.before = n.carried, unseen
	case len(unseen) > 0:
		c.Since, c.fired, c.Passed = unseen[0].begin, unseen, true
	}
	if c.Kind == notify.NoData {
		c.Blind = n.known
	}
	if c.Kind != notify.Resolved {
		return
	}
	c.doubt = was.doubtful()
	c.Passed = c.Passed || c.doubt
	if last := len(c.fired) - 1; last >= 0 {
		if c.Until = c.fired[last].known; c.Until.Before(c.fired[last].end) {
			c.Blind = c.Until
		}
	}
}

// firings are those that c tells of, also what goes on at the instant at.
func (c *change) firings(at time.Time) []firing {
	all := c.fired
	if c.now.fires {
		all = append(slices.Clone(all), firing{begin: c.now.since, known: latest(c.now.since, at)})
	}
	return all
}

// lasted is for how long they did in all, to the last instant that is known.
func lasted(all []firing) time.Duration {
	var d time.Duration
	for _, f := range all {
		d += f.length()
	}
	return d
}

// since returns the firings that did not end before an instant; none if that is not known.
func since(over []firing, t time.Time) []firing {
	if t.IsZero() {
		return nil
	}
	k := slices.IndexFunc(over, func(f firing) bool { return f.end.After(t) })
	if k < 0 {
		return nil
	}
	return over[k:]
}

// unseen returns the firings that came and went since the last that is done with, and that
// no faster alert covered. One that was told to be over, and later turns out to have gone
// on for longer, is none.
func (n *now) unseen(was Known) []firing {
	return slices.DeleteFunc(slices.Clone(n.over), func(f firing) bool {
		longer := was.Kind == notify.Resolved && !f.begin.After(was.Over)
		return !f.end.After(was.Over) || longer || f.covered || f.begin.Equal(was.Covered)
	})
}

// unknown is what a destination knows that nobody looked for before: what is over by then
// it is not told.
func (n *now) unknown(at time.Time) Known {
	if n.blind && n.known.IsZero() {
		return Known{Over: at}
	}
	return Known{Over: n.ended()}
}

// news returns what is new about an alert, "" if nothing is, and what it is known by
// then.
func news(n now, was Known, at time.Time) (notify.ChangeKind, Known) {
	next, unseen := was, n.unseen(was)
	if was.told() || len(unseen) == 0 { // else once they are told
		next.Over = latest(was.Over, n.ended())
	}
	if !n.blind && !was.Blind.IsZero() {
		next.Blind, next.Sighted = time.Time{}, at
	}
	for _, f := range unseen {
		known := was.told() && !f.begin.After(was.Since) || !was.Blind.IsZero() // or a part of what is known
		if !known && at.Sub(f.begin) < hour {
			next.begin(f.begin)
		}
	}
	switch {
	case n.covered:
		next.Covered = n.since
		return "", next
	case n.fires:
		if !was.open() || was.firing() && n.since.After(was.Since) {
			next.begin(n.since)
		}
		known := was.firing() && n.class.Rank() >= was.Class.Rank()
		return daily(notify.Fires, notify.StillFires, known, was.Told, at), next
	case n.blind:
		return lost(was, next, at)
	case was.open():
		if next.flaps() && !was.Doubt && (at.Sub(n.ended()) < quiet || at.Sub(next.Sighted) < quiet) {
			return "", next
		}
		return notify.Resolved, next
	case len(unseen) == 0:
		return "", next
	case next.flaps() && at.Sub(n.ended()) < quiet:
		return "", next
	}
	return notify.Resolved, next // it fired and was over between two runs
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

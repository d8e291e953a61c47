package spec

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// fit gives an objective its alert policies: shares of the budget become burn
// rates of its window, and what its target, window, slices and sources cannot
// carry is reported.
func (d *document) fit(list *alertList, o *Objective) {
	if list == nil || o.Target <= 0 || o.Target >= slo.Full || o.Window.Nominal() <= 0 {
		return
	}
	o.Alerts = []slo.Policy{}
	for _, p := range list.policies {
		f := fitting{document: d, o: o, p: p, inherited: list.inherited}
		policy := p.Policy
		if len(p.when) == 0 {
			o.standard = append(o.standard, standard{name: p.Name, class: p.Class, pos: p.Pos})
			policy.When = slo.DefaultConditions(o.SLO, p.Class)
		}
		f.held()
		for _, c := range p.when {
			policy.When = append(policy.When, f.condition(c))
		}
		if len(policy.When) > 0 {
			o.Alerts = append(o.Alerts, policy)
		}
	}
}

// fitting is one policy on its way to one objective.
type fitting struct {
	*document
	o         *Objective
	p         alertPolicy
	inherited bool
}

// place is what a finding about conditions points to, and what kind it is of.
type place struct {
	pos  diag.Pos
	code string
}

// maxSaid is how many findings of a kind one place of an inherited list gets.
const maxSaid = 5

// say adds a finding, unless the place has it from another objective. What else
// the objectives of a large file say of it is not listed.
func (f fitting) say(found diag.Finding) {
	at := place{found.Pos, found.Code}
	if before := f.said[at]; len(before) < maxSaid && !slices.Contains(before, found.Message) {
		f.said[at] = append(before, found.Message)
		f.add(found)
	}
}

// own adds to a hint that an objective which inherits its alerts may have others.
func (f fitting) own(hint string) string {
	if !f.inherited {
		return hint
	}
	return hint + ", or give " + f.o.ID() + " alerts of its own"
}

// held checks `for`.
func (f fitting) held() {
	if v := f.p.Get("for"); v.Is() {
		f.within(v, "for", f.p.For)
		f.steps(v, "for "+quote(v.Text), f.p.For)
	}
}

// condition returns c for the objective.
func (f fitting) condition(c alertCondition) slo.Condition {
	key := c.test.Key
	fitted := c.Condition
	if key == "spent" {
		fitted.Limit = slo.FactorOf(c.Limit, f.o.Window.Nominal(), c.Long)
	}
	f.conditionWindows(c)
	switch {
	case c.Long > f.o.Window.Nominal(): // reported
	case key == "burn", key == "spent":
		f.reachable(c, fitted.Limit)
	case key == "events":
		f.even(c, slo.FactorOf(c.Limit, f.o.Window.Nominal(), c.Long))
	}
	f.countable(c)
	return fitted
}

// conditionWindows checks the times of a condition against the objective's.
func (f fitting) conditionWindows(c alertCondition) {
	if c.Within > 0 {
		f.within(c.test.Value, c.test.Key, c.Within)
	} else if c.Test == slo.Exhaustion && f.o.Window.Rolling() {
		f.say(diag.Errorf(c.test.Value.Pos, "alert/end", "window %s has no end before which the budget could be gone: it is rolling", f.o.Window).
			WithHint("%s", f.own("write exhausted_within: "+f.o.Window.String()+" or less")))
	}
	if c.Test == slo.Silence {
		f.steps(c.test.Value, "no_data "+quote(c.test.Value.Text), c.Within)
	}
	if c.Long > 0 {
		f.within(c.long, "long", c.Long)
		f.grid(c.long, "long "+quote(c.long.Text), c.Long)
	}
	switch {
	case c.short.Is():
		f.grid(c.short, "short "+quote(c.short.Text), c.Short)
	case c.Short > 0:
		f.grid(c.long, "short, "+slo.FormatDuration(c.Short)+" if left out,", c.Short)
	}
}

// within checks that the objective's window holds a time.
func (f fitting) within(v Value, name string, w time.Duration) {
	if w > f.o.Window.Nominal() {
		f.say(diag.Errorf(v.Pos, "alert/window", "%s %s is longer than the window %s", name, quote(v.Text), f.o.Window).
			WithHint("%s", f.own("write "+slo.FormatDuration(f.o.Window.Nominal())+" or less")))
	}
}

// grid checks that a window is made of whole steps and slices.
func (f fitting) grid(v Value, what string, w time.Duration) {
	f.steps(v, what, w)
	if slice := f.o.Budgeting.Slice; slice > 0 && w%slice != 0 {
		f.odd(v, what, w, slice, "alert/slice", "slice "+slo.FormatDuration(slice))
	}
}

// steps checks that a time is made of whole steps of the sources.
func (f fitting) steps(v Value, what string, w time.Duration) {
	for _, part := range f.o.Parts {
		if step := part.step(); step > 0 && w%step != 0 {
			f.odd(v, what, w, step, "alert/step", "step "+slo.FormatDuration(step)+" of source "+quote(part.Source.Name))
		}
	}
}

func (f fitting) odd(v Value, what string, w, unit time.Duration, code, of string) {
	how := "is not a multiple of"
	if w < unit {
		how = "is shorter than"
	}
	hint := "write " + slo.FormatDuration(unit) + " or a multiple of it"
	if strings.HasSuffix(what, "left out,") {
		hint = "add short: " + slo.FormatDuration(unit) + " or a multiple of it"
	}
	f.say(diag.Errorf(v.Pos, code, "%s %s the %s", what, how, of).WithHint("%s", f.own(hint)))
}

// lowest is the burn rate under which a limit is likely a mistake: 28 days have
// 0.93 of the burn rate that 30 have.
func lowest() slo.Number { return slo.NumberFrac(9, 10) }

// reachable checks the limit of a burn rate.
func (f fitting) reachable(c alertCondition, limit slo.Number) {
	v, highest := c.test.Value, f.o.Target.Highest()
	what := "burn " + quote(v.Text)
	if c.test.Key == "spent" {
		what = "spent " + quote(v.Text) + " in " + slo.FormatDuration(c.Long) + " is a burn rate of " + figure(limit) + ", which"
	}
	switch {
	case limit.Cmp(highest) >= 0:
		f.say(diag.Errorf(v.Pos, "alert/never", "%s can never be exceeded: at target %s the highest burn rate is %s", what, f.o.Target, figure(highest)).
			WithHint("%s", f.own(f.lower(c))))
	case limit.Cmp(lowest()) < 0:
		f.say(diag.Warnf(v.Pos, "alert/low", "%s is exceeded while the budget lasts: at a burn rate of 1 it is spent just when the window ends", what).
			WithHint("%s", f.own("write "+f.inKey(c, slo.NumberOf(1))+" or more")))
	}
}

// even checks a share of the window's bad events against what the long window has
// of them in even traffic.
func (f fitting) even(c alertCondition, limit slo.Number) {
	v, long := c.test.Value, slo.FormatDuration(c.Long)
	switch {
	case limit.Cmp(f.o.Target.Highest()) >= 0:
		f.say(diag.Warnf(v.Pos, "alert/never", "events %s are more than %s of even traffic can spend at target %s: only busier times exceed it", quote(v.Text), long, f.o.Target).
			WithHint("%s", f.own(f.lower(c))))
	case limit.Cmp(lowest()) < 0:
		f.say(diag.Warnf(v.Pos, "alert/low", "events %s in %s are exceeded while the budget lasts", quote(v.Text), long).
			WithHint("%s", f.own("write "+f.inKey(c, slo.NumberOf(1))+" or more")))
	}
}

// lower proposes a limit that can be exceeded.
func (f fitting) lower(c alertCondition) string {
	limit := attainable(f.o.Target)
	ratio := percent(limit.Mul(f.o.Target.Budget()))
	return "write a lower limit: " + f.inKey(c, limit) + " is an error ratio of " + ratio
}

// attainable returns a burn rate that a target can have: that of an error ratio
// of 50 %, or 1 where even that is less.
func attainable(t slo.Target) slo.Number {
	half := t.Highest().Quo(slo.NumberOf(2))
	if half.Cmp(slo.NumberOf(1)) < 0 {
		return slo.NumberOf(1)
	}
	return half
}

// inKey writes a burn rate as the condition's key would.
func (f fitting) inKey(c alertCondition, rate slo.Number) string {
	if c.test.Key == "burn" {
		return "burn: " + figure(rate)
	}
	share := rate.Mul(slo.NumberFrac(int64(c.Long), int64(f.o.Window.Nominal())))
	return c.test.Key + ": " + percent(share)
}

// countable checks that a long window has room for min_bad slices.
func (f fitting) countable(c alertCondition) {
	slice, bad := f.o.Budgeting.Slice, f.p.Get("min_bad")
	if slice == 0 || !bad.Is() || c.Long == 0 {
		return
	}
	if n := int64(c.Long / slice); f.p.MinBad.Cmp(slo.NumberOf(n)) > 0 {
		f.say(diag.Errorf(bad.Pos, "alert/min-bad", "min_bad %s can never be reached: %s has %d slices of %s", quote(bad.Text), slo.FormatDuration(c.Long), n, slo.FormatDuration(slice)).
			WithHint("%s", f.own("write a smaller number")))
	}
}

// figure writes a number for messages, with four decimals at the most.
func figure(n slo.Number) string {
	text := n.Rat().FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func percent(share slo.Number) string { return figure(share.Mul(slo.NumberOf(100))) + "%" }

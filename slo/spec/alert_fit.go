package spec

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// fit gives an objective its alert policies: shares of the budget become burn
// rates of its window, and what its target, window, slices and sources cannot
// carry is reported.
func (r *alertReader) fit(list *alertList, o *Objective) {
	if list == nil || o.Target <= 0 || o.Target >= slo.Full || o.Window.Nominal() <= 0 {
		return
	}
	o.Alerts = make([]slo.Policy, 0, len(list.policies))
	highest, known := r.highest[o.Target]
	if !known {
		highest = o.Target.Highest()
		r.highest[o.Target] = highest
	}
	for _, p := range list.policies {
		f := fitting{reader: r, o: o, p: p, highest: highest, inherited: list.inherited}
		policy := p.policy
		if len(p.when) == 0 {
			o.standard = append(o.standard, standard{name: policy.Name, class: policy.Class, pos: p.entry.Pos})
			policy.When = slo.DefaultConditions(o.SLO, policy.Class)
		}
		f.delay()
		policy.When = slices.Grow(policy.When, len(p.when))
		for _, c := range p.when {
			policy.When = append(policy.When, f.condition(c))
		}
		o.Alerts = append(o.Alerts, policy)
	}
}

// fitting is one policy on its way to one objective.
type fitting struct {
	reader    *alertReader
	o         *Objective
	p         alertPolicy
	highest   slo.Number // burn rate that the objective can have
	inherited bool
}

// place is what a finding about conditions points to, and what kind it is of.
type place struct {
	pos  diag.Pos
	code string
}

// maxSaid is how many findings of a kind one place of an inherited list gets.
const maxSaid = 5

// say adds a finding about v, unless the place has it from another objective or
// has enough of the kind: what else the objectives of a large file say of it is
// not listed, nor worded.
func (f fitting) say(v Value, code string, finding func() diag.Finding) {
	at, said := place{v.Pos, code}, f.reader.said
	if len(said[at]) >= maxSaid {
		return
	}
	if found := finding(); !slices.Contains(said[at], found.Message) {
		said[at] = append(said[at], found.Message)
		f.reader.found.add(found)
	}
}

// own adds to a hint that an objective which inherits its alerts may have others.
func (f fitting) own(hint string) string {
	if !f.inherited {
		return hint
	}
	return hint + ", or give " + f.o.ID() + " alerts of its own"
}

// delay checks for how long a condition has to be true.
func (f fitting) delay() {
	if v := f.p.entry.Get("for"); v.Is() {
		l := length{value: v, name: "for", d: f.p.policy.For}
		f.inside(l)
		f.steps(l)
	}
}

// condition returns c for the objective.
func (f fitting) condition(c alertCondition) slo.Condition {
	fitted := c.condition
	if c.test.Key == "spent" {
		fitted.Limit = f.reader.factor(c, f.o.Window.Nominal())
	}
	f.times(c)
	f.countable(c)
	switch {
	case fitted.Long > f.o.Window.Nominal(): // reported
	case fitted.Test == slo.Burn:
		f.reachable(c, fitted.Limit)
	case fitted.Test == slo.Events:
		f.spendable(c)
	}
	return fitted
}

// spent is a share of the budget of a window that a long window spends.
type spent struct {
	share        string
	window, long time.Duration
}

// factor returns the burn rate of a condition that is a share of the budget. Few shares of few
// windows are what a thousand SLOs have.
func (r *alertReader) factor(c alertCondition, window time.Duration) slo.Number {
	key := spent{c.test.Value.Text, window, c.condition.Long}
	factor, known := r.factors[key]
	if !known {
		factor = slo.FactorOf(c.condition.Limit, window, c.condition.Long)
		r.factors[key] = factor
	}
	return factor
}

// times checks those of a condition against the objective's.
func (f fitting) times(c alertCondition) {
	within := length{value: c.test.Value, name: c.test.Key, d: c.condition.Within}
	switch {
	case within.d > 0:
		f.inside(within)
	case c.condition.Test == slo.Exhaustion && f.o.Window.Rolling():
		f.say(within.value, "alert/end", func() diag.Finding {
			endless := diag.Errorf(within.value.Pos, "alert/end",
				"window %s has no end before which the budget could be gone: it is rolling", f.o.Window)
			return endless.WithHint("%s", f.own("write exhausted_within: "+f.o.Window.String()+" or less"))
		})
	}
	if c.condition.Test == slo.Silence {
		f.steps(within)
	}
	if c.condition.Long > 0 {
		long := length{value: c.long, name: "long", d: c.condition.Long}
		f.inside(long)
		f.grid(long)
	}
	if c.condition.Short > 0 {
		short := length{value: c.short, name: "short", d: c.condition.Short}
		if !c.short.Is() {
			short.value, short.leftOut = c.long, true
		}
		f.grid(short)
	}
}

// length is a time that a policy names.
type length struct {
	value   Value  // where it stands, or what it follows from
	name    string // of the key
	leftOut bool
	d       time.Duration
}

// String returns the time in a user's words.
func (l length) String() string {
	if l.leftOut {
		return l.name + ", " + slo.FormatDuration(l.d) + " if left out,"
	}
	return l.name + " " + diag.Quote(l.value.Text)
}

// inside checks that the objective's window holds l.
func (f fitting) inside(l length) {
	most := f.o.Window.Nominal()
	if l.d <= most {
		return
	}
	f.say(l.value, "alert/window", func() diag.Finding {
		long := diag.Errorf(l.value.Pos, "alert/window", "%s is longer than the window %s", l, f.o.Window)
		return long.WithHint("%s", f.own("write "+slo.FormatDuration(most)+" or less"))
	})
}

// grid checks that l is made of whole steps and slices.
func (f fitting) grid(l length) {
	f.steps(l)
	f.multiple(l, f.o.Budgeting.Slice, "alert/slice", func(unit string) string { return "the slice " + unit })
}

// steps checks that l is made of whole steps of the sources.
func (f fitting) steps(l length) {
	for _, part := range f.o.Parts {
		f.multiple(l, part.Source.Step, "alert/step", func(unit string) string {
			return "the step " + unit + " of source " + diag.Quote(part.Source.Name)
		})
	}
}

func (f fitting) multiple(l length, unit time.Duration, code string, name func(unit string) string) {
	if unit == 0 || l.d%unit == 0 {
		return
	}
	f.say(l.value, code, func() diag.Finding {
		how, remedy := "is not a multiple of", "write "
		if l.d < unit {
			how = "is shorter than"
		}
		if l.leftOut {
			remedy = "add short: "
		}
		text, or := slo.FormatDuration(unit), ""
		if l.name == "short" {
			or = ", or short: none to look at long alone"
		}
		uneven := diag.Errorf(l.value.Pos, code, "%s %s %s", l, how, name(text))
		return uneven.WithHint("%s", f.own(remedy+text+" or a multiple of it"+or))
	})
}

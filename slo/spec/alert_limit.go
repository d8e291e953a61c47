package spec

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// newAlertReader returns the reader of a document. A limit under a burn rate of 0.9 is likely a
// mistake; the default policy of 28 days has 0.93.
func newAlertReader(found *findings, keys []Key, factors map[spent]slo.Number) *alertReader {
	return &alertReader{found: found, said: map[place][]string{}, keys: keys, factors: factors,
		shares: map[string]slo.Number{}, highest: map[slo.Target]slo.Number{}, lowest: slo.NumberFrac(9, 10)}
}

// reachable checks the limit of a burn rate.
func (f fitting) reachable(c alertCondition, limit slo.Number) {
	v := c.test.Value
	switch {
	case limit.Cmp(f.highest) >= 0:
		f.say(v, "alert/never", func() diag.Finding {
			never := diag.Errorf(v.Pos, "alert/never",
				"%s can never be exceeded: at target %s the highest burn rate is %s",
				c.burning(limit), f.o.Target, figure(f.highest))
			if f.reader.foreign {
				never.Severity = diag.Warning
			}
			return never.WithHint("%s", f.own(f.lower(c)))
		})
	case limit.Cmp(f.reader.lowest) < 0:
		f.say(v, "alert/low", func() diag.Finding {
			low := diag.Warnf(v.Pos, "alert/low",
				"%s is exceeded while the budget lasts: at a burn rate of 1 it is spent just when the window ends",
				c.burning(limit))
			return low.WithHint("%s", f.own(f.higher(c)))
		})
	}
}

// burning returns the limit of a burn rate in a user's words.
func (c alertCondition) burning(limit slo.Number) string {
	said := c.test.Key + " " + diag.Quote(c.test.Value.Text)
	if c.test.Key == "burn" {
		return said
	}
	return said + " in " + slo.FormatDuration(c.condition.Long) + " is a burn rate of " + figure(limit) + ", which"
}

// spendable checks a share of the window's bad events against what the long window
// can have of them in even traffic.
func (f fitting) spendable(c alertCondition) {
	v, long := c.test.Value, slo.FormatDuration(c.condition.Long)
	limit := slo.FactorOf(c.condition.Limit, f.o.Window.Nominal(), c.condition.Long)
	switch {
	case limit.Cmp(f.highest) >= 0:
		f.say(v, "alert/never", func() diag.Finding {
			never := diag.Warnf(v.Pos, "alert/never",
				"events %s are more than %s of even traffic can spend at target %s: only busier times exceed it",
				diag.Quote(v.Text), long, f.o.Target)
			return never.WithHint("%s", f.own(f.lower(c)))
		})
	case limit.Cmp(f.reader.lowest) < 0:
		f.say(v, "alert/low", func() diag.Finding {
			low := diag.Warnf(v.Pos, "alert/low",
				"events %s in %s are exceeded while the budget lasts", diag.Quote(v.Text), long)
			return low.WithHint("%s", f.own(f.higher(c)))
		})
	}
}

// lower proposes a limit that can be exceeded.
func (f fitting) lower(c alertCondition) string {
	limit := attainable(f.o.Target)
	ratio := percent(limit.Mul(f.o.Target.Budget()))
	return "write a lower limit: " + f.inKey(c, limit) + " is an error ratio of " + ratio
}

// higher proposes a limit that is not exceeded while the budget lasts.
func (f fitting) higher(c alertCondition) string {
	return "write " + f.inKey(c, slo.NumberOf(1)) + " or more"
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
	part := slo.NumberFrac(int64(c.condition.Long), int64(f.o.Window.Nominal()))
	return c.test.Key + ": " + percent(rate.Mul(part))
}

// countable checks that a long window has room for min_bad slices.
func (f fitting) countable(c alertCondition) {
	slice, long := f.o.Budgeting.Slice, c.condition.Long
	bad, least := f.p.entry.Get("min_bad"), f.p.policy.MinBad
	if slice == 0 || long == 0 || !least.Known() {
		return
	}
	n := int64(long / slice)
	if least.Cmp(slo.NumberOf(n)) <= 0 {
		return
	}
	f.say(bad, "alert/min-bad", func() diag.Finding {
		many := diag.Errorf(bad.Pos, "alert/min-bad", "min_bad %s can never be reached: %s has %d slices of %s",
			diag.Quote(bad.Text), slo.FormatDuration(long), n, slo.FormatDuration(slice))
		return many.WithHint("%s", f.own("write a smaller number"))
	})
}

// figure writes a number for messages, with four decimals at the most.
func figure(n slo.Number) string {
	text := n.Rat().FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func percent(share slo.Number) string { return figure(share.Mul(slo.NumberOf(100))) + "%" }

// standard is a policy with the conditions of the default table.
type standard struct {
	name  string
	class slo.Class
	pos   diag.Pos
}

// Idle returns warnings about conditions of the default policies that can never
// be true for an objective: with its target, or with the step of its sources. It
// also warns of a policy of which its window leaves no condition. A file's own
// conditions are judged by Load.
//
// What is true of several objectives is said once, at the first, with their names.
func (s *Set) Idle() diag.List {
	type said struct {
		first Objective
		nth   int // of what is said of first
		ids   []string
	}
	var all []*said
	known := map[diag.Finding]*said{}
	for _, o := range s.Objectives {
		for i, f := range o.idle("") {
			if f.Pos == o.Pos {
				f.Pos = diag.Pos{File: f.Pos.File}
			}
			if known[f] == nil {
				known[f] = &said{first: o, nth: i}
				all = append(all, known[f])
			}
			known[f].ids = append(known[f].ids, o.ID())
		}
	}
	var out diag.List
	for _, one := range all {
		out = append(out, one.first.idle(" for " + diag.Few(one.ids))[one.nth])
	}
	out.Sort()
	s.Illustrate(out)
	return out
}

// Idle returns what Set.Idle says of o, without its name and place.
func (o Objective) Idle() diag.List {
	out := o.idle("")
	for i := range out {
		out[i].Pos = diag.Pos{}
	}
	return out
}

// idle returns what the default policies cannot do; whom is " for" and the name of o, or
// nothing where that is known.
func (o Objective) idle(whom string) diag.List {
	if o.Alerts != nil {
		var out diag.List
		for _, p := range o.standard {
			out = append(out, o.idlePolicy(p, whom)...)
		}
		return out
	}
	policies := slo.DefaultPolicies(o.SLO)
	if len(policies) == 0 {
		none := diag.Warnf(o.Pos, "alert/idle",
			"nothing alerts%s: no condition of the default policies fits window %s", whom, o.Window)
		return diag.List{none.WithHint("give it alerts of its own, or alerts: []")}
	}
	var out diag.List
	for _, p := range policies {
		out = append(out, o.idlePolicy(standard{p.Name, p.Class, o.Pos}, whom)...)
	}
	return out
}

// idlePolicy returns what one policy from the table cannot do.
func (o Objective) idlePolicy(p standard, whom string) diag.List {
	when := slo.DefaultConditions(o.AnyGrid(), p.class)
	if len(when) == 0 {
		none := diag.Warnf(p.pos, "alert/idle",
			"policy %s has no condition%s: none of the default ones fits window %s",
			diag.Quote(p.name), whom, o.Window)
		return diag.List{none.WithHint("write when: with shorter windows")}
	}
	var out diag.List
	for _, c := range when {
		if why, remedy := o.never(c); why != "" {
			title := slo.Policy{Name: p.name}.Title(c)
			never := diag.Warnf(p.pos, "alert/idle",
				"the default condition %s can never be true%s: %s", title, whom, why)
			out = append(out, never.WithHint("%s", o.instead(p, remedy)))
		}
	}
	return out
}

// never tells why a condition can never be true, "" if it can, and what to write
// in its place.
func (o Objective) never(c slo.Condition) (why, remedy string) {
	for _, part := range o.Parts {
		if step := part.Source.Step; step > c.Short {
			why = fmt.Sprintf("%s is shorter than the step %s of source %s",
				slo.FormatDuration(c.Short), slo.FormatDuration(step), diag.Quote(part.Source.Name))
			return why, o.coarse(c, max(step, o.Budgeting.Slice))
		}
	}
	if slice := o.Budgeting.Slice; slice > c.Short {
		why = fmt.Sprintf("%s is shorter than the slice %s", slo.FormatDuration(c.Short), slo.FormatDuration(slice))
		return why, o.coarse(c, slice)
	}
	if highest := o.Target.Highest(); c.Limit.Cmp(highest) >= 0 {
		why = fmt.Sprintf("it needs a burn rate over %s, and at target %s the highest is %s",
			figure(c.Limit), o.Target, figure(highest))
		c.Limit = attainable(o.Target)
		return why, written(c)
	}
	return "", ""
}

// coarse returns a condition like c for counts or slices that come once a step: over its long
// window alone. Where that has to grow, an error ratio of six times the budget is enough.
func (o Objective) coarse(c slo.Condition, step time.Duration) string {
	long := (c.Long + step - 1) / step * step
	if six := slo.NumberOf(6); long > c.Long && six.Cmp(c.Limit) < 0 {
		c.Limit = six
	}
	if c.Limit.Cmp(o.Target.Highest()) >= 0 {
		c.Limit = attainable(o.Target)
	}
	c.Long, c.Short = min(long, o.Window.Nominal()), 0
	return written(c)
}

// written returns a condition on burn rates as a file says it.
func written(c slo.Condition) string {
	long, short := slo.FormatDuration(c.Long), noLength
	if c.Short > 0 {
		short = slo.FormatDuration(c.Short)
	}
	return fmt.Sprintf("{burn: %s, long: %s, short: %s}", figure(c.Limit), long, short)
}

// instead says where a condition is to be written.
func (o Objective) instead(p standard, condition string) string {
	if o.Alerts != nil {
		return "give the policy when: [" + condition + "]"
	}
	page, ticket := "{class: page}", "{class: ticket}"
	if own := "{class: " + string(p.class) + ", when: [" + condition + "]}"; p.class == slo.Page {
		page = own
	} else {
		ticket = own
	}
	return "give it alerts of its own, such as [" + page + ", " + ticket + "]"
}

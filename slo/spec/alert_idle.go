package spec

import (
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

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
func (s *Set) Idle() diag.List {
	var out diag.List
	for _, o := range s.Objectives {
		out = append(out, o.idle()...)
	}
	out.Sort()
	s.Illustrate(out)
	return out
}

func (o Objective) idle() diag.List {
	if o.Alerts != nil {
		var out diag.List
		for _, p := range o.standard {
			out = append(out, o.idlePolicy(p)...)
		}
		return out
	}
	policies := slo.DefaultPolicies(o.anyStep())
	if len(policies) == 0 {
		return diag.List{diag.Warnf(o.Pos, "alert/idle", "nothing alerts for %s: no condition of the default policies fits window %s", o.ID(), o.Window).
			WithHint("give it alerts of its own, or alerts: []")}
	}
	var out diag.List
	for _, p := range policies {
		out = append(out, o.idlePolicy(standard{p.Name, p.Class, o.Pos})...)
	}
	return out
}

// anyStep returns the SLO as if its counts came at any step, so that what is left
// out because of it can be told.
func (o Objective) anyStep() slo.SLO {
	s := o.SLO
	s.Step = 0
	return s
}

// idlePolicy returns what one policy from the table cannot do.
func (o Objective) idlePolicy(p standard) diag.List {
	when := slo.DefaultConditions(o.anyStep(), p.class)
	if len(when) == 0 {
		return diag.List{diag.Warnf(p.pos, "alert/idle", "policy %s has no condition for %s: none of the default ones fits window %s", diag.Quote(p.name), o.ID(), o.Window).
			WithHint("write when: with shorter windows")}
	}
	var out diag.List
	for _, c := range when {
		title := slo.Policy{Name: p.name}.Title(c)
		if why, remedy := o.never(c); why != "" {
			out = append(out, diag.Warnf(p.pos, "alert/idle", "the default condition %s can never be true for %s: %s", title, o.ID(), why).
				WithHint("%s", o.instead(p, remedy)))
		}
	}
	return out
}

// never tells why a condition can never be true, "" if it can, and what to write
// in its place.
func (o Objective) never(c slo.Condition) (why, remedy string) {
	for _, part := range o.Parts {
		if step := part.Source.Step; step > c.Short {
			return fmt.Sprintf("%s is shorter than the step %s of source %s", slo.FormatDuration(c.Short), slo.FormatDuration(step), diag.Quote(part.Source.Name)),
				o.coarse(c, step)
		}
	}
	if highest := o.Target.Highest(); c.Limit.Cmp(highest) >= 0 {
		why = fmt.Sprintf("it needs a burn rate over %s, and at target %s the highest is %s", figure(c.Limit), o.Target, figure(highest))
		c.Limit = attainable(o.Target)
		return why, written(c)
	}
	return "", ""
}

// coarse returns a condition like c for counts that come once a step.
func (o Objective) coarse(c slo.Condition, step time.Duration) string {
	six := slo.NumberOf(6)
	for _, limit := range []slo.Number{six, attainable(o.Target)} {
		if limit.Cmp(c.Limit) < 0 {
			c.Limit = limit
		}
	}
	c.Long, c.Short = min(max(c.Long, 6*step), o.Window.Nominal()), step
	return written(c)
}

// written returns a condition on burn rates as a file says it.
func written(c slo.Condition) string {
	return fmt.Sprintf("{burn: %s, long: %s, short: %s}", figure(c.Limit), slo.FormatDuration(c.Long), slo.FormatDuration(c.Short))
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

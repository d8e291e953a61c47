package spec

import (
	"strings"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// lowest is the burn rate under which a limit is likely a mistake. The default
// policy of 28 days has 0.93.
func lowest() slo.Number { return slo.NumberFrac(9, 10) }

// reachable checks the limit of a burn rate.
func (f fitting) reachable(c alertCondition, limit slo.Number) {
	v := c.test.Value
	switch {
	case limit.Cmp(f.highest) >= 0:
		f.say(v, "alert/never", func() diag.Finding {
			return diag.Errorf(v.Pos, "alert/never", "%s can never be exceeded: at target %s the highest burn rate is %s", c.burning(limit), f.o.Target, figure(f.highest)).
				WithHint("%s", f.own(f.lower(c)))
		})
	case limit.Cmp(lowest()) < 0:
		f.say(v, "alert/low", func() diag.Finding {
			return diag.Warnf(v.Pos, "alert/low", "%s is exceeded while the budget lasts: at a burn rate of 1 it is spent just when the window ends", c.burning(limit)).
				WithHint("%s", f.own("write "+f.inKey(c, slo.NumberOf(1))+" or more"))
		})
	}
}

// burning returns the limit of a burn rate in a user's words.
func (c alertCondition) burning(limit slo.Number) string {
	if c.test.Key == "burn" {
		return "burn " + diag.Quote(c.test.Value.Text)
	}
	return c.test.Key + " " + diag.Quote(c.test.Value.Text) + " in " + slo.FormatDuration(c.Long) + " is a burn rate of " + figure(limit) + ", which"
}

// even checks a share of the window's bad events against what the long window has
// of them in even traffic.
func (f fitting) even(c alertCondition) {
	v, limit := c.test.Value, slo.FactorOf(c.Limit, f.o.Window.Nominal(), c.Long)
	switch {
	case limit.Cmp(f.highest) >= 0:
		f.say(v, "alert/never", func() diag.Finding {
			return diag.Warnf(v.Pos, "alert/never", "events %s are more than %s of even traffic can spend at target %s: only busier times exceed it",
				diag.Quote(v.Text), slo.FormatDuration(c.Long), f.o.Target).WithHint("%s", f.own(f.lower(c)))
		})
	case limit.Cmp(lowest()) < 0:
		f.say(v, "alert/low", func() diag.Finding {
			return diag.Warnf(v.Pos, "alert/low", "events %s in %s are exceeded while the budget lasts", diag.Quote(v.Text), slo.FormatDuration(c.Long)).
				WithHint("%s", f.own("write "+f.inKey(c, slo.NumberOf(1))+" or more"))
		})
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
	if slice == 0 || c.Long == 0 || !f.p.MinBad.Known() {
		return
	}
	n := int64(c.Long / slice)
	if f.p.MinBad.Cmp(slo.NumberOf(n)) <= 0 {
		return
	}
	f.say(bad, "alert/min-bad", func() diag.Finding {
		return diag.Errorf(bad.Pos, "alert/min-bad", "min_bad %s can never be reached: %s has %d slices of %s",
			diag.Quote(bad.Text), slo.FormatDuration(c.Long), n, slo.FormatDuration(slice)).WithHint("%s", f.own("write a smaller number"))
	})
}

// figure writes a number for messages, with four decimals at the most.
func figure(n slo.Number) string {
	text := n.Rat().FloatString(4)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func percent(share slo.Number) string { return figure(share.Mul(slo.NumberOf(100))) + "%" }

package gate

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/evidence"
	"github.com/nines-slo/nines/slo/forecast"
)

// rules returns the checks of those rules of g that are for o, now, and have a figure
// to look at.
func rules(o Objective, g slo.Gate, at time.Time) []Check {
	var out []Check
	for _, r := range g.Rules {
		now := r.Hours == nil || slices.ContainsFunc(r.Hours, func(h slo.Hours) bool { return h.Contains(at) })
		if !now || !r.Only.Takes(o.Ledger.SLO(), nil) || !o.knows(r.Test, g) {
			continue
		}
		for _, c := range rule(o, r, g, at) {
			c.Policy = r.Pos
			if c.Verdict != slo.Open && r.Hours != nil {
				c.Opens = sooner(c.Opens, slo.Until(r.Hours, at))
			}
			out = append(out, c)
		}
	}
	return out
}

// knows tells whether there is a figure that a test can look at. Without enough data
// the budget left is none, unless the policy lets missing data pass, or the window has only
// begun.
func (o Objective) knows(test slo.GateTest, g slo.Gate) bool {
	switch test {
	case slo.Always:
		return true
	case slo.RemainingBudget:
		lenient := o.known || o.early() || g.Missing.Rank() > slo.CannotTell.Rank()
		return o.Status.State != slo.NoData || lenient && o.Status.Budget.Remaining.Known()
	}
	return !o.Newest.IsZero()
}

func rule(o Objective, r slo.Rule, g slo.Gate, at time.Time) []Check {
	switch r.Test {
	case slo.RemainingBudget:
		return []Check{remaining(o, r)}
	case slo.Burning:
		return []Check{burning(o, r, g)}
	case slo.AlertFiring:
		return firing(o, r, g, at)
	case slo.ExhaustedWithin:
		return exhausting(o, r, g, at)
	}
	return []Check{{Code: Hours, Verdict: r.Then}}
}

// remaining looks at the budget that is left.
func remaining(o Objective, r slo.Rule) Check {
	c := Check{Code: Remaining, Verdict: slo.Open, Limit: r.Limit, AtLimit: r.Equal}
	c.Figure = o.Status.Budget.Remaining
	if n := c.Figure.Cmp(r.Limit); n < 0 || n == 0 && r.Equal {
		c.Verdict, c.Opens = r.Then, refills(o, r)
	}
	return c
}

// refills tells when as much of the budget is left again as r asks for: as bad
// events leave a rolling window, or at the end of a calendar period.
func refills(o Objective, r slo.Rule) Opening {
	if !o.Ledger.SLO().Window.Rolling() {
		end := o.Status.Period.End
		if o.passed {
			end = o.until
		}
		return Opening{Stopped: end, AtRate: end}
	}
	spent := slo.NumberOf(1).Sub(r.Limit)
	got := o.Ledger.Recover(o.Status.Judged.Start, o.Status.Elapsed.End, o.Status.Period.Length(), spent, r.Equal)
	return Opening{Stopped: got.Stopped, AtRate: got.AtRate, Rate: got.Rate.Rate}
}

// burning looks at a burn rate. Without traffic it is unknown, and not over the limit.
// Where too little was measured, it cannot tell whether the rate is over the limit.
func burning(o Objective, r slo.Rule, g slo.Gate) Check {
	got := o.Ledger.BurnRate(o.Newest, r.Over)
	c := Check{Code: Burn, Verdict: slo.Open, Figure: got.Rate, Limit: r.Limit, AtLimit: r.Equal, Over: r.Over}
	c.Evidence = r.Evidence
	proven := got.Rate
	if r.Evidence.Asked() {
		proven = slo.Number{}
		if i, ok := evidence.Of(r.Evidence.Method, got.Bad, got.Total, r.Evidence.Confidence); ok {
			proven = slo.NumberFloat(i.BurnRate(o.Ledger.SLO().Target).Low)
		}
		c.Least = proven
	}
	if n := proven.Cmp(r.Limit); n > 0 || n == 0 && r.Equal {
		c.Verdict = r.Then
		back := o.Ledger.Recover(o.Newest.Add(-r.Over), o.Newest, r.Over, r.Limit, r.Equal)
		c.Opens = Opening{Stopped: back.Stopped, AtRate: back.AtRate, Rate: back.Rate.Rate}
		return c
	}
	if part := o.Ledger.Over(o.recent(r.Over)); part.Buckets.Elapsed > 0 && !part.Enough && !o.passing() {
		share := slo.NumberFrac(int64(part.Buckets.Measured), int64(part.Buckets.Elapsed))
		floor := o.Ledger.SLO().MinCoverage
		return Check{Code: Partial, Verdict: better(r.Then, g.Missing), Figure: share, Limit: floor, Over: r.Over}
	}
	return c
}

// recent returns the time w before the newest data, as far as the promise was there.
func (o Objective) recent(w time.Duration) slo.Period {
	p := slo.Period{Start: o.Newest.Add(-w), End: o.Newest}
	if since := o.Ledger.SLO().Since; since.After(p.Start) {
		p.Start = since
	}
	return p
}

// firing looks at the alerts that r names. It returns a check for each that fires, or
// did when its data ended, and for each that cannot be told; if there are none, one
// check that says so.
func firing(o Objective, r slo.Rule, g slo.Gate, at time.Time) []Check {
	s := o.Ledger.SLO()
	named := slices.DeleteFunc(slices.Clone(s.Policies()), func(p slo.Policy) bool {
		faster := slo.Class(r.Alert).Rank() >= p.Class.Rank()
		return p.Name != r.Alert && !faster
	})
	var out []Check
	for _, a := range heard(burn.New(o.Ledger, named, burn.Options{}), o, at) {
		title := a.Policy.Title(a.Condition)
		switch {
		case a.State == burn.NoData && a.Since.IsZero() && !a.Idle && o.passing():
		case a.State == burn.NoData && a.Since.IsZero() && !a.Idle:
			out = append(out, Check{Code: Unheard, Verdict: better(r.Then, g.Missing), Name: title})
		case a.State == burn.Active || a.State == burn.NoData && !a.Since.IsZero():
			out = append(out, Check{Code: Firing, Verdict: r.Then, Name: title, Since: a.Since,
				Figure: a.Figure, Limit: a.Limit, Opens: Opening{Stopped: a.Clears}})
		}
	}
	if len(out) == 0 {
		out = append(out, Check{Code: Firing, Verdict: slo.Open, Name: r.Alert})
	}
	return out
}

// heard returns how alerts stand as of the newest data; those on missing data as of
// the instant at, since there is none missing before.
func heard(e *burn.Evaluator, o Objective, at time.Time) []burn.Alert {
	alerts := e.At(o.Newest.Add(o.Ledger.SLO().Delay))
	for i, now := range e.At(at) {
		if now.Condition.Test == slo.Silence {
			alerts[i] = now
		}
	}
	return alerts
}

// exhausting looks at the forecast. Where there is none the gate cannot tell;
// but a rule that warns only warns.
func exhausting(o Objective, r slo.Rule, g slo.Gate, at time.Time) []Check {
	f := forecast.Of(o.Ledger, o.Status.Elapsed.End, forecast.Seed)
	c := Check{Code: Forecast, Verdict: slo.Open, Limit: slo.Minutes(r.Within), Chance: r.Chance}
	switch {
	case f.Reason == forecast.ShortWindow:
		return nil
	case f.Exhausted, o.Status.State == slo.Exhausted: // whatever is to come
		c.Figure = slo.NumberOf(0)
	case f.Reason != "":
		c.Code, c.Verdict = Unforeseen, better(r.Then, g.Missing)
		c.Reason, c.Score = f.Reason, f.Score
		c.Figure, c.Limit = slo.NumberOf(int64(f.Days)), slo.NumberOf(int64(f.Needed))
		return []Check{c}
	default:
		if when := moment(f.Exhaustion, r.Chance); !when.IsZero() {
			c.Figure = slo.Minutes(max(0, when.Sub(at)))
		}
	}
	if c.Figure.Known() && c.Figure.Cmp(c.Limit) <= 0 {
		c.Verdict = r.Then
	}
	return []Check{c}
}

// moment returns the day by which that share of the futures has no budget left.
func moment(m forecast.Moments, chance slo.Number) time.Time {
	switch half := slo.NumberFrac(1, 2); chance.Cmp(half) {
	case -1:
		return m.Early
	case 1:
		return m.Late
	}
	return m.Middle
}

// better returns the better of two verdicts.
func better(a, b slo.Verdict) slo.Verdict {
	if Worst(a, b) == a {
		return b
	}
	return a
}

// sooner returns o with no time later than end, o itself if end is zero.
func sooner(o Opening, end time.Time) Opening {
	if end.IsZero() {
		return o
	}
	if o.Stopped.IsZero() || end.Before(o.Stopped) {
		o.Stopped = end
	}
	if o.AtRate.IsZero() || end.Before(o.AtRate) {
		o.AtRate = end
	}
	return o
}

// Reach returns how much time before an instant has to be known to judge s then.
func Reach(s slo.SLO, g slo.Gate) time.Duration {
	var recent, history time.Duration // before the newest data, and before the instant itself
	for _, r := range g.Rules {
		recent = max(recent, r.Over)
		switch r.Test {
		case slo.AlertFiring:
			recent = max(recent, burn.Reach(s, s.Policies()))
		case slo.ExhaustedWithin:
			history = forecast.Needs(s)
		}
	}
	return max(recent+g.Age(max(s.Step, time.Minute)), history)
}

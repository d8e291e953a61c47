package gate

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// closes tells whether one of the checks of o closes the gate, also after overrides.
func closes(o Objective, g slo.Gate, checks []Check, at time.Time) bool {
	return slices.ContainsFunc(checks, func(c Check) bool { return o.shuts(c, g, at) })
}

// shuts tells whether c closes the gate by a figure, and no override lets it pass.
func (o Objective) shuts(c Check, g slo.Gate, at time.Time) bool {
	return c.Verdict == slo.Closed && !c.Code.Unknown() && lift(c, o.Ledger.SLO(), g.Overrides, at) == nil
}

// hidden returns the checks of what would close the gate if it were known: events that
// were not read or not sure, and what was counted before the promise began.
func hidden(o Objective, g slo.Gate, at time.Time) []Check {
	out := append(o.would(Doubtful, o.Worst, g, at), o.would(Earlier, o.Promise, g, at)...)
	if len(out) == 0 { // neither alone would close it
		return o.would(Doubtful, o.both(at), g, at)
	}
	return out
}

// would returns the check that the gate would be closed if o were as other is, none if it
// would not be or there is no other.
func (o Objective) would(code Code, other *Objective, g slo.Gate, at time.Time) []Check {
	if other == nil {
		return nil
	}
	found := figures(*other, g, at)
	i := slices.IndexFunc(found, func(c Check) bool { return o.shuts(c, g, at) })
	if i < 0 {
		return nil
	}
	would := found[i]
	c := Check{Code: code, Verdict: g.Missing, Policy: g.MissingPos, If: &would, Of: other,
		Figure: would.Figure, Limit: would.Limit, AtLimit: would.AtLimit, Over: would.Over, Name: would.Name}
	if code == Doubtful {
		c.Events = o.doubted(would, *other)
	} else {
		c.Since = o.Ledger.SLO().Since
	}
	return []Check{c}
}

// both returns o as it would be if all that is in doubt had happened and its promise had
// begun with its data, nil if one of them changes nothing.
func (o Objective) both(at time.Time) *Objective {
	if o.Promise == nil {
		return nil
	}
	return o.Promise.worst(at)
}

// worst returns o as it would be if all that is in doubt had happened, nil if nothing is.
func (o Objective) worst(at time.Time) *Objective {
	if o.data.Doubt == nil || !slices.ContainsFunc(o.data.Doubt.Bad, func(n float64) bool { return n > 0 }) {
		return nil
	}
	return o.other(o.Ledger.SLO(), Suspect(o.Ledger.SLO(), o.data).Worst(), at)
}

// promise returns o as it would be had its promise begun with its data, nil if it began
// before the time that is judged.
func (o Objective) promise(at time.Time) *Objective {
	s := o.Ledger.SLO()
	if !o.began() {
		return nil
	}
	s.Since = time.Time{}
	return o.other(s, o.data, at)
}

// began tells whether the promise began inside the time that is judged: in the
// objective's own window, or in the one before while that counts.
func (o Objective) began() bool {
	since, from := o.Ledger.SLO().Since, o.Status.Period.Start
	if since.IsZero() {
		return false
	}
	if w := o.Ledger.SLO().Window; !w.Rolling() && o.Status.Thin > 0 {
		from = w.Previous(o.Status.Period).Start
	}
	return since.After(from)
}

// other returns o as it would be with another promise or other counts.
func (o Objective) other(s slo.SLO, data *slo.Series, at time.Time) *Objective {
	l, err := budget.New(s, data)
	if err != nil {
		return nil // the same steps and slices made o
	}
	st := l.Current(at)
	if !s.Window.Rolling() {
		st = l.Own(o.Status.Period, at)
	}
	is := of(l, st, data, at)
	is.known = true
	return &is
}

// doubted returns how many events of o are in doubt in the time that c looks at, a check of
// other, as o would be.
func (o Objective) doubted(c Check, other Objective) slo.Number {
	p := slo.Period{Start: o.data.Start, End: o.data.End()}
	switch {
	case c.Before:
		p = other.Before.Judged
	case c.Code == Remaining:
		p = other.Status.Judged
	case c.Code == Burn:
		p = slo.Period{Start: o.Newest.Add(-c.Over), End: o.Newest}
	}
	return Suspect(o.Ledger.SLO(), o.data).Doubted(p)
}

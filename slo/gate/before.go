package gate

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// before returns the window before p, a calendar window of s. There is none before
// the promise began.
func before(s slo.SLO, p slo.Period) (slo.Period, bool) {
	if s.Window.Rolling() {
		return slo.Period{}, false
	}
	was := s.Window.Previous(p)
	return was, s.Since.IsZero() || s.Since.Before(was.End)
}

// passed returns the checks of the window before the objective's own, while that has
// only begun: what was promised for it is not forgotten at its end.
func passed(o Objective, g slo.Gate, at time.Time) []Check {
	if o.Before == nil {
		return nil
	}
	was := Objective{Ledger: o.Ledger, Status: *o.Before, Newest: o.Newest, Step: o.Step, data: o.data,
		until: o.Until(), known: o.known}
	out := rules(was, budgeted(g), at)
	if was.Status.State == slo.NoData && !o.known {
		out = append(out, noData(was, g))
	}
	out = append(out, withheld(was, g)...)
	for i := range out {
		out[i].Before = true
	}
	return out
}

// Until returns until when the window before that of o counts.
func (o Objective) Until() time.Time { return o.Status.Ripe.Add(o.Ledger.SLO().Delay) }

// budgeted returns g with those rules alone that look at a window's budget.
func budgeted(g slo.Gate) slo.Gate {
	g.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(r slo.Rule) bool { return r.Test != slo.RemainingBudget })
	return g
}

// Since returns from when on counts of s have to be known to judge it at the instant
// at, for what concerns its own window: where that begins, or the window before if
// that may count. Steps of more than a day are those that s itself has.
func Since(s slo.SLO, at time.Time) time.Time {
	own := s.Window.Bounds(at)
	s.Since = time.Time{} // what was before it is looked at too
	was, ok := before(s, own)
	passed := slo.Period{Start: own.Start, End: at.Add(-s.Delay)}
	length := passed.Length()
	for _, p := range slo.Union(excluded(s, passed)) {
		length -= p.Length()
	}
	if ok && length < 2*max(24*time.Hour, s.Step, s.Budgeting.Slice) {
		return was.Start
	}
	return own.Start
}

func excluded(s slo.SLO, p slo.Period) []slo.Period {
	var all []slo.Period
	for _, e := range s.Exclusions {
		all = append(all, e.Periods(p)...)
	}
	return all
}

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

// passed returns the checks of the window before the objective's own, while too little
// of that is measured: what was promised for it is not forgotten at its end.
func passed(o Objective, g slo.Gate, at time.Time) []Check {
	if o.Before == nil {
		return nil
	}
	was := Objective{Ledger: o.Ledger, Status: *o.Before, Newest: o.Newest, Step: o.Step, data: o.data,
		passed: true, until: o.until, known: o.known}
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

// early tells whether so little of the objective's own window is measured that it may have
// no data: too little is over, or what is missing is late. The window before tells more, and
// what was counted since then is no less true.
func (o Objective) early() bool {
	return o.Before != nil && (!o.Status.Ripe.IsZero() || o.late())
}

// idle tells whether the objective's own window runs and has had no valid event, while the
// last one is no older than the policy lets data be: a check a day, of a source that goes on.
func (o Objective) idle(at time.Time) bool {
	s, st := o.Ledger.SLO(), o.Status
	event := LastEvent(s, o.data, at)
	recent := !event.IsZero() && at.Add(-s.Delay).Sub(event) <= s.ReleasePolicy().Age(o.Step)
	return recent && !st.Closed && !event.After(st.Period.Start) && st.Young.IsZero()
}

// mostLate is the share of a window that may be over after its last event while the window
// before counts, however old the policy lets data be.
func mostLate() slo.Number { return slo.NumberFrac(1, 2) }

// late tells whether nothing was lost of the objective's own window: what is missing comes
// after the newest data, whose age is another question.
func (o Objective) late() bool {
	st, s := o.Status, o.Ledger.SLO()
	if st.Buckets.Elapsed == 0 { // all of it is excluded
		return false
	}
	start := st.Judged.Start
	silent := slo.Period{Start: start, End: st.Now}
	if event := LastEvent(s, o.data, st.Now.Add(s.Delay)); event.After(start) {
		silent.Start = event
	}
	if slo.Minutes(silent.Length()).Cmp(slo.Minutes(st.Period.Length()).Mul(mostLate())) > 0 {
		return false
	}
	known := o.Ledger.Over(slo.Period{Start: start, End: last(o.data, st.Now, o.data.Measured)})
	return known.Buckets.Elapsed <= 0 || known.Enough
}

// Until returns until when the window before that of o counts, the zero time if that
// depends on what will be measured of its own window.
func (o Objective) Until() time.Time { return o.until }

// settles returns when enough of the own window of o will be measured, the zero time if
// some of what is over at the instant at was not.
func (o Objective) settles(at time.Time) time.Time {
	st, delay := o.Status, o.Ledger.SLO().Delay
	gaps := st.Buckets.Measured < st.Buckets.Elapsed || st.Young.After(st.Period.Start) ||
		at.Add(-delay).Sub(st.Now) >= o.Step
	if gaps || st.Ripe.IsZero() {
		return time.Time{}
	}
	return st.Ripe.Add(delay)
}

// budgeted returns g with those rules alone that look at a window's budget.
func budgeted(g slo.Gate) slo.Gate {
	g.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(r slo.Rule) bool { return r.Test != slo.RemainingBudget })
	return g
}

// Since returns from when on counts of s have to be known to judge it at the instant
// at, for what concerns its own window: where that begins, or of a calendar window the
// one before, which counts until enough is measured.
func Since(s slo.SLO, at time.Time) time.Time {
	own := s.Window.Bounds(at)
	s.Since = time.Time{} // what was before it is looked at too
	if was, ok := before(s, own); ok {
		return was.Start
	}
	return own.Start
}

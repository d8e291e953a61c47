package gate

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// missing returns the checks of what is not known of o.
func missing(o Objective, g slo.Gate, at time.Time) []Check {
	c, old := stale(o, g, at)
	if o.Status.State == slo.NoData && (!o.early() || o.Newest.IsZero()) {
		if old && c.Code == Vanished && o.Newest.After(o.Status.Judged.Start) {
			return []Check{c} // which is why
		}
		return []Check{noData(o, g)}
	}
	var out []Check
	if old {
		out = append(out, c)
	}
	if young := o.Status.Young; !young.IsZero() && o.Ledger.SLO().Since.IsZero() && !o.passing() {
		known, whole := max(0, o.Status.Elapsed.End.Sub(young)), o.Status.Elapsed.Length()
		c := Check{Code: Young, Verdict: g.Missing, Policy: g.MissingPos}
		c.Figure, c.Limit = slo.Minutes(known), slo.Minutes(whole)
		out = append(out, c)
	}
	if c, begun := begun(o, g); begun {
		out = append(out, c)
	}
	return append(out, withheld(o, g)...)
}

// noData returns the check of a status that has no data.
func noData(o Objective, g slo.Gate) Check {
	c := Check{Code: NoData, Verdict: g.Missing, Policy: g.MissingPos}
	c.Figure, c.Limit = o.Status.Coverage, o.Ledger.SLO().MinCoverage
	return c
}

// passing tells whether o is a label set that may begin and end at any time.
func (o Objective) passing() bool { return o.Ledger.SLO().Passing() }

// stale returns the check of data that is too old: of a label set that has no more
// events although its source goes on, that it vanished. One that may vanish is not too
// old while its source goes on.
func stale(o Objective, g slo.Gate, at time.Time) (c Check, old bool) {
	s := o.Ledger.SLO()
	now, limit := at.Add(-s.Delay), g.Age(o.Step)
	if !o.Newest.IsZero() && o.age(o.Newest, now) <= limit {
		return Check{}, false
	}
	c = tooOld(g, o.age(o.Newest, now), limit)
	if len(s.By) > 0 && o.age(GoesOn(s, o.data, at), now) <= limit {
		if s.MayVanish {
			return Check{}, false
		}
		c.Code = Vanished
	}
	return c, true
}

// age returns how long before now an instant was, less what is excluded since: nothing is
// missing in that time.
func (o Objective) age(t, now time.Time) time.Duration {
	age := now.Sub(t)
	if t.IsZero() {
		return age
	}
	for _, p := range slo.Union(slices.Concat(o.Ledger.Exclusions(slo.Period{Start: t, End: now})...)) {
		age -= p.Length()
	}
	return age
}

// tooOld returns the check of data that is older than the policy allows.
func tooOld(g slo.Gate, age, limit time.Duration) Check {
	c := Check{Code: Stale, Verdict: g.Missing, Policy: g.MaxAgePos}
	if g.MaxAgePos.File == "" {
		c.Policy = g.MissingPos
	}
	c.Figure, c.Limit = slo.Minutes(age), slo.Minutes(limit)
	return c
}

// leastMeasured is what has to be measured of a promise to judge it.
const leastMeasured = time.Hour

// begun returns the check of a promise of whose time too little is measured.
func begun(o Objective, g slo.Gate) (c Check, begun bool) {
	s := o.Ledger.SLO()
	fresh := o.began() || o.Status.Thin > 0 && s.Since.Equal(o.Status.Period.Start)
	if !fresh {
		return Check{}, false
	}
	part := o.Ledger.Over(slo.Period{Start: s.Since, End: o.Status.Now})
	measured := time.Duration(part.Buckets.Measured) * o.Step
	c = Check{Code: Begun, Verdict: g.Missing, Policy: g.MissingPos, Since: s.Since}
	c.Figure, c.Limit = slo.Minutes(measured), slo.Minutes(leastMeasured)
	return c, measured < leastMeasured
}

// mostExcluded is the share of a window's time that one-off exclusions may cover.
func mostExcluded() slo.Number { return slo.NumberFrac(1, 2) }

// withheld returns a check if exclusions that do not recur cover most of the time that
// is left by those that do: they are the shape of the promise, the others are not.
func withheld(o Objective, g slo.Gate) []Check {
	if !o.Status.Ripe.IsZero() { // the window before tells more, of these few hours
		return nil
	}
	share := budget.Withheld(o.Ledger, o.Status.Judged)
	if share.Cmp(mostExcluded()) <= 0 { // also if it is unknown
		return nil
	}
	return []Check{{Code: Excluded, Verdict: g.Missing, Policy: g.MissingPos, Figure: share, Limit: mostExcluded()}}
}

// Newest returns the end of the newest bucket of data that was measured and complete
// at at, the zero time if there is none. Of one objective per label it is the
// newest in which that label was seen: a region that writes no log any more must
// not pass for one without traffic. A label set that may vanish is known as long as its
// source.
func Newest(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	switch {
	case s.Passing():
		return GoesOn(s, data, at)
	case len(s.By) > 0:
		return LastEvent(s, data, at)
	}
	measured := last(data, at.Add(-s.Delay), data.Measured)
	if newest := data.Newest; !newest.IsZero() && newest.Before(measured) {
		return newest // what follows is filled up to stamps of which the source knows too late
	}
	return measured
}

// GoesOn returns up to when the source of data has counts, also of other label sets, at
// the latest at, the zero time if it has none.
func GoesOn(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	at = at.Add(-s.Delay)
	switch {
	case data.Newest.IsZero():
		return last(data, at, data.Measured)
	case data.Newest.After(at):
		return at
	}
	return data.Newest
}

// LastEvent returns the end of the newest bucket that had a valid event and was complete
// at at, the zero time if there is none.
func LastEvent(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	return last(data, at.Add(-s.Delay), func(i int) bool { return data.Measured(i) && data.Total[i] > 0 })
}

// LastOccurrence returns the end of the newest complete bucket in which the label set of s
// occurred, the zero time if there is none.
func LastOccurrence(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	return last(data, at.Add(-s.Delay), data.Occurs)
}

func last(data *slo.Series, at time.Time, is func(i int) bool) time.Time {
	for i := data.Len() - 1; i >= 0; i-- {
		if !is(i) {
			continue
		}
		if end := data.Time(i + 1); !end.After(at) {
			return end
		}
	}
	return time.Time{}
}

// JudgeGone returns what the policy says of a label set that did not occur in the time
// judged, while its source goes on: nothing but freezes stops it, and events that may be
// its own. It returns false of any other objective.
func JudgeGone(o Objective, g slo.Gate, at time.Time) (Outcome, bool) {
	s := o.Ledger.SLO()
	fresh := at.Add(-s.Delay).Sub(GoesOn(s, o.data, at)) <= g.Age(o.Step)
	if len(s.By) == 0 || len(s.Unlabelled()) > 0 || o.early() || !fresh || o.data.Occurred(o.Status.Period) {
		return Outcome{}, false
	}
	checks := append([]Check{{Code: Gone, Verdict: slo.Open}}, freezes(o, g, at)...)
	if o.Worst != nil { // the window before is over for a set that is gone
		worst := *o.Worst
		worst.Before = nil
		checks = append(checks, o.would(Doubtful, &worst, g, at)...)
	}
	return decide(o, g, checks, at), true
}

// JudgeVanished returns what the policy says of a label set that may vanish, and did, if
// no other one of its SLO is left.
func JudgeVanished(o Objective, g slo.Gate, at time.Time) Outcome {
	s := o.Ledger.SLO()
	c := tooOld(g, at.Add(-s.Delay).Sub(s.Vanished), g.Age(o.Step))
	c.Code = Vanished
	return decide(o, g, append([]Check{c}, Judge(o, g, at).Checks...), at)
}

// Suspect returns data as it may be of a label set: what is in doubt may be its own also
// where it has no count. From where it first occurred, such buckets were measured.
func Suspect(s slo.SLO, data *slo.Series) *slo.Series {
	if len(s.By) == 0 || data.Doubt == nil {
		return data
	}
	own := *data
	own.Bad, own.Total = slices.Clone(data.Bad), slices.Clone(data.Total)
	first := 0
	for first < data.Len() && !data.Occurs(first) {
		first++
	}
	for i := first % max(1, data.Len()); i < data.Len(); i++ { // it never did: from the start
		if !data.Measured(i) && data.Doubt.Total[i] > 0 {
			own.Bad[i], own.Total[i] = 0, 0
		}
	}
	return &own
}

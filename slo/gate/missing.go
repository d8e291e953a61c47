package gate

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// missing returns the checks of what is not known of o.
func missing(o Objective, g slo.Gate, at time.Time) []Check {
	if o.Status.State == slo.NoData && (o.Before == nil || o.Newest.IsZero()) {
		return []Check{noData(o, g)}
	}
	var out []Check
	age, limit := at.Add(-o.Ledger.SLO().Delay).Sub(o.Newest), g.Age(o.Step)
	if o.Newest.IsZero() || age > limit {
		c := Check{Code: Stale, Verdict: g.Missing, Policy: g.MaxAgePos}
		c.Figure, c.Limit = slo.Minutes(age), slo.Minutes(limit)
		if g.MaxAgePos.File == "" {
			c.Policy = g.MissingPos
		}
		out = append(out, c)
	}
	if young := o.Status.Young; !young.IsZero() && o.Ledger.SLO().Since.IsZero() {
		known, whole := max(0, o.Status.Elapsed.End.Sub(young)), o.Status.Elapsed.Length()
		c := Check{Code: Young, Verdict: g.Missing, Policy: g.MissingPos}
		c.Figure, c.Limit = slo.Minutes(known), slo.Minutes(whole)
		out = append(out, c)
	}
	return out
}

// noData returns the check of a status that has no data.
func noData(o Objective, g slo.Gate) Check {
	c := Check{Code: NoData, Verdict: g.Missing, Policy: g.MissingPos}
	c.Figure, c.Limit = o.Status.Coverage, o.Ledger.SLO().MinCoverage
	return c
}

// Newest returns the end of the newest bucket of data that was measured and complete
// at at, the zero time if there is none. Of one objective per label it is the
// newest in which that label was seen: a region that writes no log any more must
// not pass for one without traffic.
func Newest(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	if len(s.By) > 0 {
		return LastEvent(s, data, at)
	}
	return last(data, at.Add(-s.Delay), data.Measured)
}

// LastEvent returns the end of the newest bucket that had a valid event and was complete
// at at, the zero time if there is none.
func LastEvent(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	return last(data, at.Add(-s.Delay), func(i int) bool { return data.Measured(i) && data.Total[i] > 0 })
}

func last(data *slo.Series, at time.Time, is func(i int) bool) time.Time {
	for i := data.Len() - 1; i >= 0; i-- {
		if end := data.Time(i + 1); is(i) && !end.After(at) {
			return end
		}
	}
	return time.Time{}
}

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
	age, limit := at.Sub(o.Newest), g.Age(o.Step)
	if o.Newest.IsZero() || age > limit {
		c := Check{Code: Stale, Verdict: g.Missing, Policy: g.MaxAgePos}
		c.Figure, c.Limit = slo.Minutes(age), slo.Minutes(limit)
		if g.MaxAgePos.File == "" {
			c.Policy = g.MissingPos
		}
		out = append(out, c)
	}
	if young := o.Status.Young; !young.IsZero() && o.Ledger.SLO().Since.IsZero() {
		known, whole := o.Status.Elapsed.End.Sub(young), o.Status.Elapsed.Length()
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

// Newest returns the end of the newest bucket of data that was measured and ended
// by at, the zero time if there is none. Of one objective per label it is the
// newest in which that label was seen: a region that writes no log any more must
// not pass for one without traffic.
func Newest(s slo.SLO, data *slo.Series, at time.Time) time.Time {
	if len(s.By) > 0 {
		return LastEvent(data, at)
	}
	return last(data, at, data.Measured)
}

// LastEvent returns the end of the newest bucket that had a valid event and ended by
// at, the zero time if there is none.
func LastEvent(data *slo.Series, at time.Time) time.Time {
	return last(data, at, func(i int) bool { return data.Measured(i) && data.Total[i] > 0 })
}

func last(data *slo.Series, at time.Time, is func(i int) bool) time.Time {
	for i := data.Len() - 1; i >= 0; i-- {
		if end := data.Time(i + 1); is(i) && !end.After(at) {
			return end
		}
	}
	return time.Time{}
}

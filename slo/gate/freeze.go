package gate

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// freezeAhead is how far ahead the end of a freeze is looked for.
const freezeAhead = 366 * 24 * time.Hour

// Calendars returns the time whose freezes matter to a judgement at at.
func Calendars(at time.Time) slo.Period {
	return slo.Period{Start: at.Add(-24 * time.Hour), End: at.Add(freezeAhead)}
}

// freezes returns a check for each freeze of o that is on at the instant at, and one
// for each whose calendar cannot be read. Where the labels of o are not known, since
// there was no data, a freeze of any label counts.
func freezes(o Objective, g slo.Gate, at time.Time) []Check {
	s := o.Ledger.SLO()
	var out []Check
	var all []slo.Period
	for _, f := range g.Freezes {
		if !f.Only.Takes(s, s.Unlabelled()) {
			continue
		}
		if f.Failed != "" {
			verdict := Worst(slo.CannotTell, g.Missing)
			out = append(out, Check{Code: Calendar, Verdict: verdict, Name: f.Failed, Policy: f.Pos})
		}
		for _, p := range f.Exclusion.Periods(Calendars(at)) {
			all = append(all, p)
			if p.Contains(at) {
				out = append(out, Check{Code: Freeze, Verdict: slo.Closed, Name: f.Exclusion.Name, Policy: f.Pos})
			}
		}
	}
	for _, p := range slo.Union(all) {
		if !p.Contains(at) || p.End.Equal(Calendars(at).End) {
			continue
		}
		for i := range out {
			if out[i].Code == Freeze {
				out[i].Opens = Opening{Stopped: p.End, AtRate: p.End}
			}
		}
	}
	return out
}

package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
)

// GateAt returns the instant at which a report judges the release policy of s: the
// end of the period, or now while it runs.
func (b *Builder) GateAt(s slo.SLO) time.Time { return ended(b.period(s), b.At) }

// ended returns when p is over, at the latest at.
func ended(p slo.Period, at time.Time) time.Time {
	if p.End.After(at) {
		return at
	}
	return p.End
}

// own judges the objective's own window at an instant: of a calendar window that
// ends there, the one that ends.
func own(l *budget.Ledger, at time.Time) budget.Status {
	s := l.SLO()
	if s.Window.Rolling() {
		return l.Current(at)
	}
	return l.Status(s.Window.Bounds(at.Add(-1)), at)
}

// held returns what the release policy of an objective says at an instant.
func held(m Measured, l *budget.Ledger, at time.Time) (gate.Outcome, budget.Status) {
	st := own(l, at)
	o := gate.Objective{Ledger: l, Status: st, Newest: gate.Newest(m.SLO, m.Data, at), Step: m.Data.Step}
	return gate.Judge(o, m.SLO.ReleasePolicy(), at), st
}

// hold takes over into o what the release policy said at an instant.
func hold(o *report.Objective, b *Builder, m Measured, l *budget.Ledger, at time.Time) {
	found, st := held(m, l, at)
	o.Gate = found.Verdict
	judged := report.GateObjective{ID: m.SLO.ID(), Newest: instant(gate.Newest(m.SLO, m.Data, at)), Status: newObjective(m, st, false)}
	for _, c := range found.Checks {
		if c.Verdict == slo.Open {
			continue
		}
		says := newCheck(judged, c, diag.Pos{}, words.Gate{Language: b.Language, Zone: b.Zone})
		r := report.GateReason{Verdict: c.Verdict, Message: says.Message, Text: says.Text}
		if v := c.Lifted; v != nil {
			r.Owner, r.Reason, r.Expires = v.Owner, v.Reason, instant(v.Expires)
		}
		o.GateReasons = append(o.GateReasons, r)
	}
}

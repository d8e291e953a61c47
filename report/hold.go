package report

import (
	"time"

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

// GateReason is why the release gate of an objective was not plainly open at a
// period's end, and who let releases out all the same.
type GateReason struct {
	Verdict slo.Verdict `json:"verdict"`
	Message string      `json:"message"` // in English
	Text    string      `json:"-"`       // the same in the report's language
	Owner   string      `json:"overridden_by,omitempty"`
	Reason  string      `json:"override_reason,omitempty"`
	Expires *time.Time  `json:"override_expires,omitempty"`
}

// hold takes over what the release policy said at an instant.
func (o *Objective) hold(b *Builder, m Measured, l *budget.Ledger, at time.Time) {
	found, st := held(m, l, at)
	o.Gate = found.Verdict
	words := GateBuilder{Builder: Builder{At: at, Language: b.Language, Zone: b.Zone}}
	judged := GateObjective{ID: m.SLO.ID(), Newest: instant(gate.Newest(m.SLO, m.Data, at)), Status: newObjective(m, st, false)}
	for _, c := range found.Checks {
		if c.Verdict == slo.Open {
			continue
		}
		says := words.check(judged, c, diag.Pos{})
		r := GateReason{Verdict: c.Verdict, Message: says.Message, Text: says.Text}
		if v := c.Lifted; v != nil {
			r.Owner, r.Reason, r.Expires = v.Owner, v.Reason, instant(v.Expires)
		}
		o.GateReasons = append(o.GateReasons, r)
	}
}

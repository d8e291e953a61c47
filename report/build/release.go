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

// ownStart returns where the own window of s begins that ends at an instant: of a
// calendar window the one that ends or lies there.
func ownStart(s slo.SLO, at time.Time) time.Time {
	if s.Window.Rolling() {
		return s.Window.Bounds(at).Start
	}
	return s.Window.Bounds(at.Add(-1)).Start
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

// standing tells how the objective's own window stands at the end of the judged
// period, unless that is the same.
func standing(j *judged, o *report.Objective) {
	st := own(j.ledger, j.ended())
	if st.Period == j.status.Period {
		return
	}
	stands := newObjective(j.m, st, false)
	o.Standing = &report.Standing{Window: stands.Window, SLI: stands.SLI, Budget: stands.Budget,
		State: stands.State, Caveat: caveatOf(j.ledger, st.Period, stands)}
}

// policyReach returns from when on counts of s are needed to judge it by its release
// policy at an instant.
func policyReach(s slo.SLO, at time.Time) time.Time {
	reach := earlier(ownStart(s, at), at.Add(-gate.Reach(s, s.ReleasePolicy())))
	if s.Window.Rolling() {
		return reach
	}
	return earlier(reach, at.Add(-projectionPast))
}

// held returns what the release policy of an objective says at an instant.
func held(j *judged, at time.Time) (gate.Outcome, budget.Status) {
	st := own(j.ledger, at)
	o := gate.Objective{Ledger: j.ledger, Status: st, Newest: gate.Newest(j.m.SLO, j.m.Data, at), Step: j.m.Data.Step}
	return gate.Judge(o, j.m.SLO.ReleasePolicy(), at), st
}

// hold tells what the release policy says at the end of the judged period.
func hold(j *judged, o *report.Objective) {
	at := j.ended()
	found, st := held(j, at)
	o.Gate = found.Verdict
	g := report.GateObjective{ID: o.ID(), Newest: instant(gate.Newest(j.m.SLO, j.m.Data, at)),
		Status: newObjective(j.m, st, false)}
	for _, c := range found.Checks {
		if c.Verdict == slo.Open {
			continue
		}
		says := newCheck(g, c, diag.Pos{}, words.Gate{Language: j.b.Language, Zone: j.b.Zone})
		r := report.GateReason{Verdict: c.Verdict, Message: says.Message, Text: says.Text}
		if v := c.Lifted; v != nil {
			r.Owner, r.Reason, r.Expires = v.Owner, v.Reason, instant(v.Expires)
		}
		o.GateReasons = append(o.GateReasons, r)
	}
}

// previous tells how the objective stood over the period before.
func previous(j *judged, o *report.Objective) {
	st := j.ledger.Status(j.b.before(j.status.Period, j.m.SLO), j.b.At)
	was := newObjective(j.m, st, true)
	incidents, blips := j.ledger.Incidents(st)
	was.Incidents, was.Blips = outages(incidents), outages(blips)
	found, _ := held(j, ended(st.Period, j.b.At))
	was.Gate = found.Verdict
	j.b.previous = append(j.b.previous, was)
	if st.State != slo.NoData || st.SLI.Known() {
		o.Previous = &report.Previous{SLI: st.SLI, Spent: st.Budget.Spent, State: st.State}
	}
}

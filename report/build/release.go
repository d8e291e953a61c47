package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/gate"
)

// GateAt returns the instant at which a report judges the release policy of s: the
// end of the period, or now while it runs.
func (b *Builder) GateAt(s slo.SLO) time.Time { return ended(b.period(s), b.At) }

// ownStart returns where the own window of s begins that ends at an instant: of a
// calendar window the one that ends or lies there.
func ownStart(s slo.SLO, at time.Time) time.Time {
	if s.Window.Rolling() {
		return at.Add(-budget.Reach(s))
	}
	return s.Window.Bounds(at.Add(-1)).Start
}

// own judges the objective's own window as it stood when a period was final: of a
// calendar window the one in which the period ended.
func own(j *judged, st budget.Status) budget.Status {
	s := j.m.SLO
	if s.Window.Rolling() {
		return j.ledger.Current(j.final(st))
	}
	return j.ledger.Own(s.Window.Bounds(ended(st.Period, j.b.At).Add(-1)), j.final(st))
}

// standing tells how the objective's own window stands at the end of the judged
// period, unless that is the same.
func standing(j *judged, o *report.Objective) {
	st := own(j, j.status)
	if st.Period == j.status.Period && st.Judged == j.status.Judged {
		return
	}
	o.Standing = newStanding(j, st)
}

// newStanding tells how a window of the objective stands.
func newStanding(j *judged, st budget.Status) *report.Standing {
	stands := newObjective(j.m, st, false)
	return &report.Standing{Window: stands.Window, SLI: stands.SLI, Method: stands.Method,
		Budget: stands.Budget, State: stands.State, Caveat: caveatOf(j.ledger, st.Period, stands)}
}

// passed tells how the window before stood, nil where it does not count.
func passed(j *judged, o gate.Objective) *report.Standing {
	if o.Before == nil {
		return nil
	}
	return newStanding(j, *o.Before)
}

// policyReach returns from when on counts of s are needed to judge it by its release
// policy at an instant.
func policyReach(s slo.SLO, at time.Time) time.Time {
	reach := earlier(ownStart(s, at), at.Add(-gate.Reach(s, s.ReleasePolicy())))
	reach = earlier(reach, gate.Since(s, at))
	if s.Window.Rolling() {
		return reach
	}
	return earlier(reach, at.Add(-projectionPast))
}

// held returns what the release policy of an objective said when a period was final,
// and of what.
func held(j *judged, of budget.Status) (gate.Outcome, gate.Objective) {
	at := j.final(of)
	o := gate.Of(j.ledger, own(j, of), j.m.Data, at)
	if found, gone := gate.JudgeGone(o, j.m.SLO.ReleasePolicy(), at); gone {
		return found, o
	}
	return gate.Judge(o, j.m.SLO.ReleasePolicy(), at), o
}

// hold tells what the release policy says at the end of the judged period.
func hold(j *judged, o *report.Objective) {
	found, of := held(j, j.status)
	o.Gate = found.Verdict
	g := report.GateObjective{ID: o.ID(), Newest: instant(of.Newest), Status: newObjective(j.m, of.Status, false),
		Before: passed(j, of)}
	for _, c := range found.Checks {
		if c.Verdict == slo.Open {
			continue
		}
		says := j.check(g, c, words.Gate{Language: j.b.Language, Zone: j.b.Zone})
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
	incidents, blips := j.wide.Incidents(st, j.b.At)
	was.Incidents, was.Blips = outages(incidents), outages(blips)
	found, _ := held(j, st)
	was.Gate = found.Verdict
	j.b.callsBefore.add(j.m.Indicator, was, j.ledger, st.Covered)
	j.b.previous = append(j.b.previous, was)
	if st.State != slo.NoData || st.SLI.Known() {
		o.Previous = &report.Previous{SLI: st.SLI, Spent: st.Budget.Spent, State: st.State}
	}
}

package build

import (
	"slices"
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
	return ending(s.Window, at).Start
}

// own judges the objective's own window as it stood when a period was final: of a
// calendar window the one in which the period ended.
func own(j *judged, st budget.Status) budget.Status {
	s := j.m.SLO
	if s.Window.Rolling() {
		return j.ledger.Current(j.final(st))
	}
	return j.ledger.Own(ending(s.Window, ended(st.Period, j.b.At)), j.final(st))
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

// ruling is what the release policy says of an objective.
type ruling struct {
	found gate.Outcome
	alone *gate.Outcome // of a label set that is absent, gone or vanished: if no other one of its SLO is left
}

// rule judges o by its release policy at the instant at.
func rule(o gate.Objective, at time.Time) ruling {
	s := o.Ledger.SLO()
	policy := s.ReleasePolicy()
	r := ruling{found: gate.Judge(o, policy, at)}
	if found, gone := gate.JudgeGone(o, policy, at); gone {
		alone := r.found
		r.found, r.alone = found, &alone
	} else if !s.Vanished.IsZero() {
		alone := gate.JudgeVanished(o, policy, at)
		r.alone = &alone
	}
	return r
}

// holds keep what T says of label sets that are absent if no other one of their SLO is left,
// until all are known: somebody has to be there.
type holds[T any] struct {
	left  map[[2]string]bool // services and names of SLOs
	alone map[string]T       // by objective
}

// add takes note of an objective, and of what alone says of it if it is absent.
func (h *holds[T]) add(o *report.Objective, alone *T) {
	if h.left == nil {
		h.left, h.alone = map[[2]string]bool{}, map[string]T{}
	}
	if alone == nil {
		h.left[[2]string{o.Service, o.Name}] = true
		return
	}
	h.alone[o.ID()] = *alone
}

// settle returns what holds of an objective of which said was said.
func (h *holds[T]) settle(o *report.Objective, said T) T {
	if alone, absent := h.alone[o.ID()]; absent && !h.left[[2]string{o.Service, o.Name}] {
		return alone
	}
	return said
}

// held returns what the release policy of an objective said when a period was final,
// and of what.
func held(j *judged, of budget.Status) (ruling, gate.Objective) {
	at := j.final(of)
	o := gate.Of(j.ledger, own(j, of), j.m.Data, at)
	return rule(o, at), o
}

// hold tells what the release policy says at the end of the judged period.
func hold(j *judged, o *report.Objective) {
	found, of := held(j, j.status)
	g := report.GateObjective{ID: o.ID(), Newest: instant(of.Newest), Status: newObjective(j.m, of.Status, false),
		Before: passed(j, of)}
	said := newHold(j, g, found.found)
	o.Gate, o.GateReasons = said.verdict, said.reasons
	if found.alone == nil {
		j.b.holds.add(o, nil)
		return
	}
	alone := newHold(j, g, *found.alone)
	j.b.holds.add(o, &alone)
}

// policyHold is what a report says of a release policy.
type policyHold struct {
	verdict slo.Verdict
	reasons []report.GateReason
}

// newHold says what was found of g.
func newHold(j *judged, g report.GateObjective, found gate.Outcome) policyHold {
	h := policyHold{verdict: found.Verdict}
	for _, c := range found.Checks {
		if c.Verdict == slo.Open {
			continue
		}
		says := j.check(g, c, words.Gate{Language: j.b.Language, Zone: j.b.Zone})
		r := report.GateReason{Verdict: c.Verdict, Message: says.Message, Text: says.Text}
		if v := c.Lifted; v != nil {
			r.Owner, r.Reason, r.Expires = v.Owner, v.Reason, instant(v.Expires)
		}
		h.reasons = append(h.reasons, r)
	}
	return h
}

// settled returns what was added, with what the release policies say now that all are known.
func (b *Builder) settled() []report.Objective {
	out, reach := slices.Clone(b.objectives), b.reach()
	for i := range out {
		o := &out[i]
		said := b.holds.settle(o, policyHold{verdict: o.Gate, reasons: o.GateReasons})
		o.Gate, o.GateReasons = said.verdict, said.reasons
		reach.warn(o)
	}
	return out
}

// previous tells how the objective stood over the period before.
func previous(j *judged, o *report.Objective) {
	st := j.ledger.Status(j.b.before(j.status.Period, j.m.SLO), j.b.At)
	was := newObjective(j.m, st, true)
	incidents, blips := j.wide.Incidents(st, j.b.At)
	was.Incidents, was.Blips = outages(incidents), outages(blips)
	found, _ := held(j, st)
	was.Gate = found.found.Verdict
	j.b.callsBefore.add(j.m.Indicator, was, j.ledger, st.Covered)
	j.b.previous = append(j.b.previous, was)
	if st.State != slo.NoData || st.SLI.Known() {
		o.Previous = &report.Previous{SLI: st.SLI, Spent: st.Budget.Spent, State: st.State}
	}
}

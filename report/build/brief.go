package build

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
	"github.com/nines-slo/nines/slo/order"
)

// BriefBuilder makes the summary of a period, one objective at a time.
type BriefBuilder struct {
	Builder Builder // of the period
	Gate    GateBuilder
	Title   string
	Version string
	Owner   string // of a summary for one owner
	Link    string // to the full report

	// Full also makes the report of the period, for messages that carry it; nil: none does.
	Full *Builder

	objectives []report.BriefObjective
}

// aspects returns what b tells.
func (b *BriefBuilder) aspects() []aspect {
	return append(common(), []aspect{
		{nil, incidents},
		{deployReach, blame},
		{forecastReach, foresee},
		{firedReach, fired},
		{standingReach, nil},
		{previousReach, b.stand}, // last, since it takes what the others told
	}...)
}

// Needs returns the time whose counts the builder wants for s.
func (b *BriefBuilder) Needs(s slo.SLO) slo.Period {
	need := hull(hull(b.Builder.need(s, b.aspects()), b.Builder.around(s)), b.Gate.Needs(s))
	if b.Full != nil {
		need = hull(need, b.Full.Needs(s))
	}
	return need
}

// Add judges an objective over what Needs asks for. It returns an error if its slices
// do not fit its data.
func (b *BriefBuilder) Add(m Measured, pos diag.Pos) error {
	if err := b.Builder.add(m, b.aspects()); err != nil {
		return err
	}
	if b.Full != nil {
		if err := b.Full.Add(m); err != nil {
			return err
		}
	}
	return b.Gate.Add(m, pos)
}

// Report returns the report of the period, nil if nobody wants it.
func (b *BriefBuilder) Report(sources []report.Source) *report.Report {
	if b.Full == nil {
		return nil
	}
	return b.Full.Report(b.Title, b.Version, sources)
}

// stand tells how the objective's own window stood when the period ended, and a period
// earlier.
func (b *BriefBuilder) stand(j *judged, o *report.Objective) {
	now := own(j, j.status)
	then := own(j, j.ledger.Status(j.b.before(j.status.Period, j.m.SLO), j.b.At))
	stands := newObjective(j.m, now, false)
	out := report.BriefObjective{
		ID: o.ID(), Service: o.Service, Name: o.Name, Owner: o.Owner, Target: o.Target,
		Standing: *newStanding(j, now), Failed: o.Failed, Warnings: o.Warnings,
		Spent: then.Budget.Spent, Turned: windowTurned(j.m.SLO, now, then), Before: closed(j, now), Overspent: stands.Overspent,
		Why:      cmp.Or(words.Unjudged(j.b.Language, stands), j.unsure(now, o)),
		Coverage: o.Coverage, Gaps: j.gaps(), Doubt: o.Doubt,
	}
	if !out.Turned {
		out.Change = now.Budget.Spent.Sub(then.Budget.Spent)
	}
	if !now.Closed {
		out.Forecast = o.Forecast
	}
	b.objectives = append(b.objectives, out)
}

// windowTurned tells whether a calendar window ended between two judgements.
func windowTurned(s slo.SLO, now, then budget.Status) bool {
	return !s.Window.Rolling() && !now.Period.Start.Equal(then.Period.Start)
}

// closed tells how the calendar window before now stood when it ended within the judged
// period, nil if none did.
func closed(j *judged, now budget.Status) *report.Standing {
	s := j.m.SLO
	if s.Window.Rolling() || !now.Period.Start.After(j.status.Period.Start) {
		return nil
	}
	before := j.ledger.Own(s.Window.Previous(now.Period), j.final(j.status))
	if before.State == slo.NoData {
		return nil
	}
	return newStanding(j, before)
}

// gaps returns the minutes of the judged period that nobody measured. Where gaps count as
// good or bad nothing is missing, and a label set that may vanish has no other time.
func (j *judged) gaps() slo.Number {
	s, b := j.m.SLO, j.status.Buckets
	filled := s.Budgeting.Slices() && (s.Budgeting.Gaps == slo.GapsGood || s.Budgeting.Gaps == slo.GapsBad)
	if filled || s.Passing() {
		return slo.NumberOf(0)
	}
	return minutes(b, b.Elapsed-b.Measured)
}

// unsure says why what is told of an own window could be worse, "" if it could not: its
// newest counts are old, too little of the judged period was measured, or what was not
// read could change what is said of one of both, or close the gate. o is of the period.
func (j *judged) unsure(own budget.Status, o *report.Objective) string {
	at := j.final(j.status)
	of := gate.Of(j.ledger, own, j.m.Data, at)
	l := j.b.Language
	ruled := j.ruled(of, own, at)
	counted := ruled[gate.Stale]
	if counted == "" && coded(j.status.Warnings, "budget/coverage") {
		counted = words.Partly(l, j.named(), *o)
	}
	return words.Both(l, counted, cmp.Or(j.unread(of, own, o), ruled[gate.Doubtful]))
}

// coded tells whether a finding of that code is among some.
func coded(findings []diag.Finding, code string) bool {
	return slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Code == code })
}

// ruled says by its code what the release policy objects to: that data is old, or in
// doubt.
func (j *judged) ruled(of gate.Objective, own budget.Status, at time.Time) map[gate.Code]string {
	g := report.GateObjective{Newest: instant(of.Newest), Status: newObjective(j.m, own, false), Before: passed(j, of)}
	out := map[gate.Code]string{}
	for _, c := range rule(of, at).found.Checks {
		if (c.Code == gate.Stale || c.Code == gate.Doubtful) && c.Verdict != slo.Open && out[c.Code] == "" {
			check := j.check(g, c, words.Gate{Language: j.b.Language, Zone: j.b.Zone})
			out[c.Code] = words.Unsure(j.b.Language, check)
		}
	}
	return out
}

// unread says how much worse the own window or else the period, o, could stand for what
// was not read or not sure, "" if no state could.
func (j *judged) unread(of gate.Objective, own budget.Status, o *report.Objective) string {
	l := j.b.Language
	if w := of.Worst; w != nil && w.Status.State.Rank() < own.State.Rank() && w.Status.State != slo.NoData {
		st := w.Status
		events := gate.Suspect(j.m.SLO, j.m.Data).Doubted(own.Judged)
		return words.Unread(l, report.Doubt{Events: events, SLI: st.SLI, Spent: st.Budget.Spent, State: st.State, Parted: parted(own.Warnings) || parted(j.m.Warnings)})
	}
	if o.Doubt != nil && coded(o.Warnings, "budget/doubt") {
		return words.UnreadOf(l, j.named(), *o.Doubt)
	}
	return ""
}

// named is the judged period, as the summary calls it.
func (j *judged) named() string {
	p := j.b.Span.In(j.b.zone(), j.b.At)
	return words.BriefPeriod(j.b.Language, report.Period{Name: j.b.Span.Name, Start: p.Start, End: p.End}, j.b.Zone)
}

// Brief returns the summary of what was added.
func (b *BriefBuilder) Brief(sources []report.Source) *report.Brief {
	r := b.Builder.Report(b.Title, b.Version, sources)
	g := b.Gate.Gate(sources)
	out := &report.Brief{
		Schema: report.BriefSchema, Version: b.Version, At: r.At, Language: r.Language, Timezone: r.Timezone,
		Zone: r.Zone, Title: b.Title, Owner: b.Owner, Period: r.Period, Final: r.Final,
		Objectives: slices.Clone(b.objectives), Gate: briefGate(g), Alerts: briefAlerts(r),
		Incidents: b.incidents(r), Deploys: b.deploys(r), Sources: sources, Link: b.Link,
	}
	for i, o := range b.Builder.settled() { // in the order in which they were added
		out.Objectives[i].Warnings = o.Warnings
	}
	b.lies(out)
	order.Stable(out.Objectives, func(x, y report.BriefObjective) int {
		return cmp.Or(cmp.Compare(x.State().Rank(), y.State().Rank()),
			y.Standing.Budget.Spent.Cmp(x.Standing.Budget.Spent), cmp.Compare(x.ID, y.ID))
	})
	out.Attention = len(out.Needy())
	out.Headline = words.BriefHeadline(out)
	return out
}

// lies says of the objectives of out that have no data for want of data in the period where
// their data lies.
func (b *BriefBuilder) lies(out *report.Brief) {
	reach := b.Builder.reach()
	for i := range out.Objectives {
		o := &out.Objectives[i]
		if o.Standing.State != slo.NoData || o.Failed != "" {
			continue
		}
		if r := reach.of(o.ID); r != nil {
			o.Why = cmp.Or(words.BriefLies(out.Language, b.Builder.zone(), r.check), o.Why)
		}
	}
}

// incidents returns those of r with what they spent of the objectives' own budgets: a
// reader knows no budget of the week.
func (b *BriefBuilder) incidents(r *report.Report) []report.Incident {
	out := slices.Clone(r.Incidents)
	for i := range out {
		out[i].Impacts = slices.Clone(out[i].Impacts)
		for k := range out[i].Impacts {
			impact := &out[i].Impacts[k]
			impact.Spent = impact.Bad.Quo(b.allowed(impact.Objective))
		}
		order.Stable(out[i].Impacts, func(x, y report.Impact) int { return y.Spent.Cmp(x.Spent) })
	}
	return out
}

// deploys returns those of r that likely cost budget, with what the hours after them
// spent of the objectives' own budgets.
func (b *BriefBuilder) deploys(r *report.Report) []report.Deploy {
	var out []report.Deploy
	for _, d := range r.Deploys {
		if d.Verdict() != deploy.Likely {
			continue
		}
		d.Effects = slices.Clone(d.Effects)
		for k := range d.Effects {
			after := &d.Effects[k].After
			after.Spent = after.Bad.Quo(b.allowed(d.Effects[k].Objective))
		}
		out = append(out, d)
	}
	return out
}

// allowed returns what the own budget of an objective allows, in events or slices.
func (b *BriefBuilder) allowed(id string) slo.Number {
	for _, o := range b.objectives {
		if o.ID == id {
			return o.Standing.Budget.Allowed
		}
	}
	return slo.Number{}
}

// briefGate returns the verdict of g and the worst reason of each objective, of several
// once.
func briefGate(g *report.Gate) report.BriefGate {
	out := report.BriefGate{Verdict: g.Verdict, Opens: words.BriefOpening(g)}
	seen := map[string]bool{}
	for _, r := range g.AllReasons() {
		ids := slices.DeleteFunc(slices.Clone(r.IDs), func(id string) bool { return seen[id] })
		for _, id := range ids {
			seen[id] = true
		}
		if len(ids) == 0 {
			continue
		}
		text := words.BriefReason(g.Language, r.Check)
		why := report.BriefReason{Objectives: ids, Verdict: r.Check.Weight, Text: text}
		same := func(o report.BriefReason) bool { return o.Verdict == why.Verdict && o.Text == why.Text }
		if i := slices.IndexFunc(out.Reasons, same); i >= 0 {
			out.Reasons[i].Objectives = append(out.Reasons[i].Objectives, ids...)
		} else {
			out.Reasons = append(out.Reasons, why)
		}
	}
	return out
}

// briefAlerts adds up what the alerts of each class did.
func briefAlerts(r *report.Report) []report.BriefAlerts {
	out := []report.BriefAlerts{{Class: slo.Page}, {Class: slo.Ticket}, {Class: slo.Log}}
	for _, o := range r.Objectives {
		for i := range o.Fired {
			a := &o.Fired[i]
			sum := &out[a.Class.Rank()]
			sum.Fired += a.Fired
			sum.Useful += a.InIncidents()
			sum.False += len(a.Unmatched)
			if n := len(a.Firings); n > 0 && a.Firings[n-1].End == nil {
				sum.Firing = append(sum.Firing, o.ID()+" "+a.Name)
			}
		}
	}
	return slices.DeleteFunc(out, func(a report.BriefAlerts) bool { return a.Fired == 0 })
}

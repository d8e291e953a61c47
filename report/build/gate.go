package build

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
	"github.com/nines-slo/nines/slo/order"
)

// GateBuilder judges objectives by their policies one at a time.
type GateBuilder struct {
	Builder Builder  // of own windows
	Files   []string // that were read
	Skipped []string // of other tools, in the folders that were read
	Lacking []string // was asked for and did not come with the data

	gate  report.Gate
	holds holds[report.GateObjective]
}

// aspects returns what b tells.
func (b *GateBuilder) aspects() []aspect {
	return append(common(), []aspect{
		{lastDaysReach, quiet},
		{deployReach, blame},
		{holdReach, b.verdict}, // last, since it takes what the others told
	}...)
}

// Needs returns the time whose counts the builder wants for s.
func (b *GateBuilder) Needs(s slo.SLO) slo.Period { return b.Builder.need(s, b.aspects()) }

// Add judges an objective by its policy, over what Needs asks for. It returns an error
// if its slices do not fit its data.
func (b *GateBuilder) Add(m Measured, pos diag.Pos) error {
	m = m.lifetime(b.Builder.At).cut(b.Needs(m.SLO))
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return err
	}
	current := func(l *budget.Ledger) budget.Status { return l.Current(b.Builder.At) }
	j := &judged{b: &b.Builder, m: m, pos: pos, ledger: l, judge: current, status: current(l)}
	j.fresh = m.SLO.ReleasePolicy().Age(m.Data.Step)
	tell(j, newObjective(m, j.status, false), b.aspects())
	return nil
}

// verdict notes what the policy of an objective says.
func (b *GateBuilder) verdict(j *judged, status *report.Objective) {
	at, policy := b.Builder.At, j.m.SLO.ReleasePolicy()
	of := gate.Of(j.ledger, j.status, j.m.Data, at)
	if j.m.Failed != "" { // which is why the window before has no data either
		of.Before = nil
	}
	o := report.GateObjective{ID: status.ID(), File: j.pos.File, Newest: instant(of.Newest), Status: *status,
		Before: passed(j, of)}
	said := rule(of, at)
	vanished := !j.m.SLO.Vanished.IsZero()
	if o.Before != nil && (said.alone == nil || vanished) {
		b.note("early", o.ID, func(w words.Gate) string { return w.Begun(of.Until(), of.Status.Thin) })
	}
	if over := status.Overspent; over != nil {
		b.note("overspent", o.ID, func(w words.Gate) string { return w.Overspent(*over) })
	}
	b.warn(status)
	b.override(policy)
	if said.alone == nil {
		b.holds.add(status, nil)
	} else {
		alone := b.decided(j, o, *said.alone)
		b.holds.add(status, &alone)
	}
	if vanished {
		b.note("vanished", o.ID, words.Gate.Vanished)
	}
	b.gate.Objectives = append(b.gate.Objectives, b.decided(j, o, said.found))
}

// decided returns o with what the policy says of it.
func (b *GateBuilder) decided(
	j *judged, o report.GateObjective, found gate.Outcome,
) report.GateObjective {
	o.Verdict, o.Checks = found.Verdict, nil
	for _, c := range found.Checks {
		o.Checks = append(o.Checks, j.check(o, c, b.words()))
		b.lift(o.ID, c.Lifted)
	}
	return o
}

// passes takes note of the label sets that are gone and stop no release.
func (b *GateBuilder) passes(objectives []report.GateObjective) {
	for _, o := range objectives {
		gone := slices.ContainsFunc(o.Checks, func(c report.GateCheck) bool { return c.Code == gate.Gone })
		if gone && gate.Worst(o.Verdict, slo.Warn) == slo.Warn {
			b.note("gone", o.ID, words.Gate.Gone)
		}
	}
}

// note takes note of something to know of an objective, in words.
func (b *GateBuilder) note(code, id string, say func(words.Gate) string) {
	english := words.Gate{Language: unit.English, Zone: b.Builder.Zone}
	n := report.GateNote{Code: code, Message: say(english), Text: say(b.words())}
	i := slices.IndexFunc(b.gate.Notes, func(o report.GateNote) bool { return o.Message == n.Message })
	if i < 0 {
		i, b.gate.Notes = len(b.gate.Notes), append(b.gate.Notes, n)
	}
	if !slices.Contains(b.gate.Notes[i].Objectives, id) {
		b.gate.Notes[i].Objectives = append(b.gate.Notes[i].Objectives, id)
	}
}

// warn takes note of what the sources warn of that no figure shows: conditions that no event
// met, and files that were counted twice.
func (b *GateBuilder) warn(o *report.Objective) {
	for _, f := range o.Warnings {
		_, kind, _ := strings.Cut(f.Code, "/")
		if kind == "unmet" || kind == "overlap" {
			b.note(kind, o.ID(), func(words.Gate) string { return words.Warned(f) })
		}
	}
}

// beyond says of the objectives whose data ends too early, or begins too late, that this is
// the reason, and what to do.
func (b *GateBuilder) beyond(objectives []report.GateObjective) {
	all, others := b.Builder.reach(), b.gate.Notes
	b.gate.Notes = nil
	defer func() { b.gate.Notes = append(b.gate.Notes, others...) }() // which follow from it
	for i := range objectives {
		o := &objectives[i]
		r := all.of(o.ID)
		if r == nil {
			continue
		}
		all.warn(&o.Status)
		told := false
		o.Checks = slices.Clone(o.Checks)
		for k := range o.Checks {
			if c := &o.Checks[k]; c.Code == gate.NoData && !c.Before {
				b.lies(c, r.check)
				told = told || c.Weight != slo.Open
			}
		}
		if !told {
			_, kind, _ := strings.Cut(r.finding.Code, "/")
			b.note(kind, o.ID, func(words.Gate) string { return words.Warned(r.finding) })
		}
	}
}

// lies writes into a check where the data lies, and what to do about it.
func (b *GateBuilder) lies(c *report.GateCheck, say words.Beyond) {
	english := words.Gate{Language: unit.English, Zone: b.Builder.Zone}
	c.Message, c.Hint = english.Lies(say), english.BeyondHint(say)
	c.Text, c.Remedy = b.words().Lies(say), b.words().BeyondHint(say)
}

// quiet warns of an objective that is measured up to now and has had no valid event
// for longer than its data may be old: nobody may be able to reach it.
func quiet(j *judged, o *report.Objective) {
	at, limit := j.b.At, j.m.SLO.ReleasePolicy().Age(j.m.Data.Step)
	newest, last := gate.Newest(j.m.SLO, j.m.Data, at), gate.LastEvent(j.m.SLO, j.m.Data, at)
	if last.IsZero() || at.Sub(newest) > limit || at.Sub(last) <= limit {
		return
	}
	silence := slo.FormatDuration(at.Sub(last))
	o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "gate/quiet", "no valid event for %s: that counts as no traffic", silence).
		WithHint("see whether what it counts still happens, and is still written down"))
}

// override takes note of the overrides of a policy, which many objectives share.
func (b *GateBuilder) override(g slo.Gate) {
	for _, v := range g.Overrides {
		known := slices.ContainsFunc(b.gate.Overrides, func(o report.GateOverride) bool {
			return o.Policy == line(v.Pos) && o.Owner == v.Owner && o.Reason == v.Reason
		})
		if !known {
			b.gate.Overrides = append(b.gate.Overrides, report.GateOverride{Owner: v.Owner, Reason: v.Reason,
				Expires: v.Expires.UTC(), Expired: !b.Builder.At.Before(v.Expires),
				Only: append([]string{}, v.Only...), Then: v.Then, Missing: v.Missing, Policy: line(v.Pos),
				Pos: v.Pos, Lifts: []string{}})
		}
	}
}

// lift takes note of the objective that an override lets pass.
func (b *GateBuilder) lift(id string, v *slo.Override) {
	for i, o := range b.gate.Overrides {
		if v != nil && o.Policy == line(v.Pos) && o.Owner == v.Owner && o.Reason == v.Reason && !slices.Contains(o.Lifts, id) {
			b.gate.Overrides[i].Lifts = append(o.Lifts, id)
		}
	}
}

func (b *GateBuilder) words() words.Gate {
	return words.Gate{Language: b.Builder.Language, Zone: b.Builder.Zone}
}

// Gate returns the verdict on what was added. Nothing at all cannot be told, nor can
// what lacks something.
func (b *GateBuilder) Gate(sources []report.Source) *report.Gate {
	objectives := slices.Clone(b.gate.Objectives)
	for i := range objectives {
		objectives[i] = b.holds.settle(&objectives[i].Status, objectives[i])
	}
	b.passes(objectives)
	b.beyond(objectives)
	g := b.gate
	g.Objectives = objectives
	g.Schema, g.At, g.Files, g.Sources = report.GateSchema, b.Builder.At, b.Files, sources
	g.Skipped = append([]string{}, b.Skipped...)
	g.Language, g.Zone, g.Timezone = b.Builder.Language, b.Builder.Zone, zoneName(b.Builder.Zone)
	g.Verdict = slo.Open
	if len(g.Objectives) == 0 || len(b.Lacking) > 0 {
		g.Verdict = slo.CannotTell
	}
	g.Lacking = b.lacking()
	order.Stable(g.Objectives, worstVerdict)
	for _, o := range g.Objectives {
		g.Verdict = gate.Worst(g.Verdict, o.Verdict)
		if !slices.Contains(g.Services, o.Status.Service) {
			g.Services = append(g.Services, o.Status.Service)
		}
	}
	g.Reasons = len(g.Causes())
	slices.Sort(g.Services)
	g.Overrides = slices.Clone(g.Overrides)
	for i := range g.Overrides {
		g.Overrides[i].Text = b.words().Exception(g.Overrides[i], b.Builder.At)
	}
	g.Opens = opening(g)
	g.Deploys, g.DeployHours = b.Builder.deployed()
	return &g
}

// lacking returns a check for each thing that was asked for and did not come.
func (b *GateBuilder) lacking() []report.GateCheck {
	var out []report.GateCheck
	english := words.Gate{Language: unit.English, Zone: b.Builder.Zone}
	for _, term := range b.Lacking {
		c := report.GateCheck{Code: gate.Lacking, Verdict: slo.CannotTell, Weight: slo.CannotTell, Name: term, Policy: "none"}
		c.Message, c.Text = english.Lacking(), b.words().Lacking()
		c.Hint, c.Remedy = english.LackingHint(), b.words().LackingHint()
		out = append(out, c)
	}
	return out
}

// worstVerdict orders by verdict, then by what is left of the budget, then by name.
func worstVerdict(a, b report.GateObjective) int {
	return cmp.Or(cmp.Compare(a.Verdict.Rank(), b.Verdict.Rank()),
		b.Status.Budget.Spent.Cmp(a.Status.Budget.Spent), cmp.Compare(a.ID, b.ID))
}

// opening returns when the last of the checks that close g holds no more, nil if
// none does.
func opening(g report.Gate) *report.GateOpening {
	if g.Verdict != slo.Closed {
		return nil
	}
	out := &report.GateOpening{}
	var stopped, rate latest
	for _, o := range g.Objectives {
		for _, c := range o.Reasons() {
			if c.Code.Unknown() {
				out.Other = true
				continue
			}
			if c.Weight != slo.Closed {
				continue
			}
			stopped.add(c.Opens.Stopped)
			rate.add(c.Opens.AtRate)
			if c.Opens.Rate.Cmp(out.Rate) > 0 {
				out.Rate = c.Opens.Rate
			}
		}
	}
	out.Stopped, out.AtRate = stopped.time(), rate.time()
	return out
}

// latest is the last of some instants, of which one may be unknown.
type latest struct {
	last    *time.Time
	unknown bool
}

func (l *latest) add(t *time.Time) {
	switch {
	case t == nil:
		l.unknown = true
	case l.last == nil || t.After(*l.last):
		l.last = t
	}
}

func (l *latest) time() *time.Time {
	if l.unknown {
		return nil
	}
	return l.last
}

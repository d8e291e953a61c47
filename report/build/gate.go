package build

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
)

// GateBuilder judges objectives by their policies one at a time.
type GateBuilder struct {
	Builder Builder  // of own windows
	Files   []string // that were read

	gate report.Gate
}

// Needs returns the time whose counts the builder wants for s.
func (b *GateBuilder) Needs(s slo.SLO) slo.Period {
	need := b.Builder.Needs(s)
	return need.Hull(slo.Period{Start: b.Builder.At.Add(-gate.Reach(s, s.ReleasePolicy())), End: b.Builder.At})
}

// Add judges an objective by its policy. It returns an error if its slices do not
// fit its data.
func (b *GateBuilder) Add(m Measured, pos diag.Pos) error {
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return err
	}
	st := l.Current(b.Builder.At)
	newest, policy := gate.Newest(m.SLO, m.Data, b.Builder.At), m.SLO.ReleasePolicy()
	found := gate.Judge(gate.Objective{Ledger: l, Status: st, Newest: newest, Step: m.Data.Step}, policy, b.Builder.At)
	o := report.GateObjective{ID: m.SLO.ID(), Verdict: found.Verdict, Newest: instant(newest), Status: newObjective(m, st, false)}
	o.Status.BurnRates = burnRates(l, st.Elapsed.End)
	o.Status.Exclusions = exclusions(l, st.Elapsed)
	o.Status.Warnings = append(o.Status.Warnings, quiet(m, newest, b.Builder.At, policy.Age(m.Data.Step))...)
	b.override(policy)
	for _, c := range found.Checks {
		o.Checks = append(o.Checks, newCheck(o, c, pos, b.words()))
		b.lift(o.ID, c.Lifted)
	}
	b.gate.Objectives = append(b.gate.Objectives, o)
	b.Builder.blame(l, st, st.Deciding().Allowed)
	return nil
}

// quiet warns of an objective that is measured up to now and has had no valid event
// for longer than its data may be old: nobody may be able to reach it.
func quiet(m Measured, newest, at time.Time, limit time.Duration) []diag.Finding {
	last := gate.LastEvent(m.Data, at)
	if last.IsZero() || at.Sub(newest) > limit || at.Sub(last) <= limit {
		return nil
	}
	return []diag.Finding{diag.Warnf(diag.Pos{}, "gate/quiet", "no valid event for %s: that counts as no traffic", slo.FormatDuration(at.Sub(last))).
		WithHint("see whether what it counts still happens, and is still written down")}
}

// override takes note of the overrides of a policy, which many objectives share.
func (b *GateBuilder) override(g slo.Gate) {
	for _, v := range g.Overrides {
		known := slices.ContainsFunc(b.gate.Overrides, func(o report.GateOverride) bool {
			return o.Policy == line(v.Pos) && o.Owner == v.Owner && o.Reason == v.Reason
		})
		if !known {
			b.gate.Overrides = append(b.gate.Overrides, report.GateOverride{Owner: v.Owner, Reason: v.Reason, Expires: v.Expires.UTC(), Expired: !b.Builder.At.Before(v.Expires),
				Only: append([]string{}, v.Only...), Then: v.Then, Missing: v.Missing, Policy: line(v.Pos), Pos: v.Pos, Lifts: []string{}})
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

// line returns "file:line".
func line(p diag.Pos) string { return diag.Pos{File: p.File, Line: p.Line}.String() }

func (b *GateBuilder) words() words.Gate {
	return words.Gate{Language: b.Builder.Language, Zone: b.Builder.Zone}
}

// newCheck puts c into words, own those of the reader.
func newCheck(o report.GateObjective, c gate.Check, pos diag.Pos, own words.Gate) report.GateCheck {
	out := report.GateCheck{Code: c.Code, Verdict: c.Verdict, Weight: c.Weight(), Figure: c.Figure, Limit: c.Limit,
		Policy: "default", Pos: pos, Of: c, File: pos.File}
	switch {
	case c.Code == gate.NoRule:
		out.Policy = "none"
	case c.Policy.File != "":
		out.Pos, out.Policy = c.Policy, line(c.Policy)
	}
	if c.Lifted != nil {
		out.Lifted = c.Lifted.Owner
	}
	if c.Over > 0 {
		out.Over = slo.FormatDuration(c.Over)
	}
	english := words.Gate{Language: unit.English, Zone: own.Zone}
	out.Message, out.Text = english.Check(o, out), own.Check(o, out)
	out.Hint, out.Remedy = english.Hint(o, out), own.Hint(o, out)
	if c.Verdict == slo.Closed {
		out.Opens = &report.GateOpening{Stopped: instant(c.Opens.Stopped), AtRate: instant(c.Opens.AtRate), Rate: c.Opens.Rate}
	}
	return out
}

// Gate returns the verdict on what was added. Nothing at all cannot be told.
func (b *GateBuilder) Gate(sources []report.Source) *report.Gate {
	g := b.gate
	g.Schema, g.At, g.Language, g.Zone, g.Files, g.Sources = report.GateSchema, b.Builder.At, b.Builder.Language, b.Builder.Zone, b.Files, sources
	g.Verdict = slo.Open
	if len(g.Objectives) == 0 {
		g.Verdict = slo.CannotTell
	}
	slices.SortStableFunc(g.Objectives, worstVerdict)
	for _, o := range g.Objectives {
		g.Verdict = gate.Worst(g.Verdict, o.Verdict)
		g.Reasons += len(o.Reasons())
		if !slices.Contains(g.Services, o.Status.Service) {
			g.Services = append(g.Services, o.Status.Service)
		}
	}
	slices.Sort(g.Services)
	g.Overrides = slices.Clone(g.Overrides)
	for i := range g.Overrides {
		g.Overrides[i].Text = b.words().Exception(g.Overrides[i], b.Builder.At)
	}
	g.Opens = opening(g)
	g.Deploys, g.DeployHours = b.Builder.deployed()
	return &g
}

// worstVerdict orders by verdict, then by what is left of the budget, then by name.
func worstVerdict(a, b report.GateObjective) int {
	return cmp.Or(cmp.Compare(a.Verdict.Rank(), b.Verdict.Rank()),
		b.Status.Deciding().Spent.Cmp(a.Status.Deciding().Spent), cmp.Compare(a.ID, b.ID))
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

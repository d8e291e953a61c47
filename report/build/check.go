package build

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
)

// newCheck puts c into words, own those of the reader.
func newCheck(o report.GateObjective, c gate.Check, pos diag.Pos, own words.Gate) report.GateCheck {
	out := report.GateCheck{Code: c.Code, Verdict: c.Verdict, Weight: c.Weight(), Figure: c.Figure, Limit: c.Limit,
		AtLimit: c.AtLimit, Before: c.Before, Name: c.Name, Since: instant(c.Since), Reason: string(c.Reason),
		Policy: "default", Pos: pos}
	out.Parted = c.Code == gate.Doubtful && parted(o.Status.Warnings)
	switch {
	case c.Code == gate.NoRule:
		out.Policy = "none"
	case c.Policy.File != "":
		out.Pos, out.Policy = c.Policy, line(c.Policy)
	}
	if c.Lifted != nil {
		out.Lifted, out.LiftedUntil = c.Lifted.Owner, instant(c.Lifted.Expires)
	}
	if c.Over > 0 {
		out.Over = slo.FormatDuration(c.Over)
	}
	english := words.Gate{Language: unit.English, Zone: own.Zone}
	out.Message, out.Text = english.Check(o, out, c), own.Check(o, out, c)
	out.Hint, out.Remedy = english.Hint(o, out), own.Hint(o, out)
	if c.Verdict == slo.Closed {
		out.Opens = &report.GateOpening{Stopped: instant(c.Opens.Stopped), AtRate: instant(c.Opens.AtRate),
			Rate: c.Opens.Rate}
	}
	return out
}

// check puts c into words; o is what it was found of.
func (j *judged) check(o report.GateObjective, c gate.Check, own words.Gate) report.GateCheck {
	out := newCheck(o, c, j.pos, own)
	if c.If == nil {
		return out
	}
	is := report.GateObjective{ID: o.ID, File: o.File, Newest: o.Newest, Status: newObjective(j.m, c.Of.Status, false),
		Before: passed(j, *c.Of)}
	would := newCheck(is, *c.If, j.pos, own)
	out.Would, out.Events = c.If.Code, c.Events
	english := words.Gate{Language: unit.English, Zone: own.Zone}
	out.Message, out.Text = english.If(out, would.Message), own.If(out, would.Text)
	return out
}

// line returns "file:line".
func line(p diag.Pos) string { return diag.Pos{File: p.File, Line: p.Line}.String() }

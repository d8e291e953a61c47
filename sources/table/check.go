package table

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// check finds what keys alone cannot say, without opening a file.
func (f Format) check(source, sli spec.Block) diag.List {
	c, findings := newConfig(source)
	if f.Check != nil {
		findings = append(findings, f.Check(source)...)
	}
	if sli.Is() {
		findings = append(findings, c.checkSLI(sli)...)
	}
	return findings
}

func (c *config) checkSLI(sli spec.Block) (findings diag.List) {
	if isEvents(sli.Value) && c.block.Get("step").Is() {
		f := diag.Warnf(c.block.Get("step").Pos, "table/step", "step is not used: the sli reads one row an event")
		findings = append(findings, f.WithHint("leave step out"))
	}
	if limit := c.block.Get("max_unread"); limit.Is() && !isEvents(sli.Value) && !sli.Get("where").Is() && sli.Count != spec.Total {
		f := diag.Errorf(limit.Pos, "table/max_unread", "max_unread is not used: the sli reads a table of counts, and all of them")
		findings = append(findings, f.WithHint("leave max_unread out: a row of counts that cannot be read refuses the source"))
	}
	resolve := func(name string) (match.Field, bool) { return c.field(c.column(name)), true }
	return append(findings, fold.CheckConditions(sli, resolve, nil)...)
}

// isEvents tells whether an sli reads one row an event.
func isEvents(sli spec.Value) bool { return sli.Get("good").Is() || sli.Get("bad").Is() }

// comparedDurations lists the names of the fields that a condition compares with
// a length of time: a value of theirs that is none would fail every test in silence.
func comparedDurations(cond match.Expr) (names []string) {
	match.Tests(cond, func(t match.Test) {
		if is, ok := t.Is.(match.CompareDuration); ok && is.Length > 0 {
			names = append(names, t.Name)
		}
	})
	return names
}

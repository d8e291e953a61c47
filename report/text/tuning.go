package text

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/diag"
)

// tuning writes what a search for a page policy came to.
func (d *backtestText) tuning() {
	t := d.b.Tuning
	if t == nil {
		return
	}
	p := d.l
	d.line("\n%s", paint(p.Say("tuning.title", "tried", d.l.Count(number(t.Tried)),
		"folds", strconv.Itoa(t.Folds), "embargo", d.l.Duration(t.Embargo)), bold, d.opts.Color))
	heads := []head{{p.Say("tuning.policy"), false}, {p.Say("tuning.missed"), true},
		{p.Say("tuning.late"), true}, {p.Say("tuning.wrong"), true}, {p.Say("tuning.chosen"), true},
		{p.Say("tuning.held_missed"), true}, {p.Say("tuning.held_late"), true}, {p.Say("tuning.held_wrong"), true}}
	policies, more := t.Rows()
	var rows [][]cell
	for _, row := range policies {
		rows = append(rows, d.tuned(row.Tuned, t.Folds, namedPolicy(p, row)))
	}
	newGrid(heads, rows).write(d.out, d.opts.Color)
	if more > 0 {
		d.line("%s", p.Say("backtest.more", "n", strconv.Itoa(more)))
	}
	d.line("\n%s", p.Say("tuning.held_out", "chosen", outcomes(p, t.HeldOut, d),
		"base", diag.Escape(t.Base.Policy), "held", outcomes(p, t.HeldBase, d)))
	if !d.judged() {
		d.line("%s", p.Say("tuning.found"))
	}
	if t.Own {
		d.line("%s", p.Say("tuning.own"))
	}
	if t.Mixed {
		d.line("%s", p.Say("tuning.mixed", "step", t.Step))
	}
	d.line("%s", d.verdict(t, p))
	d.out.WriteString("\n    " + strings.ReplaceAll(strings.TrimSpace(t.YAML), "\n", "\n    ") + "\n")
}

// named returns a policy with what it is; the recommended one has a star.
func namedPolicy(p unit.Language, row report.TuningRow) string {
	switch row.Part {
	case report.Unchanged:
		return "  " + row.Tuned.Policy + p.Say("tuning.by_default")
	case report.Widened:
		return "  " + row.Tuned.Policy + p.Say("tuning.wider")
	case report.Recommended:
		return "* " + row.Tuned.Policy
	}
	return "  " + row.Tuned.Policy
}

func number(n int) slo.Number { return slo.NumberOf(int64(n)) }

func outcomes(p unit.Language, o report.Outcomes, d *backtestText) string {
	return p.Say("tuning.outcomes", "missed", strconv.Itoa(o.Missed), "incidents", strconv.Itoa(o.Incidents),
		"delay", d.l.Lapse(o.Late), "false", strconv.Itoa(o.False))
}

// tuned writes a policy, its figures on all of history, and on the folds that chose it.
func (d *backtestText) tuned(t report.TunedPolicy, folds int, name string) []cell {
	row := []cell{{text: diag.Escape(name)}}
	figures := func(o *report.Outcomes) {
		if o == nil {
			row = append(row, cell{text: "-"}, cell{text: "-"}, cell{text: "-"})
			return
		}
		row = append(row, cell{text: fmt.Sprintf("%d/%d", o.Missed, o.Incidents)}, cell{text: d.l.Lapse(o.Late)}, cell{text: d.l.Count(number(o.False))})
	}
	figures(&t.InSample)
	row = append(row, cell{text: fmt.Sprintf("%d/%d", t.Chosen, folds)})
	figures(t.HeldOut)
	return row
}

// verdict says what is recommended, and why not more.
func (d *backtestText) verdict(t *report.Tuning, p unit.Language) string {
	switch {
	case t.TooShort == backtest.FewIncidents:
		return p.Say("tuning.few_incidents", "n", strconv.Itoa(t.Incidents), "needed", strconv.Itoa(t.Needed))
	case t.TooShort == backtest.EmptyFolds:
		return p.Say("tuning.empty_folds", "folds", strconv.Itoa(t.Folds))
	case t.TooShort == backtest.NoGrid:
		return p.Say("tuning.no_grid")
	case t.Best.Default:
		return p.Say("tuning.keep")
	}
	return p.Say("tuning.better")
}

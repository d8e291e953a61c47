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
	l := d.l
	title := l.Say("tuning.title", "tried", l.Count(number(t.Tried)),
		"folds", strconv.Itoa(t.Folds), "embargo", l.Duration(t.Embargo))
	d.line("\n%s", paint(title, bold, d.opts.Color))
	heads := []head{{l.Say("tuning.policy"), false}}
	for _, id := range []string{"tuning.missed", "tuning.late", "tuning.wrong", "tuning.chosen",
		"tuning.held_missed", "tuning.held_late", "tuning.held_wrong"} {
		heads = append(heads, head{l.Say(id), true})
	}
	policies, more := t.Rows()
	var rows [][]cell
	for _, row := range policies {
		rows = append(rows, d.tuned(row.Tuned, t.Folds, namedPolicy(l, row)))
	}
	newGrid(heads, rows).write(d.out, d.opts.Color)
	if more > 0 {
		d.line("%s", l.Say("backtest.more", "n", strconv.Itoa(more)))
	}
	d.line("\n%s", l.Say("tuning.held_out", "chosen", d.outcomes(t.HeldOut),
		"base", diag.Escape(t.Base.Policy), "held", d.outcomes(t.HeldBase)))
	if !d.judged() {
		d.line("%s", l.Say("tuning.found"))
	}
	if t.Own {
		d.line("%s", l.Say("tuning.own"))
	}
	if t.Mixed {
		d.line("%s", l.Say("tuning.mixed", "step", t.Step))
	}
	d.line("%s", d.verdict(t))
	d.out.WriteString("\n    " + strings.ReplaceAll(strings.TrimSpace(t.YAML), "\n", "\n    ") + "\n")
}

// namedPolicy returns a policy with what it is; the recommended one has a star.
func namedPolicy(l unit.Language, row report.TuningRow) string {
	switch row.Part {
	case report.Unchanged:
		return "  " + row.Tuned.Policy + l.Say("tuning.by_default")
	case report.Widened:
		return "  " + row.Tuned.Policy + l.Say("tuning.wider")
	case report.Recommended:
		return "* " + row.Tuned.Policy
	}
	return "  " + row.Tuned.Policy
}

func number(n int) slo.Number { return slo.NumberOf(int64(n)) }

func (d *backtestText) outcomes(o report.Outcomes) string {
	return d.l.Say("tuning.outcomes", "missed", strconv.Itoa(o.Missed), "incidents", strconv.Itoa(o.Incidents),
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
		missed := fmt.Sprintf("%d/%d", o.Missed, o.Incidents)
		row = append(row, cell{text: missed}, cell{text: d.l.Lapse(o.Late)}, cell{text: d.l.Count(number(o.False))})
	}
	figures(&t.InSample)
	row = append(row, cell{text: fmt.Sprintf("%d/%d", t.Chosen, folds)})
	figures(t.HeldOut)
	return row
}

// verdict says what is recommended, and why not more.
func (d *backtestText) verdict(t *report.Tuning) string {
	l := d.l
	switch {
	case t.TooShort == backtest.FewIncidents:
		return l.Say("tuning.few_incidents", "n", strconv.Itoa(t.Incidents), "needed", strconv.Itoa(t.Needed))
	case t.TooShort == backtest.EmptyFolds:
		return l.Say("tuning.empty_folds", "folds", strconv.Itoa(t.Folds))
	case t.TooShort == backtest.NoGrid:
		return l.Say("tuning.no_grid")
	case t.Best.Default:
		return l.Say("tuning.keep")
	}
	return l.Say("tuning.better")
}

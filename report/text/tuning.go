package text

import (
	"fmt"
	"strings"

	"github.com/nines-slo/nines/report"
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
	p := tuningPhrasesOf(d.l)
	title := fmt.Sprintf(p.title, d.l.Count(number(t.Tried)), t.Folds, d.l.Duration(t.Embargo))
	d.line("\n%s", paint(title, bold, d.opts.Color))
	heads := []head{
		{p.policy, false}, {p.missed, true}, {p.late, true}, {p.wrong, true},
		{p.chosen, true}, {p.heldMissed, true}, {p.heldLate, true}, {p.heldWrong, true},
	}
	policies, more := t.Rows()
	var rows [][]cell
	for _, row := range policies {
		rows = append(rows, d.tuned(row.Tuned, t.Folds, p.named(row)))
	}
	newGrid(heads, rows).write(d.out, d.opts.Color)
	if more > 0 {
		d.line(d.p.more, more)
	}
	d.line("\n"+p.heldOut, outcomes(p, t.HeldOut, d), diag.Escape(t.Base.Policy), outcomes(p, t.HeldBase, d))
	if !d.judged() {
		d.line("%s", p.found)
	}
	if t.Own {
		d.line("%s", p.own)
	}
	if t.Mixed {
		d.line(p.mixed, t.Step)
	}
	d.line("%s", d.verdict(t, p))
	d.out.WriteString("\n    " + strings.ReplaceAll(strings.TrimSpace(t.YAML), "\n", "\n    ") + "\n")
}

// named returns a policy with what it is; the recommended one has a star.
func (p tuningPhrases) named(row report.TuningRow) string {
	switch row.Part {
	case report.Unchanged:
		return "  " + row.Tuned.Policy + p.byDefault
	case report.Widened:
		return "  " + row.Tuned.Policy + p.wider
	case report.Recommended:
		return "* " + row.Tuned.Policy
	}
	return "  " + row.Tuned.Policy
}

func number(n int) slo.Number { return slo.NumberOf(int64(n)) }

func outcomes(p tuningPhrases, o report.Outcomes, d *backtestText) string {
	return fmt.Sprintf(p.outcomes, o.Missed, o.Incidents, d.l.Lapse(o.Late), o.False)
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
func (d *backtestText) verdict(t *report.Tuning, p tuningPhrases) string {
	switch {
	case t.TooShort == backtest.FewIncidents:
		return fmt.Sprintf(p.fewIncidents, t.Incidents, t.Needed)
	case t.TooShort == backtest.EmptyFolds:
		return fmt.Sprintf(p.emptyFolds, t.Folds)
	case t.TooShort == backtest.NoGrid:
		return p.noGrid
	case t.Best.Default:
		return p.keep
	}
	return p.better
}

// tuningPhrases are the texts of a search.
type tuningPhrases struct {
	title, policy, missed, late, wrong, chosen, heldMissed, heldLate, heldWrong string
	byDefault, wider, heldOut, outcomes, found, own, mixed                      string
	fewIncidents, emptyFolds, noGrid, keep, better                              string
}

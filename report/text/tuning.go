package text

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// tuning writes what a search for a page policy came to.
func (d *backtestText) tuning() {
	t := d.b.Tuning
	if t == nil {
		return
	}
	l := d.l
	if text := words.Unseen(l, t); text != "" {
		d.heading(text, red)
	}
	title := l.Say("tuning.title", "tried", l.Count(number(t.Tried)),
		"folds", strconv.Itoa(t.Folds), "embargo", l.Duration(t.Embargo))
	d.heading(title, bold)
	heads := []head{{l.Say("tuning.policy"), false}}
	for _, id := range []string{"tuning.in_time", "tuning.recall", "tuning.delay", "tuning.wrong", "tuning.per_week",
		"tuning.chosen",
		"tuning.held_in_time", "tuning.recall", "tuning.delay", "tuning.wrong", "tuning.per_week"} {
		heads = append(heads, head{l.Say(id), true})
	}
	policies, more := t.Rows()
	var rows [][]cell
	for _, row := range policies {
		rows = append(rows, d.tuned(row.Tuned, t.Folds, namedPolicy(l, row)))
	}
	newGrid(heads, rows).write(d.out)
	if more > 0 {
		d.line("%s", l.Say("backtest.more", "n", strconv.Itoa(more)))
	}
	d.line("\n%s", words.TuningRule(l, t))
	d.line("%s", diag.Escape(words.HeldOut(l, t)))
	if !d.judged() {
		d.line("%s", l.Say("tuning.found"))
	}
	if t.Own {
		d.line("%s", l.Say("tuning.own"))
	}
	if t.Mixed {
		d.line("%s", l.Say("tuning.mixed", "step", t.Step))
	}
	d.line("%s", words.Tuned(l, t))
	d.out.WriteString("\n    " + strings.ReplaceAll(strings.TrimSpace(t.YAML), "\n", "\n    ") + "\n")
}

// namedPolicy returns a policy with what it is; the recommended one has a star.
func namedPolicy(l unit.Language, row report.TuningRow) string {
	mark, name := "  ", row.Tuned.Policy
	if row.Best {
		mark = "* "
	}
	switch row.Part {
	case report.Unchanged:
		name += l.Say("tuning.by_default")
	case report.Widened:
		name += l.Say("tuning.wider")
	case report.Silenced:
		name = l.Say("tuning.silent")
	}
	return mark + name
}

func number(n int) slo.Number { return slo.NumberOf(int64(n)) }

// tuned writes a policy, its figures on all of history, and on the folds that chose it.
func (d *backtestText) tuned(t report.TunedPolicy, folds int, name string) []cell {
	row := []cell{{text: diag.Escape(name)}}
	figures := func(o *report.Outcomes) {
		if o == nil {
			row = append(row, slices.Repeat([]cell{{text: "-"}}, 5)...)
			return
		}
		inTime := fmt.Sprintf("%d/%d", o.Detected, o.Incidents)
		recall, delay := narrow(d.l.Percent(o.Recall, 0)), narrow(d.l.Lapse(o.DelayTime))
		row = append(row, cell{text: inTime}, cell{text: recall}, cell{text: delay},
			cell{text: d.l.Count(number(o.False))}, cell{text: narrow(d.l.Multiple(o.PerWeek))})
	}
	figures(&t.InSample)
	row = append(row, cell{text: fmt.Sprintf("%d/%d", t.Chosen, folds)})
	figures(t.HeldOut)
	return row
}

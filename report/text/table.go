package text

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

const (
	stripDays = 28
	maxName   = 48 // columns of a name, unless wide
	gap       = 2  // columns between columns
)

// table is laid out column by column.
type table struct {
	columns []column
}

type column struct {
	head  string
	right bool // aligned to the right
	cells []cell
	width int
}

type cell struct{ text, color string }

// add appends a column with a cell for every objective.
func (t *table) add(st *report.Status, head string, right bool, f func(report.Objective) cell) {
	c := column{head: head, right: right, width: diag.Width(head)}
	for _, o := range st.Objectives {
		cell := f(o)
		c.cells = append(c.cells, cell)
		c.width = max(c.width, diag.Width(cell.text))
	}
	t.columns = append(t.columns, c)
}

// newTable lays out st, the strip of days last.
func newTable(st *report.Status, opts Options) *table {
	t := &table{}
	t.figures(st, opts)
	t.add(st, st.Language.Say("text.days"), false, strip)
	return t
}

// figures adds every column but the strip.
func (t *table) figures(st *report.Status, opts Options) {
	l, p := st.Language, st.Language
	figure := func(head string, f func(report.Objective) string) {
		t.add(st, head, true, func(o report.Objective) cell { return cell{text: narrow(f(o))} })
	}
	t.add(st, p.Say("text.objective"), false, func(o report.Objective) cell { return cell{text: diag.Escape(o.ID())} })
	if !opts.Wide {
		t.columns[0].shorten(maxName)
	}
	t.add(st, p.Say("text.status"), false, func(o report.Objective) cell {
		return cell{unit.ASCII(o.State) + " " + words.State(l, o.State, o.Caveat), colorOf(o.State)}
	})
	figure(p.Say("text.spent"), func(o report.Objective) string { return l.Spent(o.Budget.Spent) })
	figure(p.Say("text.left"), func(o report.Objective) string { return l.Left(o.Budget.Minutes.Remaining) })
	figure(p.Say("text.sli"), func(o report.Objective) string { return l.SLI(o.SLI, o.Target) })
	figure(p.Say("text.target"), func(o report.Objective) string { return o.Target.String() })
	if !opts.Wide {
		figure(p.Say("text.burn"), func(o report.Objective) string { return l.Burn(o.BurnRates.Over(burnWindow)) })
		return
	}
	for _, w := range st.BurnWindows() {
		head := p.Say("text.burn") + " " + slo.FormatDuration(w)
		figure(head, func(o report.Objective) string { return l.Burn(o.BurnRates.Over(w)) })
	}
	t.wide(st)
}

// wide adds the columns that only the wide table has.
func (t *table) wide(st *report.Status) {
	l, p := st.Language, st.Language
	figure := func(head string, right bool, f func(report.Objective) string) {
		t.add(st, head, right, func(o report.Objective) cell { return cell{text: narrow(f(o))} })
		t.dropEmpty()
	}
	figure(p.Say("text.bad"), true, func(o report.Objective) string { return l.Count(o.Counts().Bad) })
	figure(p.Say("text.total"), true, func(o report.Objective) string { return l.Count(o.Counts().Total) })
	figure(p.Say("text.interval"), true, func(o report.Objective) string {
		if o.Evidence == nil {
			return ""
		}
		return words.Interval(l, *o.Evidence, o.Target)
	})
	figure(p.Say("text.coverage"), true, func(o report.Objective) string { return l.Percent(o.Coverage, 1) })
	figure(p.Say("text.kind"), false, func(o report.Objective) string { return diag.Escape(l.Kind(o.Kind)) })
	figure(p.Say("text.window"), false, func(o report.Objective) string {
		return diag.Escape(l.Window(o.Window.Kind, o.Window.Length))
	})
}

// dropEmpty takes back the last column if none of its cells says anything.
func (t *table) dropEmpty() {
	last := t.columns[len(t.columns)-1]
	if !slices.ContainsFunc(last.cells, func(c cell) bool { return c.text != "" }) {
		t.columns = t.columns[:len(t.columns)-1]
	}
}

// burnWindow is the window of the one burn rate that the narrow table shows.
const burnWindow = time.Hour

// strip draws a character for each of the last days, the newest at the right.
func strip(o report.Objective) cell {
	days := o.Days[max(0, len(o.Days)-stripDays):]
	levels := strings.Repeat(" ", stripDays-len(days))
	for _, d := range days {
		levels += [...]string{"?", ".", "-", "+", "#"}[d.Level]
	}
	return cell{text: levels}
}

func (c *column) shorten(n int) {
	for i := range c.cells {
		c.cells[i].text = cut(c.cells[i].text, n)
	}
	c.width = min(c.width, max(n, diag.Width(c.head)))
}

func (t *table) write(out *diag.Screen) {
	t.row(out, func(c column) cell { return cell{c.head, bold} })
	for i := range t.columns[0].cells {
		t.row(out, func(c column) cell { return c.cells[i] })
	}
}

// row writes one line, without spaces at its end.
func (t *table) row(out *diag.Screen, of func(column) cell) {
	pending := 0 // spaces owed before the next text
	for i, c := range t.columns {
		if i > 0 {
			pending += gap
		}
		cell := of(c)
		text := strings.TrimRight(cell.text, " ")
		before, after := 0, c.width-diag.Width(text)
		if c.right {
			before, after = after, 0
		}
		pending += before
		if text != "" {
			out.WriteString(strings.Repeat(" ", pending))
			out.Paint(text, cell.color)
			pending = 0
		}
		pending += after
	}
	out.WriteString("\n")
}

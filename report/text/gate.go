package text

import (
	"fmt"
	"io"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// MaxReasons is how many reasons the last lines of a gate tell in full.
const MaxReasons = 2

// Gate writes g for the log of a pipeline: the verdict, a line per objective, and,
// unless the gate is open, the verdict again with what to do, so that the last ten
// lines say it all.
func Gate(w io.Writer, g *report.Gate, opts Options) error {
	out := diag.NewPage(w, diag.Text, opts.Color)
	title(out, g)
	if len(g.Objectives) > 0 {
		out.WriteString("\n")
		gateTable(g).write(out)
	}
	for i, o := range g.Exceptions() {
		if i == 0 {
			out.WriteString("\n")
		}
		fmt.Fprintln(out, diag.Escape(o.Text))
	}
	for _, n := range g.Notes {
		if opts.Quiet {
			break
		}
		fmt.Fprintf(out, "\n%s %s\n", g.Language.Say("text.note"), diag.Escape(words.GateNote(g, n)))
	}
	writeDeploys(out, g)
	if g.Verdict != slo.Open {
		out.WriteString("\n")
		title(out, g)
		writeReasons(out, g)
		for _, text := range words.GateOverride(g) {
			fmt.Fprintln(out, diag.Escape(text))
		}
		if text := words.GateOpening(g); text != "" {
			fmt.Fprintln(out, diag.Escape(narrow(text)))
		}
	}
	return out.Flush()
}

func title(out *diag.Screen, g *report.Gate) {
	out.Paint(diag.Escape(words.GateTitle(g)), colorOfVerdict(g.Verdict))
	out.WriteString("\n")
}

// gateTable has a row for every objective, and one more for every further reason.
func gateTable(g *report.Gate) *table {
	var columns []column
	for _, head := range words.GateHeads(g) {
		columns = append(columns, column{head: strings.ToUpper(head)})
	}
	for _, o := range g.Objectives {
		for _, c := range o.Rows() {
			figure, limit := words.GateFigure(g, o, c)
			cells := []cell{
				{diag.Escape(words.GateSays(g, c)), colorOfVerdict(c.Weight)}, {text: diag.Escape(o.ID)},
				{text: cut(diag.Escape(narrow(figure)), maxName)}, {text: narrow(limit)}, {text: diag.Escape(c.Policy)},
			}
			for i, cell := range cells {
				columns[i].cells = append(columns[i].cells, cell)
			}
		}
	}
	for i := range columns {
		columns[i].fit()
	}
	return &table{columns: columns}
}

// fit makes c as wide as its widest cell.
func (c *column) fit() {
	c.width = diag.Width(c.head)
	for _, cell := range c.cells {
		c.width = max(c.width, diag.Width(cell.text))
	}
}

// writeReasons tells the worst reasons in full, and how many more there are.
func writeReasons(out *diag.Screen, g *report.Gate) {
	l, last := g.Language, ""
	all := g.AllReasons()
	for _, r := range all[:min(MaxReasons, len(all))] {
		fmt.Fprintf(out, "  %s: %s\n", diag.Escape(words.Named(l, r.IDs)), diag.Escape(narrow(r.Check.Text)))
		if r.Check.Remedy != "" && r.Check.Remedy != last {
			last = r.Check.Remedy
			fmt.Fprintf(out, "    %s %s\n", l.Say("text.hint"), diag.Escape(r.Check.Remedy))
		}
	}
	if more := len(all) - MaxReasons; more > 0 {
		fmt.Fprintf(out, "  %s\n", l.Counted("text.more_reasons", more))
	}
}

func colorOfVerdict(v slo.Verdict) string {
	switch v {
	case slo.Closed:
		return red
	case slo.Warn:
		return yellow
	case slo.Open:
		return green
	}
	return cyan
}

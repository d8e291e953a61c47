package text

import (
	"bufio"
	"fmt"
	"io"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// maxReasons is how many reasons the last lines of a gate tell in full.
const maxReasons = 2

// Gate writes g for the log of a pipeline: the verdict, a line per objective, and,
// unless the gate is open, the verdict again with what to do, so that the last ten
// lines say it all.
func Gate(w io.Writer, g *report.Gate, color bool) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "%s\n", title(g, color))
	if len(g.Objectives) > 0 {
		out.WriteByte('\n')
		gateTable(g).write(out, color)
	}
	for i, text := range g.Exceptions() {
		if i == 0 {
			out.WriteByte('\n')
		}
		fmt.Fprintln(out, diag.Escape(text))
	}
	writeDeploys(out, g)
	if g.Verdict != slo.Open {
		fmt.Fprintf(out, "\n%s\n", title(g, color))
		writeReasons(out, g)
		for _, text := range g.Override() {
			fmt.Fprintln(out, diag.Escape(text))
		}
		if text := g.Opening(); text != "" {
			fmt.Fprintln(out, diag.Escape(narrow(text)))
		}
	}
	return out.Flush()
}

func title(g *report.Gate, color bool) string {
	return paint(diag.Escape(g.Title()), colorOfVerdict(g.Verdict), color)
}

// gateTable has a row for every objective, and one more for every further reason.
func gateTable(g *report.Gate) *table {
	p := phrasesOf(g.Language)
	columns := []column{{head: p.verdict}, {head: p.objective}, {head: p.figure}, {head: p.limit}, {head: p.policy}}
	for _, o := range g.Objectives {
		for i, c := range o.Checks {
			if i > 0 && c.Verdict == slo.Open {
				continue
			}
			verdict, name := cell{g.Says(c), colorOfVerdict(c.Weight)}, cell{text: cut(diag.Escape(o.ID), maxName)}
			figure, limit := g.Figure(o, c)
			for k, cell := range []cell{verdict, name, {text: cut(diag.Escape(narrow(figure)), maxName)}, {text: narrow(limit)}, {text: diag.Escape(c.Policy)}} {
				columns[k].cells = append(columns[k].cells, cell)
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
func writeReasons(out *bufio.Writer, g *report.Gate) {
	p := phrasesOf(g.Language)
	told, last := 0, ""
	for _, o := range g.Objectives {
		for _, c := range o.Reasons() {
			if told++; told > maxReasons {
				continue
			}
			fmt.Fprintf(out, "  %s: %s\n", cut(diag.Escape(o.ID), maxName), diag.Escape(narrow(c.Text)))
			if c.Remedy != "" && c.Remedy != last {
				last = c.Remedy
				fmt.Fprintf(out, "    %s %s\n", p.hint, diag.Escape(c.Remedy))
			}
		}
	}
	if more := told - maxReasons; more > 0 {
		fmt.Fprintf(out, "  "+p.moreReasons+"\n", more)
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

package markdown

import (
	"fmt"
	"io"
	"slices"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/diag"
)

// Gate writes g: the verdict, every reason, and what to do.
func Gate(w io.Writer, g *report.Gate) error {
	out := diag.NewPage(w, diag.Text, false)
	fmt.Fprintf(out, "## %s %s\n\n", unit.Mark(report.AsBadAs(g.Verdict)), escape(words.GateTitle(g)))
	if len(g.Objectives) > 0 {
		gateTable(out, g)
		out.WriteString("\n")
	}
	for _, n := range g.Notes {
		fmt.Fprintf(out, "- %s\n", escape(words.GateNote(g, n)))
	}
	for _, o := range g.Exceptions() {
		fmt.Fprintf(out, "- %s\n", escape(o.Text))
	}
	for _, r := range g.Causes() {
		reason(out, words.Named(g.Language, r.IDs), r.Check)
	}
	if text := words.GateOpening(g); text != "" {
		fmt.Fprintf(out, "\n**%s**\n", escape(text))
	}
	for how := range slices.Chunk(words.GateOverride(g), 2) {
		fmt.Fprintf(out, "\n%s\n\n    %s\n", escape(how[0]), diag.Escape(how[1]))
	}
	return out.Flush()
}

// reason writes that c is a reason, of what has that name.
func reason(out *diag.Screen, name string, c report.GateCheck) {
	fmt.Fprintf(out, "- **%s**: %s", escape(name), escape(c.Text))
	if c.Remedy != "" {
		fmt.Fprintf(out, " – %s", escape(c.Remedy))
	}
	out.WriteString("\n")
}

// gateTable has a row for every objective, and one more for every further reason.
func gateTable(out *diag.Screen, g *report.Gate) {
	row(out, words.GateHeads(g)...)
	out.WriteString("|---|---|--:|--:|---|\n")
	for _, o := range g.Objectives {
		for _, c := range o.Rows() {
			figure, limit := words.GateFigure(g, o, c)
			row(out, escape(words.GateSays(g, c)), escape(o.ID), escape(figure), limit, escape(c.Policy))
		}
	}
}

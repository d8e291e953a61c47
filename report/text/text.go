// Package text writes the model for terminals and plain-text logs: a table, worst
// first, what the reader has to know below it, and a last line that sums up.
//
// Widths are counted in terminal columns, not in characters, and ambiguous ones
// are avoided. Whatever a name holds, it stays in its cell: control characters
// are written as escapes.
package text

import (
	"fmt"
	"io"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/diag"
)

// Options say how a status is written.
type Options struct {
	Wide  bool // full names and every figure
	Color bool // SGR colours on marks and words
	Quiet bool // no warnings and notes
}

// Status writes st.
func Status(w io.Writer, st *report.Status, opts Options) error {
	out := diag.NewPage(w, diag.Text, opts.Color)
	if len(st.Objectives) > 0 {
		t := newTable(st, opts)
		t.write(out)
		fmt.Fprintf(out, "\n%s\n", st.Language.Say("text.legend"))
	}
	if !opts.Quiet {
		writeNotes(out, st)
	}
	writeForecasts(out, st)
	fmt.Fprintf(out, "\n%s\n", summary(st))
	return out.Flush()
}

// Report writes the headline of r on one line, and that of its deploys on another. Where
// the data lies outside the period it says which that is, and where there is some.
func Report(w io.Writer, r *report.Report, opts Options) error {
	out := diag.NewPage(w, diag.Text, opts.Color)
	for _, line := range []string{r.Headline, words.DeployHeadline(r.Language, r.Deploys)} {
		if line != "" {
			fmt.Fprintln(out, diag.Escape(line))
		}
	}
	if ns := beyond(r); len(ns) > 0 && !opts.Quiet {
		for _, n := range ns {
			n.write(out, r.Language)
		}
	}
	return out.Flush()
}

// beyond says that the data of objectives lies elsewhere than in the period.
func beyond(r *report.Report) notes {
	period := r.Language.Period(r.Period.Name, r.Period.Bounds(), r.Zone)
	ns := notes{{label: r.Language.Say("text.note"), text: r.Language.Say("text.report_of", "period", period)}}
	for _, o := range r.Objectives {
		for _, f := range words.Lying(o.Warnings) {
			ns.add(finding(f, r.Language), o.ID())
		}
	}
	if len(ns) == 1 {
		return nil
	}
	return ns
}

// Package text writes the model for terminals and plain-text logs: a table, worst
// first, what the reader has to know below it, and a last line that sums up.
//
// Widths are counted in terminal columns, not in characters, and ambiguous ones
// are avoided. Whatever a name holds, it stays in its cell: control characters
// are written as escapes.
package text

import (
	"bufio"
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
	out := bufio.NewWriter(w)
	if len(st.Objectives) > 0 {
		t := newTable(st, opts)
		t.write(out, opts.Color)
		fmt.Fprintf(out, "\n%s\n", st.Language.Say("text.legend"))
	}
	if !opts.Quiet {
		writeNotes(out, st, opts.Color)
	}
	writeForecasts(out, st, opts.Color)
	fmt.Fprintf(out, "\n%s\n", summary(st))
	return out.Flush()
}

// Report writes the headline of r on one line, and that of its deploys on another.
func Report(w io.Writer, r *report.Report) error {
	for _, line := range []string{r.Headline, words.DeployHeadline(r.Language, r.Deploys)} {
		if line == "" {
			continue
		}
		if _, err := fmt.Fprintln(w, diag.Escape(line)); err != nil {
			return err
		}
	}
	return nil
}

package text

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
)

// Alerts writes what fires and what cannot be told, most urgent first; wide adds
// what is inactive.
func Alerts(w io.Writer, a *report.Alerts, opts Options) error {
	out := diag.NewPage(w, diag.Text, opts.Color)
	says := words.OfAlerts(a.Language)
	if rows := a.Rows(opts.Wide); len(rows) > 0 {
		t := newGrid(alertHeads(says), alertCells(a, rows, says))
		if !opts.Wide {
			t.columns[2].shorten(maxName)
		}
		t.write(out)
		fmt.Fprintf(out, "\n%s\n", says.Legend)
	}
	if !opts.Quiet {
		writeNotes(out, &a.Status)
	}
	p, zone := a.Language, a.Zone
	if zone == nil {
		zone = time.UTC
	}
	end := narrow(a.Language.DateTime(a.At, zone)) + " " + diag.Escape(zone.String())
	fmt.Fprintf(out, "\n%s\n", strings.Join([]string{says.Total(a), counted(p, len(a.Objectives)), end}, p.Say("text.semicolon")))
	return out.Flush()
}

func alertHeads(w words.AlertWords) []head {
	heads := []head{{w.State, false}, {w.Class, false}, {w.Objective, false}, {w.Condition, false}, {w.Now, true},
		{w.Limit, true}, {w.Since, false}, {w.Cost, true}, {w.Spent, true}, {w.Clears, false}}
	for i := range heads {
		heads[i].text = strings.ToUpper(heads[i].text)
	}
	return heads
}

func alertCells(a *report.Alerts, rows []report.AlertRow, w words.AlertWords) [][]cell {
	l := a.Language
	var cells [][]cell
	for _, r := range rows {
		mark, color := alertMark(r.Alert.State)
		cells = append(cells, []cell{
			{mark + " " + w.StateOf(r.Alert), color},
			{l.Class(r.Alert.Class), color},
			{text: diag.Escape(r.Objective.ID())},
			{text: diag.Escape(r.Alert.Condition)},
			{text: narrow(words.AlertFigure(l, r.Alert))},
			{text: narrow(words.AlertLimit(l, r.Alert))},
			{text: narrow(w.Begun(r.Alert, &a.Status))},
			{text: narrow(l.Spent(r.Alert.Cost))},
			{text: narrow(l.Spent(r.Objective.Budget.Spent))},
			{text: narrow(w.ClearsAt(r.Alert, &a.Status))},
		})
	}
	return cells
}

// alertMark returns mark and colour of a condition's state.
func alertMark(s burn.State) (mark, color string) {
	switch s {
	case burn.Active:
		return "x", red
	case burn.Pending:
		return "!", yellow
	case burn.NoData:
		return "?", cyan
	}
	return " ", plain
}

package markdown

import (
	"io"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
)

// Alerts writes what fires and what cannot be told as a table, most urgent first.
func Alerts(w io.Writer, a *report.Alerts) error {
	out := diag.NewPage(w, diag.Text, false)
	l, says := a.Language, words.OfAlerts(a.Language)
	if rows := a.Rows(false); len(rows) > 0 {
		row(out, says.State, says.Class, says.Objective, says.Condition, says.Now, says.Limit,
			says.Since, says.Cost, says.Spent, says.Clears)
		out.WriteString("|---|---|---|---|--:|--:|---|--:|--:|---|\n")
		for _, r := range rows {
			begun, clears := says.Begun(r.Alert, &a.Status), says.ClearsAt(r.Alert, &a.Status)
			row(out, alertMark(r.Alert.State)+" "+says.StateOf(r.Alert), l.Class(r.Alert.Class),
				escape(r.Objective.ID()), escape(r.Alert.Condition),
				words.AlertFigure(l, r.Alert), words.AlertLimit(l, r.Alert),
				escape(begun), l.Spent(r.Alert.Cost), l.Spent(r.Objective.Budget.Spent), escape(clears))
		}
		out.WriteString("\n")
	}
	out.WriteString(says.Total(a) + "\n")
	warnings(out, &a.Status)
	return out.Flush()
}

// alertMark returns the mark of the state that is as bad as s.
func alertMark(s burn.State) string {
	states := map[burn.State]slo.State{burn.Active: slo.Exhausted, burn.Pending: slo.AtRisk, burn.NoData: slo.NoData}
	return unit.Mark(states[s])
}

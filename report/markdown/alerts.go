package markdown

import (
	"bufio"
	"io"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

// Alerts writes what fires and what cannot be told as a table, most urgent first.
func Alerts(w io.Writer, a *report.Alerts) error {
	out := bufio.NewWriter(w)
	l, words := a.Language, report.WordsOfAlerts(a.Language)
	if rows := a.Rows(false); len(rows) > 0 {
		row(out, words.State, words.Class, words.Objective, words.Condition, words.Now, words.Limit, words.Since, words.Cost, words.Spent, words.Clears)
		out.WriteString("|---|---|---|---|--:|--:|---|--:|--:|---|\n")
		for _, r := range rows {
			row(out, alertMark(r.Alert.State)+" "+words.StateOf(r.Alert), l.Class(r.Class), escape(r.ID()), escape(r.Condition), r.Shown(l), r.LimitShown(l),
				escape(words.Begun(r.Alert, &a.Status)), l.Spent(r.Cost), l.Spent(r.Deciding().Spent), escape(words.ClearsAt(r.Alert, &a.Status)))
		}
		out.WriteString("\n")
	}
	out.WriteString(words.Total(a) + "\n")
	warnings(out, &a.Status)
	return out.Flush()
}

// alertMark returns the mark of the state that is as bad as s.
func alertMark(s burn.State) string {
	return unit.Mark(map[burn.State]slo.State{burn.Active: slo.Exhausted, burn.Pending: slo.AtRisk, burn.NoData: slo.NoData}[s])
}

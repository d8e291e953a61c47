package csv

import (
	"io"

	"github.com/nines-slo/nines/report"
)

// Backtest writes one row a policy of each objective. The outcomes are empty
// without an incidents file; times are minutes. Fired is empty for what cannot fire.
func Backtest(w io.Writer, b *report.Backtest) error {
	rows := [][]string{{
		"service", "name", "labels", "policy", "class", "from", "to", "fired", "per_week",
		"detected", "late", "missed", "not_judged", "false", "precision", "recall",
		"detection_median", "detection_worst", "reset_median", "reset_worst",
		"spent_before_median", "spent_before_worst", "error", "warnings",
	}}
	for _, o := range b.Objectives {
		for _, a := range o.Policies {
			rows = append(rows, []string{
				text(o.Service), text(o.Name), text(labels(o.Labels)), text(a.Name), text(string(a.Class)),
				instant(o.From), instant(o.To), number(a.Times()), number(a.PerWeek),
				number(a.Detected), number(a.Late), number(a.Missed), number(a.NotJudged),
				number(a.False), number(a.Precision), number(a.Recall),
				number(a.Detection.Median), number(a.Detection.Worst), number(a.Reset.Median), number(a.Reset.Worst),
				number(a.Spent.Median), number(a.Spent.Worst), text(o.Failed), warnings(o.Warnings),
			})
		}
	}
	return write(w, rows)
}

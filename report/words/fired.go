package words

import (
	"fmt"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// FiredTitle sums the alerts of a report up in one line.
func FiredTitle(r *report.Report) string {
	counts, useful := map[slo.Class]int{}, 0
	rows, _ := r.FiredRows()
	for _, row := range rows {
		counts[row.Alert.Class] += row.Alert.Fired
		useful += row.Alert.InIncidents()
	}
	return firedTitle(r.Language, counts, useful)
}

func firedTitle(l unit.Language, counts map[slo.Class]int, useful int) string {
	total := counts[slo.Page] + counts[slo.Ticket] + counts[slo.Log]
	words := firedWordsOf(l)
	if total == 0 {
		return words.none
	}
	var parts []string
	for _, class := range []slo.Class{slo.Page, slo.Ticket, slo.Log} {
		if n := counts[class]; n > 0 {
			parts = append(parts, words.count(l, class, n))
		}
	}
	return words.title(parts, useful, total)
}

// firedWords are the clauses of FiredTitle.
type firedWords struct{ none, one, many, comma, whole, some string }

func firedWordsOf(l unit.Language) firedWords {
	if l == unit.Japanese {
		return firedWords{none: "アラートの発報なし", one: "%[2]s%[1]d件", many: "%[2]s%[1]d件", comma: "、",
			whole: "%[1]sを発報、すべて障害に該当", some: "%[1]sを発報、うち%[2]d件が障害に該当"}
	}
	return firedWords{none: "No alert fired", one: "%d %s", many: "%d %ss", comma: ", ",
		whole: "%[1]s fired, all in incidents", some: "%[1]s fired, %[2]d of %[3]d in incidents"}
}

func (w firedWords) count(l unit.Language, c slo.Class, n int) string {
	if n == 1 {
		return fmt.Sprintf(w.one, n, l.Class(c))
	}
	return fmt.Sprintf(w.many, n, l.Class(c))
}

func (w firedWords) title(parts []string, useful, total int) string {
	text := w.some
	if useful == total {
		text = w.whole
	}
	return fmt.Sprintf(text, strings.Join(parts, w.comma), useful, total)
}

// Spread returns "3 min / 9 min", as write writes each, once where both are the same.
func Spread(s report.Spread, write func(slo.Number) string) string {
	median, worst := write(s.Median), write(s.Worst)
	if median == worst {
		return median
	}
	return median + " / " + worst
}

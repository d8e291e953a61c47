package report

import (
	"fmt"
	"strings"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

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

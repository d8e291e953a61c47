package excel

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// daily draws the counts that the formulas of the objectives sheet add: one row
// for each objective and day, streamed.
func daily(b *book) {
	w := b.words
	wide := max(16, b.countWidth())
	s := b.open(layout{w.daily, []float64{5, 40, 14, 11, wide, wide, wide, max(14, b.ratioWidth()), 14, 12}, fmt.Sprintf("C%d", firstRow)})
	s.heading(w.daily+" · "+b.period(), w.dailyNote)
	s.row(headRow, 34, b.text(w.no, headLook), b.text(w.objective, headLook), b.text(w.date, headLook), b.text(w.unitOf, headLook),
		b.text(w.goodEvents, headNumLook), b.text(w.bad, headNumLook), b.text(w.events, headNumLook), b.text(w.sli, headNumLook),
		b.text(w.spent, headNumLook), b.text(w.multiple, headNumLook))
	n := headRow
	for i, o := range b.report.Objectives {
		r := row{o, i + 1, &table{book: b}}
		for _, d := range o.Days {
			n++
			s.row(n, 20, s.dailyCells(r, d)...)
		}
	}
	s.print(fmt.Sprintf("$A$1:$J$%d", max(n, firstRow)), fmt.Sprintf("$1:$%d", headRow), 1, 0)
	if n > headRow {
		s.try(s.file.AutoFilter(s.name, fmt.Sprintf("A%d:J%d", headRow, n), nil))
	}
	s.flush()
}

func (s *sheet) dailyCells(r row, d report.Day) []any {
	counted := look{align: "right", format: "#,##0"}
	if r.Method == slo.RatioTimeslices {
		counted.format = "#,##0.00"
	}
	whole := look{align: "right", format: "#,##0"}
	right := func(format string) look { return look{align: "right", format: format} }
	return []any{
		s.number(slo.NumberOf(int64(r.number)), look{align: "left", color: muted, format: "0"}),
		s.text(r.ID(), look{}), excelize.Cell{Value: serialDate(d.Date), StyleID: s.style(look{align: "left", format: "yyyy-mm-dd"})},
		s.text(r.countedIn(), look{color: muted}),
		s.number(d.Counts.Good, counted), s.number(d.Counts.Bad, counted), s.number(d.Counts.Total, whole),
		s.number(d.SLI, right(ratioFormat(d.SLI, r.Target))), s.number(d.Spent, right("0.0%")), s.number(d.Multiple, right("0.0")),
	}
}

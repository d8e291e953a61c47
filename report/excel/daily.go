package excel

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
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
	right := look{align: "right"}
	return []any{
		s.number(slo.NumberOf(int64(r.number)), look{align: "left", color: muted, format: "0"}),
		s.text(r.ID(), look{}), excelize.Cell{Value: serialDate(d.Date), StyleID: s.style(look{align: "left", format: "yyyy-mm-dd"})},
		s.text(r.countedIn(), look{color: muted}),
		s.counted(d.Counts.Good), s.counted(d.Counts.Bad), s.counted(d.Counts.Total),
		s.figure(unit.SLI(d.SLI, r.Target), right), s.figure(unit.Share(d.Spent), right),
		s.figure(unit.Multiple(d.Multiple), right),
	}
}

// counted returns a cell with a count that formulas add: exact, shown as everywhere.
func (b *book) counted(n slo.Number) excelize.Cell {
	return b.number(n, look{align: "right", format: unit.Count(n).Format()})
}

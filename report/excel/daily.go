package excel

import (
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
	g := b.grid(w.daily, w.daily+" · "+b.period(), w.dailyNote, "C", 34, []columnHead{
		{w.no, 5, headLook}, {w.objective, 40, headLook}, {w.date, 14, headLook}, {w.unitOf, 11, headLook},
		{w.goodEvents, wide, headNumLook}, {w.bad, wide, headNumLook}, {w.events, wide, headNumLook},
		{w.sli, max(14, b.ratioWidth()), headNumLook}, {w.spent, 14, headNumLook}, {w.multiple, 12, headNumLook},
	})
	for i, o := range b.report.Objectives {
		for _, d := range o.Days {
			g.add(20, b.dailyCells(i+1, o, d))
		}
	}
	g.finish("")
}

func (b *book) dailyCells(number int, o report.Objective, d report.Day) []any {
	right := look{align: "right"}
	return []any{
		b.number(slo.NumberOf(int64(number)), look{align: "left", color: muted, format: "0"}),
		b.text(o.ID(), look{}),
		excelize.Cell{Value: serialDate(d.Date), StyleID: b.style(look{align: "left", format: "yyyy-mm-dd"})},
		b.text(b.countedIn(o), look{color: muted}),
		b.counted(d.Counts.Good), b.counted(d.Counts.Bad), b.counted(d.Counts.Total),
		b.figure(unit.SLI(d.SLI, o.Target), right), b.figure(unit.Share(d.Spent), right),
		b.figure(unit.Multiple(d.Multiple), right),
	}
}

// counted returns a cell with a count that formulas add: exact, shown as everywhere.
func (b *book) counted(n slo.Number) excelize.Cell {
	return b.number(n, look{align: "right", format: unit.Count(n).Format()})
}

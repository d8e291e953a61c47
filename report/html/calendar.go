package html

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// Sizes of a calendar, in its own units.
const (
	cellWidth, cellHeight = 44, 34
	headHeight            = 18
)

// calendar draws the days of o in weeks that begin on Monday, each with what it
// took of the budget in multiples of an even day's share.
func (p *painter) calendar(o report.Objective, label string) template.HTML {
	var s svg
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		fmt.Fprintf(&s, `<text class="head" x="%d" y="12">%s</text>`, i*cellWidth+5, escape(p.l.Weekday(day)))
	}
	rows := 1
	for i, d := range o.Days {
		date, err := slo.ParseDate(d.Date)
		if err != nil {
			continue // a renderer's input is a model whose dates are valid
		}
		column := (int(date.Weekday()) + 6) % 7
		if i > 0 && column == 0 {
			rows++
		}
		p.cell(&s, d, date, column*cellWidth, headHeight+(rows-1)*cellHeight)
	}
	return s.picture("calendar", label, 7*cellWidth, float64(headHeight+rows*cellHeight))
}

// cell draws a day; the first of a month carries the month too.
func (p *painter) cell(s *svg, d report.Day, date slo.Date, x, y int) {
	name := strconv.Itoa(date.Day)
	if date.Day == 1 {
		name = fmt.Sprintf("%d/%d", date.Month, date.Day)
	}
	value := "–"
	if d.Level != report.LevelNone {
		value = p.l.Multiple(d.Multiple)
	}
	s.mark(p.dayMark(d), `<rect class="c%d" x="%d" y="%d" width="%d" height="%d" rx="2"/><text x="%d" y="%d">%s</text><text class="value" x="%d" y="%d">%s</text>`,
		d.Level, x+1, y+1, cellWidth-2, cellHeight-2, x+5, y+13, name, x+cellWidth-5, y+28, value)
}

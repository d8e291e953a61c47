package html

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
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
	if long(o) {
		return p.year(o, label)
	}
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

// cell draws a day. Where the texts stand in it is the style's business.
func (p *painter) cell(s *svg, d report.Day, date slo.Date, x, y int) {
	value, title := unit.Unknown, p.s.DayMarkNone
	if d.Level != report.LevelNone {
		value, title = p.l.Multiple(d.Multiple), "{date}: {multiple}×"
	}
	fmt.Fprintf(s, `<g class="c%d" transform="translate(%d,%d)"><title>%s</title><rect/><text>%s</text><text>%s</text></g>`, d.Level, x, y,
		escape(fill(title, "{date}", d.Date, "{multiple}", value)), escape(p.dayName(d, date)), value)
}

// dayName is the day's number, with its month on the first of one.
func (p *painter) dayName(d report.Day, date slo.Date) string {
	if date.Day == 1 {
		return date.Midday().Format(p.s.MonthBegins)
	}
	return strconv.Itoa(date.Day)
}

// long tells whether o has so many days that a calendar shows colours only.
func long(o report.Objective) bool { return len(o.Days) > 100 }

// year draws the days of o in columns of weeks, with colours but no figures: those
// stand in the marks' titles and in the tables below.
func (p *painter) year(o report.Objective, label string) template.HTML {
	const size = 17
	var s svg
	column := 0
	for i, d := range o.Days {
		date, err := slo.ParseDate(d.Date)
		if err != nil {
			continue
		}
		row := (int(date.Weekday()) + 6) % 7
		if i > 0 && row == 0 {
			column++
		}
		if date.Day == 1 {
			fmt.Fprintf(&s, `<text class="head" x="%d" y="12">%s</text>`, column*size, escape(p.dayName(d, date)))
		}
		fmt.Fprintf(&s, `<g class="c%d" transform="translate(%d,%d)"><title>%s</title><rect/></g>`, d.Level, column*size, headHeight+row*size, escape(p.dayMark(d)))
	}
	return s.picture("calendar year", label, float64((column+1)*size), headHeight+7*size)
}

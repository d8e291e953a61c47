package html

import (
	"html/template"
	"math"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
)

// dayPart paints days: bars in the table, and calendars.
type dayPart part

// calendar is the calendar of an objective that has no section.
type calendar struct {
	ID, Name, Title string
	Picture         template.HTML
}

// calendars are those of objectives without a section.
func (p dayPart) calendars() []calendar {
	var out []calendar
	for i, o := range p.report.Objectives {
		if o.Detail == nil && len(o.Days) > 0 {
			title := p.say.worstDay(o)
			picture := p.calendar(o, o.ID()+": "+title)
			out = append(out, calendar{ID: anchor(i), Name: o.ID(), Title: title, Picture: picture})
		}
	}
	return out
}

// bars draws one bar a day: its height and colour are the day's level, which the
// style knows.
func (p dayPart) bars(o report.Objective) template.HTML {
	const width, height = 217.0, 22.0
	days := max(len(o.Days), o.Window.Days())
	pitch := math.Min(width/math.Max(float64(days), 1), 14)
	var s svg
	s.add(`<g style="--w:%spx">`, short(pitch-math.Min(1.5, pitch/4)))
	for i, d := range o.Days {
		s.add(`<rect class="d%d" x="%s"><title>%s</title></rect>`, d.Level, short(float64(i)*pitch), escape(p.mark(d)))
	}
	s.add("</g>")
	return s.picture("days", p.label(o), math.Max(pitch*float64(days), 1), height)
}

// mark says what a day took.
func (p dayPart) mark(d report.Day) string {
	if d.Level == report.LevelNone {
		return texts.Fill(p.say.s.DayMarkNone, "date", d.Date)
	}
	return texts.Fill(p.say.s.DayMark, "date", d.Date, "multiple", p.say.l.Multiple(d.Multiple))
}

// label counts the days of each level.
func (p dayPart) label(o report.Objective) string {
	days := o.Days
	if len(days) == 0 {
		return p.say.w.NoData
	}
	at := o.DaysAt()
	count := func(level report.Level) string { return strconv.Itoa(at[level]) }
	return texts.Fill(p.say.s.DaysLabel, "range", days[0].Date+" – "+days[len(days)-1].Date,
		"low", count(report.LevelLow), "even", count(report.LevelEven), "high", count(report.LevelHigh),
		"over", count(report.LevelOver), "none", count(report.LevelNone))
}

// Sizes of a calendar, in its own units.
const (
	cellWidth, cellHeight = 44, 34
	headHeight            = 18
)

// calendar draws the days of o in weeks that begin on Monday, each with what it
// took of the budget in multiples of an even day's share.
func (p dayPart) calendar(o report.Objective, label string) template.HTML {
	if long(o) {
		return p.year(o, label)
	}
	var s svg
	for i := range 7 {
		day := time.Weekday((i + 1) % 7)
		s.add(`<text class="head" x="%d" y="12">%s</text>`, i*cellWidth+5, escape(p.say.l.Weekday(day)))
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
func (p dayPart) cell(s *svg, d report.Day, date slo.Date, x, y int) {
	value, title := unit.Unknown, p.say.s.DayMarkNone
	if d.Level != report.LevelNone {
		value, title = p.say.l.Multiple(d.Multiple), "{date}: {multiple}×"
	}
	title = texts.Fill(title, "date", d.Date, "multiple", value)
	s.add(`<g class="c%d" transform="translate(%d,%d)"><title>%s</title><rect/><text>%s</text><text>%s</text></g>`,
		d.Level, x, y, escape(title), escape(p.name(date)), value)
}

// name is the day's number, with its month on the first of one.
func (p dayPart) name(date slo.Date) string {
	if date.Day == 1 {
		return p.say.l.ShortDate(date.Midday())
	}
	return strconv.Itoa(date.Day)
}

// long tells whether o has so many days that a calendar shows colours only.
func long(o report.Objective) bool { return len(o.Days) > 100 }

// year draws the days of o in columns of weeks, with colours but no figures: those
// stand in the marks' titles and in the tables below.
func (p dayPart) year(o report.Objective, label string) template.HTML {
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
			s.add(`<text class="head" x="%d" y="12">%s</text>`, column*size, escape(p.name(date)))
		}
		s.add(`<g class="c%d" transform="translate(%d,%d)"><title>%s</title><rect/></g>`,
			d.Level, column*size, headHeight+row*size, escape(p.mark(d)))
	}
	return s.picture("calendar year", label, float64((column+1)*size), headHeight+7*size)
}

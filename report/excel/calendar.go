package excel

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
)

// calendarDays is the number of columns before the first day.
const calendarDays = 3

// Rows of the calendar: months, weekdays and days stand above the objectives.
const (
	calendarMonth = 4
	calendarFirst = 7
)

// calendarSheet writes the calendar.
type calendarSheet struct{ sheet *sheet }

// calendar draws one row for each objective and one column for each day that an
// objective has. A cell holds the day's multiple of an even day's share.
func calendar(b *book) {
	days := dates(b.report.Objectives)
	widths := []float64{5, 18, 30}
	for range days {
		widths = append(widths, 5.2)
	}
	s := b.open(layout{b.words.calendar, widths, fmt.Sprintf("D%d", calendarFirst)})
	s.heading(b.words.calendar+" · "+b.period(), b.words.calendarNote)
	c := calendarSheet{s}
	c.key()
	c.dayHeads(days)
	for i, o := range b.report.Objectives {
		s.row(calendarFirst+i, 22, c.row(i+1, o, days)...)
	}
	c.finish(len(days))
	s.flush()
}

// dates returns all days of the objectives, "2026-10-31", in order.
func dates(objectives []report.Objective) []string {
	set := map[string]bool{}
	for _, o := range objectives {
		for _, d := range o.Days {
			set[d.Date] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// key explains the colours, one day cell and its words for each.
func (c calendarSheet) key() {
	var cells []any
	fills := []string{dayLow, dayEven, dayHigh, dayOver, dayNone}
	for i, words := range strings.Split(c.sheet.words.calendarKey, "|") {
		sample := c.sheet.text("", look{fill: fills[i], cell: true})
		label := c.sheet.text(words, look{size: 9, color: muted, indent: 1, align: "left"})
		cells = append(cells, sample, label, nil, nil)
	}
	c.sheet.rowAt("D", 3, 20, cells...)
}

// dayHeads writes the months, the weekdays and the days of the month.
func (c calendarSheet) dayHeads(days []string) {
	months := []any{nil, nil, nil}
	weekdays := []any{nil, nil, nil}
	w, heads := c.sheet.words, []any{}
	for _, title := range []string{w.no, w.service, w.objective} {
		heads = append(heads, c.sheet.text(title, headLook))
	}
	month := ""
	for _, date := range days {
		day, _ := time.Parse(time.DateOnly, date)
		label := ""
		if day.Format("2006-01") != month {
			month, label = day.Format("2006-01"), c.sheet.lang.Month(day)
		}
		color := muted
		if day.Weekday() == time.Sunday {
			color = bad
		}
		months = append(months, c.monthCell(label))
		weekday := look{size: 9, align: "center", color: color}
		weekdays = append(weekdays, c.sheet.text(w.weekdays[day.Weekday()], weekday))
		heads = append(heads, excelize.Cell{Value: serialDate(date), StyleID: c.sheet.style(
			look{bold: true, fill: head, bottom: 2, align: "center", format: "d"})})
	}
	c.sheet.row(calendarMonth, 22, months...)
	c.sheet.row(calendarMonth+1, 20, weekdays...)
	c.sheet.row(calendarMonth+2, 22, heads...)
}

// monthCell is empty but where a month begins, so that its name can run on.
func (c calendarSheet) monthCell(label string) any {
	if label == "" {
		return nil
	}
	return c.sheet.text(label, look{bold: true})
}

func (c calendarSheet) row(n int, o report.Objective, days []string) []any {
	out := []any{
		excelize.Cell{Value: n, StyleID: c.sheet.style(look{bottom: 1, align: "left", color: muted})},
		c.sheet.text(o.Service, textLook), c.sheet.text(name(o), look{bottom: 1, bold: true}),
	}
	has := map[string]report.Day{}
	for _, d := range o.Days {
		has[d.Date] = d
	}
	for _, date := range days {
		out = append(out, c.dayCell(has[date]))
	}
	return out
}

// dayCell holds the multiple; the colour comes from rules over the cells, so that
// it is that of the number. No data is a dash.
func (c calendarSheet) dayCell(d report.Day) excelize.Cell {
	l := look{size: 9, align: "center", cell: true}
	if d.Level == report.LevelNone {
		l.color, l.fill = muted, dayNone
		return c.sheet.text(unit.Unknown, l)
	}
	return c.sheet.figure(unit.Multiple(d.Multiple), l)
}

func (c calendarSheet) finish(days int) {
	last, _ := excelize.ColumnNumberToName(calendarDays + max(days, 1))
	end := calendarFirst + max(1, len(c.sheet.report.Objectives)) - 1
	wide := 1
	if days > 62 {
		wide = 0
	}
	c.sheet.print(fmt.Sprintf("$A$1:$%s$%d", last, end), fmt.Sprintf("$A:$C,$1:$%d", calendarFirst-1), wide, 0)
	if days == 0 || len(c.sheet.report.Objectives) == 0 {
		return
	}
	first := fmt.Sprintf("D%d", calendarFirst)
	var rules []excelize.ConditionalFormatOptions
	levels := []struct{ over, fill string }{{"5", dayOver}, {"1", dayHigh}, {"0.5", dayEven}, {"0", dayLow}}
	for _, level := range levels {
		criteria := ">"
		if level.over == "0" {
			criteria = ">="
		}
		rules = append(rules, excelize.ConditionalFormatOptions{
			Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s),%[1]s%s%s)", first, criteria, level.over),
			Format: c.sheet.conditional(ink, level.fill, level.over == "5"), StopIfTrue: true,
		})
	}
	c.sheet.try(c.sheet.file.SetConditionalFormat(c.sheet.name, fmt.Sprintf("%s:%s%d", first, last, end), rules))
}

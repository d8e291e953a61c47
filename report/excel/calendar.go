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
	s.key()
	s.dayHeads(days)
	for i, o := range b.report.Objectives {
		s.row(calendarFirst+i, 22, s.calendarRow(i+1, o, days)...)
	}
	s.finishCalendar(len(days))
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
func (s *sheet) key() {
	var cells []any
	fills := []string{dayLow, dayEven, dayHigh, dayOver, dayNone}
	for i, words := range strings.Split(s.words.calendarKey, "|") {
		cells = append(cells, s.text("", look{fill: fills[i], cell: true}), s.text(words, look{size: 9, color: muted, indent: 1, align: "left"}), nil, nil)
	}
	s.rowAt("D", 3, 20, cells...)
}

// dayHeads writes the months, the weekdays and the days of the month.
func (s *sheet) dayHeads(days []string) {
	months := []any{nil, nil, nil}
	weekdays := []any{nil, nil, nil}
	heads := []any{s.text(s.words.no, headLook), s.text(s.words.service, headLook), s.text(s.words.objective, headLook)}
	month := ""
	for _, date := range days {
		day, _ := time.Parse(time.DateOnly, date)
		label := ""
		if day.Format("2006-01") != month {
			month, label = day.Format("2006-01"), day.Format(s.words.month)
		}
		color := muted
		if day.Weekday() == time.Sunday {
			color = bad
		}
		months = append(months, s.monthCell(label))
		weekdays = append(weekdays, s.text(s.words.weekdays[day.Weekday()], look{size: 9, align: "center", color: color}))
		heads = append(heads, excelize.Cell{Value: serialDate(date), StyleID: s.style(
			look{bold: true, fill: head, bottom: 2, align: "center", format: "d"})})
	}
	s.row(calendarMonth, 22, months...)
	s.row(calendarMonth+1, 20, weekdays...)
	s.row(calendarMonth+2, 22, heads...)
}

// monthCell is empty but where a month begins, so that its name can run on.
func (s *sheet) monthCell(label string) any {
	if label == "" {
		return nil
	}
	return s.text(label, look{bold: true})
}

func (s *sheet) calendarRow(n int, o report.Objective, days []string) []any {
	out := []any{
		excelize.Cell{Value: n, StyleID: s.style(look{bottom: 1, align: "left", color: muted})},
		s.text(o.Service, textLook), s.text(name(o), look{bottom: 1, bold: true}),
	}
	has := map[string]report.Day{}
	for _, d := range o.Days {
		has[d.Date] = d
	}
	for _, date := range days {
		out = append(out, s.dayCell(has[date]))
	}
	return out
}

// dayCell holds the multiple; the colour comes from rules over the cells, so that
// it is that of the number. No data is a dash.
func (s *sheet) dayCell(d report.Day) excelize.Cell {
	l := look{size: 9, align: "center", cell: true}
	if d.Level == report.LevelNone {
		l.color, l.fill = muted, dayNone
		return s.text(unit.Unknown, l)
	}
	return s.figure(unit.Multiple(d.Multiple), l)
}

func (s *sheet) finishCalendar(days int) {
	last, _ := excelize.ColumnNumberToName(calendarDays + max(days, 1))
	end := calendarFirst + max(1, len(s.report.Objectives)) - 1
	wide := 1
	if days > 62 {
		wide = 0
	}
	s.print(fmt.Sprintf("$A$1:$%s$%d", last, end), fmt.Sprintf("$A:$C,$1:$%d", calendarFirst-1), wide, 0)
	if days == 0 || len(s.report.Objectives) == 0 {
		return
	}
	first := fmt.Sprintf("D%d", calendarFirst)
	var rules []excelize.ConditionalFormatOptions
	for _, level := range []struct{ over, fill string }{{"5", dayOver}, {"1", dayHigh}, {"0.5", dayEven}, {"0", dayLow}} {
		criteria := ">"
		if level.over == "0" {
			criteria = ">="
		}
		rules = append(rules, excelize.ConditionalFormatOptions{
			Type: "formula", Criteria: fmt.Sprintf("AND(ISNUMBER(%s),%[1]s%s%s)", first, criteria, level.over),
			Format: s.conditional(ink, level.fill, level.over == "5"), StopIfTrue: true,
		})
	}
	s.try(s.file.SetConditionalFormat(s.name, fmt.Sprintf("%s:%s%d", first, last, end), rules))
}

package unit

import (
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/pattern"
)

// Date returns a day in prose: "12 May", 「5月12日」. A nil loc is UTC.
func (l Language) Date(t time.Time, loc *time.Location) string {
	return l.dated("unit.date", in(t, loc), "unit.months")
}

// ShortDate returns a day for narrow places: "12 May", 「5/12」.
func (l Language) ShortDate(t time.Time) string {
	return l.dated("unit.short_date", t, "unit.short_months")
}

// Month returns the month of t with its year: "May 2026", 「2026年5月」.
func (l Language) Month(t time.Time) string { return l.dated("unit.month_of_year", t, "unit.months") }

// dated returns a text of that id with the day, the month and the year of t; months is
// the id of the names of the months.
func (l Language) dated(id string, t time.Time, months string, more ...string) string {
	return l.Say(id, append(more, "day", strconv.Itoa(t.Day()), "month", item(l.Say(months), int(t.Month())-1),
		"year", strconv.Itoa(t.Year()))...)
}

// item returns the i-th of a list between bars.
func item(list string, i int) string { return strings.Split(list, "|")[i] }

// LastInstant returns an instant of the day in which a stretch of time that ends at
// end, not included, ended: that of midnight is the day before.
func LastInstant(end time.Time) time.Time { return end.Add(-1) }

// DateTime returns an instant for tables: "2026-05-12 14:05", with its offset
// where the clock shows that twice, "2026-10-25 02:30 +01:00".
func (l Language) DateTime(t time.Time, loc *time.Location) string {
	t = in(t, loc)
	text := clock(t)
	if twice(t, text) {
		return text + t.Format(" -07:00")
	}
	return text
}

func clock(t time.Time) string { return t.Format("2006-01-02 15:04") }

// twice tells whether the clock of t's zone, which shows text at t, shows it at
// another instant too, since it is put back between them.
func twice(t time.Time, text string) bool {
	_, before := t.Add(-24 * time.Hour).Zone()
	_, after := t.Add(24 * time.Hour).Zone()
	back := time.Duration(before-after) * time.Second
	return back > 0 && (clock(t.Add(-back)) == text || clock(t.Add(back)) == text)
}

// Weekday returns the day of the week, short: "Mon", 「月」.
func (l Language) Weekday(d time.Weekday) string {
	return item(l.Say("unit.weekdays"), int(d))
}

func in(t time.Time, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return t.In(loc)
}

var periodName = pattern.Of(`^(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|W(\d\d)))?$`)

// Period names a report's period: "May 2026", "Q3 2026", "2026", "week 46 of
// 2026"; 「2026年5月」「2026年第3四半期」. name is report.Period.Name; for any other
// name, also "", the bounds are written: "1–7 May 2026", with clock times where p
// does not begin and end at midnight in loc.
func (l Language) Period(name string, p slo.Period, loc *time.Location) string {
	m := periodName().FindStringSubmatch(name)
	switch {
	case m == nil:
		return l.bounds(p, loc)
	case m[2] != "":
		month, _ := strconv.Atoi(m[2])
		return l.Say("unit.month_of_year", "month", item(l.Say("unit.months"), month-1), "year", m[1])
	case m[3] != "":
		return l.Say("unit.quarter", "quarter", m[3], "year", m[1])
	case m[4] != "":
		return l.Say("unit.week", "week", strings.TrimPrefix(m[4], "0"), "year", m[1])
	}
	return l.Say("unit.year", "year", m[1])
}

// bounds writes the first and the last day of p.
func (l Language) bounds(p slo.Period, loc *time.Location) string {
	start, end := in(p.Start, loc), in(p.End, loc)
	if !midnight(start) || !midnight(end) {
		return l.Say("unit.range", "start", l.DateTime(start, loc), "end", l.DateTime(end, loc))
	}
	last := in(p.End.Add(-1), loc)
	lastDay := strconv.Itoa(last.Day())
	switch {
	case slo.DateOf(start, start.Location()) == slo.DateOf(last, last.Location()):
		return l.dated("unit.long_date", last, "unit.months")
	case start.Year() != last.Year():
		return l.Say("unit.range", "start", l.dated("unit.long_date", start, "unit.months"),
			"end", l.dated("unit.long_date", last, "unit.months"))
	case start.Month() != last.Month():
		lastMonth := item(l.Say("unit.months"), int(last.Month())-1)
		return l.dated("unit.range_in_year", start, "unit.months", "last_day", lastDay, "last_month", lastMonth)
	}
	return l.dated("unit.range_in_month", start, "unit.months", "last_day", lastDay)
}

// midnight tells whether t is the first instant of its day.
func midnight(t time.Time) bool {
	return slo.DateOf(t, t.Location()).Start(t.Location()).Equal(t)
}

// Window names an objective's window by report.Window's kind and length: "30
// days, rolling", "calendar month", "period".
func (l Language) Window(kind, length string) string {
	switch kind {
	case "calendar":
		return l.calendar(slo.Unit(length))
	case "rolling":
		d, err := slo.ParseDuration(length)
		if err != nil {
			return length
		}
		text := l.Duration(d)
		if days := d / (24 * time.Hour); d%(24*time.Hour) == 0 {
			text = l.Counted("unit.days", int(days))
		}
		return l.Say("unit.window.rolling", "length", text)
	}
	return l.Say("unit.window.period")
}

func (l Language) calendar(u slo.Unit) string {
	switch u {
	case slo.Day:
		return l.Say("unit.window.day")
	case slo.Week:
		return l.Say("unit.window.week")
	case slo.Month:
		return l.Say("unit.window.month")
	case slo.Quarter:
		return l.Say("unit.window.quarter")
	case slo.Year:
		return l.Say("unit.window.year")
	}
	return string(u)
}

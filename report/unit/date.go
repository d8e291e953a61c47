package unit

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Date returns a day in prose: "12 May", 「5月12日」. A nil loc is UTC.
func (l Language) Date(t time.Time, loc *time.Location) string {
	return in(t, loc).Format(l.say("2 January", "1月2日"))
}

// LastInstant returns an instant of the day in which a stretch of time that ends at
// end, not included, ended: that of midnight is the day before.
func LastInstant(end time.Time) time.Time { return end.Add(-1) }

// longDate returns a day with its year: "12 May 2026", 「2026年5月12日」.
func (l Language) longDate(t time.Time, loc *time.Location) string {
	return in(t, loc).Format(l.say("2 January 2006", "2006年1月2日"))
}

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
	ja := [...]string{"日", "月", "火", "水", "木", "金", "土"}
	return l.say(d.String()[:3], ja[d])
}

func in(t time.Time, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return t.In(loc)
}

var periodName = regexp.MustCompile(`^(\d{4})(?:-(?:(\d\d)|Q([1-4])|W(\d\d)))?$`)

// Period names a report's period: "May 2026", "Q3 2026", "2026", "week 46 of
// 2026"; 「2026年5月」「2026年第3四半期」. name is report.Period.Name; for any other
// name, also "", the bounds are written: "1–7 May 2026", with clock times where p
// does not begin and end at midnight in loc.
func (l Language) Period(name string, p slo.Period, loc *time.Location) string {
	m := periodName.FindStringSubmatch(name)
	switch {
	case m == nil:
		return l.bounds(p, loc)
	case m[2] != "":
		month, _ := strconv.Atoi(m[2])
		return l.say(time.Month(month).String()+" "+m[1], fmt.Sprintf("%s年%d月", m[1], month))
	case m[3] != "":
		return l.say("Q"+m[3]+" "+m[1], m[1]+"年第"+m[3]+"四半期")
	case m[4] != "":
		week, _ := strconv.Atoi(m[4])
		return l.say(fmt.Sprintf("week %d of %s", week, m[1]), fmt.Sprintf("%s年第%d週", m[1], week))
	}
	return l.say(m[1], m[1]+"年")
}

// bounds writes the first and the last day of p.
func (l Language) bounds(p slo.Period, loc *time.Location) string {
	start, end := in(p.Start, loc), in(p.End, loc)
	if !midnight(start) || !midnight(end) {
		return l.DateTime(start, loc) + l.say(" – ", "〜") + l.DateTime(end, loc)
	}
	last := in(p.End.Add(-1), loc)
	switch {
	case slo.DateOf(start, start.Location()) == slo.DateOf(last, last.Location()):
		return l.longDate(last, loc)
	case start.Year() != last.Year():
		return l.longDate(start, loc) + l.say(" – ", "〜") + l.longDate(last, loc)
	case start.Month() != last.Month():
		return l.say(l.Date(start, loc)+" – "+l.longDate(last, loc), l.longDate(start, loc)+"〜"+l.Date(last, loc))
	}
	return l.say(start.Format("2")+"–"+l.longDate(last, loc), l.longDate(start, loc)+"〜"+last.Format("2日"))
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
		return l.say(l.days(d)+", rolling", "ローリング期間"+l.Duration(d))
	}
	return l.say("period", "対象期間")
}

func (l Language) days(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == day:
		return "1 day"
	case d%day == 0:
		return strconv.Itoa(int(d/day)) + " days"
	}
	return l.Duration(d)
}

func (l Language) calendar(u slo.Unit) string {
	switch u {
	case slo.Day:
		return l.say("calendar day", "暦日")
	case slo.Week:
		return l.say("calendar week", "暦週")
	case slo.Month:
		return l.say("calendar month", "暦月")
	case slo.Quarter:
		return l.say("calendar quarter", "暦四半期")
	case slo.Year:
		return l.say("calendar year", "暦年")
	}
	return string(u)
}

package slo

import (
	"fmt"
	"slices"
	"time"
)

// Unit is a calendar unit.
type Unit string

const (
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// units lists the calendar units, shortest first.
var units = [...]Unit{Day, Week, Month, Quarter, Year}

// ParseUnit returns the calendar unit of that name.
func ParseUnit(s string) (Unit, bool) {
	for _, u := range units {
		if string(u) == s {
			return u, true
		}
	}
	return "", false
}

// Nominal returns the length that stands for u where one is needed: 1, 7, 30,
// 90 and 365 days.
func (u Unit) Nominal() time.Duration {
	days := [...]time.Duration{1, 7, 30, 90, 365}
	i := slices.Index(units[:], u)
	if i < 0 {
		return 0
	}
	return days[i] * 24 * time.Hour
}

// Window is the time over which an objective is judged: rolling if Length is
// set, else calendar. The zero Window is not set.
type Window struct {
	Length    time.Duration  // rolling: elapsed time, 30 d = 2,592,000 s
	Unit      Unit           // calendar
	Zone      *time.Location // whose midnights count; nil is UTC
	WeekStart time.Weekday   // first day of calendar weeks
	Anchor    Date           // first day of a period, e.g. the 21st for billing months; zero is the calendar's own
}

// Rolling tells whether the window slides with time.
func (w Window) Rolling() bool { return w.Length > 0 }

// Nominal returns the window's length, for calendar windows the nominal one.
func (w Window) Nominal() time.Duration {
	if w.Rolling() {
		return w.Length
	}
	return w.Unit.Nominal()
}

// lengthAt returns the length of a window: of a calendar window the one that holds t.
func (w Window) lengthAt(t time.Time) time.Duration {
	if w.Rolling() {
		return w.Length
	}
	return w.Bounds(t).Length()
}

// Location returns the window's zone, never nil.
func (w Window) Location() *time.Location {
	if w.Zone == nil {
		return time.UTC
	}
	return w.Zone
}

// String returns the window as a file would say it: "30d" or "month".
func (w Window) String() string {
	if w.Rolling() {
		return FormatDuration(w.Length)
	}
	return string(w.Unit)
}

// Bounds returns the window's whole period at the instant at: the Length before
// at, or the calendar period that contains at.
func (w Window) Bounds(at time.Time) Period {
	if w.Rolling() {
		return Period{at.Add(-w.Length), at}
	}
	d := w.first(DateOf(at, w.Location()))
	start, end := w.start(d, 0), w.start(d, 1)
	// A day can begin before its date does where the clock falls back over
	// midnight, and be empty where a zone skipped a date.
	for n := 1; !at.Before(end); n++ {
		start, end = end, w.start(d, n+1)
	}
	for n := -1; at.Before(start); n-- {
		start, end = w.start(d, n), start
	}
	return Period{start, end}
}

// Previous returns the period before p, which Bounds returned.
func (w Window) Previous(p Period) Period {
	if w.Rolling() {
		return Period{p.Start.Add(-w.Length), p.Start}
	}
	return w.Bounds(p.Start.Add(-1))
}

// start returns the instant at which the period n units after the one that
// begins on date d begins.
func (w Window) start(d Date, n int) time.Time { return w.after(d, n).Start(w.Location()) }

// after returns the date on which the period n units after the one that begins on date d
// begins.
func (w Window) after(d Date, n int) Date {
	switch w.Unit {
	case Day:
		return d.AddDays(n)
	case Week:
		return d.AddDays(7 * n)
	}
	return d.AddMonths(n*w.months(), w.monthDay())
}

// first returns the date on which the period that contains date d begins.
func (w Window) first(d Date) Date {
	switch w.Unit {
	case Day:
		return d
	case Week:
		weekStart := w.WeekStart
		if w.Anchor != (Date{}) {
			weekStart = w.Anchor.Weekday()
		}
		return d.AddDays(-(int(d.Weekday()-weekStart) + 7) % 7)
	}
	anchor := w.Anchor
	if anchor == (Date{}) {
		anchor = Date{1970, time.January, 1}
	}
	size := w.months()
	passed := (d.Year-anchor.Year)*12 + int(d.Month-anchor.Month)
	n := passed - ((passed%size)+size)%size
	first := anchor.AddMonths(n, anchor.Day)
	if d.Before(first) { // d's month is the anchor's, d lies before its day
		first = anchor.AddMonths(n-size, anchor.Day)
	}
	return first
}

// months returns the length of a calendar period in months.
func (w Window) months() int {
	return map[Unit]int{Month: 1, Quarter: 3, Year: 12}[w.Unit]
}

// monthDay returns the day of the month on which periods begin, before clamping.
func (w Window) monthDay() int {
	if w.Anchor == (Date{}) {
		return 1
	}
	return w.Anchor.Day
}

// Date is a day of the Gregorian calendar. The zero Date is not set.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the date that a wall clock in loc shows at t.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Date{y, m, d}
}

// ParseDate reads "2026-10-31".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2026-10-31", s)
	}
	return DateOf(t, time.UTC), nil
}

// String returns "2026-10-31".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes "2026-10-31".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Midday returns noon UTC of d, for texts that name the day.
func (d Date) Midday() time.Time { return d.utc().Add(12 * time.Hour) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Before tells whether d is an earlier date than e.
func (d Date) Before(e Date) bool { return d.utc().Before(e.utc()) }

// AddDays returns the date n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.utc().AddDate(0, 0, n), time.UTC) }

// AddMonths returns the given day of the month n months after d's, or that
// month's last day if it is shorter.
func (d Date) AddMonths(n, day int) Date {
	t := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := t.AddDate(0, 1, -1).Day()
	return Date{t.Year(), t.Month(), min(day, last)}
}

// Start returns the first instant at which the wall clock in loc is at or after
// midnight of d. Where the clocks skip midnight that is later than 00:00 (São
// Paulo, 4 November 2018: 01:00); where midnight comes twice it is the first.
// Note: time.Date returns an instant of the day before for a skipped midnight.
func (d Date) Start(loc *time.Location) time.Time { return firstAtOrAfter(d.utc(), loc) }

package slo

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/pattern"
)

// Span is the period that somebody asks for: a named one or whole days, whose bounds
// depend on each objective's zone, or instants.
type Span struct {
	Name  string // "2026-10", "2026-Q3", "2026", "2026-W46", "2026-10-31", "last-7d"; "" for free bounds
	Fixed Period // of instants
	unit  Unit   // of a named calendar period
	first Date   // day on which it begins
	days  int    // of last-Nd
	from  Bound  // with to, of a span between two of which one is a day
	to    Bound
}

// Bound is an end of a Span: a day, whose bounds depend on the zone, or an instant.
type Bound struct {
	Day     Date // the zero Date for an instant
	Instant time.Time
}

// Start returns the instant b, or when the day begins in zone.
func (b Bound) Start(zone *time.Location) time.Time {
	if b.Day == (Date{}) {
		return b.Instant
	}
	return b.Day.Start(zone)
}

// End returns the instant b, or when the day ends in zone.
func (b Bound) End(zone *time.Location) time.Time {
	if b.Day == (Date{}) {
		return b.Instant
	}
	return b.Day.AddDays(1).Start(zone)
}

// Between returns the span from the start of one bound to the end of another. Days that
// are a calendar period are that period.
func Between(from, to Bound) Span {
	if from.Day != (Date{}) && to.Day != (Date{}) {
		if s, ok := named(from.Day, to.Day); ok {
			return s
		}
	}
	if from.Day == (Date{}) && to.Day == (Date{}) {
		return Span{Fixed: Period{Start: from.Instant, End: to.Instant}}
	}
	return Span{from: from, to: to}
}

// named returns the calendar period that begins and ends with these days.
func named(first, last Date) (Span, bool) {
	for _, unit := range units {
		s := Span{unit: unit, first: first}
		w := s.window(nil)
		if w.first(first) == first && w.after(first, 1) == last.AddDays(1) {
			s.Name = s.calling()
			return s, true
		}
	}
	return Span{}, false
}

// calling returns the name of a calendar period, as ParseSpan reads it.
func (s Span) calling() string {
	switch s.unit {
	case Day:
		return s.first.String()
	case Week:
		year, week := s.first.utc().ISOWeek()
		return fmt.Sprintf("%04d-W%02d", year, week)
	case Quarter:
		return fmt.Sprintf("%04d-Q%d", s.first.Year, (s.first.Month+2)/3)
	case Year:
		return fmt.Sprintf("%04d", s.first.Year)
	}
	return fmt.Sprintf("%04d-%02d", s.first.Year, s.first.Month)
}

// ParseSpan reads the name of a period that exists, not before 1970. An error
// begins with the name.
func ParseSpan(name string) (Span, error) {
	if m := lastDays().FindStringSubmatch(name); m != nil {
		days, _ := strconv.Atoi(m[1])
		if days < 1 || days > maxLastDays {
			return Span{}, badSpan(name, fmt.Sprintf("must be from last-1d to last-%dd", maxLastDays))
		}
		return Span{Name: name, days: days}, nil
	}
	if dayName().MatchString(name) {
		day, err := ParseDate(name)
		switch {
		case err != nil:
			return Span{}, badSpan(name, "does not exist: the month has no such day")
		case day.Year < 1970:
			return Span{}, badSpan(name, "begins before 1970")
		}
		return Span{Name: name, unit: Day, first: day}, nil
	}
	m := calendarSpan().FindStringSubmatch(name)
	if m == nil {
		return Span{}, badSpan(name, "is not one of 2026-10, 2026-Q3, 2026, 2026-W46, 2026-10-31, last-7d")
	}
	year, _ := strconv.Atoi(m[1])
	if year < 1970 {
		return Span{}, badSpan(name, "begins before 1970")
	}
	first, unit, err := spanStart(year, m[2])
	if err != nil {
		return Span{}, badSpan(name, "does not exist: "+err.Error())
	}
	return Span{Name: name, unit: unit, first: first}, nil
}

var (
	dayName      = pattern.Of(`^[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}$`)
	lastDays     = pattern.Of(`^last-([0-9]{1,9})d$`)
	calendarSpan = pattern.Of(`^([0-9]{4})(?:-([0-9]{2}|Q[0-9]|W[0-9]{2}))?$`)
)

const maxLastDays = 3660 // ten years

func badSpan(name, why string) error { return fmt.Errorf("period %q %s", name, why) }

// spanStart reads what follows the year: "", "10", "Q3" or "W46" (ISO 8601 week).
func spanStart(year int, part string) (Date, Unit, error) {
	n, _ := strconv.Atoi(strings.TrimLeft(part, "QW"))
	month, unit := time.January, Year
	switch {
	case part == "":
	case part[0] == 'W':
		if weeks := isoWeeks(year); n < 1 || n > weeks {
			return Date{}, "", fmt.Errorf("%d has %d ISO weeks", year, weeks)
		}
		return isoWeek(year, n), Week, nil
	case part[0] == 'Q':
		if n < 1 || n > 4 {
			return Date{}, "", errors.New("a year has 4 quarters")
		}
		month, unit = time.Month(3*n-2), Quarter
	default:
		if n < 1 || n > 12 {
			return Date{}, "", errors.New("a year has 12 months")
		}
		month, unit = time.Month(n), Month
	}
	return Date{year, month, 1}, unit, nil
}

// isoWeeks returns how many ISO weeks a year has: 28 December lies in the last.
func isoWeeks(year int) int {
	_, weeks := time.Date(year, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	return weeks
}

// isoWeek returns the Monday of an ISO week; week 1 holds 4 January.
func isoWeek(year, week int) Date {
	return Span{unit: Week}.window(nil).first(Date{year, time.January, 4}).AddDays(7 * (week - 1))
}

// Last returns the last calendar period of a unit that was over at the instant at.
func Last(unit Unit, at time.Time, zone *time.Location) Span {
	w := Span{unit: unit}.window(zone)
	return spanOf(unit, DateOf(w.Previous(w.Bounds(at)).Start, zone))
}

func spanOf(unit Unit, first Date) Span {
	s := Span{unit: unit, first: first}
	s.Name = s.calling()
	return s
}

// NamesSince returns the names of the calendar periods of s's unit from the one of that
// name on, which are before s, oldest first, of many the last ones. A name of another
// unit, or of none, has none.
func (s Span) NamesSince(name string) []string {
	from, err := ParseSpan(name)
	if err != nil || from.unit != s.unit || s.unit == "" {
		return nil
	}
	var out []string
	w := s.window(nil)
	for day := w.after(s.first, -1); len(out) < maxNames && !day.utc().Before(from.first.utc()); day = w.after(day, -1) {
		out = append(out, spanOf(s.unit, day).Name)
	}
	slices.Reverse(out)
	return out
}

// maxNames is how many periods NamesSince names; who was away for longer knows that.
const maxNames = 60

// Relative tells whether the bounds of s move with the day on which somebody asks.
func (s Span) Relative() bool { return s.days > 0 }

// In returns the bounds for an objective in zone. They are empty, or the wrong way round,
// if the bounds of the span are so there: a zone can lack a whole day.
func (s Span) In(zone *time.Location, at time.Time) Period {
	switch {
	case s.days > 0:
		today := DateOf(at, zone)
		return Period{Start: today.AddDays(-s.days).Start(zone), End: today.Start(zone)}
	case s.unit != "":
		return Period{Start: s.first.Start(zone), End: s.window(zone).after(s.first, 1).Start(zone)}
	}
	if s.from == (Bound{}) && s.to == (Bound{}) {
		return s.Fixed
	}
	return Period{Start: s.from.Start(zone), End: s.to.End(zone)}
}

// Before returns the period before p, which In returned, to compare it with.
func (s Span) Before(p Period, zone *time.Location) Period {
	switch {
	case s.days > 0:
		return Period{Start: DateOf(p.Start, zone).AddDays(-s.days).Start(zone), End: p.Start}
	case s.unit == Day:
		return Period{Start: s.first.AddDays(-1).Start(zone), End: p.Start}
	case s.unit != "":
		return s.window(zone).Previous(p)
	case s.from.Day != (Date{}) && s.to.Day != (Date{}):
		days := int(s.to.Day.utc().Sub(s.from.Day.utc())/(24*time.Hour)) + 1
		return Period{Start: s.from.Day.AddDays(-days).Start(zone), End: p.Start}
	}
	return Period{Start: p.Start.Add(-p.Length()), End: p.Start}
}

// window is the calendar window whose periods are named; weeks are ISO weeks.
func (s Span) window(zone *time.Location) Window {
	return Window{Unit: s.unit, Zone: zone, WeekStart: time.Monday}
}

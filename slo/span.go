package slo

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Span is the period a report is asked for: a named one, whose bounds depend on
// each objective's zone, or two instants.
type Span struct {
	Name  string // "2026-10", "2026-Q3", "2026", "2026-W46", "last-7d"; "" for instants
	Fixed Period // of instants
	unit  Unit   // of a named calendar period
	first Date   // day on which it begins
	days  int    // of last-Nd
}

// ParseSpan reads the name of a period that exists, not before 1970. An error
// begins with the name.
func ParseSpan(name string) (Span, error) {
	if m := lastDays.FindStringSubmatch(name); m != nil {
		days, _ := strconv.Atoi(m[1])
		if days < 1 || days > maxLastDays {
			return Span{}, badSpan(name, fmt.Sprintf("must be from last-1d to last-%dd", maxLastDays))
		}
		return Span{Name: name, days: days}, nil
	}
	m := calendarSpan.FindStringSubmatch(name)
	if m == nil {
		return Span{}, badSpan(name, "is not one of 2026-10, 2026-Q3, 2026, 2026-W46, last-7d")
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
	lastDays     = regexp.MustCompile(`^last-([0-9]{1,9})d$`)
	calendarSpan = regexp.MustCompile(`^([0-9]{4})(?:-([0-9]{2}|Q[0-9]|W[0-9]{2}))?$`)
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

// LastMonth returns the last calendar month that was over at the instant at.
func LastMonth(at time.Time, zone *time.Location) Span {
	w := Window{Unit: Month, Zone: zone}
	first := DateOf(w.Previous(w.Bounds(at)).Start, zone)
	return Span{Name: fmt.Sprintf("%04d-%02d", first.Year, first.Month), unit: Month, first: first}
}

// In returns the bounds for an objective in zone.
func (s Span) In(zone *time.Location, at time.Time) Period {
	switch {
	case s.days > 0:
		today := DateOf(at, zone)
		return Period{Start: today.AddDays(-s.days).Start(zone), End: today.Start(zone)}
	case s.unit != "":
		return s.window(zone).Bounds(s.first.Start(zone))
	}
	return s.Fixed
}

// Before returns the period before p, which In returned, to compare it with.
func (s Span) Before(p Period, zone *time.Location) Period {
	switch {
	case s.days > 0:
		return Period{Start: DateOf(p.Start, zone).AddDays(-s.days).Start(zone), End: p.Start}
	case s.unit != "":
		return s.window(zone).Previous(p)
	}
	return Period{Start: p.Start.Add(-p.Length()), End: p.Start}
}

// window is the calendar window whose periods are named; weeks are ISO weeks.
func (s Span) window(zone *time.Location) Window {
	return Window{Unit: s.unit, Zone: zone, WeekStart: time.Monday}
}

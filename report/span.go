package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Span is the period a report is asked for: a named one, whose bounds depend on
// each objective's zone, or two instants.
type Span struct {
	Name  string     // "2026-10", "2026-Q3", "2026", "2026-W46", "last-7d"; "" for instants
	Fixed slo.Period // of instants
	unit  slo.Unit   // of a named calendar period
	first slo.Date   // day on which it begins
	days  int        // of last-Nd
}

// ParseSpan reads the name of a period.
func ParseSpan(name string) (Span, error) {
	s := Span{Name: name}
	if n, ok := strings.CutPrefix(name, "last-"); ok {
		days, err := strconv.Atoi(strings.TrimSuffix(n, "d"))
		if err != nil || !strings.HasSuffix(n, "d") || days < 1 || days > 3660 {
			return Span{}, badSpan(name)
		}
		s.days = days
		return s, nil
	}
	year, rest, _ := strings.Cut(name, "-")
	y, err := strconv.Atoi(year)
	if err != nil || len(year) != 4 || y < 1970 {
		return Span{}, badSpan(name)
	}
	s.first, s.unit = slo.Date{Year: y, Month: time.January, Day: 1}, slo.Year
	if rest == "" && name == year {
		return s, nil
	}
	if s.first, s.unit, err = part(y, rest); err != nil {
		return Span{}, badSpan(name)
	}
	return s, nil
}

func badSpan(name string) error {
	return fmt.Errorf("period %q is not one of 2026-10, 2026-Q3, 2026, 2026-W46, last-7d", name)
}

// part reads what follows the year: "10", "Q3" or "W46" (ISO 8601 week).
func part(year int, text string) (slo.Date, slo.Unit, error) {
	unit, digits, top := slo.Month, text, 12
	switch {
	case strings.HasPrefix(text, "Q"):
		unit, digits, top = slo.Quarter, text[1:], 4
	case strings.HasPrefix(text, "W"):
		unit, digits, top = slo.Week, text[1:], 53
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > top || unit != slo.Quarter && len(digits) != 2 {
		return slo.Date{}, "", badSpan(text)
	}
	if unit == slo.Week {
		first := isoWeek(year, n)
		if y, w := time.Date(first.Year, first.Month, first.Day, 0, 0, 0, 0, time.UTC).ISOWeek(); y != year || w != n {
			return slo.Date{}, "", badSpan(text)
		}
		return first, unit, nil
	}
	m := n
	if unit == slo.Quarter {
		m = 3*n - 2
	}
	return slo.Date{Year: year, Month: time.Month(m), Day: 1}, unit, nil
}

// isoWeek returns the Monday of an ISO week; week 1 holds 4 January.
func isoWeek(year, week int) slo.Date {
	fourth := slo.Date{Year: year, Month: time.January, Day: 4}
	return fourth.AddDays(7*(week-1) - (int(fourth.Weekday())+6)%7)
}

// LastMonth returns the last calendar month that was over at the instant at.
func LastMonth(at time.Time, zone *time.Location) Span {
	w := slo.Window{Unit: slo.Month, Zone: zone}
	first := slo.DateOf(w.Previous(w.Bounds(at)).Start, zone)
	return Span{Name: fmt.Sprintf("%04d-%02d", first.Year, first.Month), unit: slo.Month, first: first}
}

// In returns the bounds for an objective in zone.
func (s Span) In(zone *time.Location, at time.Time) slo.Period {
	switch {
	case s.days > 0:
		today := slo.DateOf(at, zone)
		return slo.Period{Start: today.AddDays(-s.days).Start(zone), End: today.Start(zone)}
	case s.unit != "":
		return slo.Window{Unit: s.unit, Zone: zone, WeekStart: time.Monday}.Bounds(s.first.Start(zone))
	}
	return s.Fixed
}

// Before returns the period before p, which In returned, to compare it with.
func (s Span) Before(p slo.Period, zone *time.Location) slo.Period {
	switch {
	case s.days > 0:
		return slo.Period{Start: slo.DateOf(p.Start, zone).AddDays(-s.days).Start(zone), End: p.Start}
	case s.unit != "":
		return slo.Window{Unit: s.unit, Zone: zone, WeekStart: time.Monday}.Previous(p)
	}
	return slo.Period{Start: p.Start.Add(-p.Length()), End: p.Start}
}

package slo

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Exclusion is time that no promise covers, such as planned maintenance: it
// leaves both sums and coverage. It is either fixed or recurring (Rule).
type Exclusion struct {
	Name     string
	AgreedBy string
	Fixed    []Period    // one-off, and what an iCalendar file expands to
	Rule     *Recurrence // nil if fixed
	Calendar string      // path of the iCalendar file that Fixed is read from
}

// Recurrence is an RFC 5545 rule whose starts are wall-clock times of a zone.
type Recurrence struct {
	Rule     string        // without DTSTART, "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2"
	Start    Date          // first day; zero is 2000-01-01
	Clock    time.Duration // wall clock of the first start, since midnight
	Zone     *time.Location
	Duration time.Duration // elapsed time of each occurrence
}

// Periods returns the excluded time within p: sorted, disjoint, cut to p.
func (e Exclusion) Periods(p Period) []Period {
	found := e.Fixed
	if e.Rule != nil {
		found = e.Rule.periods(p)
	}
	var in []Period
	for _, f := range found {
		in = append(in, f.Intersect(p))
	}
	return Union(in)
}

// CheckRule tells what is wrong with the text of a recurrence rule.
func CheckRule(rule string) error {
	opt, _, err := parseRule(rule)
	if err != nil {
		return err
	}
	_, err = rrule.NewRRule(*opt)
	return err
}

// NeedsStart tells whether what a valid rule means depends on its first day.
func NeedsStart(rule string) bool {
	opt, _, err := parseRule(rule)
	return err == nil && (opt.Interval > 1 || opt.Count > 0)
}

// parseRule returns the rule's options, and whether UNTIL is an instant (UTC)
// and not a wall-clock time.
func parseRule(rule string) (opt *rrule.ROption, untilUTC bool, err error) {
	if strings.ContainsAny(rule, "\r\n:") {
		return nil, false, fmt.Errorf("rrule %q must be one rule without DTSTART, such as FREQ=WEEKLY;BYDAY=SU;BYHOUR=2", rule)
	}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		key, value, _ := strings.Cut(part, "=")
		if key == "DTSTART" {
			return nil, false, errors.New("rrule must not hold DTSTART: write start: beside it")
		}
		untilUTC = untilUTC || key == "UNTIL" && strings.HasSuffix(value, "Z")
	}
	if opt, err = rrule.StrToROption(rule); err != nil {
		return nil, false, fmt.Errorf("rrule %q: %w", rule, err)
	}
	if opt.Freq > rrule.HOURLY {
		return nil, false, fmt.Errorf("rrule %q repeats more often than hourly", rule)
	}
	return opt, untilUTC, nil
}

// periods returns the occurrences that may touch p, in order of their wall clock.
//
// The rule is expanded on a clock without time zone and each start then looked up
// in the zone: a start that does not exist is skipped, one that exists twice is
// the first, and neither counts towards COUNT twice (RFC 5545 §3.3.10).
func (r Recurrence) periods(p Period) []Period {
	opt, untilUTC, err := parseRule(r.Rule)
	if err != nil {
		return nil // the file's check refused it
	}
	first := r.Start
	if first == (Date{}) {
		first = Date{2000, time.January, 1}
	}
	opt.Dtstart = first.utc().Add(r.Clock)
	if untilUTC {
		opt.Until = wallClock(opt.Until, r.Zone)
	}
	count := opt.Count
	opt.Count = 0
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		return nil
	}
	var out []Period
	next := rule.Iterator()
	last := wallClock(p.End, r.Zone).Add(26 * time.Hour)
	for wall, ok := next(); ok && wall.Before(last); wall, ok = next() {
		start, exists := instant(wall, r.Zone)
		if !exists {
			continue
		}
		if o := (Period{start, start.Add(r.Duration)}); o.End.After(p.Start) && o.Start.Before(p.End) {
			out = append(out, o)
		}
		if count--; count == 0 {
			break
		}
	}
	return out
}

// wallClock returns what a wall clock in loc shows at t, as a time in UTC.
func wallClock(t time.Time, loc *time.Location) time.Time {
	_, offset := t.In(loc).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// instant returns the first instant at which a wall clock in loc shows wall, and
// whether there is one.
func instant(wall time.Time, loc *time.Location) (time.Time, bool) {
	t := firstAtOrAfter(wall, loc)
	return t, wallClock(t, loc).Equal(wall)
}

// firstAtOrAfter returns the first instant at which a wall clock in loc is at or
// after wall.
func firstAtOrAfter(wall time.Time, loc *time.Location) time.Time {
	t := wall.Add(-36 * time.Hour) // before wall at any offset
	for {
		_, offset := t.In(loc).Zone()
		local := wall.Add(-time.Duration(offset) * time.Second)
		if local.Before(t) {
			local = t // the wall clock was past it when this offset began
		}
		_, end := t.In(loc).ZoneBounds()
		if end.IsZero() || local.Before(end) {
			return local.UTC()
		}
		t = end
	}
}

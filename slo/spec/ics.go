package spec

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Limits of one iCalendar file.
const (
	maxCalendarLine   = 1 << 20
	maxCalendarEvents = 100_000 // with recurring ones written out
)

// ReadCalendar returns when the events of an iCalendar file are, cut to within,
// sorted and disjoint. Times without zone and whole days are zone's. It reads
// DTSTART, DTEND, DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID and STATUS of
// VEVENT; an event without length excludes nothing. Warnings say what of the file,
// which name names, excludes nothing. Errors name the line.
func ReadCalendar(name string, r io.Reader, zone *time.Location, within slo.Period) ([]slo.Period, diag.List, error) {
	events, others, err := readEvents(r)
	if err != nil {
		return nil, nil, err
	}
	moved := map[string][]time.Time{} // starts that other events replace, by UID
	for i := range events {
		if err := events[i].decode(zone); err != nil {
			return nil, nil, err
		}
		if e := events[i]; !e.replaces.IsZero() {
			moved[e.uid] = append(moved[e.uid], e.replaces)
		}
	}
	var found []slo.Period
	for _, e := range events {
		if e.cancelled {
			continue
		}
		if e.replaces.IsZero() {
			e.without = append(e.without, moved[e.uid]...)
		}
		found = append(found, e.periods(within)...)
		if len(found) > maxCalendarEvents {
			return nil, nil, fmt.Errorf("line %d: more than %d events", e.line, maxCalendarEvents)
		}
	}
	return slo.Union(found), idle(name, events, others), nil
}

// event is one VEVENT.
type event struct {
	line  int // of BEGIN
	lines []property

	uid       string
	cancelled bool
	start     when
	days      int           // calendar days of its length
	rest      time.Duration // elapsed time beside them
	rule      string
	with      []when // RDATE
	without   []time.Time
	withoutOn []slo.Date // EXDATE of whole days
	replaces  time.Time  // RECURRENCE-ID
}

// property is one content line of a component.
type property struct {
	ics.BaseProperty
	line int
}

func (p property) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %s %w", p.line, p.IANAToken, fmt.Errorf(format, args...))
}

// readEvents returns the properties of every VEVENT of every VCALENDAR. A
// VTIMEZONE only describes what TZID names.
func readEvents(r io.Reader) (events []event, other others, err error) {
	var open []string // components around the line
	err = contentLines(r, func(p property) error {
		name := strings.ToUpper(p.Value)
		switch {
		case p.IANAToken == "BEGIN" && len(open) == 0 && name != "VCALENDAR":
			return p.errorf("%q is not VCALENDAR", p.Value)
		case p.IANAToken == "BEGIN":
			open = append(open, name)
			switch {
			case len(open) == 2 && name == "VEVENT":
				events = append(events, event{line: p.line})
			case len(open) == 2 && name != "VTIMEZONE":
				other.add(p)
			}
			if len(events) > maxCalendarEvents || len(open) > yaml.MaxDepth {
				return p.errorf("%q is one too many", p.Value)
			}
		case len(open) == 0:
			return p.errorf("stands before BEGIN:VCALENDAR")
		case p.IANAToken == "END" && name != open[len(open)-1]:
			return p.errorf("%q does not close %s", p.Value, open[len(open)-1])
		case p.IANAToken == "END":
			open = open[:len(open)-1]
		case len(open) == 2 && open[1] == "VEVENT":
			e := &events[len(events)-1]
			e.lines = append(e.lines, p)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, others{}, err
	case len(open) > 0:
		return nil, others{}, fmt.Errorf("the file ends inside %s", open[len(open)-1])
	}
	return events, other, nil
}

// contentLines calls f with every content line, folded lines joined.
//
// Note: the library's own loop over lines counts them per component only, so its
// errors cannot say where they are.
func contentLines(r io.Reader, f func(property) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxCalendarLine)
	var content strings.Builder
	first, seen, line := 0, false, 0
	flush := func() error {
		if content.Len() == 0 {
			return nil
		}
		seen = true
		p, err := ics.ParseProperty(ics.ContentLine(content.String()))
		content.Reset()
		if err != nil || p == nil {
			return fmt.Errorf("line %d: this is not a line of an iCalendar file", first)
		}
		p.IANAToken = strings.ToUpper(p.IANAToken)
		return f(property{*p, first})
	}
	for s.Scan() {
		line++
		text := strings.TrimSuffix(s.Text(), "\r")
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		if folded := strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t"); folded && content.Len() > 0 {
			content.WriteString(text[1:])
			if content.Len() > maxCalendarLine {
				return fmt.Errorf("line %d: longer than %d MiB", first, maxCalendarLine>>20)
			}
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		first = line
		content.WriteString(strings.TrimRight(text, " "))
	}
	if err := s.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("line %d: longer than %d MiB", line+1, maxCalendarLine>>20)
	} else if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	if !seen {
		return errors.New("line 1: the file is empty, not an iCalendar file")
	}
	return nil
}

// decode fills what the event's lines say.
func (e *event) decode(zone *time.Location) error {
	var end, length *property
	for i, p := range e.lines {
		var err error
		switch p.IANAToken {
		case "UID":
			e.uid = p.Value
		case "STATUS":
			e.cancelled = strings.EqualFold(p.Value, "CANCELLED")
		case "DTSTART":
			e.start, err = p.when(p.Value, zone)
		case "DTEND":
			end = &e.lines[i]
		case "DURATION":
			length = &e.lines[i]
		case "RRULE":
			err = e.setRule(p)
		case "RDATE":
			err = e.addDates(p, zone)
		case "EXDATE":
			err = e.dropDates(p, zone)
		case "RECURRENCE-ID":
			var w when
			w, err = p.when(p.Value, zone)
			e.replaces = w.instant()
		case "EXRULE":
			err = p.errorf("is not read: write EXDATE lines")
		}
		if err != nil {
			return err
		}
	}
	if e.start.zone == nil {
		return fmt.Errorf("line %d: VEVENT has no DTSTART", e.line)
	}
	return e.setLength(end, length, zone)
}

func (e *event) setRule(p property) error {
	if e.rule != "" {
		return p.errorf("is the second of this event")
	}
	e.rule = p.Value
	if err := slo.CheckRule(p.Value); err != nil {
		return p.errorf("%w", err)
	}
	return nil
}

func (e *event) addDates(p property, zone *time.Location) error {
	for text := range strings.SplitSeq(p.Value, ",") {
		w, err := p.when(text, zone)
		if err != nil {
			return err
		}
		e.with = append(e.with, w)
	}
	return nil
}

func (e *event) dropDates(p property, zone *time.Location) error {
	for text := range strings.SplitSeq(p.Value, ",") {
		w, err := p.when(text, zone)
		if err != nil {
			return err
		}
		if w.allDay {
			e.withoutOn = append(e.withoutOn, w.date)
			continue
		}
		e.without = append(e.without, w.instant())
	}
	return nil
}

// setLength takes it from DTEND or DURATION; a whole day without either is one.
func (e *event) setLength(end, length *property, zone *time.Location) (err error) {
	switch {
	case end != nil && length != nil:
		return end.errorf("stands beside DURATION")
	case length != nil:
		e.days, e.rest, err = parseISODuration(length.Value)
		if err != nil {
			return length.errorf("%w", err)
		}
		return nil
	case end == nil && e.start.allDay:
		e.days = 1
		return nil
	case end == nil:
		return nil
	}
	w, err := end.when(end.Value, zone)
	switch {
	case err != nil:
		return err
	case w.allDay != e.start.allDay:
		return end.errorf("and DTSTART must both be dates, or both have a time")
	case w.instant().Before(e.start.instant()):
		return end.errorf("%q is before DTSTART", end.Value)
	case w.allDay:
		e.days = int(w.date.Start(time.UTC).Sub(e.start.date.Start(time.UTC)) / day)
		return nil
	}
	e.rest = w.instant().Sub(e.start.instant())
	return nil
}

// periods returns the event's occurrences that touch within, cut to it.
func (e *event) periods(within slo.Period) []slo.Period {
	wide := slo.Period{Start: within.Start.Add(-time.Duration(e.days+2)*day - e.rest), End: within.End}
	var out []slo.Period
	for _, start := range e.starts(wide) {
		p := slo.Period{Start: start, End: e.end(start)}
		if p = p.Intersect(within); !p.Empty() && !e.dropped(start) {
			out = append(out, p)
		}
	}
	return out
}

// starts returns when occurrences begin. A rule is expanded into occurrences of a
// second, so that none is joined to its neighbour.
func (e *event) starts(within slo.Period) []time.Time {
	out := []time.Time{e.start.instant()}
	if e.rule != "" {
		x := slo.Exclusion{Rule: &slo.Recurrence{Rule: e.rule, Start: e.start.date, Clock: e.start.clock, Zone: e.start.zone, Duration: time.Second}}
		out = nil
		for _, p := range x.Periods(within) {
			out = append(out, p.Start)
		}
	}
	for _, w := range e.with {
		out = append(out, w.instant())
	}
	return out
}

// end returns the end of the occurrence that begins at start.
func (e *event) end(start time.Time) time.Time {
	if e.days == 0 {
		return start.Add(e.rest)
	}
	date, clock := (moment{instant: start}).wall(e.start.zone)
	at, _ := moment{date: date.AddDays(e.days), clock: clock}.in(e.start.zone)
	return at.Add(e.rest)
}

func (e *event) dropped(start time.Time) bool {
	return slices.ContainsFunc(e.without, start.Equal) || slices.Contains(e.withoutOn, slo.DateOf(start, e.start.zone))
}

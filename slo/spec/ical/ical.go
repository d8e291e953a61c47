// Package ical reads from an iCalendar file (RFC 5545) when its events are, and
// nothing else of it: what they are called and who is invited has no meaning for a
// promise. It is strict about what it reads and names the line of a mistake, since
// an event that is passed over would be time that counts.
package ical

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Limits of one file.
const (
	maxLine   = 1 << 20 // bytes
	maxEvents = 100_000 // with recurring ones written out
	maxDepth  = 64      // of components
)

const day = 24 * time.Hour

// Read returns when the events of an iCalendar file are, cut to within,
// sorted and disjoint. Times without zone and whole days are zone's. It reads
// DTSTART, DTEND, DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID and STATUS of
// VEVENT; an event without length excludes nothing. Warnings say what of the file,
// which name names, excludes nothing. Errors name the line.
func Read(name string, r io.Reader, zone *time.Location, within slo.Period) ([]slo.Period, diag.List, error) {
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
		if len(found) > maxEvents {
			return nil, nil, fmt.Errorf("line %d: more than %d events", e.line, maxEvents)
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

// outline is what a file is made of: its events, and what is none.
type outline struct {
	open   []string // components around the line
	events []event
	others others
}

// readEvents returns the properties of every VEVENT of every VCALENDAR. A
// VTIMEZONE only describes what TZID names.
func readEvents(r io.Reader) ([]event, others, error) {
	var o outline
	if err := contentLines(r, o.line); err != nil {
		return nil, others{}, err
	}
	if depth := len(o.open); depth > 0 {
		return nil, others{}, fmt.Errorf("the file ends inside %s", o.open[depth-1])
	}
	return o.events, o.others, nil
}

// line takes the next content line.
func (o *outline) line(p property) error {
	depth := len(o.open)
	switch {
	case p.name == "BEGIN":
		return o.begin(p)
	case depth == 0:
		return p.errorf("stands before BEGIN:VCALENDAR")
	case p.name == "END":
		if inside := o.open[depth-1]; strings.ToUpper(p.value) != inside {
			return p.errorf("%q does not close %s", p.value, inside)
		}
		o.open = o.open[:depth-1]
	case depth == 2 && o.open[1] == "VEVENT":
		e := &o.events[len(o.events)-1]
		e.lines = append(e.lines, p)
	}
	return nil
}

// begin opens a component.
func (o *outline) begin(p property) error {
	name := strings.ToUpper(p.value)
	if len(o.open) == 0 && name != "VCALENDAR" {
		return p.errorf("%q is not VCALENDAR", p.value)
	}
	o.open = append(o.open, name)
	switch {
	case len(o.open) == 2 && name == "VEVENT":
		o.events = append(o.events, event{line: p.line})
	case len(o.open) == 2 && name != "VTIMEZONE":
		o.others.add(p)
	}
	if len(o.events) > maxEvents || len(o.open) > maxDepth {
		return p.errorf("%q is one too many", p.value)
	}
	return nil
}

// decode fills in what the event's lines say.
func (e *event) decode(zone *time.Location) error {
	var end, length *property
	for i, p := range e.lines {
		switch p.name {
		case "DTEND":
			end = &e.lines[i]
		case "DURATION":
			length = &e.lines[i]
		default:
			if err := e.set(p, zone); err != nil {
				return err
			}
		}
	}
	if e.start.zone == nil {
		return fmt.Errorf("line %d: VEVENT has no DTSTART", e.line)
	}
	return e.setLength(end, length, zone)
}

// set takes over one line other than those of the event's length.
func (e *event) set(p property, zone *time.Location) (err error) {
	switch p.name {
	case "UID":
		e.uid = p.value
	case "STATUS":
		e.cancelled = strings.EqualFold(p.value, "CANCELLED")
	case "DTSTART":
		e.start, err = p.when(p.value, zone)
	case "RRULE":
		err = e.setRule(p)
	case "RDATE":
		err = e.addDates(p, zone)
	case "EXDATE":
		err = e.dropDates(p, zone)
	case "RECURRENCE-ID":
		var w when
		w, err = p.when(p.value, zone)
		e.replaces = w.instant()
	case "EXRULE":
		err = p.errorf("is not read: write EXDATE lines")
	}
	return err
}

func (e *event) setRule(p property) error {
	if e.rule != "" {
		return p.errorf("is the second of this event")
	}
	e.rule = p.value
	if err := slo.CheckRule(p.value); err != nil {
		return p.errorf("%w", err)
	}
	return nil
}

func (e *event) addDates(p property, zone *time.Location) error {
	for text := range strings.SplitSeq(p.value, ",") {
		w, err := p.when(text, zone)
		if err != nil {
			return err
		}
		e.with = append(e.with, w)
	}
	return nil
}

func (e *event) dropDates(p property, zone *time.Location) error {
	for text := range strings.SplitSeq(p.value, ",") {
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
		e.days, e.rest, err = parseISODuration(length.value)
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
	w, err := end.when(end.value, zone)
	switch {
	case err != nil:
		return err
	case w.allDay != e.start.allDay:
		return end.errorf("and DTSTART must both be dates, or both have a time")
	case w.instant().Before(e.start.instant()):
		return end.errorf("%q is before DTSTART", end.value)
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
		x := slo.Exclusion{Rule: &slo.Recurrence{
			Rule: e.rule, Start: e.start.date, Clock: e.start.clock, Zone: e.start.zone, Duration: time.Second,
		}}
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
	date, clock := slo.ClockAt(start, e.start.zone)
	at, _ := date.AddDays(e.days).At(clock, e.start.zone)
	return at.Add(e.rest)
}

// dropped tells whether an EXDATE names the occurrence that begins at start.
func (e *event) dropped(start time.Time) bool {
	on := slo.DateOf(start, e.start.zone)
	return slices.ContainsFunc(e.without, start.Equal) || slices.Contains(e.withoutOn, on)
}

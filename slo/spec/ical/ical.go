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
// VEVENT; an event without length excludes nothing. Of the revisions of an event the
// newest holds, and nothing of the others. Warnings say what of the file,
// which name names, excludes nothing. Errors name the line.
func Read(name string, r io.Reader, zone *time.Location, within slo.Period) ([]slo.Period, diag.List, error) {
	all, others, err := readEvents(r)
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		if err := all[i].decode(zone); err != nil {
			return nil, nil, err
		}
	}
	events, warnings := newest(name, all)
	var found []slo.Period
	for _, e := range events {
		if e.cancelled {
			continue
		}
		found = append(found, e.periods(within)...)
		if len(found) > maxEvents {
			return nil, nil, fmt.Errorf("line %d: more than %d events", e.line, maxEvents)
		}
	}
	return slo.Union(found), append(warnings, idle(name, events, others)...), nil
}

// event is one VEVENT.
type event struct {
	line  int // of BEGIN
	lines []property

	uid       string
	revision  revision
	cancelled bool
	start     when
	days      int           // calendar days of its length
	rest      time.Duration // elapsed time beside them
	rule      string
	with      []when // RDATE
	without   []when // EXDATE
	replaces  when   // RECURRENCE-ID: an occurrence of the series with the same UID
	onwards   bool   // and those after it, RANGE=THISANDFUTURE

	// Of a series: what replaces occurrences of it.
	moves []*event
}

// series tells whether e is no replacement of an occurrence.
func (e *event) series() bool { return e.replaces.zone == nil }

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
		return fmt.Errorf("line %d: an iCalendar file begins with BEGIN:VCALENDAR", p.line) // of others nothing is shown
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

// decode fills in what the event's lines say. Its start comes first, wherever it
// stands: a time without zone is one of the zone of DTSTART.
func (e *event) decode(zone *time.Location) error {
	var end, length *property
	for i, p := range e.lines {
		switch p.name {
		case "DTSTART":
			start, err := p.when(p.value, zone)
			if err != nil {
				return err
			}
			e.start = start
		case "DTEND":
			end = &e.lines[i]
		case "DURATION":
			length = &e.lines[i]
		}
	}
	if e.start.zone != nil {
		zone = e.start.zone
	}
	for _, p := range e.lines {
		if err := e.set(p, zone); err != nil {
			return err
		}
	}
	switch {
	case !e.series() && e.uid == "":
		return fmt.Errorf("line %d: VEVENT has a RECURRENCE-ID and no UID, which says of what", e.line)
	case e.start.zone != nil:
		return e.setLength(end, length, zone)
	case e.cancelled: // what does not happen needs no time
		return nil
	}
	return fmt.Errorf("line %d: VEVENT has no DTSTART", e.line)
}

// set takes over one line other than those of the event's start and length.
func (e *event) set(p property, zone *time.Location) (err error) {
	switch p.name {
	case "UID":
		e.uid = p.value
	case "STATUS":
		e.cancelled = strings.EqualFold(p.value, "CANCELLED")
	case "SEQUENCE", "DTSTAMP", "LAST-MODIFIED":
		err = e.revision.set(p)
	case "RRULE":
		err = e.setRule(p)
	case "RDATE":
		e.with, err = p.dates(e.with, zone)
	case "EXDATE":
		e.without, err = p.dates(e.without, zone)
	case "RECURRENCE-ID":
		e.replaces, err = p.when(p.value, zone)
		reach, _ := p.param("RANGE")
		e.onwards = strings.EqualFold(reach, "THISANDFUTURE")
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

// periods returns the event's occurrences that touch within, cut to it, where those
// that another event replaces onwards are.
func (e *event) periods(within slo.Period) []slo.Period {
	wide := slo.Period{Start: within.Start.Add(-e.reach()), End: within.End.Add(e.reach())}
	var out []slo.Period
	for _, start := range e.starts(wide) {
		if e.dropped(start) {
			continue
		}
		at, as := e.moved(start)
		p := slo.Period{Start: at, End: as.end(at)}
		if p = p.Intersect(within); !p.Empty() && !as.cancelled {
			out = append(out, p)
		}
	}
	return out
}

// reach returns how far from its own start an occurrence may be felt.
func (e *event) reach() time.Duration {
	most := time.Duration(e.days+2)*day + e.rest
	for _, m := range e.moves {
		if m.onwards && !m.cancelled {
			shift := m.start.instant().Sub(m.replaces.instant()).Abs()
			most = max(most, shift+time.Duration(m.days+2)*day+m.rest)
		}
	}
	return most
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
		out = append(out, e.alike(w).instant())
	}
	return out
}

// alike returns w in the form of the event's own start: a day, or the time of day at
// which the event begins.
func (e *event) alike(w when) when {
	switch {
	case e.start.allDay:
		return when{date: w.dateIn(e.start.zone), zone: e.start.zone, allDay: true}
	case w.allDay:
		return when{date: w.date, clock: e.start.clock, zone: e.start.zone}
	}
	return w
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

// dropped tells whether an EXDATE, or another event alone, takes the occurrence that
// begins at start away.
func (e *event) dropped(start time.Time) bool {
	return slices.ContainsFunc(e.without, func(w when) bool { return e.names(w, start) }) ||
		slices.ContainsFunc(e.moves, func(m *event) bool { return !m.onwards && e.names(m.replaces, start) })
}

// names tells whether w means the occurrence that begins at start. Where one of the
// two is a day, days are compared.
func (e *event) names(w when, start time.Time) bool {
	if e.start.allDay || w.allDay {
		return w.dateIn(e.start.zone) == slo.DateOf(start, e.start.zone)
	}
	return start.Equal(w.instant())
}

// moved returns when the occurrence that would begin at start does, and the event
// whose length it has: the last that replaces occurrences from there on, else e.
func (e *event) moved(start time.Time) (time.Time, *event) {
	as := e
	for _, m := range e.moves {
		first := e.alike(m.replaces).instant()
		if m.onwards && !first.After(start) && (as == e || first.After(e.alike(as.replaces).instant())) {
			as = m
		}
	}
	if as == e || as.cancelled {
		return start, as
	}
	zone := as.start.zone
	shift := wall(as.start.instant(), zone).Sub(wall(e.alike(as.replaces).instant(), zone))
	date, clock := slo.ClockAt(wall(start, zone).Add(shift), time.UTC)
	at, _ := date.At(clock, zone)
	return at, as
}

// wall returns what a wall clock in zone shows at t, as a time in UTC.
func wall(t time.Time, zone *time.Location) time.Time {
	date, clock := slo.ClockAt(t, zone)
	return date.Start(time.UTC).Add(clock)
}

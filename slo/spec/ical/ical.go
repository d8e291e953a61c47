// Package ical reads from an iCalendar file (RFC 5545) when its events are, and
// nothing else of it: what they are called and who is invited has no meaning for a
// promise. It is strict about what it reads and names the line of a mistake, since
// an event that is passed over would be time that counts.
package ical

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
)

// Limits of one file.
const (
	maxLine   = 1 << 20 // bytes
	maxEvents = 100_000 // with recurring ones written out
	maxDepth  = 64      // of components
	maxDays   = 100_000 // that an event is felt from afar

	maxZones   = 1000   // of VTIMEZONE in one calendar
	maxChanges = 20_000 // of the clocks in one
	maxOffsets = 250    // from UTC in one

	maxLoad = 1_000_000 // starts of its rules, which are gone through
)

const day = 24 * time.Hour

// Read returns when the events of an iCalendar file are, cut to within,
// sorted and disjoint. Times without zone and whole days are zone's. It reads
// DTSTART, DTEND, DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID and STATUS of
// VEVENT; an event without length excludes nothing, one that is TENTATIVE or TRANSPARENT
// excludes as any other. Of the revisions of an event the
// newest holds, and nothing of the others. A TZID is a VTIMEZONE of the file, else a
// name of IANA or Windows; X-WR-TIMEZONE moves no time, and is warned of where another
// zone than it is taken. Warnings say what of the file,
// which name names, excludes nothing or was read in one of two ways. Errors name the line.
// It reads until ctx is done, whose cause it then fails with, and until l is full.
func Read(
	ctx context.Context, l *Load, name string, r io.Reader, zone *time.Location, within slo.Period,
) ([]slo.Period, diag.List, error) {
	o, err := readOutline(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	// What begins later than this is not in within, whatever its zone.
	in := scope{zone: zone, until: within.End.AddDate(2, 0, 0), load: l}
	for i := range o.events {
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		e := &o.events[i]
		if err := e.decode(in.of(e.object)); err != nil {
			return nil, nil, err
		}
	}
	events, warnings, err := newest(name, o.events, l)
	if err != nil {
		return nil, nil, err
	}
	var found []slo.Period
	for _, e := range events {
		if e.cancelled {
			continue
		}
		if ctx.Err() != nil {
			return nil, nil, context.Cause(ctx)
		}
		periods, err := e.periods(within, l)
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", e.line, err)
		}
		found = append(found, periods...)
		if len(found) > maxEvents {
			return nil, nil, fmt.Errorf("line %d: more than %d events", e.line, maxEvents)
		}
	}
	warnings = append(warnings, unmet(name, events, within)...)
	warnings = append(warnings, idle(name, events, o.others)...)
	for _, c := range o.objects {
		warnings = append(warnings, c.zones.otherwise(name, within)...)
		warnings = append(warnings, c.floating(name, events, in.of(c), within)...)
	}
	return slo.Union(found), warnings, nil
}

// event is one VEVENT.
type event struct {
	line   int // of BEGIN
	lines  []property
	object *object

	uid       string
	revision  revision
	cancelled bool
	start     when
	floats    bool // start has a time and no zone
	lasts     length
	oneDay    *property // the DTEND that is the day of DTSTART
	rules     []string
	with      []addition // RDATE
	without   []exception
	replaces  when // RECURRENCE-ID: an occurrence of the series with the same UID
	onwards   bool // and those after it, RANGE=THISANDFUTURE

	// Of a series: what replaces occurrences of it.
	moves []*event
	// Of what replaces one: the series has that occurrence.
	met bool
}

// addition is one time of an RDATE.
type addition struct {
	when  when
	lasts *length // of a period, else that of the event
}

// exception is one time of an EXDATE.
type exception struct {
	when when
	line int
	met  bool // there is such an occurrence
}

// series tells whether e is no replacement of an occurrence.
func (e *event) series() bool { return e.replaces.zone == nil }

// decode fills in what the event's lines say. Its start comes first, wherever it
// stands: a time without zone is one of the zone of DTSTART.
func (e *event) decode(in scope) error {
	once, err := e.once()
	if err != nil {
		return err
	}
	if p := once["DTSTART"]; p != nil {
		if e.start, err = p.when(p.value, in); err != nil {
			return err
		}
		if !e.start.allDay && e.start.date.Year < 1900 {
			return p.errorf("%q lies before 1900", p.value)
		}
		_, zoned := p.param("TZID")
		e.floats = !zoned && !e.start.allDay && !strings.HasSuffix(strings.TrimSpace(p.value), "Z")
		in.zone = e.start.zone
	}
	for _, p := range e.lines {
		if err := e.set(p, in); err != nil {
			return err
		}
	}
	e.cancelled = e.cancelled || e.object.cancels
	switch {
	case !e.series() && e.uid == "":
		return fmt.Errorf("line %d: VEVENT has a RECURRENCE-ID and no UID, which says of what", e.line)
	case e.start.zone != nil:
		return e.setLength(once["DTEND"], once["DURATION"], in)
	case e.cancelled: // what does not happen needs no time
		return nil
	}
	return fmt.Errorf("line %d: VEVENT has no DTSTART", e.line)
}

// once returns the properties that may stand once in an event, by name.
func (e *event) once() (map[string]*property, error) {
	out := map[string]*property{}
	for i, p := range e.lines {
		switch p.name {
		case "DTSTART", "DTEND", "DURATION", "UID", "RECURRENCE-ID", "SEQUENCE", "STATUS":
			if out[p.name] != nil {
				return nil, p.errorf("is the second of this event")
			}
			out[p.name] = &e.lines[i]
		}
	}
	return out, nil
}

// set takes over one line other than those of the event's start and length.
func (e *event) set(p property, in scope) (err error) {
	switch p.name {
	case "UID":
		e.uid = p.value
	case "STATUS":
		e.cancelled = strings.EqualFold(p.value, "CANCELLED")
	case "SEQUENCE", "DTSTAMP", "LAST-MODIFIED":
		err = e.revision.set(p)
	case "RRULE":
		err = e.addRule(p, in)
	case "RDATE":
		err = e.addDates(p, in)
	case "EXDATE":
		err = e.except(p, in)
	case "RECURRENCE-ID":
		e.replaces, err = p.when(p.value, in)
		if reach, given := p.param("RANGE"); err == nil && given {
			e.onwards = true
			if !strings.EqualFold(reach, "THISANDFUTURE") {
				err = p.errorf("has RANGE %q, which is not read: only THISANDFUTURE is", reach)
			}
		}
	case "EXRULE":
		err = p.errorf("is not read: write EXDATE lines")
	}
	return err
}

var (
	untilPart  = pattern.Of(`(?i)UNTIL=([^;]*)`)
	clockParts = pattern.Of(`(?i);?BY(HOUR|MINUTE|SECOND)=[^;]*`)
)

// addRule adds a recurrence rule. Of whole days it ends with a day, also where its
// UNTIL has a time, and times of day in it are ignored (RFC 5545, section 3.3.10).
func (e *event) addRule(p property, in scope) error {
	rule := strings.TrimSuffix(strings.TrimSpace(p.value), ";")
	if err := slo.CheckRule(rule); err != nil {
		return p.errorf("%w", err)
	}
	if e.start.allDay {
		rule = strings.TrimPrefix(clockParts().ReplaceAllLiteralString(rule, ""), ";")
	}
	if until := untilPart().FindStringSubmatch(rule); e.start.allDay && until != nil {
		w, err := property{name: p.name, line: p.line}.when(strings.ToUpper(until[1]), in)
		if err != nil {
			return err
		}
		last := w.dateIn(e.start.zone).Start(time.UTC).Format("20060102")
		rule = untilPart().ReplaceAllLiteralString(rule, "UNTIL="+last)
	}
	e.rules = append(e.rules, rule)
	return nil
}

// addDates adds the times and periods of an RDATE.
func (e *event) addDates(p property, in scope) error {
	for text := range strings.SplitSeq(p.value, ",") {
		begin, end, period := strings.Cut(text, "/")
		w, err := p.when(begin, in)
		if err != nil {
			return err
		}
		add := addition{when: w}
		if period {
			if add.lasts, err = p.periodTo(w, end, in); err != nil {
				return err
			}
		}
		e.with = append(e.with, add)
	}
	return nil
}

// periodTo returns the length of a period that begins at start, by its end or duration.
func (p property) periodTo(start when, end string, in scope) (*length, error) {
	if strings.ContainsAny(end, "Pp") {
		l, err := parseISODuration(strings.ToUpper(end))
		if err != nil {
			return nil, p.errorf("%w", err)
		}
		return &l, nil
	}
	w, err := p.when(end, in)
	switch {
	case err != nil:
		return nil, err
	case w.allDay || start.allDay:
		return nil, p.errorf("%q is not the end of a period: it has no time", end)
	case w.instant().Before(start.instant()):
		return nil, p.errorf("%q is before the start of its period", end)
	}
	return &length{rest: w.instant().Sub(start.instant())}, nil
}

// except adds the times of an EXDATE.
func (e *event) except(p property, in scope) error {
	for text := range strings.SplitSeq(p.value, ",") {
		w, err := p.when(text, in)
		if err != nil {
			return err
		}
		e.without = append(e.without, exception{when: w, line: p.line})
	}
	return nil
}

// setLength takes it from DTEND or DURATION; a whole day without either is one, and so
// is one that ends on the day on which it begins.
func (e *event) setLength(end, lasts *property, in scope) (err error) {
	switch {
	case end != nil && lasts != nil:
		return end.errorf("stands beside DURATION")
	case lasts != nil:
		if e.lasts, err = parseISODuration(lasts.value); err != nil {
			return lasts.errorf("%w", err)
		}
		return nil
	case end == nil && e.start.allDay:
		e.lasts.days = 1
		return nil
	case end == nil:
		return nil
	}
	w, err := end.when(end.value, in)
	switch {
	case err != nil:
		return err
	case w.allDay != e.start.allDay:
		return end.errorf("and DTSTART must both be dates, or both have a time")
	case w.instant().Before(e.start.instant()):
		return end.errorf("%q is before DTSTART", end.value)
	case w.allDay && w.date == e.start.date:
		e.lasts.days, e.oneDay = 1, end
	case w.allDay:
		e.lasts.days = daysBetween(e.start.date, w.date)
	default:
		e.lasts.rest = w.instant().Sub(e.start.instant())
	}
	return nil
}

// daysBetween is in seconds until the last step: a time.Duration ends after 292 years.
func daysBetween(a, b slo.Date) int {
	return int((b.Start(time.UTC).Unix() - a.Start(time.UTC).Unix()) / int64(day/time.Second))
}

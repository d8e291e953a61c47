package ical

import (
	"fmt"

	"github.com/nines-slo/nines/slo/diag"
)

// others counts the components of a calendar that are not read.
type others struct {
	first property // BEGIN
	n     int
}

func (o *others) add(p property) {
	if o.n == 0 {
		o.first = p
	}
	o.n++
}

// idle warns of what in a file excludes nothing, though who wrote it may think so.
func idle(name string, events []*event, o others) diag.List {
	out := noLength(name, events)
	at, begin := diag.Pos{File: name, Line: o.first.line}, diag.Quote(o.first.value)
	none := func(format string, args ...any) {
		out = append(out, diag.Warnf(at, "exclusion/no-event", format, args...))
	}
	switch {
	case o.n == 1:
		none("this %s excludes nothing: only a VEVENT does", begin)
	case o.n > 1:
		none("%d components from this %s on exclude nothing: only a VEVENT does", o.n, begin)
	case len(events) == 0:
		at.Line = 1
		none("the calendar has no VEVENT and excludes nothing")
	}
	return out
}

// noLength warns of events that begin and do not last.
func noLength(name string, events []*event) diag.List {
	n, at := 0, diag.Pos{File: name}
	for _, e := range events {
		if e.cancelled || e.days > 0 || e.rest > 0 {
			continue
		}
		if n++; n == 1 {
			at.Line = e.line
		}
	}
	if n == 0 {
		return nil
	}
	text := "this event has no length and excludes nothing"
	if n > 1 {
		text = fmt.Sprintf("%d events from here on have no length and exclude nothing", n)
	}
	return diag.List{diag.Warnf(at, "exclusion/no-length", "%s", text).
		WithHint("add DTEND or DURATION, or make DTSTART a date for the whole day (RFC 5545, section 3.6.1)")}
}

package ical

import (
	"fmt"

	"github.com/nines-slo/nines/slo"
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
	out := append(noLength(name, events), oneDay(name, events)...)
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
		if e.cancelled || e.lasts != (length{}) {
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

// oneDay tells of whole days that end on the day on which they begin. They are read as
// that day, which is what calendar programs show.
func oneDay(name string, events []*event) diag.List {
	n, at := 0, diag.Pos{File: name}
	for _, e := range events {
		if e.cancelled || e.oneDay == nil {
			continue
		}
		if n++; n == 1 {
			at.Line = e.oneDay.line
		}
	}
	if n == 0 {
		return nil
	}
	text := "DTEND is the day of DTSTART: that whole day is excluded"
	if n > 1 {
		text = fmt.Sprintf("%d events from here on end on the day on which they begin: that whole day is excluded", n)
	}
	return diag.List{diag.Warnf(at, "exclusion/one-day", "%s", text).
		WithHint("DTEND is the day after the last one (RFC 5545, section 3.6.1)")}
}

// unmet warns of what is said within a period of occurrences that are none: an EXDATE
// then takes nothing away, and a replacement comes beside the series. The first of each
// kind is told.
func unmet(name string, events []*event, within slo.Period) diag.List {
	var out diag.List
	told := map[string]bool{} // one of a kind is enough to look for the others
	warn := func(line int, w when, text string) {
		if !told[text] && within.Contains(w.instant()) {
			told[text] = true
			out = append(out, diag.Warnf(diag.Pos{File: name, Line: line}, "exclusion/no-occurrence", "%s", text).
				WithHint("write the time at which the occurrence begins, in the zone of DTSTART (RFC 5545, section 3.8.4.4)"))
		}
	}
	for _, e := range events {
		for _, x := range e.without {
			if !x.met && !e.cancelled {
				warn(x.line, e.alike(x.when), "this EXDATE names no occurrence of its event, and takes nothing away")
			}
		}
		for _, m := range e.moves {
			if !m.met && !m.onwards && !m.cancelled && !e.cancelled {
				warn(m.line, e.alike(m.replaces), "this event replaces an occurrence that its series has not, and is excluded beside it")
			}
		}
	}
	return out
}

package ical

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
)

// occurrence is one of those that an event has by its own lines.
type occurrence struct {
	start time.Time
	lasts *length // its own, of a period that RDATE gives; else nil
}

// periods returns the event's occurrences that touch within, cut to it, where those
// that another event replaces onwards are.
func (e *event) periods(within slo.Period, l *Load) ([]slo.Period, error) {
	wide := slo.Period{Start: within.Start.Add(-e.reach()), End: within.End.Add(e.reach())}
	replaced := e.replaced()
	var out []slo.Period
	starts, err := e.starts(wide, l)
	if err != nil {
		return nil, err
	}
	for _, o := range starts {
		if replaced.drop(o.start) {
			continue
		}
		at, as := replaced.moved(o.start)
		p := slo.Period{Start: at, End: as.end(at)}
		if as == e && o.lasts != nil {
			p.End = o.lasts.at(at, e.start.zone)
		}
		if p = p.Intersect(within); !p.Empty() && !as.cancelled {
			out = append(out, p)
		}
	}
	return out, nil
}

// reach returns how far from its own start an occurrence may be felt.
func (e *event) reach() time.Duration {
	most := e.lasts.most()
	for _, add := range e.with {
		if add.lasts != nil {
			most = max(most, add.lasts.most())
		}
	}
	for _, m := range e.moves {
		if m.onwards && !m.cancelled {
			shift := m.start.instant().Sub(m.replaces.instant()).Abs()
			most = max(most, shift+m.lasts.most())
		}
	}
	return most
}

// starts returns the occurrences, at least those that begin in a period, in order and
// once, but beside one another where RDATE gives a period of its own. A rule is expanded into occurrences of no length, so that none is
// joined to its neighbour. DTSTART is the first one, whether or not the rule has it.
func (e *event) starts(within slo.Period, l *Load) ([]occurrence, error) {
	out := []occurrence{{start: e.start.instant()}}
	for _, rule := range e.rules {
		starts, err := e.expand(rule, within, true, l)
		if err != nil {
			return nil, err
		}
		for _, start := range starts {
			out = append(out, occurrence{start: start})
		}
	}
	for _, add := range e.with {
		out = append(out, occurrence{e.alike(add.when).instant(), add.lasts})
	}
	order.Stable(out, func(a, b occurrence) int { return a.start.Compare(b.start) })
	out = slices.CompactFunc(out, func(a, b occurrence) bool { return a.start.Equal(b.start) && a.lasts == b.lasts })
	return out, nil
}

// expand returns what a rule gives, with DTSTART or as far as the rule has it. Days are counted on a calendar without clocks: a
// day whose midnight the clocks skip is one.
func (e *event) expand(rule string, within slo.Period, start bool, l *Load) ([]time.Time, error) {
	x := slo.Exclusion{Rule: &slo.Recurrence{
		Rule: rule, Start: e.start.date, Clock: e.start.clock, Zone: e.start.zone, Duration: time.Nanosecond, StartCounts: start,
	}}
	if e.start.allDay {
		x.Rule.Zone = time.UTC
		within = slo.Period{Start: within.Start.Add(-day), End: within.End.Add(day)}
	}
	if err := l.add(x.Rule.Load(within)); err != nil {
		return nil, err
	}
	var out []time.Time
	for _, p := range x.Periods(within) {
		if e.start.allDay {
			p.Start = slo.DateOf(p.Start, time.UTC).Start(e.start.zone)
		}
		out = append(out, p.Start)
	}
	return out, nil
}

// Load is how many starts the rules of one file are gone through for, however often it is
// read.
type Load struct{ starts int }

func (l *Load) add(starts int) error {
	l.starts += starts
	if l.starts > maxLoad {
		return fmt.Errorf("the recurring events up to here have more than %d starts: "+
			"repeat less often and last longer, or end with UNTIL and not COUNT", maxLoad)
	}
	return nil
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
	if e.start.allDay {
		first := slo.DateOf(start, e.start.zone)
		return first.AddDays(e.lasts.days).Start(e.start.zone).Add(e.lasts.rest)
	}
	return e.lasts.at(start, e.start.zone)
}

// replacements are the EXDATEs of a series and the events that replace one occurrence
// of it, by the day of the series on which that is.
type replacements struct {
	series     *event
	exceptions map[slo.Date][]*exception
	moves      map[slo.Date][]*event
	onwards    []onwards // in order, one an instant
}

// onwards is what replaces a series from an instant on.
type onwards struct {
	first time.Time
	as    *event
}

func (e *event) replaced() replacements {
	r := replacements{series: e, exceptions: map[slo.Date][]*exception{}, moves: map[slo.Date][]*event{}}
	for i := range e.without {
		on := e.dayOf(e.without[i].when)
		r.exceptions[on] = append(r.exceptions[on], &e.without[i])
	}
	for _, m := range e.moves {
		if m.onwards {
			r.onwards = append(r.onwards, onwards{e.alike(m.replaces).instant(), m})
			continue
		}
		on := e.dayOf(m.replaces)
		r.moves[on] = append(r.moves[on], m)
	}
	order.Stable(r.onwards, func(a, b onwards) int { return a.first.Compare(b.first) })
	r.onwards = slices.CompactFunc(r.onwards, func(a, b onwards) bool { return a.first.Equal(b.first) })
	return r
}

// drop tells whether an EXDATE, or another event alone, takes the occurrence that
// begins at start away, and remembers each that does.
func (r replacements) drop(start time.Time) (gone bool) {
	on := slo.DateOf(start, r.series.start.zone)
	for _, x := range r.exceptions[on] {
		if r.series.names(x.when, start) {
			x.met, gone = true, true
		}
	}
	for _, m := range r.moves[on] {
		if r.series.names(m.replaces, start) {
			m.met, gone = true, true
		}
	}
	return gone
}

// dayOf returns the day of the event's zone on which an occurrence that w names begins.
func (e *event) dayOf(w when) slo.Date {
	if e.start.allDay || w.allDay {
		return w.dateIn(e.start.zone)
	}
	return slo.DateOf(w.instant(), e.start.zone)
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
// whose length it has: the last that replaces occurrences from there on, else the series.
func (r replacements) moved(start time.Time) (time.Time, *event) {
	e, as := r.series, r.series
	later := sort.Search(len(r.onwards), func(i int) bool { return r.onwards[i].first.After(start) })
	if later > 0 {
		as = r.onwards[later-1].as
	}
	if as == e || as.cancelled {
		return start, as
	}
	zone := as.start.zone
	shift := wall(as.start.instant(), zone).Sub(wall(e.alike(as.replaces).instant(), zone))
	date, clock := slo.ClockAt(wall(start, zone).Add(shift), time.UTC)
	if as.start.allDay {
		return date.Start(zone), as
	}
	at, _ := date.At(clock, zone)
	return at, as
}

// wall returns what a wall clock in zone shows at t, as a time in UTC.
func wall(t time.Time, zone *time.Location) time.Time {
	date, clock := slo.ClockAt(t, zone)
	return date.Start(time.UTC).Add(clock)
}

package ical

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/pattern"
)

// when is a time of an iCalendar file: a wall clock's in a zone.
type when struct {
	date   slo.Date
	clock  time.Duration // since midnight
	zone   *time.Location
	allDay bool
}

// instant returns the first instant at which the clock shows w. Of a time that the
// clocks skip it is the one by the offset before.
func (w when) instant() time.Time {
	at, _ := w.date.At(w.clock, w.zone)
	return at
}

// dateIn returns the day that w means for an event of whole days or times in zone: the
// one that is written, but for an instant that is not midnight in UTC, which is a day
// of zone.
func (w when) dateIn(zone *time.Location) slo.Date {
	if w.zone == time.UTC && w.clock != 0 {
		return slo.DateOf(w.instant(), zone)
	}
	return w.date
}

// scope is where a time stands: in a calendar, whose time zones have names, and beside
// a zone that holds for times without one.
type scope struct {
	zone  *time.Location
	zones *zones // nil where there is no TZID
	until time.Time
	load  *Load // of the file
}

// of returns the scope of what stands in a calendar of the file.
func (in scope) of(c *object) scope {
	in.zones = &c.zones
	return in
}

// when reads 20261004, 20261004T010000 or 20261004T010000Z, in the zone that TZID
// names, else in that of its scope.
func (p property) when(text string, in scope) (when, error) {
	text = strings.TrimSpace(text)
	zone, err := p.zone(in)
	if err != nil {
		return when{}, err
	}
	kind, _ := p.param("VALUE")
	if strings.EqualFold(kind, "DATE") {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "Z"), "T000000")
	}
	if t, err := time.Parse("20060102", strings.TrimSuffix(text, "Z")); err == nil { // a day has no zone, whatever is written
		return when{date: slo.DateOf(t, time.UTC), zone: zone, allDay: true}, p.checkYear(t, text)
	}
	local, utc := strings.CutSuffix(text, "Z")
	t, err := time.Parse("20060102T150405", local)
	switch {
	case err != nil:
		return when{}, p.errorf("%q is not a time such as 20261004T010000Z", text)
	case strings.EqualFold(kind, "DATE"):
		return when{}, p.errorf("%q is a time, and VALUE says DATE", text)
	case utc:
		zone = time.UTC
	}
	return when{date: slo.DateOf(t, time.UTC), clock: t.Sub(t.Truncate(day)), zone: zone}, p.checkYear(t, text)
}

func (p property) checkYear(t time.Time, text string) error {
	if t.Year() < 1600 {
		return p.errorf("%q lies before 1600", text)
	}
	return nil
}

func (p property) zone(in scope) (*time.Location, error) {
	id, given := p.param("TZID")
	if !given || in.zones == nil {
		return in.zone, nil
	}
	zone, err := in.zones.find(id, in)
	if err != nil {
		return nil, p.errorf("%w", err)
	}
	return zone, nil
}

// length is that of an event: calendar days, and elapsed time beside them.
type length struct {
	days int
	rest time.Duration
}

// at returns where what begins at start in zone and lasts so long ends.
func (l length) at(start time.Time, zone *time.Location) time.Time {
	if l.days == 0 {
		return start.Add(l.rest)
	}
	date, clock := slo.ClockAt(start, zone)
	at, _ := date.AddDays(l.days).At(clock, zone)
	return at.Add(l.rest)
}

// most returns a time that it is never longer than.
func (l length) most() time.Duration { return time.Duration(min(l.days, maxDays)+2)*day + l.rest }

var isoDuration = pattern.Of(`^\+?P(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?` +
	`(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?$`)

// parseISODuration reads P1W, P1D or PT1H30M.
func parseISODuration(text string) (length, error) {
	text = strings.TrimSpace(text)
	if positive, negative := strings.CutPrefix(text, "-"); negative && isoDuration().MatchString(positive) {
		return length{}, fmt.Errorf("%q is negative: an event ends after it begins", text)
	}
	m := isoDuration().FindStringSubmatch(text)
	if m == nil || strings.Trim(text, "+PT") == "" {
		return length{}, fmt.Errorf("%q is not a duration such as PT1H30M", text)
	}
	n := [6]int{}
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i]) // "" is 0
	}
	rest := time.Duration(n[3])*time.Hour + time.Duration(n[4])*time.Minute + time.Duration(n[5])*time.Second
	return length{7*n[1] + n[2], rest}, nil
}

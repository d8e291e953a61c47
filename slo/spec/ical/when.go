package ical

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
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

// dates adds the times that a property lists.
func (p property) dates(to []when, zone *time.Location) ([]when, error) {
	for text := range strings.SplitSeq(p.value, ",") {
		w, err := p.when(text, zone)
		if err != nil {
			return nil, err
		}
		to = append(to, w)
	}
	return to, nil
}

// when reads 20261004, 20261004T010000 or 20261004T010000Z, in the zone that TZID
// names, else in fallback.
func (p property) when(text string, fallback *time.Location) (when, error) {
	text = strings.TrimSpace(text)
	zone, err := p.zone(fallback)
	if err != nil {
		return when{}, err
	}
	if t, err := time.Parse("20060102", text); err == nil {
		return when{date: slo.DateOf(t, time.UTC), zone: zone, allDay: true}, p.checkYear(t, text)
	}
	local, utc := strings.CutSuffix(text, "Z")
	t, err := time.Parse("20060102T150405", local)
	if err != nil {
		return when{}, p.errorf("%q is not a time such as 20261004T010000Z", text)
	}
	if utc {
		zone = time.UTC
	}
	return when{date: slo.DateOf(t, time.UTC), clock: t.Sub(t.Truncate(day)), zone: zone}, p.checkYear(t, text)
}

func (p property) checkYear(t time.Time, text string) error {
	if t.Year() < 1900 {
		return p.errorf("%q lies before 1900", text)
	}
	return nil
}

func (p property) zone(fallback *time.Location) (*time.Location, error) {
	name, given := p.param("TZID")
	if !given {
		return fallback, nil
	}
	zone, err := time.LoadLocation(strings.TrimPrefix(name, "/"))
	if err != nil || name == "" || name == "Local" {
		return nil, p.errorf("has TZID %q, which is no IANA time zone", name)
	}
	return zone, nil
}

var isoDuration = regexp.MustCompile(`^\+?P(?:([0-9]{1,4})W)?(?:([0-9]{1,4})D)?` +
	`(?:T(?:([0-9]{1,6})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,8})S)?)?$`)

// parseISODuration reads P1W, P1D or PT1H30M: calendar days and elapsed time.
func parseISODuration(text string) (days int, rest time.Duration, err error) {
	m := isoDuration.FindStringSubmatch(text)
	if m == nil || strings.Trim(text, "+PT") == "" {
		return 0, 0, fmt.Errorf("%q is not a duration such as PT1H30M", text)
	}
	n := [6]int{}
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i]) // "" is 0
	}
	rest = time.Duration(n[3])*time.Hour + time.Duration(n[4])*time.Minute + time.Duration(n[5])*time.Second
	return 7*n[1] + n[2], rest, nil
}

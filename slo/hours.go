package slo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours are times of the week by a wall clock: [From, To) since midnight on Days,
// overnight to the day after where To is not after From. The zero Hours hold never.
type Hours struct {
	Days [7]bool       // by time.Weekday
	From time.Duration // since midnight
	To   time.Duration // up to 24 h
	Zone *time.Location
}

// ParseHours reads "Mon-Fri 09:00-18:00", "Sat,Sun 10:00-12:00" or "22:00-06:00",
// which is every day.
func ParseHours(text string, zone *time.Location) (Hours, error) {
	days, span, ok := strings.Cut(strings.TrimSpace(text), " ")
	if !ok {
		days, span = "sun-sat", days
	}
	h := Hours{Zone: zone}
	if err := h.days(text, days); err != nil {
		return Hours{}, err
	}
	from, to, ok := strings.Cut(strings.TrimSpace(span), "-")
	var okFrom, okTo bool
	h.From, okFrom = clockTime(from)
	h.To, okTo = clockTime(to)
	if !ok || !okFrom || !okTo || h.From == 24*time.Hour || h.From == h.To {
		return Hours{}, fmt.Errorf("%q is not hours such as Mon-Fri 09:00-18:00", text)
	}
	return h, nil
}

// days reads "Mon-Fri", "Sat,Sun" or "Fri-Mon".
func (h *Hours) days(text, list string) error {
	names := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	for part := range strings.SplitSeq(strings.ToLower(list), ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		i, j := slices.Index(names, first), slices.Index(names, last)
		if i < 0 || j < 0 {
			return fmt.Errorf("%q has no days such as Mon-Fri or Sat,Sun", text)
		}
		for ; i != j; i = (i + 1) % 7 {
			h.Days[i] = true
		}
		h.Days[j] = true
	}
	return nil
}

// clockTime reads "09:30", up to "24:00".
func clockTime(text string) (time.Duration, bool) {
	if len(text) != len("09:30") || text[2] != ':' {
		return 0, false
	}
	hour, errHour := strconv.ParseUint(text[:2], 10, 8)
	minute, errMinute := strconv.ParseUint(text[3:], 10, 8)
	d := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	return d, errHour == nil && errMinute == nil && minute < 60 && d <= 24*time.Hour
}

// Contains tells whether the wall clock shows one of the hours at t.
func (h Hours) Contains(t time.Time) bool {
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	wall := wallClock(t, zone)
	clock, day := wall.Sub(wall.Truncate(24*time.Hour)), wall.Weekday()
	if h.From < h.To {
		return h.Days[day] && clock >= h.From && clock < h.To
	}
	return h.Days[day] && clock >= h.From || h.Days[(day+6)%7] && clock < h.To
}

// Until returns the first whole minute after t at which none of the hours is
// shown, the zero time if that is more than a week away.
func Until(hours []Hours, t time.Time) time.Time {
	const week = 8 * 24 * time.Hour // with a clock change
	for next := t.Truncate(time.Minute).Add(time.Minute); !next.After(t.Add(week)); next = next.Add(time.Minute) {
		if !slices.ContainsFunc(hours, func(h Hours) bool { return h.Contains(next) }) {
			return next
		}
	}
	return time.Time{}
}

package slo

import "time"

// ClockAt returns the date and the time since midnight that a wall clock in loc
// shows at t.
func ClockAt(t time.Time, loc *time.Location) (Date, time.Duration) {
	wall := wallClock(t, loc)
	date := DateOf(wall, time.UTC)
	return date, wall.Sub(date.utc())
}

// At returns the first instant at which a wall clock in loc shows clock, a time
// since midnight, on d, and whether there is one. Of a time that the clocks skip it
// returns the instant that it would be by the offset before them (RFC 5545, section
// 3.3.5). Midnight always exists: it is Start.
func (d Date) At(clock time.Duration, loc *time.Location) (at time.Time, exists bool) {
	at, exists = instant(d.utc().Add(clock), loc)
	if exists || clock == 0 {
		return at, true
	}
	return d.Start(loc).Add(clock), false
}

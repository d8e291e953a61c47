package deploy

import (
	"errors"
	"regexp"
	"strconv"
	"time"
)

// stampPattern finds a stamp at the start of a line: 2026-10-13T18:05:00+02:00, also
// with a space between date and time, without seconds, and with an offset as
// git's %ci writes it. Without an offset it is found, so that it can be refused.
var stampPattern = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?([Zz]|([+-][0-9]{2}):?([0-9]{2})))?`)

const hintStamp = "write RFC 3339, such as 2026-10-13T18:05:00+02:00, or Unix time in seconds or milliseconds"

// parseStamp reads RFC 3339 or Unix time of 9 or 10 digits (seconds) or 13
// (milliseconds). Other lengths are dates without their punctuation.
func parseStamp(text string) (time.Time, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
		switch len(text) {
		case 9, 10:
			return time.Unix(n, 0).UTC(), nil
		case 13:
			return time.UnixMilli(n).UTC(), nil
		}
	}
	m := stampPattern.FindStringSubmatch(text)
	if m == nil || len(m[0]) != len(text) {
		return time.Time{}, errors.New("is not a stamp")
	}
	return parseParts(m)
}

// parseParts reads what stampPattern found.
func parseParts(m []string) (time.Time, error) {
	date, clock, seconds, zone := m[1], m[2], m[3], m[4]
	switch {
	case zone == "":
		return time.Time{}, errors.New("has no offset from UTC, such as Z or +02:00")
	case m[5] != "":
		zone = m[5] + ":" + m[6]
	default:
		zone = "Z"
	}
	if seconds == "" {
		seconds = ":00"
	}
	t, err := time.Parse(time.RFC3339, date+"T"+clock+seconds+zone)
	switch {
	case err != nil:
		return time.Time{}, errors.New("is no instant of the calendar")
	case t.Unix() < 0:
		return time.Time{}, errors.New("lies before 1970")
	}
	return t.UTC(), nil
}

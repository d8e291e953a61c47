package journal

import (
	"errors"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo/pattern"
)

// stampPattern finds a stamp at the start of a text: 2026-10-13T18:05:00+02:00, also
// with a space between date and time, without seconds, and with an offset as
// git's %ci writes it. Without an offset it is found, so that it can be refused.
var stampPattern = pattern.Of(`^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})` +
	`(:[0-9]{2}(?:\.[0-9]{1,9})?)?(?: ?([Zz]|([+-][0-9]{2}):?([0-9]{2})))?`)

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
	stamp, rest, parts := cutStamp(text)
	if stamp == "" || rest != "" {
		return time.Time{}, errors.New("is not a stamp")
	}
	return parts.instant()
}

// cutStamp returns the stamp with which text begins, "" if there is none, and what
// follows it.
func cutStamp(text string) (stamp, rest string, parts stampParts) {
	m := stampPattern().FindStringSubmatch(text)
	if m == nil {
		return "", text, stampParts{}
	}
	parts = stampParts{date: m[1], clock: m[2], seconds: m[3], zone: m[4]}
	if m[5] != "" {
		parts.zone = m[5] + ":" + m[6]
	} else if m[4] != "" {
		parts.zone = "Z"
	}
	return m[0], text[len(m[0]):], parts
}

// stampParts are those of RFC 3339; seconds and zone may be missing.
type stampParts struct{ date, clock, seconds, zone string }

func (p stampParts) instant() (time.Time, error) {
	if p.zone == "" {
		return time.Time{}, errors.New("has no offset from UTC, such as Z or +02:00")
	}
	if p.seconds == "" {
		p.seconds = ":00"
	}
	t, err := time.Parse(time.RFC3339, p.date+"T"+p.clock+p.seconds+p.zone)
	t = t.UTC()
	switch {
	case err != nil, t.Year() > 9999:
		return time.Time{}, errors.New("is no instant of the calendar")
	case t.Unix() < 0:
		return time.Time{}, errors.New("lies before 1970")
	}
	return t, nil
}

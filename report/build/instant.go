package build

import (
	"time"
)

// instant returns t in UTC, nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// zoneName returns the name of a zone, "" for nil.
func zoneName(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zone.String()
}

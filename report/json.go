package report

import (
	"time"
)

// The JSON forms of this package keep two promises that plain structs do not: times
// are UTC, and what is empty is [] or {}, never null. null is an unknown number.

// listed returns l, empty but not nil.
func listed[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

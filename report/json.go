package report

import (
	"math"
	"time"

	"github.com/nines-slo/nines/slo"
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

// lasting returns n units, to the nearest nanosecond.
func lasting(n slo.Number, unit time.Duration) time.Duration {
	return time.Duration(math.Round(n.Mul(slo.NumberOf(int64(unit))).Float()))
}

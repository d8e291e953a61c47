package slo

import (
	"testing"
	"time"
)

func TestHull(t *testing.T) {
	hour := func(from, to int) Period {
		day := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		return Period{Start: day.Add(time.Duration(from) * time.Hour), End: day.Add(time.Duration(to) * time.Hour)}
	}
	for _, c := range []struct {
		name       string
		p, q, want Period
	}{
		{"apart", hour(1, 2), hour(5, 6), hour(1, 6)},
		{"overlapping", hour(1, 4), hour(3, 6), hour(1, 6)},
		{"inside", hour(1, 6), hour(3, 4), hour(1, 6)},
		{"empty inside", hour(1, 6), hour(3, 3), hour(1, 6)},
		{"empty outside", hour(1, 2), hour(9, 9), hour(1, 2)},
		{"end before start", hour(1, 2), hour(9, 0), hour(1, 2)},
		{"the zero period", hour(1, 2), Period{}, hour(1, 2)},
	} {
		if got := c.p.Hull(c.q); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		if got := c.q.Hull(c.p); got != c.want {
			t.Errorf("%s, the other way round: got %v, want %v", c.name, got, c.want)
		}
	}
	if got := (Period{}).Hull(hour(3, 3)); !got.Empty() {
		t.Errorf("two empty ones: got %v, want an empty one", got)
	}
}

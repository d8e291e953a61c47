package csv_test

import (
	"strings"
	"testing"
	"time"
)

func TestGrid(t *testing.T) {
	const utcHours = head + "2026-05-01T00:00:00Z,1,1\n2026-05-01T01:00:00Z,1,1\n"
	const halfHours = head + "2026-05-01T00:30:00Z,1,1\n2026-05-01T01:30:00Z,1,1\n"
	for _, c := range []struct {
		name, data, source, from string
		length                   time.Duration
		start, want              string
	}{
		{"local hours of a zone off the hour", halfHours, "step: 1h\ntimezone: Asia/Kolkata", "2026-04-30T18:30:00Z", 8 * time.Hour, "2026-04-30T18:30:00Z", "_ _ _ _ _ _ 0/1 0/1"},
		{"hours of utc in a zone off the hour", utcHours, "step: 1h\ntimezone: Asia/Kolkata", "2026-04-30T18:30:00Z", 8 * time.Hour, "2026-04-30T19:00:00Z", "_ _ _ _ _ 0/1 0/1 _"},
		{"a bucket over the period's end", utcHours + "2026-05-01T02:00:00Z,2,2\n2026-05-01T03:00:00Z,3,3\n", "step: 1h\ntimezone: Asia/Kolkata", "2026-04-30T18:30:00Z", 8 * time.Hour, "2026-04-30T19:00:00Z", "_ _ _ _ _ 0/1 0/1 0/2"},
		{"the bucket over the period's start", head + "2026-04-30T18:00:00Z,9,9\n", "step: 1h\ntimezone: Asia/Kolkata", "2026-04-30T18:30:00Z", 2 * time.Hour, "2026-04-30T18:30:00Z", "_ _"},
		{"days of UTC in a zone ahead", head + "2026-04-30T00:00:00Z,1,1\n2026-05-01T00:00:00Z,2,2\n2026-05-02T00:00:00Z,3,3\n", "step: 1d\ntimezone: Asia/Tokyo", "2026-04-30T15:00:00Z", 24 * time.Hour, "2026-05-01T00:00:00Z", "0/2"},
		{"a quarter off", head + "2026-05-01T00:15:00Z,1,1\n", "step: 1h\ntimezone: Asia/Kathmandu", "2026-05-01T00:00:00Z", 2 * time.Hour, "2026-05-01T00:15:00Z", "0/1 _"},
		{"days of a zone", head + "2026-04-30T22:00:00Z,1,1\n2026-05-01T22:00:00Z,2,2\n", "step: 24h\ntimezone: Europe/Berlin", "2026-04-30T22:00:00Z", 48 * time.Hour, "2026-04-30T22:00:00Z", "0/1 0/2"},
		{"days of a zone, clocks change outside the period", head + "2026-03-27T23:00:00Z,9,9\n2026-04-30T22:00:00Z,1,1\n", "step: 24h\ntimezone: Europe/Berlin", "2026-04-30T22:00:00Z", 24 * time.Hour, "2026-04-30T22:00:00Z", "0/1"},
		{"hours over a clock change", head + "2026-03-29T00:00:00Z,1,1\n2026-03-29T01:00:00Z,2,2\n2026-03-29T02:00:00Z,3,3\n", "step: 1h\ntimezone: Europe/Berlin", "2026-03-29T00:00:00Z", 3 * time.Hour, "2026-03-29T00:00:00Z", "0/1 0/2 0/3"},
		{"none on the grid", head, "step: 1h\ntimezone: Asia/Kolkata", "2026-05-01T00:00:00Z", 2 * time.Hour, "2026-05-01T00:30:00Z", "_ _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, question{data: c.data, source: c.source, from: c.from, length: c.length})
			if got := counts(a); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if a.Err == nil && a.Series.Start.Format(time.RFC3339) != c.start {
				t.Errorf("start: got %v, want %s", a.Series.Start, c.start)
			}
		})
	}
}

func TestGridRefuses(t *testing.T) {
	for _, c := range []struct{ name, data, source, want string }{
		{"half an hour in utc", head + "2026-05-01T00:00:00Z,1,1\n2026-05-01T01:30:00Z,1,1\n", "step: 1h", "data.csv:3"},
		{"both grids in one file", head + "2026-05-01T00:00:00Z,1,1\n2026-05-01T01:00:00Z,1,1\n2026-05-01T02:30:00Z,1,1\n", "step: 1h\ntimezone: Asia/Kolkata", "data.csv:4"},
		{"clocks change within the period", head + "2026-03-27T23:00:00Z,1,1\n2026-03-28T23:00:00Z,1,1\n2026-03-29T22:00:00Z,1,1\n", "step: 24h\ntimezone: Europe/Berlin", "the clocks of Europe/Berlin change"},
		{"a time that comes twice", head + "2026-10-25T02:30:00,1,1\n", "timezone: Europe/Berlin", "comes twice in Europe/Berlin"},
		{"a time that does not exist", head + "2026-03-29T02:30:00,1,1\n", "timezone: Europe/Berlin", "does not exist in Europe/Berlin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers, err := ask(t, question{data: c.data, source: c.source, from: "2026-03-01T00:00:00Z", length: 90 * 24 * time.Hour})
			if err == nil {
				err = answers[0].Err
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

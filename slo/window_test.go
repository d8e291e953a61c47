package slo

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instantOf(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.UTC()
}

func TestWindowBounds(t *testing.T) {
	tests := []struct {
		name, zone string
		window     Window
		at         string
		start, end string
	}{
		{"rolling is elapsed time", "UTC", Window{Length: 30 * 24 * time.Hour}, "2026-03-31T00:00:00Z", "2026-03-01T00:00:00Z", "2026-03-31T00:00:00Z"},
		{"rolling across DST", "Europe/Berlin", Window{Length: 24 * time.Hour}, "2026-03-29T22:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T22:00:00Z"},
		{"the instant a period begins is in it", "UTC", Window{Unit: Month}, "2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"},
		{"23-hour day", "Europe/Berlin", Window{Unit: Day}, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
		{"25-hour day", "Europe/Berlin", Window{Unit: Day}, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
		{"month with spring change", "America/New_York", Window{Unit: Month}, "2026-03-15T12:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"},
		{"half-hour change", "Australia/Lord_Howe", Window{Unit: Day}, "2026-10-04T00:00:00Z", "2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"},
		{"missing midnight", "America/Sao_Paulo", Window{Unit: Day}, "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		{"day before a missing midnight", "America/Sao_Paulo", Window{Unit: Day}, "2018-11-04T02:59:00Z", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z"},
		{"midnight comes twice: the first", "America/Havana", Window{Unit: Day}, "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},
		{"fall back over midnight", "America/St_Johns", Window{Unit: Day}, "2006-10-29T12:00:00Z", "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"},
		{"the repeated evening belongs to the new day", "America/St_Johns", Window{Unit: Day}, "2006-10-29T03:00:00Z", "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"},
		{"a skipped date", "Pacific/Apia", Window{Unit: Day}, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
		{"off the hour", "Asia/Kathmandu", Window{Unit: Day}, "2026-05-01T00:00:00Z", "2026-04-30T18:15:00Z", "2026-05-01T18:15:00Z"},
		{"leap February", "Asia/Tokyo", Window{Unit: Month}, "2028-02-29T00:00:00Z", "2028-01-31T15:00:00Z", "2028-02-29T15:00:00Z"},
		{"week from Sunday", "UTC", Window{Unit: Week, WeekStart: time.Sunday}, "2026-11-21T12:00:00Z", "2026-11-15T00:00:00Z", "2026-11-22T00:00:00Z"},
		{"week from Monday", "UTC", Window{Unit: Week, WeekStart: time.Monday}, "2026-11-22T12:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
		{"quarter", "UTC", Window{Unit: Quarter}, "2026-11-21T12:00:00Z", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
		{"year", "Asia/Kolkata", Window{Unit: Year}, "2026-12-31T19:00:00Z", "2026-12-31T18:30:00Z", "2027-12-31T18:30:00Z"},
		{"anchored on the 31st clamps", "UTC", Window{Unit: Month, Anchor: Date{2026, 1, 31}}, "2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"},
		{"and returns to the 31st", "UTC", Window{Unit: Month, Anchor: Date{2026, 1, 31}}, "2026-03-31T00:00:00Z", "2026-03-31T00:00:00Z", "2026-04-30T00:00:00Z"},
		{"before the anchor", "UTC", Window{Unit: Month, Anchor: Date{2026, 1, 31}}, "2025-12-30T00:00:00Z", "2025-11-30T00:00:00Z", "2025-12-31T00:00:00Z"},
		{"anchored quarter", "UTC", Window{Unit: Quarter, Anchor: Date{2026, 2, 15}}, "2026-05-14T23:59:00Z", "2026-02-15T00:00:00Z", "2026-05-15T00:00:00Z"},
		{"fiscal year", "Asia/Tokyo", Window{Unit: Year, Anchor: Date{2020, 4, 1}}, "2026-03-31T14:59:00Z", "2025-03-31T15:00:00Z", "2026-03-31T15:00:00Z"},
		{"anchored on leap day", "UTC", Window{Unit: Year, Anchor: Date{2024, 2, 29}}, "2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z", "2027-02-28T00:00:00Z"},
		{"anchored week", "UTC", Window{Unit: Week, Anchor: Date{2026, 11, 18}}, "2026-11-24T23:00:00Z", "2026-11-18T00:00:00Z", "2026-11-25T00:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := tt.window
			w.Zone = zone(t, tt.zone)
			got := w.Bounds(instantOf(t, tt.at))
			want := Period{instantOf(t, tt.start), instantOf(t, tt.end)}
			if !got.Start.Equal(want.Start) || !got.End.Equal(want.End) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

// Calendar periods of every zone and unit tile time: each ends where the next
// begins, and holds the instant it was asked for.
func TestWindowBoundsTile(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "America/St_Johns",
		"Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Beirut", "Africa/Cairo", "Pacific/Apia", "Pacific/Kwajalein",
		"Asia/Tehran", "America/Asuncion", "Atlantic/Azores", "Africa/Casablanca", "Antarctica/Troll"}
	for _, name := range zones {
		for _, unit := range units {
			for _, anchor := range []Date{{}, {2003, 1, 31}} {
				w := Window{Unit: unit, Zone: zone(t, name), Anchor: anchor}
				at := time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC)
				stop := time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)
				p := w.Bounds(at)
				for p.End.Before(stop) {
					if !p.Contains(at) {
						t.Fatalf("%s %s: %v does not hold %v", name, unit, p, at)
					}
					if last := w.Bounds(p.End.Add(-time.Second)); last != p {
						t.Fatalf("%s %s: last second of %v lies in %v", name, unit, p, last)
					}
					next := w.Bounds(p.End)
					if !next.Start.Equal(p.End) {
						t.Fatalf("%s %s: %v is followed by %v", name, unit, p, next)
					}
					if prev := w.Previous(next); prev != p {
						t.Fatalf("%s %s: before %v comes %v, want %v", name, unit, next, prev, p)
					}
					p, at = next, next.Start
				}
			}
		}
	}
}

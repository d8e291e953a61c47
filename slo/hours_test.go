package slo

import (
	"testing"
	"time"
)

func TestHours(t *testing.T) {
	tokyo := time.FixedZone("Asia/Tokyo", 9*3600)
	for _, c := range []struct {
		hours, at string // local
		want      bool
	}{
		{"Mon-Fri 09:00-18:00", "2026-10-30T09:00", true}, // a Friday
		{"Mon-Fri 09:00-18:00", "2026-10-30T08:59", false},
		{"Mon-Fri 09:00-18:00", "2026-10-30T18:00", false},
		{"Mon-Fri 09:00-18:00", "2026-10-31T12:00", false},
		{"sat,SUN 00:00-24:00", "2026-11-01T23:59", true},
		{"Fri-Mon 00:00-24:00", "2026-11-02T12:00", true}, // over the end of the week
		{"Fri-Mon 00:00-24:00", "2026-11-03T00:00", false},
		{"Fri 16:00-08:00", "2026-10-30T23:00", true}, // into Saturday
		{"Fri 16:00-08:00", "2026-10-31T07:59", true},
		{"Fri 16:00-08:00", "2026-10-31T08:00", false},
		{"Fri 16:00-08:00", "2026-10-30T07:00", false},
		{"22:00-06:00", "2026-10-28T05:00", true},
		{"22:00-06:00", "2026-10-28T12:00", false},
	} {
		h, err := ParseHours(c.hours, tokyo)
		if err != nil {
			t.Errorf("%s: %v", c.hours, err)
			continue
		}
		at, err := time.ParseInLocation("2006-01-02T15:04", c.at, tokyo)
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Contains(at.UTC()); got != c.want {
			t.Errorf("%s at %s: %t", c.hours, c.at, got)
		}
	}
}

func TestHoursRefused(t *testing.T) {
	for _, text := range []string{"", "Mon", "Mon-Fri", "9-18", "Mon 9:00-18:00", "Mon 09:00-24:01", "Mon 09:60-10:00", "Mon 24:00-01:00",
		"Mon 09:00-09:00", "Mon-Fry 09:00-18:00", "Mon- 09:00-18:00", ",Mon 09:00-18:00", "Mon 09:00–18:00", "Mon  09:00-18:00-19:00", "Mon +9:00-18:00"} {
		if h, err := ParseHours(text, time.UTC); err == nil {
			t.Errorf("%q is read as %v", text, h)
		}
	}
}

// On the day on which clocks go forward an hour is missing, and the hours end all
// the same when the clock says so.
func TestHoursEnd(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	h, err := ParseHours("Sun 00:00-06:00", berlin)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, time.March, 29, 0, 0, 0, 0, berlin)
	if got, want := Until([]Hours{h}, start), time.Date(2026, time.March, 29, 6, 0, 0, 0, berlin); !got.Equal(want) || want.Sub(start) != 5*time.Hour {
		t.Errorf("ends %v, want %v", got, want)
	}
	always, err := ParseHours("00:00-24:00", berlin)
	if err != nil {
		t.Fatal(err)
	}
	if got := Until([]Hours{always}, start); !got.IsZero() {
		t.Errorf("hours that never end end %v", got)
	}
}

func FuzzHours(f *testing.F) {
	for _, text := range []string{"Mon-Fri 09:00-18:00", "Sat,Sun 00:00-24:00", "22:00-06:00", "Mon", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHours(text, time.UTC)
		if err != nil {
			return
		}
		if h.From < 0 || h.From >= 24*time.Hour || h.To > 24*time.Hour || h.From == h.To || h.Days == [7]bool{} {
			t.Errorf("%q is read as %v", text, h)
		}
	})
}

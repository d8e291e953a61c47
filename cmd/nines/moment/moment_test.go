package moment

import (
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

func clock(t testing.TB, zone string) Clock {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return Clock{Now: time.Date(2026, 11, 20, 20, 0, 0, 0, time.UTC), Zone: z}
}

// What is read, as the start and the end of it by the clock's zone.
func TestRead(t *testing.T) {
	for _, c := range []struct{ zone, text, start, end string }{
		{"UTC", "2026-10-31T12:00:00Z", "2026-10-31T12:00:00Z", "2026-10-31T12:00:00Z"},
		{"Asia/Tokyo", "2026-10-31T12:00:30.5+09:00", "2026-10-31T03:00:30Z", "2026-10-31T03:00:30Z"},
		{"Asia/Tokyo", "2026-10-31t12:00:00z", "2026-10-31T12:00:00Z", "2026-10-31T12:00:00Z"},
		{"Asia/Tokyo", "2026-10-31T12:00-03:30", "2026-10-31T15:30:00Z", "2026-10-31T15:30:00Z"},
		{"Asia/Tokyo", "2026-10-31T12:00", "2026-10-31T03:00:00Z", "2026-10-31T03:00:00Z"},
		{"Asia/Kathmandu", "2026-10-31 12:00:01", "2026-10-31T06:15:01Z", "2026-10-31T06:15:01Z"},
		{"Asia/Kathmandu", "2026-10-31", "2026-10-30T18:15:00Z", "2026-10-31T18:15:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"}, // 23 hours
		{"Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"}, // 25 hours
		{"Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T00:30:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}, // no midnight
		{"Asia/Tokyo", "now", "2026-11-20T20:00:00Z", "2026-11-20T20:00:00Z"},
		{"UTC", "Today", "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"},
		{"Asia/Tokyo", "today", "2026-11-20T15:00:00Z", "2026-11-21T15:00:00Z"}, // the 21st there
		{"UTC", "yesterday", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"},
		{"Asia/Tokyo", " yesterday ", "2026-11-19T15:00:00Z", "2026-11-20T15:00:00Z"},
	} {
		k := clock(t, c.zone)
		got, err := k.Read(c.text)
		start, end := got.Start(k.Zone).UTC().Format(time.RFC3339), got.End(k.Zone).UTC().Format(time.RFC3339)
		if err != nil || start != c.start || end != c.end {
			t.Errorf("%s in %s: got %s to %s, %v, want %s to %s", c.text, c.zone, start, end, err, c.start, c.end)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "is not an instant, a day, now or yesterday"},
		{"tomorrow", "is not an instant, a day, now or yesterday"},
		{"2026-13-01", "is not an instant, a day, now or yesterday"},
		{"2026-10-31T25:00", "is not an instant, a day, now or yesterday"},
		{"1793880000", "is not an instant, a day, now or yesterday"},
		{"2026-02-29", "does not exist: the month has no such day"},
		{"2026-02", "is a period, not a day or an instant\nhint: it goes from 2026-02-01 to 2026-02-28"},
		{"2026-q3", "hint: it goes from 2026-07-01 to 2026-09-30"},
		{"2026-03-29T02:30", "does not exist in Europe/Berlin, where the clocks skip it\nhint: say which offset it has, such as 2026-03-29T03:30:00+02:00"},
		{"0001-01-01", "is not from 1970 to 9998"},
		{"9999-12-31T23:59:59Z", "is not from 1970 to 9998"},
	} {
		_, err := clock(t, "Europe/Berlin").Read(c.text)
		if err == nil || !strings.HasPrefix(err.Error(), `"`+c.text+`" `) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want %s", c.text, err, c.want)
		}
	}
}

// What is read is a day or an instant, and the instant reads back.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"now", "yesterday", "2026-10-31", "2026-10-31T12:00", "2026-10-31 12:00:00+05:45", "2026-02-30", "2026-W46"} {
		f.Add(text)
	}
	k := clock(f, "Asia/Kathmandu")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := k.Read(text)
		if err != nil || b.Day != (slo.Date{}) {
			return
		}
		again, err := k.Read(b.Instant.Format(time.RFC3339Nano))
		if err != nil || !again.Instant.Equal(b.Instant) {
			t.Errorf("%q: %v reads back as %v, %v", text, b.Instant, again.Instant, err)
		}
	})
}

// Words for periods are names of them, in the zone where it is that day.
func TestPeriod(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	c := Clock{Now: time.Date(2026, time.October, 31, 20, 0, 0, 0, time.UTC), Zone: tokyo} // 1 November, a Sunday, there
	for name, want := range map[string]string{
		"today": "2026-11-01", "yesterday": "2026-10-31", "Last-Week": "2026-W43", "last-month": "2026-10",
		"last-quarter": "2026-Q3", "last-year": "2025", "2026-w42": "2026-W42", "2026-q3": "2026-Q3", "LAST-7D": "last-7d",
	} {
		if got, err := c.Period(name); err != nil || got.Name != want {
			t.Errorf("%s: got %q, %v, want %q", name, got.Name, err, want)
		}
	}
	if _, err := c.Period("yesterdy"); err == nil || !strings.Contains(err.Error(), `"yesterdy"`) {
		t.Errorf("got %v", err)
	}
}

package unit

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	out, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestDatesAreTheZones(t *testing.T) {
	late := instant(t, "2026-05-12T16:05:00Z") // 01:05 of the 13th in Tokyo
	for _, c := range []struct{ got, want string }{
		{English.Date(late, time.UTC), "12 May"},
		{Japanese.Date(late, nil), "5月12日"},
		{Japanese.Date(late, zone(t, "Asia/Tokyo")), "5月13日"},
		{English.Month(late), "May 2026"},
		{Japanese.Month(late), "2026年5月"},
		{Japanese.DateTime(late, zone(t, "Asia/Tokyo")), "2026-05-13 01:05"},
		{English.DateTime(instant(t, "2026-10-24T23:59:00Z"), zone(t, "Europe/Berlin")), "2026-10-25 01:59"},
		{English.DateTime(instant(t, "2026-10-25T00:00:00Z"), zone(t, "Europe/Berlin")), "2026-10-25 02:00 +02:00"},
		{English.DateTime(instant(t, "2026-10-25T00:59:00Z"), zone(t, "Europe/Berlin")), "2026-10-25 02:59 +02:00"},
		{English.DateTime(instant(t, "2026-10-25T01:00:00Z"), zone(t, "Europe/Berlin")), "2026-10-25 02:00 +01:00"},
		{English.DateTime(instant(t, "2026-10-25T02:00:00Z"), zone(t, "Europe/Berlin")), "2026-10-25 03:00"},
		{English.DateTime(instant(t, "2026-03-29T01:00:00Z"), zone(t, "Europe/Berlin")), "2026-03-29 03:00"},
		{English.DateTime(instant(t, "2040-12-31T00:30:00Z"), zone(t, "Europe/Berlin")), "2040-12-31 01:30"}, // Go finds a wrong end of the offset
		{English.DateTime(instant(t, "2026-04-04T15:15:00Z"), zone(t, "Australia/Lord_Howe")), "2026-04-05 01:45 +10:30"},
		{English.ShortDate(late), "12 May"},
		{Japanese.ShortDate(late), "5/12"},
		{English.Weekday(time.Monday), "Mon"},
		{Japanese.Weekday(time.Sunday), "日"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestPeriod(t *testing.T) {
	for _, c := range []struct{ name, start, end, zone, en, ja string }{
		{"2026-05", "", "", "UTC", "May 2026", "2026年5月"},
		{"2026-Q3", "", "", "UTC", "Q3 2026", "2026年第3四半期"},
		{"2026", "", "", "UTC", "2026", "2026年"},
		{"2026-13", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z", "UTC", "1 May 2026", "2026年5月1日"},
		{"2026-W06", "", "", "UTC", "week 6 of 2026", "2026年第6週"},
		{"last-7d", "2026-04-30T00:00:00Z", "2026-05-07T00:00:00Z", "UTC", "30 April – 6 May 2026", "2026年4月30日〜5月6日"},
		{"", "2026-05-01T00:00:00Z", "2026-05-08T00:00:00Z", "UTC", "1–7 May 2026", "2026年5月1日〜7日"},
		{"", "2025-12-28T00:00:00Z", "2026-01-04T00:00:00Z", "UTC", "28 December 2025 – 3 January 2026", "2025年12月28日〜2026年1月3日"},
		{"a summer day of 23 hours", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "Europe/Berlin", "29 March 2026", "2026年3月29日"},
		{"no midnight that day", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", "America/Sao_Paulo", "4 November 2018", "2018年11月4日"},
		{"", "2026-05-01T09:30:00Z", "2026-05-02T00:00:00Z", "UTC", "2026-05-01 09:30 – 2026-05-02 00:00", "2026-05-01 09:30〜2026-05-02 00:00"},
	} {
		var p slo.Period
		if c.start != "" {
			p = slo.Period{Start: instant(t, c.start), End: instant(t, c.end)}
		}
		loc := zone(t, c.zone)
		if en, ja := English.Period(c.name, p, loc), Japanese.Period(c.name, p, loc); en != c.en || ja != c.ja {
			t.Errorf("Period(%q, %v) = %q, %q, want %q, %q", c.name, p, en, ja, c.en, c.ja)
		}
	}
}

func TestWindow(t *testing.T) {
	for _, c := range []struct{ kind, length, en, ja string }{
		{"rolling", "30d", "30 days, rolling", "ローリング期間30日"},
		{"rolling", "1d", "1 day, rolling", "ローリング期間1日"},
		{"rolling", "36h", "1 d 12 h, rolling", "ローリング期間1日12時間"},
		{"rolling", "oops", "oops", "oops"},
		{"calendar", "day", "calendar day", "暦日"},
		{"calendar", "week", "calendar week", "暦週"},
		{"calendar", "month", "calendar month", "暦月"},
		{"calendar", "quarter", "calendar quarter", "暦四半期"},
		{"calendar", "year", "calendar year", "暦年"},
		{"period", "period", "period", "対象期間"},
	} {
		if en, ja := English.Window(c.kind, c.length), Japanese.Window(c.kind, c.length); en != c.en || ja != c.ja {
			t.Errorf("Window(%s, %s) = %q, %q, want %q, %q", c.kind, c.length, en, ja, c.en, c.ja)
		}
	}
}

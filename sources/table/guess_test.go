package table

import (
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/clock"
)

// TestGuess hints at the layout of a time. What the hint says reads the time.
func TestGuess(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"2026/05/01", "%Y/%m/%d"},
		{"2026/5/1 9:30", "%Y/%m/%d %H:%M"},
		{"2026/05/01 09:30:15.25", "%Y/%m/%d %H:%M:%S.%f"},
		{"2026-05-01", "%Y-%m-%d"},
		{"2026-05-01 09:30", "%Y-%m-%d %H:%M"},
		{"2026-05-01T09:30Z", "%Y-%m-%dT%H:%M%z"},
		{"01.05.2026 09:30", "%d.%m.%Y %H:%M"},
		{"01.05.26 09:30", "%d.%m.%y %H:%M"},
		{"5/1/2026 9:30 AM", "%d/%m/%Y %I:%M %p or %m/%d/%Y %I:%M %p"},
		{"5/13/2026 9:30 AM", "%m/%d/%Y %I:%M %p"},
		{"13/05/2026 21:30", "%d/%m/%Y %H:%M"},
		{"01-05-2026 09:30", "%d-%m-%Y %H:%M or %m-%d-%Y %H:%M"},
		{"01-May-2026 09:30:00", "%d-%b-%Y %H:%M:%S"},
		{"May 1, 2026, 9:30 AM", "%b %d, %Y, %I:%M %p"},
		{"20260501", "%Y%m%d"},
		{"202605010930", "%Y%m%d%H%M"},
		{"2026年5月1日 9時30分", "%Y年%m月%d日 %H時%M分"},
		{"2026年5月1日 午後9:30", "%Y年%m月%d日 %p%I:%M"},
		{"2026/05/01 09:30 +0900", "%Y/%m/%d %H:%M %z"},
		{"31/31/2026", ""},
		{"0001/01/01", ""},
		{"yesterday", ""},
		{strings.Repeat("2026/05/01", 9), ""},
	} {
		layouts, _ := guess([]byte(c.text))
		if got := strings.Join(layouts, " or "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
}

// TestParseLayout reads times as a layout says, in a zone: one that comes twice there or
// never is refused.
func TestParseLayout(t *testing.T) {
	for _, c := range []struct{ layout, text, zone, want string }{
		{"%d.%m.%Y %H:%M", " 01.05.2026 09:30 ", "Europe/Berlin", "2026-05-01T07:30:00Z"},
		{"%Y/%m/%d", "2026/05/01", "Asia/Tokyo", "2026-04-30T15:00:00Z"},
		{"%Y/%m/%d", "2018/11/04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"}, // which begins at 01:00
		{"%Y/%m/%d", "2022/09/11", "America/Santiago", "2022-09-11T04:00:00Z"},
		{"%m/%d/%Y %I:%M %p", "5/1/2026 9:30 PM", "America/New_York", "2026-05-02T01:30:00Z"},
		{"%Y/%m/%d %H:%M:%S.%f", "2026/05/01 00:00:00.25", "UTC", "2026-05-01T00:00:00.25Z"},
		{"%d.%m.%Y %H:%M %z", "01.05.2026 09:30 +0545", "", "2026-05-01T03:45:00Z"},
		{"%d.%m.%Y %H:%M %z", "25.10.2026 02:30 +0100", "Europe/Berlin", "2026-10-25T01:30:00Z"},
		{"%s", "1777593600", "", "2026-05-01T00:00:00Z"},

		{"%d.%m.%Y %H:%M", "25.10.2026 02:30", "Europe/Berlin", "comes twice in Europe/Berlin, where the clocks are put back"},
		{"%d.%m.%Y %H:%M", "29.03.2026 02:30", "Europe/Berlin", "does not exist in Europe/Berlin, where the clocks are put forward"},
		{"%d.%m.%Y %H:%M", "04.10.2026 02:15", "Australia/Lord_Howe", "does not exist in Australia/Lord_Howe, where the clocks are put forward"},
		{"%Y/%m/%d %H:%M", "2018/11/04 00:00", "America/Sao_Paulo", "does not exist in America/Sao_Paulo, where the clocks are put forward"},
		{"%d.%m.%Y", "31.04.2026", "UTC", "is not written as time_format says"},
		{"%d.%m.%Y", "05/01/2026", "UTC", "is not written as time_format says"},
		{"%d.%m.%Y", "01.01.1970", "UTC", "is before 1973: a time that was never set"},
		{"%d.%m.%Y", "  ", "UTC", "is empty"},
	} {
		layout, err := clock.CompileDate(c.layout)
		if err != nil {
			t.Fatal(err)
		}
		var zone *time.Location
		if c.zone != "" {
			zone = location(t, c.zone)
		}
		at, fault := parseLayout([]byte(c.text), layout, zone)
		got := at.String()
		if fault != nil {
			got = fault.Why
		}
		if got != c.want {
			t.Errorf("%s of %q in %q: got %s, want %s", c.layout, c.text, c.zone, got, c.want)
		}
	}
}

// FuzzGuess: a layout that is hinted at reads the time.
func FuzzGuess(f *testing.F) {
	for _, s := range []string{"2026/05/01", "01.05.2026 09:30", "5/1/2026 9:30 AM", "2026年5月1日 9時30分", "20260501093000", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		layouts, zoned := guess([]byte(text))
		for _, one := range layouts {
			layout, err := clock.CompileDate(one)
			if err != nil {
				t.Fatal(err)
			}
			zone := time.UTC
			if zoned {
				zone = nil
			}
			if _, fault := parseLayout([]byte(text), layout, zone); fault != nil {
				t.Fatalf("%q of %q: %s", one, text, fault.Why)
			}
		}
	})
}

func BenchmarkGuess(b *testing.B) {
	for b.Loop() {
		guess([]byte("no time at all"))
	}
}

package clock

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	tokyo := zone(t, "Asia/Tokyo")
	berlin := zone(t, "Europe/Berlin")
	for _, c := range []struct {
		layout, text string
		zone         *time.Location
		want         string // RFC 3339, empty: not a time
	}{
		{"", "17/May/2015:10:05:03 +0000", nil, "2015-05-17T10:05:03Z"},
		{"", "[17/May/2015:10:05:03 +0000]", nil, "2015-05-17T10:05:03Z"},
		{"", "17/May/2015:10:05:03 -0330", nil, "2015-05-17T13:35:03Z"},
		{"", "17/May/2015:10:05:03 +05:45", nil, "2015-05-17T04:20:03Z"},
		{"", "17/May/2015:10:05:03.127", tokyo, "2015-05-17T01:05:03Z"},
		{"", "29/Feb/2016:23:59:60 +0000", nil, "2016-02-29T23:59:59Z"},
		{"", "29/Feb/2015:00:00:00 +0000", nil, ""},
		{"", "17/Mai/2015:10:05:03 +0000", nil, ""},
		{"", "17/May/2015:24:05:03 +0000", nil, ""},
		{"", "17/May/2015:10:05:61 +0000", nil, ""},
		{"", "17/May/2015:10:05:03 EST", nil, ""},
		{"", "17/May/2015:10:05:03 +2500", nil, ""},
		{"", "17/May/2015:10:05", nil, ""},
		{"", "2026-10-01T00:00:00Z", nil, "2026-10-01T00:00:00Z"},
		{"", "2026-10-01T00:00:00.123456789+09:00", nil, "2026-09-30T15:00:00Z"},
		{"", "2026-10-01 00:00:00,5 UTC", nil, "2026-10-01T00:00:00Z"},
		{"", "2026-10-01T00:00:00", tokyo, "2026-09-30T15:00:00Z"},
		{"", "2026-03-29T01:59:59", berlin, "2026-03-29T00:59:59Z"},
		{"", "2026-03-29T03:00:00", berlin, "2026-03-29T01:00:00Z"},
		{"", "2026-10-25T02:30:00", berlin, "2026-10-25T00:30:00Z"}, // twice: the first
		{"", "1973-03-03T09:46:40Z", nil, "1973-03-03T09:46:40Z"},
		{"", "1973-03-03T09:46:39Z", nil, ""},
		{"", "1970-01-01T00:00:00Z", nil, ""},
		{"", "0001-01-01T00:00:00Z", nil, ""},
		{"", "01/Jan/1970:00:00:00 +0000", nil, ""},
		{"%s", "0", nil, ""},
		{"", "1443693600", nil, "2015-10-01T10:00:00Z"},
		{"", "1443693600.999", nil, "2015-10-01T10:00:00Z"},
		{"", "1443693600123", nil, "2015-10-01T10:00:00Z"},
		{"", "1443693600123456", nil, "2015-10-01T10:00:00Z"},
		{"", "1443693600123456789", nil, "2015-10-01T10:00:00Z"},
		{"", "1.4436936e9", nil, "2015-10-01T10:00:00Z"},
		{"", "99999999999999999999", nil, ""},
		{"", "", nil, ""},
		{"", "-", nil, ""},
		{"", "12.5.1", nil, ""},
		{"", "NaN", nil, ""},
		{"%d.%m.%y %I:%M %p %z", "17.05.15 12:05 AM +0100", nil, "2015-05-16T23:05:00Z"},
		{"%d.%m.%y %I:%M %p %z", "17.05.15 12:05 PM +0100", nil, "2015-05-17T11:05:00Z"},
		{"%a %b %e %T %Y", "Sun May  7 10:05:03 2015", tokyo, "2015-05-07T01:05:03Z"},
		{"%F %T.%f", "2015-05-17 10:05:03.12", nil, "2015-05-17T10:05:03Z"},
		{"%F %T", "2015-05-17 10:05:03 ", nil, ""},
		{"%d.%m.%Y %k:%M", "17.05.2015  9:05", nil, "2015-05-17T09:05:00Z"},
		{"%-m/%-d/%Y %l:%M %P", "5/7/2015 9:05 pm", nil, "2015-05-07T21:05:00Z"},
		{"%m/%d/%Y %I:%M %p", "5/7/2015 0:05 AM", nil, ""},
		{"%m/%d/%Y %I:%M %p", "5/7/2015 13:05 PM", nil, ""},
		{"%m/%d/%Y %I:%M %p", "5/7/2015 1:05 XM", nil, ""},
		{"%Y/%m/%d %p %I:%M", "2015/5/7 午後 1:05", tokyo, "2015-05-07T04:05:00Z"},
		{"%Y年%m月%d日 %H時%M分", "2015年5月7日 9時05分", tokyo, "2015-05-07T00:05:00Z"},
		{"%Y%m%d%H%M", "201505071005", nil, "2015-05-07T10:05:00Z"},
		{"%Y%m%d%H%M", "20155071005", nil, ""},
		{"%Y/%m/%d %R", "15/05/07 10:05", nil, ""},
		{"%%T %F %R", "%T 2015-05-17 10:05", nil, "2015-05-17T10:05:00Z"},
		{"%F %T", "2015-02-30 10:05:03", nil, ""},
	} {
		k := New(nil, c.zone)
		if c.layout != "" {
			var err error
			if k.layout, err = Compile(c.layout); err != nil {
				t.Errorf("%s: %v", c.layout, err)
			}
		}
		for range 2 { // the second time from what the clock remembers
			at, ok := k.Read([]byte(c.text))
			got := time.Unix(at, 0).UTC().Format(time.RFC3339)
			if !ok {
				got = ""
			}
			if got != c.want {
				t.Errorf("%s %q = %q, want %q", c.layout, c.text, got, c.want)
			}
		}
	}
}

// What other tools call the parts of a time is said as strftime does; what is none of them, or
// says too little, is not.
func TestStrftime(t *testing.T) {
	for layout, want := range map[string]string{
		"DD.MM.YYYY HH:mm": "%d.%m.%Y %H:%M", "dd.MM.yyyy HH:mm:ss": "%d.%m.%Y %H:%M:%S", "DD.MM.YYYY HH:MM": "%d.%m.%Y %H:%M",
		"02.01.2006 15:04": "%d.%m.%Y %H:%M", "2006-01-02T15:04:05Z07:00": "%Y-%m-%dT%H:%M:%S%z", "Jan 2, 2006": "",
		"yyyy/MM/dd": "%Y/%m/%d", "yyyy-mm-dd hh:mm:ss": "%Y-%m-%d %H:%M:%S", "dd.mm.yyyy": "%d.%m.%Y", "dd.mm.yyyy hh:mm AM/PM": "%d.%m.%Y %I:%M %p",
		"dd/MMM/yyyy": "%d/%b/%Y", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX": "%Y-%m-%dT%H:%M:%S.%f%z",
		"%Y/%m": "", "MM.YYYY": "", "": "", "iso": "", "HH:mm": "",
	} {
		if got := Strftime(layout); got != want {
			t.Errorf("%s: got %q, want %q", layout, got, want)
		}
	}
}

// TestCompile tells which layouts say too little, for logs and for tables.
func TestCompile(t *testing.T) {
	for _, c := range []struct{ layout, instant, date string }{
		{"%d.%m.%Y %H:%M", "", ""},
		{"%s", "", ""},
		{"%Y/%m/%d", "the time lacks a date or a time of day", ""},
		{"%Y/%m/%d %H", "the time lacks a date or a time of day", ""},
		{"%Y/%m/%d %M", "the time lacks a date or a time of day", "the time of day lacks an hour or a minute"},
		{"%Y/%m/%d %H:%S", "the time lacks a date or a time of day", "the time of day lacks an hour or a minute"},
		{"%m/%d %H:%M", "the time lacks a date or a time of day", "the time lacks a year, a month or a day"},
		{"%Y/%m/%d %I:%M", "%I is an hour of twelve, which needs %p; %H is one of the day", "%I is an hour of twelve, which needs %p; %H is one of the day"},
		{"yyyy/MM/dd", "the time lacks a date or a time of day", "the time lacks a year, a month or a day"},
		{"%Y/%q", `"%q" is not a conversion of strftime that is known here`, `"%q" is not a conversion of strftime that is known here`},
		{"%Y/%", `"%" is not a conversion of strftime that is known here`, `"%" is not a conversion of strftime that is known here`},
	} {
		for want, compile := range map[*string]func(string) (Layout, error){&c.instant: Compile, &c.date: CompileDate} {
			got := ""
			if _, err := compile(c.layout); err != nil {
				got = err.Error()
			}
			if got != *want {
				t.Errorf("%s: got %q, want %q", c.layout, got, *want)
			}
		}
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestClockAgreesWithTime reads random times of three centuries, in an order
// that makes the clock remember and forget.
func TestClockAgreesWithTime(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var k Clock
	at := time.Unix(0, 0)
	for range 20000 {
		if rnd.IntN(3) == 0 {
			at = time.Unix(rnd.Int64N(9e9)-2e9, 0)
		}
		at = at.Add(time.Duration(rnd.IntN(60)) * time.Second)
		local := at.In(time.FixedZone("", (rnd.IntN(4)*345-600)*60))
		for _, layout := range []string{"02/Jan/2006:15:04:05 -0700", time.RFC3339Nano} {
			text := local.Format(layout)
			if got, ok := k.Read([]byte(text)); got != at.Unix() || ok != (at.Unix() >= earliest) {
				t.Fatalf("%q = %d, %v, want %d", text, got, ok, at.Unix())
			}
		}
	}
}

func FuzzClock(f *testing.F) {
	f.Add("%d/%b/%Y:%T %z", "17/May/2015:10:05:03 +0000")
	f.Add("%s", "1443693600")
	f.Fuzz(func(t *testing.T, layout, text string) {
		var k Clock
		k.Read([]byte(text))
		s, err := CompileDate(layout)
		if err != nil {
			if _, err := Compile(layout); err == nil {
				t.Fatalf("%q is a layout of instants, but not of dates", layout)
			}
			return
		}
		wall, ok := s.Read([]byte(text))
		if at, same := s.parse([]byte(text), time.UTC); ok != same || ok && at != wall.Sec || wall.Nanos < 0 || wall.Nanos > 999999999 {
			t.Fatalf("%q of %q: got %d, %v and %+v, %v", layout, text, at, same, wall, ok)
		}
	})
}

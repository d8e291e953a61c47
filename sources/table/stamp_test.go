package table

import (
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseStamp(t *testing.T) {
	for _, c := range []struct{ text, zone, want string }{
		{"2026-05-01T00:00:00Z", "", "2026-05-01T00:00:00Z"},
		{" 2026-05-01T00:00:00Z ", "", "2026-05-01T00:00:00Z"},
		{"2026-05-01 09:30:00.25+09:30", "", "2026-05-01T00:00:00.25Z"},
		{"2026-05-01T00:00:00.1234567891Z", "", "2026-05-01T00:00:00.123456789Z"},
		{"2024-02-29T23:59:59-0800", "", "2024-03-01T07:59:59Z"},
		{"2026-05-01T00:00:00+05", "", "2026-04-30T19:00:00Z"},
		{"2026-05-01T00:00:00-00:00", "", "2026-05-01T00:00:00Z"},
		{"1777593600", "", "2026-05-01T00:00:00Z"},
		{"1777593600123", "", "2026-05-01T00:00:00.123Z"},
		{"999999999", "", "2001-09-09T01:46:39Z"},
		{"2026-05-01T02:00:00", "Europe/Berlin", "2026-05-01T00:00:00Z"},
		{"2026-10-25T01:59:59", "Europe/Berlin", "2026-10-24T23:59:59Z"},
		{"2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00Z"},
		{"2026-03-29T03:00:00", "Europe/Berlin", "2026-03-29T01:00:00Z"},
		{"2026-10-25T02:30:00+01:00", "Europe/Berlin", "2026-10-25T01:30:00Z"},
		{"2026-04-05T02:15:00", "Australia/Lord_Howe", "2026-04-04T15:45:00Z"},

		{"1973-01-01T00:00:00Z", "", "1973-01-01T00:00:00Z"},
		{"1973-01-01T01:00:00", "Europe/Berlin", "1973-01-01T00:00:00Z"},

		{"0001-01-01T00:00:00Z", "", "is before 1973: a time that was never set"},
		{"0001-01-01 00:00:00", "Europe/Berlin", "is before 1973: a time that was never set"},
		{"1899-12-30T00:00:00Z", "", "is before 1973: a time that was never set"},
		{"1970-01-01T00:00:00Z", "", "is before 1973: a time that was never set"},
		{"1970-01-01T01:00:00+01:00", "", "is before 1973: a time that was never set"},
		{"1972-12-31T23:59:59.999Z", "", "is before 1973: a time that was never set"},
		{"1973-01-01T00:30:00", "Europe/Berlin", "is before 1973: a time that was never set"},
		{"000000000", "", "is before 1973: a time that was never set"},
		{"0000000000000", "", "is before 1973: a time that was never set"},
		{"0", "", "is neither Unix seconds nor milliseconds"},
		{"", "", "is empty"},
		{"2026-05-01T00:00:00", "", "has no offset"},
		{"2026-10-25T02:30:00", "Europe/Berlin", "comes twice in Europe/Berlin, where the clocks are put back"},
		{"2026-04-05T01:45:00", "Australia/Lord_Howe", "comes twice in Australia/Lord_Howe, where the clocks are put back"},
		{"2026-03-29T02:30:00", "Europe/Berlin", "does not exist in Europe/Berlin, where the clocks are put forward"},
		{"2026-02-29T00:00:00Z", "", "is not a timestamp"},
		{"1900-02-29T00:00:00Z", "", "is not a timestamp"},
		{"2026-13-01T00:00:00Z", "", "is not a timestamp"},
		{"2026-05-01T24:00:00Z", "", "is not a timestamp"},
		{"2026-05-01T00:00:60Z", "", "is not a timestamp"},
		{"2026-05-01T00:00Z", "", "is not a timestamp"},
		{"2026-05-01T00:00:00.Z", "", "is not a timestamp"},
		{"2026-05-01T00:00:00 Berlin", "", "has an offset that is not one"},
		{"2026-05-01T00:00:00+24:00", "", "has an offset that is not one"},
		{"2026-05-01T00:00:00+09:0", "", "has an offset that is not one"},
		{"2026-05-01T00:00:00Zulu", "", "has an offset that is not one"},
		{"20260501", "", "is neither Unix seconds nor milliseconds"},
		{"20260501000000", "", "is neither Unix seconds nor milliseconds"},
		{"1777593600000000000", "", "is neither Unix seconds nor milliseconds"},
		{"1777593600.5", "", "is not a whole number"},
		{"1.7775936e9", "", "is not a whole number"},
		{"-1777593600", "", "is not a timestamp"},
		{"now", "", "is not a timestamp"},
	} {
		var zone *time.Location
		if c.zone != "" {
			zone = location(t, c.zone)
		}
		s, f := parseStamp([]byte(c.text), zone)
		got := s.String()
		if f != nil {
			got = f.Why
		}
		if got != c.want {
			t.Errorf("%q in %q: got %s, want %s", c.text, c.zone, got, c.want)
		}
	}
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// Wall clocks without an offset are read as the instant that shows them, and
// refused exactly if none or two do.
func TestWallClocks(t *testing.T) {
	zones := []*time.Location{location(t, "Europe/Berlin"), location(t, "America/Sao_Paulo"), location(t, "Australia/Lord_Howe"), location(t, "Asia/Kathmandu")}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1.4e9, 1.9e9).Draw(t, "seconds"), 0).In(zone)
		wall := at.Format("2006-01-02T15:04:05")
		shown := 0
		for d := -3 * time.Hour; d <= 3*time.Hour; d += 30 * time.Minute {
			if at.Add(d).Format("2006-01-02T15:04:05") == wall {
				shown++
			}
		}
		got, f := parseStamp([]byte(wall), zone)
		if refused := f != nil; refused != (shown > 1) || !refused && got.sec != at.Unix() {
			t.Fatalf("%s: got %v, %v; want %v, shown %d times", wall, got, f, at.UTC(), shown)
		}
	})
}

// rfc3339 is the grammar of RFC 3339, section 5.6, in capitals. time.Parse takes
// more: an hour of one digit, a comma before the fraction, an offset of 24:60.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// FuzzStamp: what is RFC 3339 is read as time.Parse reads it, from 1973 on.
func FuzzStamp(f *testing.F) {
	for _, s := range []string{"2026-05-01T00:00:00Z", "2026-05-01T00:00:00.123456789+05:45", "0000-01-01T00:00:00Z", "2024-02-29T23:59:59-23:59", "2024-02-29T3:59:59-23:59", "1777593600", "1777593600000", "2026-05-01 00:00:00 UTC"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, fault := parseStamp([]byte(text), nil)
		if fault == nil && (got.nsec < 0 || got.nsec > 999999999) {
			t.Fatalf("%q: %d ns", text, got.nsec)
		}
		want, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || !rfc3339.MatchString(text) {
			return
		}
		if fault == nil != (want.UTC().Year() >= 1973) || fault == nil && !got.time().Equal(want) {
			t.Fatalf("%q: got %v, %v; want %v", text, got, fault, want)
		}
	})
}

func BenchmarkParseStamp(b *testing.B) {
	text := []byte("2026-05-01T00:00:00Z")
	for b.Loop() {
		if _, f := parseStamp(text, nil); f != nil {
			b.Fatal(f.Why)
		}
	}
}

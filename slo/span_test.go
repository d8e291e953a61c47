package slo

import (
	"strings"
	"testing"
	"time"
)

func TestParseSpan(t *testing.T) {
	at := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct{ name, from, to string }{
		{"2026-10", "2026-10-01", "2026-11-01"},
		{"2024-02", "2024-02-01", "2024-03-01"},
		{"2026-Q3", "2026-07-01", "2026-10-01"},
		{"2026", "2026-01-01", "2027-01-01"},
		{"2026-W01", "2025-12-29", "2026-01-05"},
		{"2026-W53", "2026-12-28", "2027-01-04"}, // 2026 begins on a Thursday
		{"2025-W52", "2025-12-22", "2025-12-29"},
		{"2026-10-31", "2026-10-31", "2026-11-01"},
		{"2024-02-29", "2024-02-29", "2024-03-01"},
		{"last-7d", "2026-09-28", "2026-10-05"},
		{"last-3660d", "2016-09-27", "2026-10-05"},
	} {
		s, err := ParseSpan(c.name)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		p := s.In(time.UTC, at)
		if from, to := p.Start.Format(time.DateOnly), p.End.Format(time.DateOnly); from != c.from || to != c.to {
			t.Errorf("%s: got %s to %s, want %s to %s", c.name, from, to, c.from, c.to)
		}
	}
}

func TestParseSpanErrors(t *testing.T) {
	const form = "is not one of 2026-10, 2026-Q3, 2026, 2026-W46, 2026-10-31, last-7d"
	for _, c := range []struct{ name, want string }{
		{"2025-W53", "does not exist: 2025 has 52 ISO weeks"},
		{"2026-W54", "does not exist: 2026 has 53 ISO weeks"},
		{"2026-W00", "does not exist: 2026 has 53 ISO weeks"},
		{"2026-13", "does not exist: a year has 12 months"},
		{"2026-00", "does not exist: a year has 12 months"},
		{"2026-Q5", "does not exist: a year has 4 quarters"},
		{"2026-Q0", "does not exist: a year has 4 quarters"},
		{"2026-02-30", "does not exist: the month has no such day"},
		{"1969-12-31", "begins before 1970"},
		{"2026-13-01", form},
		{"2026-1", form},
		{"2026-+1", form},
		{"2026-Q+1", form},
		{"2026-", form},
		{"26-10", form},
		{"october", form},
		{"", form},
		{"0000", "begins before 1970"},
		{"1969-12", "begins before 1970"},
		{"last-0d", "must be from last-1d to last-3660d"},
		{"last-3661d", "must be from last-1d to last-3660d"},
		{"last-+5d", form},
		{"last-5", form},
	} {
		_, err := ParseSpan(c.name)
		if want := `period "` + c.name + `" ` + c.want; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// Two days are the calendar period that they are, else as many days; the days before them
// are as many. Days are a zone's own, some of 23, 24 and 25 hours; one may lack its
// midnight, or be missing altogether.
func TestBetween(t *testing.T) {
	day := func(text string) Bound {
		d, err := ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return Bound{Day: d}
	}
	noon := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		from, to            Bound
		zone                string
		name, start, before string
		hours               float64
	}{
		{day("2026-05-01"), day("2026-05-31"), "UTC", "2026-05", "2026-05-01T00:00:00Z", "2026-04-01T00:00:00Z", 31 * 24},
		{day("2026-07-01"), day("2026-09-30"), "UTC", "2026-Q3", "2026-07-01T00:00:00Z", "2026-04-01T00:00:00Z", 92 * 24},
		{day("2026-01-01"), day("2026-12-31"), "UTC", "2026", "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z", 365 * 24},
		{day("2025-12-29"), day("2026-01-04"), "UTC", "2026-W01", "2025-12-29T00:00:00Z", "2025-12-22T00:00:00Z", 7 * 24},
		{day("2026-10-31"), day("2026-10-31"), "UTC", "2026-10-31", "2026-10-31T00:00:00Z", "2026-10-30T00:00:00Z", 24},
		{day("2026-03-29"), day("2026-03-29"), "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-27T23:00:00Z", 23},
		{day("2026-10-25"), day("2026-10-25"), "Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z", "2026-10-23T22:00:00Z", 25},
		{day("2026-10-24"), day("2026-10-25"), "Europe/Berlin", "", "2026-10-23T22:00:00Z", "2026-10-21T22:00:00Z", 49},
		{day("2026-05-17"), day("2026-05-18"), "Asia/Kathmandu", "", "2026-05-16T18:15:00Z", "2026-05-14T18:15:00Z", 48},
		{day("2018-11-04"), day("2018-11-04"), "America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-03T03:00:00Z", 23},
		{day("2011-12-30"), day("2011-12-30"), "Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-29T10:00:00Z", 0},
		{day("2026-10-05"), Bound{Instant: noon}, "Asia/Tokyo", "", "2026-10-04T15:00:00Z", "2026-10-03T18:00:00Z", 21},
		{Bound{Instant: noon}, day("2026-10-05"), "Asia/Tokyo", "", "2026-10-05T12:00:00Z", "2026-10-05T09:00:00Z", 3},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		s := Between(c.from, c.to)
		p := s.In(zone, noon)
		start, before := p.Start.UTC().Format(time.RFC3339), s.Before(p, zone).Start.UTC().Format(time.RFC3339)
		if s.Name != c.name || start != c.start || before != c.before || p.Length().Hours() != c.hours {
			t.Errorf("%v to %v in %s: got %q, %s, %v h, before %s", c.from, c.to, c.zone, s.Name, start, p.Length().Hours(), before)
		}
		if named, err := ParseSpan(s.Name); s.Name != "" && (err != nil || named.In(zone, noon) != p) {
			t.Errorf("%s: %v, %v, want %v", s.Name, named.In(zone, noon), err, p)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, name := range []string{"2026-10", "2026-Q3", "2026", "2026-W53", "2025-W53", "last-7d", "last-0d", "2026-10-31", "2026-02-30", "9999-W52", "2026-1０"} {
		f.Add(name)
	}
	at := time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, name string) {
		s, err := ParseSpan(name)
		switch {
		case err != nil && !strings.HasPrefix(err.Error(), "period "):
			t.Errorf("%q: %v", name, err)
		case err == nil && (s.Name != name || s.In(time.UTC, at).Empty()):
			t.Errorf("%q: %v", name, s.In(time.UTC, at))
		}
	})
}

// The last week that is over is that of the zone, over changes of the clock, weeks 53 and
// the turn of the year, to the instant.
func TestLast(t *testing.T) {
	for _, c := range []struct{ at, zone, name, start, end string }{
		{"2026-11-23T00:00:00Z", "UTC", "2026-W47", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
		{"2026-11-22T23:59:59Z", "UTC", "2026-W46", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"},
		{"2026-11-22T15:00:00Z", "Asia/Tokyo", "2026-W47", "2026-11-15T15:00:00Z", "2026-11-22T15:00:00Z"},
		{"2026-11-23T04:59:00Z", "America/New_York", "2026-W46", "2026-11-09T05:00:00Z", "2026-11-16T05:00:00Z"},
		{"2026-10-26T09:00:00Z", "Europe/Berlin", "2026-W43", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"}, // 169 hours
		{"2026-03-30T09:00:00Z", "Europe/Berlin", "2026-W13", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"}, // 167 hours
		{"2027-01-04T00:00:00Z", "UTC", "2026-W53", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"},
		{"2027-01-11T12:00:00Z", "UTC", "2027-W01", "2027-01-04T00:00:00Z", "2027-01-11T00:00:00Z"},
		{"2026-01-05T12:00:00Z", "UTC", "2026-W01", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z"},
		{"2026-01-01T12:00:00Z", "UTC", "2025-W52", "2025-12-22T00:00:00Z", "2025-12-29T00:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		s := Last(Week, at, zone)
		p := s.In(zone, at)
		if start, end := p.Start.UTC().Format(time.RFC3339), p.End.UTC().Format(time.RFC3339); s.Name != c.name || start != c.start || end != c.end {
			t.Errorf("%s in %s: got %s, %s to %s", c.at, c.zone, s.Name, start, end)
		}
		if named, err := ParseSpan(s.Name); err != nil || named.In(zone, at) != p {
			t.Errorf("%s is another week by its name", s.Name)
		}
	}
}

func TestNamesSince(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"2026-W46", "2026-W48", "2026-W46 2026-W47"},
		{"2026-W48", "2026-W48", ""},
		{"2026-W49", "2026-W48", ""},
		{"2026-W52", "2027-W02", "2026-W52 2026-W53 2027-W01"},
		{"2025-W51", "2026-W02", "2025-W51 2025-W52 2026-W01"},
		{"2026-11", "2027-02", "2026-11 2026-12 2027-01"},
		{"2026-12-31", "2027-01-02", "2026-12-31 2027-01-01"},
		{"2026-Q3", "2027-Q1", "2026-Q3 2026-Q4"},
		{"2026-11", "2026-W48", ""},
		{"last-7d", "2026-W48", ""},
		{"2026-W46", "last-7d", ""},
		{"nonsense", "2026-W48", ""},
	} {
		to, err := ParseSpan(c.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(to.NamesSince(c.from), " "); got != c.want {
			t.Errorf("from %s before %s: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
	to, err := ParseSpan("2026-W48")
	if err != nil {
		t.Fatal(err)
	}
	if names := to.NamesSince("2020-W01"); len(names) != maxNames || names[maxNames-1] != "2026-W47" {
		t.Errorf("of many weeks: %d, %s", len(names), names[len(names)-1])
	}
}

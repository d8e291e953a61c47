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
	const form = "is not one of 2026-10, 2026-Q3, 2026, 2026-W46, last-7d"
	for _, c := range []struct{ name, want string }{
		{"2025-W53", "does not exist: 2025 has 52 ISO weeks"},
		{"2026-W54", "does not exist: 2026 has 53 ISO weeks"},
		{"2026-W00", "does not exist: 2026 has 53 ISO weeks"},
		{"2026-13", "does not exist: a year has 12 months"},
		{"2026-00", "does not exist: a year has 12 months"},
		{"2026-Q5", "does not exist: a year has 4 quarters"},
		{"2026-Q0", "does not exist: a year has 4 quarters"},
		{"2026-02-30", form},
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

func FuzzParseSpan(f *testing.F) {
	for _, name := range []string{"2026-10", "2026-Q3", "2026", "2026-W53", "2025-W53", "last-7d", "last-0d", "9999-W52", "2026-1０"} {
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

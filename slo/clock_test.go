package slo

import (
	"testing"
	"time"
)

func TestDateAt(t *testing.T) {
	tests := []struct {
		name, zone, date, clock, want string
		skipped                       bool
	}{
		{"no zone", "UTC", "2026-10-04", "0s", "2026-10-04T00:00:00Z", false},
		{"an offset", "Asia/Tokyo", "2026-10-04", "9h30m", "2026-10-04T00:30:00Z", false},
		{"an offset of half an hour", "Asia/Kolkata", "2026-10-04", "9h30m", "2026-10-04T04:00:00Z", false},
		{"before the clocks go forward", "Europe/Berlin", "2026-03-29", "1h30m", "2026-03-29T00:30:00Z", false},
		{"skipped", "Europe/Berlin", "2026-03-29", "2h30m", "2026-03-29T01:30:00Z", true},
		{"after they went forward", "Europe/Berlin", "2026-03-29", "3h30m", "2026-03-29T01:30:00Z", false},
		{"twice: the first", "Europe/Berlin", "2026-10-25", "2h30m", "2026-10-25T00:30:00Z", false},
		{"after it came twice", "Europe/Berlin", "2026-10-25", "3h30m", "2026-10-25T02:30:00Z", false},
		{"clocks that move by half an hour", "Australia/Lord_Howe", "2026-10-04", "12h", "2026-10-04T01:00:00Z", false},
		{"clocks that move by two hours", "Antarctica/Troll", "2026-03-29", "12h", "2026-03-29T10:00:00Z", false},
		{"a midnight that is skipped", "America/Sao_Paulo", "2018-11-04", "0s", "2018-11-04T03:00:00Z", false},
		{"in the hour that is skipped at midnight", "America/Sao_Paulo", "2018-11-04", "30m", "2018-11-04T03:30:00Z", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			date, err := ParseDate(tt.date)
			if err != nil {
				t.Fatal(err)
			}
			clock, err := time.ParseDuration(tt.clock)
			if err != nil {
				t.Fatal(err)
			}
			at, exists := date.At(clock, zone)
			if got := at.UTC().Format(time.RFC3339); got != tt.want || exists == tt.skipped {
				t.Errorf("got %s, exists %t, want %s, skipped %t", got, exists, tt.want, tt.skipped)
			}
			shown, since := ClockAt(at, zone)
			if same := shown == date && since == clock; same == tt.skipped && tt.clock != "0s" {
				t.Errorf("the clock shows %s %s", shown, since)
			}
		})
	}
}

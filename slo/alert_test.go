package slo

import (
	"strings"
	"testing"
	"time"
)

// The factors are those of the SRE Workbook, chapter 5, table 5-8: 14.4, 6 and 1
// for 30 days.
func TestDefaultPolicies(t *testing.T) {
	day := 24 * time.Hour
	tests := []struct {
		name    string
		window  Window
		slice   time.Duration
		want    string
		windows string
	}{
		{"30 days", Window{Length: 30 * day}, 0, "page 1h/5m 14.4, page 6h/30m 6, ticket 3d/6h 1", "5m 30m 1h 6h 3d"},
		{"28 days: the shares hold", Window{Length: 28 * day}, 0, "page 1h/5m 13.44, page 6h/30m 5.6, ticket 3d/6h 0.9333333333333333", "5m 30m 1h 6h 3d"},
		{"a calendar month is 30", Window{Unit: Month}, 0, "page 1h/5m 14.4, page 6h/30m 6, ticket 3d/6h 1", "5m 30m 1h 6h 3d"},
		{"7 days: the factors hold", Window{Length: 7 * day}, 0, "page 1h/5m 14.4, page 6h/30m 6, ticket 3d/6h 1", "5m 30m 1h 6h 3d"},
		{"5 days: half of it is shorter than 3 d", Window{Length: 5 * day}, 0, "page 1h/5m 14.4, page 6h/30m 6", "5m 30m 1h 6h"},
		{"1 hour", Window{Length: time.Hour}, 0, "", "5m 30m"},
		{"slices of 10 minutes", Window{Length: 30 * day}, 10 * time.Minute, "page 6h/30m 6, ticket 3d/6h 1", "30m 1h 6h 3d"},
		{"a year", Window{Unit: Year}, 0, "page 1h/5m 14.4, page 6h/30m 6, ticket 3d/6h 1", "5m 30m 1h 6h 3d"},
	}
	for _, tt := range tests {
		s := SLO{Window: tt.window, Budgeting: Budgeting{Method: Timeslices, Slice: tt.slice}}
		var got, windows []string
		for _, p := range DefaultPolicies(s) {
			for _, c := range p.When {
				got = append(got, p.Title(c)+" "+c.Limit.String())
			}
		}
		for _, w := range BurnWindows(s) {
			windows = append(windows, FormatDuration(w))
		}
		if g := strings.Join(got, ", "); g != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, g, tt.want)
		}
		if g := strings.Join(windows, " "); g != tt.windows {
			t.Errorf("%s: burn windows %s, want %s", tt.name, g, tt.windows)
		}
	}
}

package slo

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRecurrence(t *testing.T) {
	tests := []struct {
		name, rule, start, zone string
		from, to                string
		want                    string // starts
	}{
		{"weekly, local time", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2", "", "Asia/Tokyo", "2026-10-01T00:00:00Z", "2026-10-15T00:00:00Z", "2026-10-03T17:00:00Z 2026-10-10T17:00:00Z"},
		{"a start in the spring gap is skipped", "FREQ=DAILY;BYHOUR=2", "", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z", "2026-03-28T01:00:00Z 2026-03-30T00:00:00Z"},
		{"a start that comes twice is the first", "FREQ=DAILY;BYHOUR=2", "", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", "2026-10-25T00:00:00Z 2026-10-26T01:00:00Z"},
		{"a skipped start does not count", "FREQ=DAILY;BYHOUR=2;COUNT=3", "2026-03-28", "Europe/Berlin", "2026-03-01T00:00:00Z", "2026-04-30T00:00:00Z", "2026-03-28T01:00:00Z 2026-03-30T00:00:00Z 2026-03-31T00:00:00Z"},
		{"every second week from its start", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "2026-10-04", "UTC", "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-10-04T00:00:00Z 2026-10-18T00:00:00Z"},
		{"last Friday of the month", "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=22", "", "UTC", "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z", "2026-10-30T22:00:00Z 2026-11-27T22:00:00Z"},
		{"until an instant, in the hour that comes twice", "FREQ=DAILY;BYHOUR=2;BYMINUTE=30;UNTIL=20261025T011500Z", "", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-27T00:00:00Z", "2026-10-25T00:30:00Z"},
		{"until a date is all of that day", "FREQ=DAILY;BYHOUR=2;UNTIL=20260502", "", "UTC", "2026-05-01T00:00:00Z", "2026-05-05T00:00:00Z", "2026-05-01T02:00:00Z 2026-05-02T02:00:00Z"},
		{"every fifth hour from its start", "FREQ=HOURLY;INTERVAL=5", "2026-05-01", "UTC", "2026-06-01T00:00:00Z", "2026-06-01T12:00:00Z", "2026-06-01T01:00:00Z 2026-06-01T06:00:00Z 2026-06-01T11:00:00Z"},
		{"positions in the week that has begun", "FREQ=WEEKLY;BYDAY=MO,TU,TH;BYSETPOS=-1,1", "2026-10-06", "UTC", "2026-10-01T00:00:00Z", "2026-10-16T00:00:00Z", "2026-10-08T00:00:00Z 2026-10-12T00:00:00Z 2026-10-15T00:00:00Z"},
		{"in weeks from Sunday", "FREQ=WEEKLY;WKST=SU;BYDAY=SU,TU;BYSETPOS=2", "2026-10-06", "UTC", "2026-10-01T00:00:00Z", "2026-10-16T00:00:00Z", "2026-10-06T00:00:00Z 2026-10-13T00:00:00Z"},
		{"positions of hours", "FREQ=WEEKLY;BYHOUR=3,4;BYSETPOS=2", "2026-10-06", "UTC", "2026-10-01T00:00:00Z", "2026-10-16T00:00:00Z", "2026-10-06T04:00:00Z 2026-10-13T04:00:00Z"},
		{"since 1604", "FREQ=YEARLY", "1604-10-06", "UTC", "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-10-06T00:00:00Z 2027-10-06T00:00:00Z"},
		{"leap day", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "", "UTC", "2023-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "2024-02-29T00:00:00Z 2028-02-29T00:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := CheckRule(tt.rule); err != nil {
				t.Fatal(err)
			}
			r := &Recurrence{Rule: tt.rule, Zone: zone(t, tt.zone), Duration: time.Minute}
			if tt.start != "" {
				r.Start, _ = ParseDate(tt.start)
			}
			var got []string
			for _, p := range (Exclusion{Rule: r}).Periods(Period{instantOf(t, tt.from), instantOf(t, tt.to)}) {
				got = append(got, p.Start.Format(time.RFC3339))
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
		})
	}
}

// DTSTART is the first occurrence, and says what a rule leaves open.
func TestRecurrenceOfDTSTART(t *testing.T) {
	for rule, want := range map[string]string{
		"FREQ=WEEKLY;BYDAY=WE;COUNT=2":                "10-06 10-07",
		"FREQ=WEEKLY;BYDAY=WE;UNTIL=20261001T000000Z": "10-06",
		"FREQ=WEEKLY;BYDAY=TU;COUNT=2":                "10-06 10-13",
		"FREQ=YEARLY;BYWEEKNO=41,43;COUNT=2":          "10-06 10-20",
		"FREQ=YEARLY;BYMONTHDAY=6,9;COUNT=3":          "10-06 10-09",
		"FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR":          "10-06 11-13",
		"FREQ=YEARLY;BYYEARDAY=300":                   "10-06 10-27",
	} {
		start, _ := ParseDate("2026-10-06") // a Tuesday of week 41
		r := &Recurrence{Rule: rule, Start: start, Zone: time.UTC, Duration: time.Minute, StartCounts: true}
		var got []string
		for _, p := range (Exclusion{Rule: r}).Periods(Period{instantOf(t, "2026-10-01T00:00:00Z"), instantOf(t, "2027-01-01T00:00:00Z")}) {
			got = append(got, p.Start.Format("01-02"))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: got %s, want %s", rule, s, want)
		}
	}
}

// A rule with one start alone is a date in other words.
func TestRecurs(t *testing.T) {
	start, _ := ParseDate("2026-05-01")
	for _, c := range []struct {
		rule                string
		day, week, month, d bool // longer than a day, a week, May or 31 days, 30 days
	}{
		{"FREQ=DAILY", true, true, true, true},
		{"FREQ=DAILY;COUNT=1", false, false, false, false},
		{"FREQ=DAILY;COUNT=2", true, false, false, false},
		{"FREQ=DAILY;COUNT=7", true, false, false, false},
		{"FREQ=DAILY;COUNT=8", true, true, false, false},
		{"FREQ=DAILY;COUNT=30", true, true, false, false},
		{"FREQ=DAILY;COUNT=31", true, true, false, true},
		{"FREQ=DAILY;COUNT=32", true, true, true, true},
		{"FREQ=DAILY;COUNT=100000", true, true, true, true},
		{"FREQ=DAILY;UNTIL=20260501", false, false, false, false},
		{"FREQ=DAILY;UNTIL=20260518T000000Z", true, true, false, false},
		{"FREQ=DAILY;UNTIL=20260430", false, false, false, false},
		{"FREQ=DAILY;UNTIL=20300101", true, true, true, true},
		{"FREQ=WEEKLY;UNTIL=20260507", false, false, false, false},
		{"FREQ=WEEKLY;UNTIL=20260508", true, true, false, false},
		{"FREQ=MONTHLY;COUNT=1", false, false, false, false},
		{"FREQ=MONTHLY;COUNT=2", true, true, true, true},
	} {
		e := Exclusion{Rule: &Recurrence{Rule: c.rule, Start: start, Zone: time.UTC, Duration: 24 * time.Hour}}
		day, week := Window{Unit: Day}, Window{Length: 7 * 24 * time.Hour}
		got := []bool{e.Recurs(day), e.Recurs(week), e.Recurs(Window{Unit: Month}), e.Recurs(Window{Length: 30 * 24 * time.Hour})}
		if want := []bool{c.day, c.week, c.month, c.d}; !slices.Equal(got, want) {
			t.Errorf("%s recurs for longer than a day, a week, May, 30 days: %t, want %t", c.rule, got, want)
		}
	}
	long := Exclusion{Rule: &Recurrence{Rule: "FREQ=YEARLY;COUNT=1", Start: start, Zone: time.UTC, Duration: 456 * time.Hour}}
	if long.Recurs(Window{Unit: Day}) || (Exclusion{Fixed: []Period{{}, {}}}).Recurs(Window{Unit: Day}) {
		t.Error("dates recur")
	}
}

func TestExclusionIsCutToThePeriod(t *testing.T) {
	r := &Recurrence{Rule: "FREQ=DAILY;BYHOUR=22", Zone: time.UTC, Duration: 4 * time.Hour}
	got := Exclusion{Rule: r}.Periods(Period{instantOf(t, "2026-05-02T00:00:00Z"), instantOf(t, "2026-05-02T23:00:00Z")})
	want := []Period{
		{instantOf(t, "2026-05-02T00:00:00Z"), instantOf(t, "2026-05-02T02:00:00Z")},
		{instantOf(t, "2026-05-02T22:00:00Z"), instantOf(t, "2026-05-02T23:00:00Z")},
	}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCheckRuleRefuses(t *testing.T) {
	for rule, why := range map[string]string{
		"": "no part", "FREQ=WEEKLY;BYHOUR=1;BYHOUR=2": "BYHOUR twice", "FREQ=WEEKLY;BYDAY=2SU": "belongs to MONTHLY",
		"FREQ=MONTHLY;BYDAY=6SU": "no month", "FREQ=MONTHLY;BYDAY=-0SU": "no month", "FREQ=DAILY;INTERVAL=0": "INTERVAL", "FREQ=DAILY;COUNT=2;UNTIL=20260501": "exclude each other",
		"FREQ=YEARLY;BYEASTER=0": "BYEASTER", "FREQ=MONTHLY;BYWEEKNO=3": "BYWEEKNO", "FREQ=DAILY;BYYEARDAY=3": "BYYEARDAY",
		"FREQ=MINUTELY": "more often than hourly", "FREQ=HOURLY;BYMONTH=2": "FREQ=DAILY with BYHOUR", "BYDAY=SU": "no FREQ", "FREQ=WEEKLY;BYMONTHDAY=1": "BYMONTHDAY",
		"DTSTART=20260101T000000Z;FREQ=DAILY": "DTSTART", "FREQ=DAILY;BYHOUR=": "nothing behind",
		"FREQ=DAILY\nRRULE:FREQ=WEEKLY": "FREQ", "FREQ=DAILY;BYSETPOS=1": "BYSETPOS",
	} {
		if err := CheckRule(rule); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: got %v, want %q", rule, err, why)
		}
	}
}

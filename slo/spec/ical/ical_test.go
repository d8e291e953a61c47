package ical

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/nines-slo/nines/slo"
)

// calendar wraps the lines of events, given with | between lines, in a VCALENDAR.
func calendar(events ...string) string {
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0"}
	for _, e := range events {
		lines = append(lines, "BEGIN:VEVENT")
		lines = append(lines, strings.Split(e, "|")...)
		lines = append(lines, "END:VEVENT")
	}
	return strings.Join(append(lines, "END:VCALENDAR", ""), "\r\n")
}

func october() slo.Period {
	return slo.Period{Start: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)}
}

func TestRead(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"instants", calendar("DTSTART:20261004T010000Z|DTEND:20261004T033000Z"), "04T01:00-04T03:30"},
		{"local time in the calendar's zone", calendar("DTSTART:20261004T010000|DURATION:PT1H30M"), "03T23:00-04T00:30"},
		{"TZID", calendar("DTSTART;TZID=Asia/Tokyo:20261004T010000|DTEND;TZID=Asia/Tokyo:20261004T020000"), "03T16:00-03T17:00"},
		{"TZID with slash and quotes", calendar(`DTSTART;TZID="/Asia/Tokyo":20261004T010000|DURATION:PT1H`), "03T16:00-03T17:00"},
		{"whole day", calendar("DTSTART;VALUE=DATE:20261004"), "03T22:00-04T22:00"},
		{"whole days, end is not included", calendar("DTSTART;VALUE=DATE:20261004|DTEND;VALUE=DATE:20261006"), "03T22:00-05T22:00"},
		{"the day clocks go back has 25 hours", calendar("DTSTART;VALUE=DATE:20261025"), "24T22:00-25T23:00"},
		{"a day's duration on it too", calendar("DTSTART:20261025T000000|DURATION:P1D"), "24T22:00-25T23:00"},
		{"24 hours are not a day", calendar("DTSTART:20261025T000000|DURATION:PT24H"), "24T22:00-25T22:00"},
		{"overlaps are joined", calendar("DTSTART:20261004T010000Z|DURATION:PT1H", "DTSTART:20261004T013000Z|DURATION:PT1H"), "04T01:00-04T02:30"},
		{"cut to the period", calendar("DTSTART:20260930T230000Z|DURATION:PT2H", "DTSTART:20261101T000000Z|DURATION:PT2H"), "01T00:00-01T01:00"},
		{"weekly over the change of clocks", calendar("DTSTART;TZID=Europe/Berlin:20261018T020000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=3"),
			"18T00:00-18T01:00 25T00:00-25T01:00"},
		{"whole days recur with 25 hours", calendar("DTSTART;VALUE=DATE:20261018|RRULE:FREQ=WEEKLY;COUNT=2"), "17T22:00-18T22:00 24T22:00-25T23:00"},
		{"EXDATE", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3|EXDATE:20261005T010000Z"), "04T01:00-04T02:00 06T01:00-06T02:00"},
		{"EXDATE of a day", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3|EXDATE;VALUE=DATE:20261004,20261006"), "05T01:00-05T02:00"},
		{"RDATE", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|RDATE:20261008T010000Z"), "04T01:00-04T02:00 08T01:00-08T02:00"},
		{"one occurrence moved", calendar("UID:a|DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2", "UID:a|RECURRENCE-ID:20261005T010000Z|DTSTART:20261005T080000Z|DURATION:PT1H"),
			"04T01:00-04T02:00 05T08:00-05T09:00"},
		{"one occurrence cancelled", calendar("UID:a|DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2", "UID:a|RECURRENCE-ID:20261005T010000Z|DTSTART:20261005T010000Z|STATUS:CANCELLED"),
			"04T01:00-04T02:00"},
		{"an event without length excludes nothing", calendar("DTSTART:20261004T010000Z"), ""},
		{"folded lines, alarms, small letters", calendar("dtstart:20261004T|\t010000Z|SUMMARY:a long|  text|DTEND:20261004T020000Z|BEGIN:VALARM|TRIGGER:-PT15M|DURATION:PT5M|END:VALARM"), "04T01:00-04T02:00"},
		{"no event", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", ""},
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			periods, _, err := Read("c.ics", strings.NewReader(tt.text), berlin, october())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range periods {
				got = append(got, p.Start.UTC().Format("02T15:04")+"-"+p.End.UTC().Format("02T15:04"))
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestReadErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"empty", "", "line 1: the file is empty"},
		{"no calendar", "hello\n", "line 1: this is not a line of an iCalendar file"},
		{"HTML", "<html>:\n", "line 1: this is not"},
		{"another component", "BEGIN:VCARD\nEND:VCARD\n", `line 1: BEGIN "VCARD" is not VCALENDAR`},
		{"cut off", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261004T010000Z\n", "the file ends inside VEVENT"},
		{"crossed", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", "line 3: END"},
		{"no start", calendar("SUMMARY:x"), "line 3: VEVENT has no DTSTART"},
		{"no time", calendar("DTSTART:tomorrow"), `line 4: DTSTART "tomorrow" is not a time`},
		{"unknown zone", calendar("DTSTART;TZID=W. Europe Standard Time:20261004T010000"), `line 4: DTSTART has TZID "W. Europe Standard Time", which is no IANA time zone`},
		{"broken rule", calendar("DTSTART:20261004T010000Z|RRULE:FREQ=OFTEN"), "line 5: RRULE"},
		{"end before start", calendar("DTSTART:20261004T010000Z|DTEND:20261003T010000Z"), "line 5: DTEND"},
		{"a date and a time", calendar("DTSTART;VALUE=DATE:20261004|DTEND:20261005T010000Z"), "line 5: DTEND"},
		{"end and duration", calendar("DTSTART:20261004T010000Z|DTEND:20261005T010000Z|DURATION:PT1H"), "line 5: DTEND"},
		{"broken duration", calendar("DTSTART:20261004T010000Z|DURATION:1h"), `line 5: DURATION "1h" is not a duration`},
		{"broken exception", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|EXDATE:20261004T010000Z,x"), `line 6: EXDATE "x" is not a time`},
		{"the line of a folded one is its first", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n y\n z\nDTSTART:\n bad\nEND:VEVENT\nEND:VCALENDAR\n", "line 6: DTSTART"},
		{"endless line", "BEGIN:VCALENDAR\nX:" + strings.Repeat("x", maxLine) + "\n", "line 2: longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Read("c.ics", strings.NewReader(tt.text), time.UTC, october())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// What excludes nothing is said, with its place.
func TestReadWarnings(t *testing.T) {
	todo := "BEGIN:VTODO\nDTSTART:20261004T010000Z\nDUE:20261004T020000Z\nEND:VTODO\n"
	tests := []struct{ name, text, want string }{
		{"an event with a length", calendar("DTSTART:20261004T010000Z|DURATION:PT1H"), ""},
		{"a whole day", calendar("DTSTART;VALUE=DATE:20261004"), ""},
		{"an event of another month", calendar("DTSTART:20200101T010000Z|DURATION:PT1H"), ""},
		{"a cancelled event", calendar("DTSTART:20261004T010000Z|STATUS:CANCELLED"), ""},
		{"no length", calendar("DTSTART:20261004T010000Z"), "c.ics:3: this event has no length and excludes nothing [exclusion/no-length]"},
		{"a length of zero", calendar("DTSTART:20261004T010000Z|DTEND:20261004T010000Z"), "c.ics:3: this event has no length and excludes nothing [exclusion/no-length]"},
		{"several without", calendar("DTSTART:20261004T010000Z|DURATION:PT1H", "DTSTART:20261004T010000Z", "DTSTART:20261005T010000Z|RRULE:FREQ=DAILY"),
			"c.ics:7: 2 events from here on have no length and exclude nothing [exclusion/no-length]"},
		{"only a task", "BEGIN:VCALENDAR\n" + todo + "END:VCALENDAR\n", `c.ics:2: this "VTODO" excludes nothing: only a VEVENT does [exclusion/no-event]`},
		{"tasks", "BEGIN:VCALENDAR\n" + todo + todo + "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261004\nEND:VEVENT\nEND:VCALENDAR\n",
			`c.ics:2: 2 components from this "VTODO" on exclude nothing: only a VEVENT does [exclusion/no-event]`},
		{"a zone is no task", "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261004\nEND:VEVENT\nEND:VCALENDAR\n", ""},
		{"nothing at all", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "c.ics:1: the calendar has no VEVENT and excludes nothing [exclusion/no-event]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, warnings, err := Read("c.ics", strings.NewReader(tt.text), time.UTC, october())
			if err != nil {
				t.Fatal(err)
			}
			if got := warnings.Error(); got != tt.want || warnings.Errors() {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add(calendar("UID:a|DTSTART;TZID=Asia/Tokyo:20261004T010000|DURATION:P1DT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE:20261005T010000Z"))
	f.Add(calendar("DTSTART;VALUE=DATE:20261004|DTEND;VALUE=DATE:20261006|RRULE:FREQ=MONTHLY;BYDAY=-1SU"))
	f.Fuzz(func(t *testing.T, text string) {
		within := october()
		periods, _, err := Read("c.ics", strings.NewReader(text), time.UTC, within)
		if err != nil && len(periods) > 0 {
			t.Error("periods beside an error")
		}
		for i, p := range periods {
			if p.Empty() || !within.Covers(p) || i > 0 && !periods[i-1].End.Before(p.Start) {
				t.Errorf("period %d of %v", i, periods)
			}
		}
	})
}

package ical

import (
	"fmt"
	"slices"
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

// inOctober reads a calendar and returns its periods in UTC.
func inOctober(t *testing.T, zone *time.Location, text string) string {
	t.Helper()
	periods, _, err := Read(t.Context(), new(Load), "c.ics", strings.NewReader(text), zone, october())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range periods {
		got = append(got, p.Start.UTC().Format("02T15:04")+"-"+p.End.UTC().Format("02T15:04"))
	}
	return strings.Join(got, " ")
}

func periodsOf(t *testing.T, zone *time.Location, events ...string) string {
	t.Helper()
	return inOctober(t, zone, calendar(events...))
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
			if got := inOctober(t, berlin, tt.text); got != tt.want {
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
		{"unknown zone", calendar("DTSTART;TZID=Somewhere:20261004T010000"), `line 4: DTSTART has TZID "Somewhere", which is no IANA or Windows time zone`},
		{"broken rule", calendar("DTSTART:20261004T010000Z|RRULE:FREQ=OFTEN"), "line 5: RRULE"},
		{"end before start", calendar("DTSTART:20261004T010000Z|DTEND:20261003T010000Z"), "line 5: DTEND"},
		{"a date and a time", calendar("DTSTART;VALUE=DATE:20261004|DTEND:20261005T010000Z"), "line 5: DTEND"},
		{"end and duration", calendar("DTSTART:20261004T010000Z|DTEND:20261005T010000Z|DURATION:PT1H"), "line 5: DTEND"},
		{"broken duration", calendar("DTSTART:20261004T010000Z|DURATION:1h"), `line 5: DURATION "1h" is not a duration`},
		{"broken exception", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|EXDATE:20261004T010000Z,x"), `line 6: EXDATE "x" is not a time`},
		{"the line of a folded one is its first", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n y\n z\nDTSTART:\n bad\nEND:VEVENT\nEND:VCALENDAR\n", "line 6: DTSTART"},
		{"no sequence", calendar("DTSTART:20261004T010000Z|SEQUENCE:x"), `line 5: SEQUENCE "x" is not a whole number`},
		{"an occurrence of nothing", calendar("RECURRENCE-ID:20261004T010000Z|DTSTART:20261004T010000Z"), "line 3: VEVENT has a RECURRENCE-ID and no UID"},
		{"negative duration", calendar("DTSTART:20261004T010000Z|DURATION:-PT1H"), `line 5: DURATION "-PT1H" is negative`},
		{"RANGE of another kind", calendar("UID:a|DTSTART:20261004T010000Z|RECURRENCE-ID;RANGE=THISANDPRIOR:20261004T010000Z"), `line 6: RECURRENCE-ID has RANGE "THISANDPRIOR", which is not read`},
		{"two starts", calendar("DTSTART:20261004T010000Z|DTSTART:20261005T010000Z"), "line 5: DTSTART is the second of this event"},
		{"a day with a time", calendar("DTSTART;VALUE=DATE:20261004T010000"), `line 4: DTSTART "20261004T010000" is a time, and VALUE says DATE`},
		{"EXRULE", calendar("DTSTART:20261004T010000Z|EXRULE:FREQ=DAILY"), "line 5: EXRULE is not read"},
		{"every minute", calendar("DTSTART:20261004T010000Z|RRULE:FREQ=MINUTELY"), "line 5: RRULE"},
		{"weeks of other years", calendar("DTSTART:20261004T010000Z|RRULE:FREQ=YEARLY;INTERVAL=2;BYWEEKNO=53"), "line 5: RRULE"},
		{"30 February", calendar("DTSTART:20261004T010000Z|RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30,-30"), "none of its months has such a day"},
		{"a period that ends before", calendar("DTSTART:20261004T010000Z|RDATE;VALUE=PERIOD:20261004T010000Z/20261003T010000Z"), `line 5: RDATE "20261003T010000Z" is before the start of its period`},
		{"a period without time", calendar("DTSTART:20261004T010000Z|RDATE;VALUE=PERIOD:20261004T010000Z/20261005"), `line 5: RDATE "20261005" is not the end of a period`},
		{"an answer to an invitation", "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n", `line 2: METHOD "REPLY" is a message`},
		{"another calendar", "BEGIN:VCALENDAR\nCALSCALE:CHINESE\nEND:VCALENDAR\n", `line 2: CALSCALE "CHINESE" is not read`},
		{"a zone without offset", withZone(zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETTO:+0100")), `line 11: DTSTART has TZID "x", whose VTIMEZONE on line 3 is not understood: line 5: there is no TZOFFSETFROM`},
		{"an offset in words", withZone(zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:CET|TZOFFSETTO:+0100")), `line 7: TZOFFSETFROM "CET" is not an offset`},
		{"a zone that changes daily", withZone(zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0000|TZOFFSETTO:+0100|RRULE:FREQ=DAILY")), `line 9: RRULE "FREQ=DAILY" is not yearly`},
		{"two zones of one name", withZone(zoneOf("x", "STANDARD|TZOFFSETTO:+0100") + zoneOf("x", "STANDARD|TZOFFSETTO:+0200")), `line 16: DTSTART has TZID "x", which the VTIMEZONE on line 3 and that on line 9 define otherwise`},
		{"endless line", "BEGIN:VCALENDAR\nX:" + strings.Repeat("x", maxLine) + "\n", "line 2: longer than"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Read(t.Context(), new(Load), "c.ics", strings.NewReader(tt.text), time.UTC, october())
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// withZone returns a calendar with a time zone and an event in zone x.
func withZone(zone string) string {
	return strings.Replace(calendar("DTSTART;TZID=x:20261004T010000|DURATION:PT1H"), "BEGIN:VEVENT", zone+"BEGIN:VEVENT", 1)
}

// Of the revisions of one event the newest holds, wherever it stands in the file. The
// calendar's zone is UTC.
func TestReadRevisions(t *testing.T) {
	const daily = "UID:a|DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT="
	const three = "04T01:00-04T02:00 05T01:00-05T02:00 06T01:00-06T02:00"
	const noFifth = "04T01:00-04T02:00 06T01:00-06T02:00"
	move := "UID:a|RECURRENCE-ID:20261005T010000Z|DTSTART:20261005T080000Z|DURATION:PT1H"
	moved := "04T01:00-04T02:00 05T08:00-05T09:00 06T01:00-06T02:00"
	tests := []struct {
		name   string
		events []string
		want   string
	}{
		{"a higher SEQUENCE replaces the series", []string{daily + "3|SEQUENCE:1", daily + "2|SEQUENCE:2"}, "04T01:00-04T02:00 05T01:00-05T02:00"},
		{"none is 0", []string{daily + "3", daily + "1|SEQUENCE:1"}, "04T01:00-04T02:00"},
		{"of equal ones DTSTAMP tells", []string{daily + "3|SEQUENCE:1|DTSTAMP:20260901T000000Z", daily + "1|SEQUENCE:1|DTSTAMP:20260902T000000Z"}, "04T01:00-04T02:00"},
		{"SEQUENCE goes before DTSTAMP", []string{daily + "3|SEQUENCE:1|DTSTAMP:20260903T000000Z", daily + "1|SEQUENCE:2|DTSTAMP:20260902T000000Z"}, "04T01:00-04T02:00"},
		{"then LAST-MODIFIED", []string{daily + "3|DTSTAMP:20260901T000000Z|LAST-MODIFIED:20260801T000000Z", daily + "1|DTSTAMP:20260901T000000Z|LAST-MODIFIED:20260802T000000Z"}, "04T01:00-04T02:00"},
		{"EXDATE of the older one falls", []string{daily + "3|EXDATE:20261005T010000Z", daily + "3|SEQUENCE:1"}, three},
		{"a cancelled series", []string{daily + "3|SEQUENCE:1", "UID:a|STATUS:CANCELLED|SEQUENCE:2"}, ""},
		{"one that is confirmed again", []string{daily + "3|SEQUENCE:1|STATUS:CANCELLED", daily + "3|SEQUENCE:2|STATUS:CONFIRMED"}, three},
		{"and what it moved before", []string{daily + "3|SEQUENCE:1", move + "|SEQUENCE:1", "UID:a|STATUS:CANCELLED|SEQUENCE:2"}, ""},
		{"but not what is moved after", []string{daily + "3|SEQUENCE:1|STATUS:CANCELLED", move + "|SEQUENCE:2"}, "05T08:00-05T09:00"},
		{"an occurrence moved twice", []string{daily + "3", move + "|SEQUENCE:1", "UID:a|RECURRENCE-ID:20261005T010000Z|DTSTART:20261005T120000Z|DURATION:PT1H|SEQUENCE:2"},
			"04T01:00-04T02:00 05T12:00-05T13:00 06T01:00-06T02:00"},
		{"moved, then cancelled", []string{daily + "3", move, "UID:a|RECURRENCE-ID:20261005T010000Z|DTSTART:20261005T010000Z|STATUS:CANCELLED|SEQUENCE:1"}, noFifth},
		{"cancelled, then moved", []string{daily + "3", move + "|SEQUENCE:1", "UID:a|RECURRENCE-ID:20261005T010000Z|DTSTART:20261005T010000Z|STATUS:CANCELLED"}, moved},
		{"the same occurrence in another zone", []string{daily + "3", move, "UID:a|RECURRENCE-ID;TZID=Asia/Tokyo:20261005T100000|DTSTART:20261005T010000Z|STATUS:CANCELLED|SEQUENCE:1"}, noFifth},
		{"a newer series keeps what it moved", []string{daily + "3|SEQUENCE:2", move + "|SEQUENCE:1"}, moved},
		{"unless it has that occurrence no more", []string{daily + "3|SEQUENCE:2|EXDATE:20261005T010000Z", move + "|SEQUENCE:1"}, noFifth},
		{"or ends before it", []string{daily + "1|SEQUENCE:2", move + "|SEQUENCE:1"}, "04T01:00-04T02:00"},
		{"EXDATE of one as new leaves what is moved", []string{daily + "3|EXDATE:20261005T010000Z", move}, moved},
		{"another UID", []string{daily + "1", strings.Replace(daily, "UID:a", "UID:b", 1) + "2|SEQUENCE:1"}, "04T01:00-04T02:00 05T01:00-05T02:00"},
		{"without UID all hold", []string{"DTSTART:20261004T010000Z|DURATION:PT1H", "DTSTART:20261005T010000Z|DURATION:PT1H|SEQUENCE:1"}, "04T01:00-04T02:00 05T01:00-05T02:00"},
		{"this and those after it", []string{daily + "3", "UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261005T010000Z|DTSTART:20261005T030000Z|DURATION:PT2H"},
			"04T01:00-04T02:00 05T03:00-05T05:00 06T03:00-06T05:00"},
		{"one of them alone", []string{daily + "3", "UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261005T010000Z|DTSTART:20261006T030000Z|DURATION:PT2H", "UID:a|RECURRENCE-ID:20261006T010000Z|DTSTART:20261009T000000Z|DURATION:PT1H"},
			"04T01:00-04T02:00 06T03:00-06T05:00 09T00:00-09T01:00"},
		{"a second change from a later one on", []string{daily + "3", "UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261006T010000Z|DTSTART:20261006T060000Z|DURATION:PT1H",
			"UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261005T010000Z|DTSTART:20261005T030000Z|DURATION:PT1H"}, "04T01:00-04T02:00 05T03:00-05T04:00 06T06:00-06T07:00"},
		{"all from here on cancelled", []string{daily + "3", "UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261005T010000Z|STATUS:CANCELLED"}, "04T01:00-04T02:00"},
		{"moved over the change of clocks", []string{"UID:a|DTSTART;TZID=Europe/Berlin:20261023T100000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3", "UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261024T100000|DTSTART;TZID=Europe/Berlin:20261024T120000|DURATION:PT1H"},
			"23T08:00-23T09:00 24T10:00-24T11:00 25T11:00-25T12:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := periodsOf(t, time.UTC, tt.events...); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			slices.Reverse(tt.events)
			if got := periodsOf(t, time.UTC, tt.events...); got != tt.want {
				t.Errorf("the other way round: got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Where a day meets a time of day, days are compared: of whole days the day that is
// written, of times the event's.
func TestReadDaysAndTimes(t *testing.T) {
	const days = "DTSTART;VALUE=DATE:20261020|RRULE:FREQ=DAILY;COUNT=3"
	const times = "DTSTART;TZID=Asia/Tokyo:20261020T080000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=3" // 19T23:00 UTC
	const utc, berlin, newYork = "20T00:00-21T00:00 22T00:00-23T00:00", "19T22:00-20T22:00 21T22:00-22T22:00", "20T04:00-21T04:00 22T04:00-23T04:00"
	const times2 = "19T23:00-20T00:00 21T23:00-22T00:00"
	tests := []struct{ name, zone, event, want string }{
		{"a day", "UTC", days + "|EXDATE;VALUE=DATE:20261021", utc},
		{"midnight in a zone", "UTC", days + "|EXDATE;TZID=Europe/Berlin:20261021T000000", utc},
		{"of the file's zone", "Europe/Berlin", days + "|EXDATE;TZID=Europe/Berlin:20261021T000000", berlin},
		{"before DTSTART", "UTC", "EXDATE;TZID=Europe/Berlin:20261021T000000|" + days, utc},
		{"midnight without zone", "Europe/Berlin", days + "|EXDATE:20261021T000000", berlin},
		{"another time of that day", "Europe/Berlin", days + "|EXDATE;TZID=Asia/Tokyo:20261021T090000", berlin},
		{"midnight in UTC", "Europe/Berlin", days + "|EXDATE:20261021T000000Z", berlin},
		{"also west of it", "America/New_York", days + "|EXDATE:20261021T000000Z", newYork},
		{"midnight of the file's zone in UTC", "Europe/Berlin", days + "|EXDATE:20261020T220000Z", berlin},
		{"the same west of it", "America/New_York", days + "|EXDATE:20261021T040000Z", newYork},
		{"a day of times is one of their zone", "UTC", times + "|EXDATE;VALUE=DATE:20261021", times2},
		{"a day has no zone", "UTC", times + "|EXDATE;VALUE=DATE;TZID=America/New_York:20261021", times2},
		{"a time without zone is the event's", "UTC", times + "|EXDATE:20261021T080000", times2},
		{"another time of day is none of them", "UTC", times + "|EXDATE:20261021T090000", "19T23:00-20T00:00 20T23:00-21T00:00 21T23:00-22T00:00"},
		{"RDATE of a day has the event's time", "UTC", "DTSTART;TZID=Asia/Tokyo:20261020T080000|DURATION:PT1H|RDATE;VALUE=DATE:20261022", times2},
		{"RDATE of a time is the whole day", "UTC", "DTSTART;VALUE=DATE:20261020|RDATE;TZID=Europe/Berlin:20261022T000000", utc},
		{"and can be taken away", "UTC", "DTSTART;VALUE=DATE:20261020|RDATE;VALUE=DATE:20261021,20261022|EXDATE;TZID=Europe/Berlin:20261021T000000", utc},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := periodsOf(t, zone, tt.event); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	t.Run("RECURRENCE-ID", func(t *testing.T) {
		for series, ids := range map[string][]string{
			days:  {";VALUE=DATE:20261021", ";TZID=Europe/Berlin:20261021T000000", ":20261021T000000Z"},
			times: {";VALUE=DATE:20261021", ":20261020T230000Z", ";TZID=Europe/Berlin:20261021T010000"},
		} {
			for _, id := range ids {
				want := utc
				if series == times {
					want = times2
				}
				cancelled := "UID:a|STATUS:CANCELLED|DTSTART;VALUE=DATE:20261021|RECURRENCE-ID" + id
				if got := periodsOf(t, time.UTC, "UID:a|"+series, cancelled); got != want {
					t.Errorf("%s: got  %s\nwant %s", id, got, want)
				}
			}
		}
	})
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
		{"two revisions, the newer tells", calendar("UID:a|DTSTART;VALUE=DATE:20261004|SEQUENCE:1", "UID:a|DTSTART;VALUE=DATE:20261005|SEQUENCE:2"), ""},
		{"two that are alike", calendar("UID:a|DTSTART;VALUE=DATE:20261004", "UID:a|DTSTART;VALUE=DATE:20261004|SUMMARY:x"), ""},
		{"two that are as new", calendar("UID:a|DTSTART;VALUE=DATE:20261004|SEQUENCE:2", "UID:a|DTSTART;VALUE=DATE:20261005|SEQUENCE:2"),
			`c.ics:8: this event replaces the one on line 3, which has its UID "a" and is as new [exclusion/revision]`},
		{"a whole day that ends on itself", calendar("DTSTART;VALUE=DATE:20261004|DTEND;VALUE=DATE:20261004"),
			"c.ics:5: DTEND is the day of DTSTART: that whole day is excluded [exclusion/one-day]"},
		{"an EXDATE of nothing", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY|EXDATE:20261006T020000Z"),
			"c.ics:7: this EXDATE names no occurrence of its event, and takes nothing away [exclusion/no-occurrence]"},
		{"an EXDATE of nothing in another month", calendar("DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY|EXDATE:20261206T020000Z"), ""},
		{"an EXDATE of what is moved", calendar("UID:a|DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY|EXDATE:20261006T010000Z",
			"UID:a|RECURRENCE-ID:20261006T010000Z|DTSTART:20261007T030000Z|DURATION:PT1H"), ""},
		{"what replaces nothing", calendar("UID:a|DTSTART:20261004T010000Z|DURATION:PT1H|RRULE:FREQ=DAILY", "UID:a|RECURRENCE-ID:20261006T020000Z|DTSTART:20261007T030000Z|DURATION:PT1H"),
			"c.ics:9: this event replaces an occurrence that its series has not, and is excluded beside it [exclusion/no-occurrence]"},
		{"a known zone that the file has otherwise", strings.ReplaceAll(withZone(zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0100|TZOFFSETTO:+0100")), "x", "Europe/Berlin"),
			`c.ics:3: from 2026-10-01T00:00Z on this VTIMEZONE has another offset than the "Europe/Berlin" that is known; times are read by the file's [exclusion/zone]`},
		{"or before this month alone", strings.ReplaceAll(withZone(zoneOf("x", "STANDARD|DTSTART:20251001T000000|TZOFFSETFROM:+0100|TZOFFSETTO:+0900")), "x", "Asia/Tokyo"), ""},
		{"nothing at all", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", "c.ics:1: the calendar has no VEVENT and excludes nothing [exclusion/no-event]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, warnings, err := Read(t.Context(), new(Load), "c.ics", strings.NewReader(tt.text), time.UTC, october())
			if err != nil {
				t.Fatal(err)
			}
			if got := warnings.Error(); got != tt.want || warnings.Errors() {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// X-WR-TIMEZONE moves no time. Where a time has no zone and is read in another than that
// it is said, and nothing where both clocks show the same.
func TestReadCalendarZone(t *testing.T) {
	const (
		floating = "DTSTART:20261004T010000|DURATION:PT1H"
		other    = `c.ics:4: the event on line 5 has a time without zone, which is read in Europe/Berlin, though X-WR-TIMEZONE is `
		tokyo    = other + `"Asia/Tokyo" [exclusion/zone]`
		berlin   = "03T23:00-04T00:00"
	)
	head := func(zone, text string) string { // behind the events' own zones
		return strings.Replace(text, "BEGIN:VEVENT", "X-WR-CALNAME:x\r\nX-WR-TIMEZONE:"+zone+"\r\nBEGIN:VEVENT", 1)
	}
	tests := []struct{ name, text, periods, want string }{
		{"the zone of the reader", head("Europe/Berlin", calendar(floating)), berlin, ""},
		{"one whose clocks show the same", head("Europe/Paris", calendar(floating)), berlin, ""},
		{"as Windows calls it", head("W. Europe Standard Time", calendar(floating)), berlin, ""},
		{"no name", head(" ", calendar(floating)), berlin, ""},
		{"another", head("Asia/Tokyo", calendar(floating)), berlin, tokyo},
		{"another, and instants", head("Asia/Tokyo", calendar("DTSTART:20261003T230000Z|DURATION:PT1H")), berlin, ""},
		{"another, and a TZID", head("Asia/Tokyo", calendar("DTSTART;TZID=Europe/Berlin:20261004T010000|DTEND:20261004T020000")), berlin, ""},
		{"another, and whole days", head("Asia/Tokyo", calendar("DTSTART;VALUE=DATE:20261004")), "03T22:00-04T22:00", ""},
		{"another, and what is cancelled", head("Asia/Tokyo", calendar(floating+"|STATUS:CANCELLED")), "", ""},
		{"another, for a series that goes on", head("Asia/Tokyo", calendar("DTSTART:20200104T010000|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=4")), berlin, tokyo},
		{"several events", head("Asia/Tokyo", calendar("DTSTART:20261003T230000Z|DURATION:PT1H", floating, floating)), berlin,
			strings.NewReplacer("the event on line 5 has a time", "2 events from line 9 on have times", "which is", "which are").Replace(tokyo)},
		{"of two calendars", calendar(floating) + head("Asia/Tokyo", calendar(floating)), berlin,
			strings.NewReplacer("c.ics:4", "c.ics:11", "line 5", "line 12").Replace(tokyo)},
		{"a name that nobody knows", head("Mars/Olympus", calendar(floating)), berlin, other + `"Mars/Olympus" [exclusion/zone]`},
		{"a zone of its own", head("x", strings.Replace(calendar(floating), "BEGIN:VEVENT", zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0900|TZOFFSETTO:+0900")+"BEGIN:VEVENT", 1)), berlin,
			strings.NewReplacer("c.ics:4", "c.ics:12", "line 5", "line 13").Replace(other + `"x" [exclusion/zone]`)},
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := inOctober(t, zone, tt.text); got != tt.periods {
				t.Errorf("got  %s\nwant %s", got, tt.periods)
			}
			_, warnings, err := Read(t.Context(), new(Load), "c.ics", strings.NewReader(tt.text), zone, october())
			if err != nil || warnings.Error() != tt.want || warnings.Errors() {
				t.Errorf("got  %s, %v\nwant %s", warnings.Error(), err, tt.want)
			}
		})
	}
}

// A TZID is what the file defines, else a name that is known.
func TestReadZones(t *testing.T) {
	const nine = "DTSTART;TZID=%s:20261024T090000|DURATION:PT1H|RRULE:FREQ=DAILY;COUNT=2"
	berlin := "24T07:00-24T08:00 25T08:00-25T09:00" // clocks go back on the 25th
	outlook := zoneOf("Customized Time Zone",
		"STANDARD|DTSTART:16010101T030000|TZOFFSETFROM:+0200|TZOFFSETTO:+0100|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
		"DAYLIGHT|DTSTART:16010101T020000|TZOFFSETFROM:+0100|TZOFFSETTO:+0200|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3")
	tests := []struct{ name, id, defined, want string }{
		{"IANA", "Europe/Berlin", "", berlin},
		{"Windows", "W. Europe Standard Time", "", berlin},
		{"behind who gave it", "/example.org/2026_1/Europe/Berlin", "", berlin},
		{"of its own, as Outlook writes it", "Customized Time Zone", outlook, berlin},
		{"its own goes before a known one", "Asia/Tokyo", strings.ReplaceAll(outlook, "Customized Time Zone", "Asia/Tokyo"), berlin},
		{"a definition that says nothing but a name", "Europe/Berlin", zoneOf("Europe/Berlin"), berlin},
		{"one offset for ever", "x", zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0545|TZOFFSETTO:+0545"), "24T03:15-24T04:15 25T03:15-25T04:15"},
		{"a change by RDATE", "x", zoneOf("x", "STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+0000|TZOFFSETTO:+0000|RDATE:20261025T030000",
			"DAYLIGHT|DTSTART:20260401T000000|TZOFFSETFROM:+0000|TZOFFSETTO:+0300"), "24T06:00-24T07:00 25T09:00-25T10:00"},
		{"a rule that ended", "x", zoneOf("x", "STANDARD|DTSTART:19701025T000000|TZOFFSETFROM:+0100|TZOFFSETTO:-0330|RRULE:FREQ=YEARLY;UNTIL=20251024T230000Z",
			"DAYLIGHT|DTSTART:19700401T000000|TZOFFSETFROM:-0330|TZOFFSETTO:+0100|RRULE:FREQ=YEARLY"), "24T08:00-24T09:00 25T08:00-25T09:00"},
		{"in summer of the first year no onset is invented", "x", zoneOf("x",
			"STANDARD|DTSTART:20260101T000000|TZOFFSETFROM:+0200|TZOFFSETTO:+0100|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
			"DAYLIGHT|DTSTART:20260101T000000|TZOFFSETFROM:+0100|TZOFFSETTO:+0200|RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=1SU"), "24T07:00-24T08:00 25T07:00-25T08:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := calendar(fmt.Sprintf(nine, tt.id))
			text = strings.Replace(text, "BEGIN:VEVENT", tt.defined+"BEGIN:VEVENT", 1)
			if got := inOctober(t, time.UTC, text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// zoneOf returns a VTIMEZONE with observances, given with | between lines.
func zoneOf(id string, observances ...string) string {
	out := "BEGIN:VTIMEZONE\r\nTZID:" + id + "\r\n"
	for _, o := range observances {
		kind, lines, _ := strings.Cut(o, "|")
		out += "BEGIN:" + kind + "\r\n" + strings.ReplaceAll(lines, "|", "\r\n") + "\r\nEND:" + kind + "\r\n"
	}
	return out + "END:VTIMEZONE\r\n"
}

// Every Windows zone is one that this program knows.
func TestWindowsZones(t *testing.T) {
	n := 0
	for line := range strings.Lines(windowsZones) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		windows, iana, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if zone := named(windows); zone == nil || zone.String() != iana {
			t.Errorf("%s is %v, want %s", windows, zone, iana)
		}
		n++
	}
	if n < 139 {
		t.Errorf("%d zones", n)
	}
}

// What recurs, over the calendar of October 2026: the 1st is a Thursday, the 4th a Sunday.
func TestReadRules(t *testing.T) {
	const hour = "DTSTART:20261006T010000Z|DURATION:PT1H|"
	days := func(days ...string) string {
		var out []string
		for _, d := range days {
			out = append(out, d+"T01:00-"+d+"T02:00")
		}
		return strings.Join(out, " ")
	}
	tests := []struct{ name, zone, event, want string }{
		{"DTSTART off its rule is the first", "UTC", hour + "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3", days("06", "07", "14")},
		{"on it it is counted once", "UTC", hour + "RRULE:FREQ=WEEKLY;BYDAY=TU,WE;COUNT=3", days("06", "07", "13")},
		{"alone", "UTC", hour + "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=1", days("06")},
		{"off it without COUNT", "UTC", hour + "RRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20261014T010000Z", days("06", "07", "14")},
		{"and can be taken away", "UTC", hour + "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3|EXDATE:20261006T010000Z", days("07", "14")},
		{"long ago it is not moved along", "UTC", "DTSTART:20200106T010000Z|DURATION:PT1H|RRULE:FREQ=MONTHLY;BYDAY=1WE", days("07")},
		{"two rules", "UTC", hour + "RRULE:FREQ=WEEKLY;COUNT=2|RRULE:FREQ=DAILY;COUNT=2", days("06", "07", "13")},
		{"BYSETPOS in the week that has begun", "UTC", hour + "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,TH;BYSETPOS=2;COUNT=3", days("06", "13", "20")},
		{"BYWEEKNO alone has the weekday of DTSTART", "UTC", hour + "RRULE:FREQ=YEARLY;BYWEEKNO=42", days("06", "13")},
		{"BYMONTHDAY alone has its month", "UTC", "DTSTART:20200906T010000Z|DURATION:PT1H|RRULE:FREQ=YEARLY;BYMONTHDAY=6", ""},
		{"a semicolon too many", "UTC", hour + "RRULE:FREQ=DAILY;COUNT=2;", days("06", "07")},
		{"periods of RDATE have their own length", "UTC", hour + "RDATE;VALUE=PERIOD:20261008T010000Z/20261008T030000Z,20261009T230000Z/P1DT1H", "06T01:00-06T02:00 08T01:00-08T03:00 09T23:00-11T00:00"},
		{"one at the start of an occurrence", "UTC", hour + "RDATE;VALUE=PERIOD:20261006T010000Z/PT3H", "06T01:00-06T04:00"},
		{"in the zone of their line", "UTC", hour + "RDATE;TZID=Asia/Tokyo;VALUE=PERIOD:20261008T100000/20261008T120000", "06T01:00-06T02:00 08T01:00-08T03:00"},
		{"UNTIL of whole days is a day", "America/New_York", "DTSTART;VALUE=DATE:20261006|RRULE:FREQ=DAILY;UNTIL=20261007T000000Z", "06T04:00-08T04:00"},
		{"also east of UTC", "Asia/Tokyo", "DTSTART;VALUE=DATE:20261006|RRULE:FREQ=DAILY;UNTIL=20261007T000000Z", "05T15:00-07T15:00"},
		{"as the last moment of one", "America/New_York", "DTSTART;VALUE=DATE:20261006|RRULE:FREQ=DAILY;UNTIL=20261008T035959Z", "06T04:00-08T04:00"},
		{"UNTIL of times may be a day", "UTC", hour + "RRULE:FREQ=DAILY;UNTIL=20261007", days("06", "07")},
		{"whole days have no time of day", "UTC", "DTSTART;VALUE=DATE:20261006|RRULE:FREQ=DAILY;BYHOUR=1,2;COUNT=2", "06T00:00-08T00:00"},
		{"a whole day that ends on itself", "UTC", "DTSTART;VALUE=DATE:20261006|DTEND;VALUE=DATE:20261006", "06T00:00-07T00:00"},
		{"a day with a time of midnight", "UTC", "DTSTART;VALUE=DATE:20261006T000000", "06T00:00-07T00:00"},
		{"a day with a zone letter", "UTC", "DTSTART;VALUE=DATE:20261006|RDATE:20261008Z", "06T00:00-07T00:00 08T00:00-09T00:00"},
		{"a birthday of nobody knows when", "UTC", "DTSTART;VALUE=DATE:16041006|RRULE:FREQ=YEARLY", "06T00:00-07T00:00"},
		{"until the end of days", "UTC", "DTSTART;VALUE=DATE:20261031|DTEND;VALUE=DATE:99991231|RRULE:FREQ=YEARLY;COUNT=1", "31T00:00-01T00:00"},
		{"busy or free, sure or not", "UTC", hour + "TRANSP:TRANSPARENT|STATUS:TENTATIVE", days("06")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := periodsOf(t, zone, tt.event); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Cairo's clocks skip the midnight of 24 April 2026, and go back before that of 30 October.
func TestReadMissingMidnight(t *testing.T) {
	cairo, err := time.LoadLocation("Africa/Cairo")
	if err != nil {
		t.Fatal(err)
	}
	april := slo.Period{Start: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}
	text := calendar("DTSTART;VALUE=DATE:20260423|RRULE:FREQ=DAILY;COUNT=3")
	got, _, err := Read(t.Context(), new(Load), "c.ics", strings.NewReader(text), cairo, april)
	want := slo.Period{Start: time.Date(2026, 4, 22, 22, 0, 0, 0, time.UTC), End: time.Date(2026, 4, 25, 21, 0, 0, 0, time.UTC)}
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestReadMethods(t *testing.T) {
	text := calendar("UID:a|DTSTART:20261004T010000Z|DURATION:PT1H")
	cancel := strings.Replace(calendar("UID:a|DTSTART:20261004T010000Z|SEQUENCE:1"), "VERSION:2.0", "METHOD:CANCEL", 1)
	if got := inOctober(t, time.UTC, text+cancel); got != "" {
		t.Errorf("a cancelled event excludes %s", got)
	}
	if got := inOctober(t, time.UTC, strings.Replace(text, "VERSION:2.0", "METHOD:Publish", 1)); got != "04T01:00-04T02:00" {
		t.Errorf("a published event excludes %s", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(calendar("UID:a|DTSTART;TZID=Asia/Tokyo:20261004T010000|DURATION:P1DT1H|RRULE:FREQ=DAILY;COUNT=2|EXDATE:20261005T010000Z"))
	f.Add(calendar("DTSTART;VALUE=DATE:20261004|DTEND;VALUE=DATE:20261006|RRULE:FREQ=MONTHLY;BYDAY=-1SU"))
	f.Add(calendar("UID:a|DTSTART;VALUE=DATE:20261004|RRULE:FREQ=DAILY|SEQUENCE:2|EXDATE:20261005T000000Z",
		"UID:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20261006T000000|DTSTART:20261007T000000|DTSTAMP:20261001T000000Z"))
	f.Add(withZone(zoneOf("x", "STANDARD|DTSTART:16010101T030000|TZOFFSETFROM:+0200|TZOFFSETTO:+0100|RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10")))
	f.Add(calendar("DTSTART:20261004T010000Z|RDATE;VALUE=PERIOD:20261008T010000Z/20261008T030000Z,20261009T230000Z/P1DT1H|RRULE:FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=2"))
	f.Fuzz(func(t *testing.T, text string) {
		within := october()
		periods, _, err := Read(t.Context(), new(Load), "c.ics", strings.NewReader(text), time.UTC, within)
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

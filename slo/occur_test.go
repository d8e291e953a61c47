package slo

import (
	"slices"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"
)

// Rules that never have a start are not looked for up to the year 9999.
func TestNoStart(t *testing.T) {
	for _, rule := range []string{
		"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=2", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
		"FREQ=YEARLY;BYMONTH=1;BYDAY=MO;BYSETPOS=300", "FREQ=DAILY;BYHOUR=1,2;BYSETPOS=3", "FREQ=HOURLY;BYMINUTE=1;BYSETPOS=2",
		"FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
		"FREQ=HOURLY;INTERVAL=2;BYHOUR=3", "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=-2",
	} {
		opt, _, err := parseRule(rule)
		if err != nil {
			t.Errorf("%s: %v", rule, err)
			continue
		}
		opt.Dtstart = time.Date(2002, time.January, 1, 0, 0, 0, 0, time.UTC) // a Tuesday
		if last, some := lastStart(opt, time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)); some {
			t.Errorf("%s: has a start on %s", rule, last)
		}
	}
}

// No start that the library finds lies behind the last one.
func TestLastStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		some := func(name string, low, high int) []int {
			return rapid.SliceOfN(rapid.IntRange(low, high).Filter(func(n int) bool { return n != 0 }), 0, 2).Draw(t, name)
		}
		opt := rrule.ROption{
			Freq:     rapid.SampledFrom([]rrule.Frequency{rrule.YEARLY, rrule.MONTHLY, rrule.WEEKLY, rrule.DAILY, rrule.HOURLY}).Draw(t, "freq"),
			Interval: rapid.IntRange(1, 3).Draw(t, "interval"), Bymonth: some("months", 1, 12), Byhour: some("hours", 1, 23), Byminute: some("minutes", 1, 59),
			Dtstart: time.Date(9994, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 28).Draw(t, "day"), 7, 30, 0, 0, time.UTC),
			Wkst:    rapid.SampledFrom([]rrule.Weekday{rrule.MO, rrule.SU}).Draw(t, "wkst"),
		}
		switch opt.Freq {
		case rrule.YEARLY:
			opt.Byyearday, opt.Byweekno = some("year days", -366, 366), some("weeks", -53, 53)
			opt.Bymonthday = some("month days", -31, 31)
		case rrule.MONTHLY:
			opt.Bymonthday = some("month days", -31, 31)
		case rrule.HOURLY:
			opt.Bymonth = nil
			if opt.Interval > 1 { // the library never ends where no hour comes in turn
				opt.Byhour = nil
			}
		}
		for _, n := range some("weekdays", 1, 7) {
			w := weekdays()[n-1]
			if nth := rapid.IntRange(-5, 5).Draw(t, "nth"); nth != 0 && opt.Freq <= rrule.MONTHLY && len(opt.Byweekno) == 0 {
				w = w.Nth(nth)
			}
			opt.Byweekday = append(opt.Byweekday, w)
		}
		if len(opt.Byhour)+len(opt.Byweekday) > 0 && len(opt.Byweekno) == 0 {
			opt.Bysetpos = some("positions", -6, 6)
		}
		until := opt.Dtstart.AddDate(0, 0, rapid.IntRange(0, 1000).Draw(t, "until")) // the library gives up in 9999
		opt.Dtstart = wholeWeek(&opt, opt.Dtstart)
		last, found := lastStart(&opt, until)
		opt.Until = until
		rule, err := rrule.NewRRule(opt)
		if err != nil {
			t.Fatal(err)
		}
		next := rule.Iterator()
		for at, ok := next(); ok; at, ok = next() {
			if !found || at.After(last) {
				t.Fatalf("%s: start %s, want none behind %s, %v", opt.RRuleString(), at, last, found)
			}
		}
	})
}

// What a rule covers long after its first day is cut from what it covers since then.
func TestLongAgo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := func(name string, parts ...string) string { return rapid.SampledFrom(parts).Draw(t, name) }
		rule := one("rule", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1MO", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=2",
			"FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=2,12", "FREQ=YEARLY;BYDAY=53MO", "FREQ=YEARLY;BYYEARDAY=-1,1", "FREQ=YEARLY;BYMONTHDAY=29",
			"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,SU", "FREQ=HOURLY") + one("interval", "", ";INTERVAL=2", ";INTERVAL=5", ";INTERVAL=7")
		r := Recurrence{
			Rule: rule, Zone: time.UTC, Duration: 90 * time.Minute, Clock: 23*time.Hour + 30*time.Minute,
			Start:       Date{2000 + rapid.IntRange(0, 3).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day")},
			StartCounts: rapid.Bool().Draw(t, "start counts"),
		}
		r.Start = DateOf(r.Start.utc(), time.UTC) // 31 February is in March
		e := Exclusion{Rule: &r}
		from := r.Start.utc().AddDate(0, rapid.IntRange(0, 12*12).Draw(t, "months"), 0)
		p := Period{from, from.AddDate(2, 0, 0)}
		var want []Period
		for _, q := range e.Periods(Period{r.Start.utc().AddDate(0, 0, -40), p.End}) {
			if in := q.Intersect(p); !in.Empty() {
				want = append(want, in)
			}
		}
		if got := e.Periods(p); !slices.Equal(got, want) {
			t.Fatalf("%s since %v\ngot  %v\nwant %v", rule, r.Start, got, want)
		}
	})
}

// A rule costs what it has of starts in the time that is looked at, and with COUNT since
// its first one.
func TestLoad(t *testing.T) {
	summer := Period{time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, time.September, 1, 0, 0, 0, 0, time.UTC)}
	for _, tt := range []struct {
		rule     string
		duration time.Duration
		want     int
	}{
		{"FREQ=DAILY", time.Hour, 365 + lastLoad},
		{"FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,30", time.Hour, 4*365 + lastLoad},
		{"FREQ=HOURLY", time.Hour, 24*365 + lastLoad},
		{"FREQ=HOURLY;INTERVAL=6;BYSECOND=1,2", time.Hour, 2*4*365 + lastLoad},
		{"FREQ=HOURLY;BYHOUR=3", time.Hour, 365 + lastLoad},
		{"FREQ=HOURLY", 3 * daysAYear * 24 * time.Hour, 4*24*365 + lastLoad}, // some that began before go on
		{"FREQ=YEARLY", time.Hour, leastLoad + lastLoad},
		{"FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", time.Hour, daysAYear},
		{"FREQ=DAILY;COUNT=3", time.Hour, 365 + lastLoad},
		{"FREQ=DAILY;COUNT=999999999", time.Hour, 26*365 + lastLoad}, // since 2001
		{"FREQ=DAILY;UNTIL=20000107", time.Hour, 365 + lastLoad},
		{"no rule", time.Hour, 0},
	} {
		r := Recurrence{Rule: tt.rule, Zone: time.UTC, Duration: tt.duration, Start: Date{2001, time.January, 2}}
		if got := r.Load(summer); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.rule, got, tt.want)
		}
	}
}

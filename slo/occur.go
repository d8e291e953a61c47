package slo

import (
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// Load returns about how many starts r goes through for its occurrences within p, where
// years and days without a start count as some. A rule with COUNT is gone through from its
// first start on.
func (r Recurrence) Load(p Period) int {
	opt, end, err := parseRule(r.Rule)
	if err != nil {
		return 0
	}
	opt.Dtstart = r.first().utc().Add(r.Clock)
	over := Period{p.Start.Add(-r.Duration), p.End}
	if end.count > 0 || over.Start.Before(opt.Dtstart) {
		over.Start = opt.Dtstart
	}
	if !end.until.IsZero() && end.until.Before(over.End) {
		over.End = end.until
	}
	starts := startsAYear(opt)
	years := max(over.End.Year()-over.Start.Year(), 0) + 1
	switch {
	case starts == 0:
		return years * daysAYear // each is looked at
	case end.count > 0:
		years = min(years, end.count/starts+1)
	}
	return years*max(starts, leastLoad) + lastLoad
}

// How many starts take as long as what else is done for a rule.
const (
	daysAYear = 366
	leastLoad = 12 // a year with one start
	lastLoad  = 50 // to look for the last one
)

// startsAYear returns how many starts a rule has at most in the year after its first day.
func startsAYear(opt *rrule.ROption) int {
	d := newRuleDays(opt)
	days := 0
	on := d.date(opt.Dtstart.AddDate(1, 0, -1))
	for ; on.number >= 0; on = on.before() {
		if d.match(on) {
			days++
		}
	}
	hours := max(len(opt.Byhour), 1)
	if opt.Freq == rrule.HOURLY && len(opt.Byhour) == 0 {
		hours = max(24/max(opt.Interval, 1), 1)
	}
	return days * hours * max(len(opt.Byminute), 1) * max(len(opt.Bysecond), 1)
}

// lastStart returns an instant by the end of which a rule has had all its starts of the
// days up to until, and perhaps of some behind it, false if it has none. Of a rule that has
// no more starts the library looks for the next one up to the year 9999: it is not asked
// for what lies behind.
func lastStart(opt *rrule.ROption, until time.Time) (time.Time, bool) {
	d := newRuleDays(opt)
	for on := d.date(until.AddDate(1, 0, 0)); on.number >= 0; on = on.before() {
		if d.match(on) && d.enough(on) {
			return d.first.AddDate(0, 0, on.number).Add(lastClock(opt)), true
		}
	}
	return time.Time{}, false
}

// lastClock returns the last time of day at which a rule may have a start.
func lastClock(opt *rrule.ROption) time.Duration {
	if opt.Freq == rrule.HOURLY {
		return 24 * time.Hour
	}
	last := func(said []int, first int) time.Duration {
		if len(said) > 0 {
			return time.Duration(slices.Max(said))
		}
		return time.Duration(first)
	}
	return last(opt.Byhour, opt.Dtstart.Hour())*time.Hour +
		last(opt.Byminute, opt.Dtstart.Minute())*time.Minute + last(opt.Bysecond, opt.Dtstart.Second())*time.Second
}

// ruleDays tells on which days a rule may have starts. It may take one too many.
type ruleDays struct {
	opt     *rrule.ROption // what the rule leaves open is taken from the first day
	first   time.Time      // midnight of DTSTART's day
	started ruleDay
	weekday int // of the first day, 0 is Monday

	counted int  // first day of what BYSETPOS counts together and was looked at last
	scarce  bool // it has too few starts
}

// ruleDay is a day, counted from a rule's first one.
type ruleDay struct{ number, year, month, day int }

func newRuleDays(opt *rrule.ROption) *ruleDays {
	filled := *opt
	fillDays(&filled)
	first := DateOf(opt.Dtstart, time.UTC)
	d := &ruleDays{opt: &filled, first: first.utc(), started: ruleDay{0, first.Year, int(first.Month), first.Day}}
	d.weekday = (int(d.first.Weekday()) + 6) % 7
	return d
}

// fillDays takes what a rule leaves open of its days from the first one, as the library does.
func fillDays(opt *rrule.ROption) {
	first := opt.Dtstart
	switch {
	case len(opt.Byweekno)+len(opt.Byyearday)+len(opt.Bymonthday)+len(opt.Byweekday) > 0:
	case opt.Freq == rrule.YEARLY:
		if len(opt.Bymonth) == 0 {
			opt.Bymonth = []int{int(first.Month())}
		}
		opt.Bymonthday = []int{first.Day()}
	case opt.Freq == rrule.MONTHLY:
		opt.Bymonthday = []int{first.Day()}
	case opt.Freq == rrule.WEEKLY:
		opt.Byweekday = []rrule.Weekday{weekdays()[(int(first.Weekday())+6)%7]}
	}
}

func (d *ruleDays) date(t time.Time) ruleDay {
	on := DateOf(t, time.UTC)
	days := (on.utc().Unix() - d.first.Unix()) / int64(24*time.Hour/time.Second)
	return ruleDay{int(days), on.Year, int(on.Month), on.Day}
}

// before returns the day before.
func (on ruleDay) before() ruleDay {
	on.number--
	if on.day--; on.day > 0 {
		return on
	}
	if on.month--; on.month == 0 {
		on.month, on.year = 12, on.year-1
	}
	on.day = on.monthLength()
	return on
}

func (on ruleDay) leap() int {
	if on.year%4 == 0 && (on.year%100 != 0 || on.year%400 == 0) {
		return 1
	}
	return 0
}

func (on ruleDay) monthLength() int {
	if on.month == 2 {
		return 28 + on.leap()
	}
	return 30 + (on.month+on.month/8)%2
}

func (on ruleDay) yearDay() int {
	before := [...]int{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}
	if on.month > 2 {
		return before[on.month-1] + on.day + on.leap()
	}
	return before[on.month-1] + on.day
}

// match tells whether the rule may have starts on a day, but for BYSETPOS.
func (d *ruleDays) match(on ruleDay) bool {
	takes := func(said []int, fromStart, length int) bool {
		return len(said) == 0 || slices.Contains(said, fromStart) || slices.Contains(said, fromStart-length-1)
	}
	if !d.inTurn(on) || len(d.opt.Bymonth) > 0 && !slices.Contains(d.opt.Bymonth, on.month) {
		return false
	}
	return d.takesWeekday(on) && takes(d.opt.Bymonthday, on.day, on.monthLength()) &&
		takes(d.opt.Byyearday, on.yearDay(), 365+on.leap()) && d.inWeeks(on)
}

// inTurn tells whether INTERVAL takes the year, month, week or day, or an hour of it.
func (d *ruleDays) inTurn(on ruleDay) bool {
	every := max(d.opt.Interval, 1)
	switch d.opt.Freq {
	case rrule.YEARLY:
		return (on.year-d.started.year)%every == 0
	case rrule.MONTHLY:
		return ((on.year-d.started.year)*12+on.month-d.started.month)%every == 0
	case rrule.WEEKLY:
		return (on.number+d.inWeek(d.started))/7%every == 0
	case rrule.DAILY:
		return on.number%every == 0
	}
	passed := (24*on.number - d.opt.Dtstart.Hour()) % every // at midnight
	for hour := (every - passed) % every; hour < 24; hour += every {
		if len(d.opt.Byhour) == 0 || slices.Contains(d.opt.Byhour, hour) {
			return true
		}
	}
	return false
}

// inWeek returns how many days of its week lie before a day.
func (d *ruleDays) inWeek(on ruleDay) int {
	return ((d.weekday+on.number-d.opt.Wkst.Day())%7 + 7) % 7
}

func (d *ruleDays) takesWeekday(on ruleDay) bool {
	for _, w := range d.opt.Byweekday {
		if w.Day() != ((d.weekday+on.number)%7+7)%7 {
			continue
		}
		if w.N() == 0 || d.opt.Freq > rrule.MONTHLY || w.N() == d.ordinal(on, w.N() < 0) {
			return true
		}
	}
	return len(d.opt.Byweekday) == 0
}

// ordinal tells the how manieth of its weekday a day is in its month or year.
func (d *ruleDays) ordinal(on ruleDay, fromEnd bool) int {
	day, length := on.yearDay(), 365+on.leap()
	if d.opt.Freq == rrule.MONTHLY || len(d.opt.Bymonth) > 0 {
		day, length = on.day, on.monthLength()
	}
	if fromEnd {
		return -((length-day)/7 + 1)
	}
	return (day-1)/7 + 1
}

// inWeeks tells whether BYWEEKNO may take a day: weeks at the turn of a year are not
// looked at closely.
func (d *ruleDays) inWeeks(on ruleDay) bool {
	week := (on.yearDay() - 1) / 7 // and the one after it
	return len(d.opt.Byweekno) == 0 || week < 1 || week > 50 || slices.ContainsFunc(d.opt.Byweekno, func(n int) bool {
		if n < 0 {
			n += 53
		}
		return n >= week-1 && n <= week+3
	})
}

// enough tells whether BYSETPOS can take one of the starts in the year, month, week, day
// or hour of a day that matches, which is the last one there or was told of before.
func (d *ruleDays) enough(on ruleDay) bool {
	if len(d.opt.Bysetpos) == 0 {
		return true
	}
	if d.scarce && on.number >= d.counted {
		return false
	}
	starts := max(len(d.opt.Byminute), 1) * max(len(d.opt.Bysecond), 1)
	if d.opt.Freq != rrule.HOURLY {
		starts *= max(len(d.opt.Byhour), 1)
	}
	days := 0
	for at := on; d.together(on, at); at = at.before() {
		d.counted = at.number
		if d.match(at) {
			days++
		}
	}
	d.scarce = !slices.ContainsFunc(d.opt.Bysetpos, func(n int) bool { return max(n, -n) <= days*starts })
	return !d.scarce
}

// together tells whether an earlier day counts with on for BYSETPOS.
func (d *ruleDays) together(on, earlier ruleDay) bool {
	switch d.opt.Freq {
	case rrule.YEARLY:
		return on.year == earlier.year
	case rrule.MONTHLY:
		return on.year == earlier.year && on.month == earlier.month
	case rrule.WEEKLY:
		return earlier.number >= on.number-d.inWeek(on)
	}
	return on == earlier
}

package slo

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Exclusion is time that no promise covers, such as planned maintenance: it
// leaves both sums and coverage. It is either fixed or recurring (Rule).
type Exclusion struct {
	Name     string
	AgreedBy string
	Fixed    []Period    // one-off, and what an iCalendar file expands to
	Rule     *Recurrence // nil if fixed
}

// Recurrence is an RFC 5545 rule whose starts are wall-clock times of a zone.
type Recurrence struct {
	Rule     string        // without DTSTART, "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2"
	Start    Date          // first day; zero is 2000-01-01
	Clock    time.Duration // wall clock of the first start, since midnight
	Zone     *time.Location
	Duration time.Duration // elapsed time of each occurrence
	// The first start is a DTSTART: an occurrence also where the rule has none, and the
	// first that COUNT counts (RFC 5545, section 3.8.5.3). What the rule leaves open, such
	// as the weekday beside BYWEEKNO, is that of the first start (section 3.3.10).
	StartCounts bool
}

// Periods returns the excluded time within p: sorted, disjoint, cut to p.
func (e Exclusion) Periods(p Period) []Period {
	found := e.Fixed
	if e.Rule != nil {
		found = e.Rule.periods(p)
	}
	var in []Period
	for _, f := range found {
		in = append(in, f.Intersect(p))
	}
	return Union(in)
}

// Recurs tells whether e goes on by its rule for longer than a window of w, from its first
// occurrence on. What it covers is then part of the promise's shape, and not taken out of
// it. What ends sooner is a list of dates, however it is written.
func (e Exclusion) Recurs(w Window) bool {
	if e.Rule == nil {
		return false
	}
	if _, end, err := parseRule(e.Rule.Rule); err == nil && end == (limit{}) {
		return true
	}
	var over time.Time // a window after the first occurrence
	longer := false
	e.Rule.each(Period{End: time.Date(2300, time.January, 1, 0, 0, 0, 0, time.UTC)}, func(start time.Time) bool {
		if over.IsZero() {
			over = start.Add(w.lengthAt(start))
			return true
		}
		longer = start.Add(e.Rule.Duration).After(over)
		return !longer
	})
	return longer
}

// CheckRule tells what is wrong with the text of a recurrence rule.
func CheckRule(rule string) error {
	opt, _, err := parseRule(rule)
	if err != nil {
		return err
	}
	_, err = rrule.NewRRule(*opt)
	return err
}

// NeedsStart tells whether what a valid rule means depends on its first day.
func NeedsStart(rule string) bool {
	opt, end, err := parseRule(rule)
	return err == nil && (opt.Interval > 1 || end.count > 0)
}

// parseRule returns the rule's options without UNTIL and COUNT, and these two.
func parseRule(rule string) (*rrule.ROption, limit, error) {
	parts, err := ruleParts(rule)
	if err != nil {
		return nil, limit{}, err
	}
	opt, err := rrule.StrToROption(rule)
	if err != nil {
		return nil, limit{}, fmt.Errorf("rrule %q: %w", rule, err)
	}
	if opt.Freq > rrule.HOURLY {
		return nil, limit{}, fmt.Errorf("rrule %q repeats more often than hourly", rule)
	}
	if why := misplaced(opt, parts); why != "" {
		return nil, limit{}, fmt.Errorf("rrule %q: %s (RFC 5545, section 3.3.10)", rule, why)
	}
	end := limit{count: opt.Count, until: opt.Until}
	if until := parts["UNTIL"]; until != "" {
		end.instant = strings.HasSuffix(until, "Z")
		if !strings.Contains(until, "T") {
			end.until = end.until.AddDate(0, 0, 1).Add(-1) // all of that day
		}
	}
	opt.Count, opt.Until = 0, time.Time{}
	return opt, end, nil
}

// limit is where a rule ends: after count starts, or with the last start that is
// not after until, an instant or a wall-clock time.
type limit struct {
	count   int
	until   time.Time
	instant bool
}

// passed tells whether a start lies after the limit.
func (l limit) passed(wall, start time.Time) bool {
	if l.until.IsZero() {
		return false
	}
	if l.instant {
		return start.After(l.until)
	}
	return wall.After(l.until)
}

// ruleParts splits a rule into its parts. Each may stand once.
func ruleParts(rule string) (map[string]string, error) {
	known := "FREQ INTERVAL COUNT UNTIL WKST " +
		"BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYDAY BYSETPOS BYHOUR BYMINUTE BYSECOND"
	parts := map[string]string{}
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch {
		case strings.HasPrefix(key, "DTSTART"):
			return nil, errors.New("rrule must not hold DTSTART: write start: beside it")
		case !slices.Contains(strings.Fields(known), key):
			const form = "rrule %q has no part %q: it is one rule such as FREQ=WEEKLY;BYDAY=SU;BYHOUR=2"
			return nil, fmt.Errorf(form, rule, key)
		case parts[key] != "":
			return nil, fmt.Errorf("rrule %q says %s twice", rule, key)
		case value == "":
			return nil, fmt.Errorf("rrule %q says nothing behind %s", rule, key)
		}
		parts[key] = value
	}
	if parts["FREQ"] == "" {
		return nil, fmt.Errorf("rrule %q has no FREQ", rule)
	}
	return parts, nil
}

// misplaced tells which part of a rule its frequency does not allow, "" if none.
func misplaced(opt *rrule.ROption, parts map[string]string) string {
	ordinal := strings.ContainsAny(parts["BYDAY"], "0123456789")
	unsigned := strings.NewReplacer("+", "", "-", "").Replace(parts["BYDAY"])
	switch {
	case opt.Freq == rrule.HOURLY && len(parts["BYMONTH"]+parts["BYMONTHDAY"]+parts["BYYEARDAY"]) > 0:
		return "HOURLY goes on through all days: write FREQ=DAILY with BYHOUR"
	case parts["INTERVAL"] != "" && (opt.Interval < 1 || opt.Interval > maxInterval):
		return fmt.Sprintf("INTERVAL must be from 1 to %d", maxInterval)
	case parts["COUNT"] != "" && opt.Count < 1:
		return "COUNT must be 1 or more"
	case parts["COUNT"] != "" && parts["UNTIL"] != "":
		return "COUNT and UNTIL exclude each other"
	case ordinal && opt.Freq != rrule.MONTHLY && opt.Freq != rrule.YEARLY:
		return "a BYDAY with a number belongs to MONTHLY and YEARLY"
	case ordinal && opt.Freq == rrule.YEARLY && parts["BYWEEKNO"] != "":
		return "a BYDAY with a number does not go with BYWEEKNO"
	case ordinal && (!ordinals(opt) || strings.Contains(","+unsigned, ",0")):
		return "no month has such a BYDAY"
	case !daysOfMonths(opt):
		return "none of its months has such a day"
	case parts["BYWEEKNO"] != "" && opt.Freq != rrule.YEARLY:
		return "BYWEEKNO belongs to YEARLY"
	case parts["BYWEEKNO"] != "" && (opt.Interval > 1 || parts["BYSETPOS"] != ""):
		return "BYWEEKNO with INTERVAL or BYSETPOS is not read, since weeks belong to other years than days"
	case parts["BYYEARDAY"] != "" && opt.Freq != rrule.YEARLY && opt.Freq != rrule.HOURLY:
		return "BYYEARDAY belongs to YEARLY"
	case parts["BYMONTHDAY"] != "" && opt.Freq == rrule.WEEKLY:
		return "BYMONTHDAY does not belong to WEEKLY"
	case parts["BYSETPOS"] != "" && strings.Count(strings.Join(slices.Sorted(maps.Keys(parts)), " "), "BY") < 2:
		return "BYSETPOS needs another BY part"
	}
	return ""
}

// daysOfMonths tells whether one of the months has one of the days of a rule that names
// both. Of 30 February the library would look for the first one up to the year 9999.
func daysOfMonths(opt *rrule.ROption) bool {
	for _, month := range opt.Bymonth {
		days := time.Date(2000, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day() // of a leap year
		for _, day := range opt.Bymonthday {
			if max(day, -day) <= days {
				return true
			}
		}
	}
	return len(opt.Bymonth) == 0 || len(opt.Bymonthday) == 0
}

// ordinals tells whether the numbers of BYDAY can occur: 1 to 5 in a month, 53 in
// a year, from the front or the back.
func ordinals(opt *rrule.ROption) bool {
	most := 5
	if opt.Freq == rrule.YEARLY && len(opt.Bymonth) == 0 {
		most = 53
	}
	for _, day := range opt.Byweekday {
		if n := day.N(); n > most || n < -most {
			return false
		}
	}
	return true
}

// periods returns the occurrences that may touch p, in order of their wall clock.
func (r Recurrence) periods(p Period) []Period {
	var out []Period
	around := Period{Start: p.Start.Add(-r.Duration), End: p.End.Add(26 * time.Hour)} // clocks are set back by less
	r.each(around, func(start time.Time) bool {
		if o := (Period{start, start.Add(r.Duration)}); o.End.After(p.Start) && o.Start.Before(p.End) {
			out = append(out, o)
		}
		return start.Before(around.End)
	})
	return out
}

// first returns the day of the first start.
func (r Recurrence) first() Date {
	if r.Start == (Date{}) {
		return Date{2000, time.January, 1}
	}
	return r.Start
}

// each calls f with the starts, at least those within p, until it returns false.
//
// The rule is expanded on a clock without time zone and each start then looked up
// in the zone: a start that does not exist is skipped and not counted, one that
// exists twice is the first (RFC 5545, section 3.3.10).
func (r Recurrence) each(p Period, f func(start time.Time) bool) {
	opt, end, err := parseRule(r.Rule)
	if err != nil {
		return // the file's check refused it
	}
	first := r.first()
	dtstart := first.utc().Add(r.Clock)
	opt.Dtstart = wholeWeek(opt, dtstart)
	if r.StartCounts {
		fillFrom(opt, dtstart)
		start, _ := first.At(r.Clock, r.Zone)
		if !f(start) || end.count == 1 {
			return
		}
		end.count--
	}
	if end.count <= 0 {
		opt.Dtstart = advance(opt, wallClock(p.Start, r.Zone))
	}
	// By itself the library ends 292 years after Dtstart: today for a rule of 1734.
	opt.Until = wallClock(p.End, r.Zone).AddDate(0, 0, 2)
	rule, err := rrule.NewRRule(*opt)
	if err != nil {
		return
	}
	last, some := lastStart(opt, opt.Until)
	if !some {
		return
	}
	next := rule.Iterator()
	for wall, ok := next(); ok; wall, ok = nextUpTo(last, wall, next) {
		start, exists := instant(wall, r.Zone)
		if !exists || wall.Before(dtstart) || r.StartCounts && wall.Equal(dtstart) {
			continue
		}
		if end.passed(wall, start) || !f(start) {
			break
		}
		if end.count--; end.count == 0 {
			break
		}
	}
}

// nextUpTo returns the next start of a rule behind wall, false where that is the last.
func nextUpTo(last, wall time.Time, next func() (time.Time, bool)) (time.Time, bool) {
	if !wall.Before(last) {
		return wall, false
	}
	return next()
}

// wholeWeek returns from where a rule that begins at dtstart is expanded: BYSETPOS counts
// in whole weeks, the library in what of the first one is left.
func wholeWeek(opt *rrule.ROption, dtstart time.Time) time.Time {
	if opt.Freq != rrule.WEEKLY || len(opt.Bysetpos) == 0 {
		return dtstart
	}
	weekday := (int(dtstart.Weekday()) + 6) % 7 // the library's 0 is Monday
	if len(opt.Byweekday) == 0 {
		opt.Byweekday = []rrule.Weekday{weekdays()[weekday]}
	}
	return dtstart.AddDate(0, 0, -((weekday - opt.Wkst.Day() + 7) % 7))
}

func weekdays() [7]rrule.Weekday {
	return [...]rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}
}

// fillFrom takes from dtstart the weekday or the month that a yearly rule leaves open,
// for which the library takes all.
func fillFrom(opt *rrule.ROption, dtstart time.Time) {
	if opt.Freq != rrule.YEARLY || len(opt.Byweekday)+len(opt.Byyearday) > 0 {
		return
	}
	switch {
	case len(opt.Byweekno) > 0 && len(opt.Bymonthday) == 0:
		opt.Byweekday = []rrule.Weekday{weekdays()[(int(dtstart.Weekday())+6)%7]}
	case len(opt.Byweekno) == 0 && len(opt.Bymonthday) > 0 && len(opt.Bymonth) == 0:
		opt.Bymonth = []int{int(dtstart.Month())}
	}
}

// advance returns a later first start that gives the same starts from t on, so that
// a rule which began long ago is not expanded from there. It may fill in opt what the first
// start said.
func advance(opt *rrule.ROption, t time.Time) time.Time {
	units := map[rrule.Frequency]time.Duration{
		rrule.HOURLY: time.Hour,
		rrule.DAILY:  24 * time.Hour,
		rrule.WEEKLY: 7 * 24 * time.Hour,
	}
	first, every := opt.Dtstart, max(opt.Interval, 1)
	if unit := units[opt.Freq]; unit > 0 {
		step := unit * time.Duration(every)
		passed := t.Sub(first)/step - 2 // a day and a clock change to spare
		return first.Add(max(passed, 0) * step)
	}
	months := (t.Year()-first.Year())*12 + int(t.Month()-first.Month())
	month := first.Month()
	if opt.Freq == rrule.YEARLY {
		every, month = 12*every, time.January
	}
	passed := months/every - 2
	if passed <= 0 {
		return first
	}
	fillDays(opt) // the first day is another one
	hour, minute, second := first.Clock()
	return time.Date(first.Year(), month+time.Month(passed*every), 1, hour, minute, second, 0, time.UTC)
}

// maxInterval of weeks is less than the 292 years that a time.Duration can be.
const maxInterval = 15_000

// wallClock returns what a wall clock in loc shows at t, as a time in UTC.
func wallClock(t time.Time, loc *time.Location) time.Time {
	_, offset := t.In(loc).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// instant returns the first instant at which a wall clock in loc shows wall, and
// whether there is one.
func instant(wall time.Time, loc *time.Location) (time.Time, bool) {
	t := firstAtOrAfter(wall, loc)
	return t, wallClock(t, loc).Equal(wall)
}

// firstAtOrAfter returns the first instant at which a wall clock in loc is at or
// after wall.
func firstAtOrAfter(wall time.Time, loc *time.Location) time.Time {
	t := wall.Add(-36 * time.Hour) // before wall at any offset
	for {
		_, offset := t.In(loc).Zone()
		local := wall.Add(-time.Duration(offset) * time.Second)
		if local.Before(t) {
			local = t // the wall clock was past it when this offset began
		}
		_, end := t.In(loc).ZoneBounds()
		// Go returns an end before t in some Decembers after the zone's table ends.
		if !end.After(t) || local.Before(end) {
			return local.UTC()
		}
		t = end
	}
}

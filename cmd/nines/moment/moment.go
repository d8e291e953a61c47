// Package moment reads points in time as people type them: an instant, a wall clock's
// time, a day, now, today or yesterday.
//
// A day belongs to whoever is judged: it begins and ends by the zone of each objective. A
// time without a zone is one instant for all, in the zone of the report.
package moment

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Clock is what words and times without a zone are read by.
type Clock struct {
	Now  time.Time      // what "now" stands for
	Zone *time.Location // in which times without a zone are, and yesterday was
}

// known are the years in which days can be counted on from, and written in JSON.
const (
	firstYear = 1970
	lastYear  = 9998
)

// Read reads a point in time. An error says what is wrong with text, and begins with it.
func (c Clock) Read(text string) (slo.Bound, error) {
	b, err := c.read(strings.TrimSpace(text))
	if err != nil {
		return slo.Bound{}, fmt.Errorf("%q %w", text, err)
	}
	if year := b.Start(time.UTC).Year(); year < firstYear || year > lastYear {
		return slo.Bound{}, fmt.Errorf("%q is not from %d to %d", text, firstYear, lastYear)
	}
	return b, nil
}

func (c Clock) read(text string) (slo.Bound, error) {
	switch strings.ToLower(text) {
	case "now":
		return slo.Bound{Instant: c.Now}, nil
	case "today":
		return slo.Bound{Day: slo.DateOf(c.Now, c.Zone)}, nil
	case "yesterday":
		return slo.Bound{Day: slo.DateOf(c.Now, c.Zone).AddDays(-1)}, nil
	}
	if day, err := slo.ParseDate(text); err == nil {
		return slo.Bound{Day: day}, nil
	}
	iso := strings.ToUpper(strings.Replace(text, " ", "T", 1))
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, iso); err == nil {
			return slo.Bound{Instant: t.UTC()}, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, iso); err == nil {
			return c.wall(t)
		}
	}
	return slo.Bound{}, c.unread(text)
}

// wall returns the first instant at which a clock in the zone shows what t does in UTC.
func (c Clock) wall(t time.Time) (slo.Bound, error) {
	day := slo.DateOf(t, time.UTC)
	at, exists := day.At(t.Sub(day.Start(time.UTC)), c.Zone)
	if !exists || !shows(at, t, c.Zone) {
		return slo.Bound{}, fmt.Errorf("does not exist in %s, where the clocks skip it\nhint: say which offset it has, such as %s",
			c.Zone, at.In(c.Zone).Format(time.RFC3339))
	}
	return slo.Bound{Instant: at.UTC()}, nil
}

// shows tells whether a clock in zone shows at the instant at what t does in UTC.
func shows(at, t time.Time, zone *time.Location) bool {
	return at.In(zone).Format(time.DateTime) == t.Format(time.DateTime)
}

// unread says what text should have been.
func (c Clock) unread(text string) error {
	if span, err := slo.ParseSpan(strings.ToUpper(text)); err == nil {
		p := span.In(time.UTC, c.Now)
		first, last := slo.DateOf(p.Start, time.UTC), slo.DateOf(p.End.Add(-1), time.UTC)
		return fmt.Errorf("is a period, not a day or an instant\nhint: it goes from %s to %s", first, last)
	}
	if len(text) == len(time.DateOnly) && strings.Count(text, "-") == 2 {
		if _, err := time.Parse("2006-01", text[:7]); err == nil {
			return fmt.Errorf("does not exist: the month has no such day")
		}
	}
	return fmt.Errorf("is not an instant, a day, now or yesterday\n" +
		"hint: write 2026-05-02, 2026-05-02T12:00 (in the report's zone) or 2026-05-02T12:00:00+02:00")
}

// Period reads the name of a period: those of slo.ParseSpan, in either case, and words
// for the day, and the last week, month, quarter or year that is over.
func (c Clock) Period(name string) (slo.Span, error) {
	units := map[string]slo.Unit{
		"last-week": slo.Week, "last-month": slo.Month, "last-quarter": slo.Quarter, "last-year": slo.Year,
	}
	word := strings.ToLower(strings.TrimSpace(name))
	if unit, is := units[word]; is {
		return slo.Last(unit, c.Now, c.Zone), nil
	}
	switch today := slo.DateOf(c.Now, c.Zone); word {
	case "today":
		return slo.ParseSpan(today.String())
	case "yesterday":
		return slo.ParseSpan(today.AddDays(-1).String())
	}
	if strings.HasPrefix(word, "last-") {
		return slo.ParseSpan(word)
	}
	if s, err := slo.ParseSpan(strings.ToUpper(word)); err == nil {
		return s, nil
	}
	return slo.ParseSpan(name)
}

package table

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/sources/clock"
)

// guesses are dates as people write them. Two that read one text differ in which of its
// numbers is the day.
func guesses() [][]string {
	return [][]string{
		{"%Y/%m/%d"}, {"%Y-%m-%d"}, {"%Y.%m.%d"}, {"%Y%m%d"}, {"%Y年%m月%d日"},
		{"%d.%m.%Y"}, {"%d/%m/%Y", "%m/%d/%Y"}, {"%d-%m-%Y", "%m-%d-%Y"},
		{"%d %b %Y"}, {"%d-%b-%Y"}, {"%d/%b/%Y"}, {"%b %d, %Y"}, {"%b %d %Y"},
		{"%d.%m.%y"}, {"%d/%m/%y", "%m/%d/%y"},
	}
}

// hoursOf are the times of day that may follow a date, with what stands between them.
func hoursOf() (between, hours, zones []string) {
	return []string{" ", "T", ", ", ""},
		[]string{"%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S,%f", "%I:%M %p", "%I:%M:%S %p", "%p %I:%M", "%p %I:%M:%S",
			"%I:%M%p", "%p%I:%M", "%p%I:%M:%S", "%H時%M分", "%H時%M分%S秒", "%H%M", "%H%M%S"},
		[]string{"", " %z", "%z"}
}

// guess returns the layouts of CompileDate that a time may have been written in, none
// if it is none that is known, and whether they say the zone.
func guess(text []byte) (layouts []string, zoned bool) {
	text = bytes.TrimSpace(text)
	if len(text) > 40 {
		return nil, false
	}
	reads := func(layout string) bool {
		l, err := clock.CompileDate(layout)
		if err != nil {
			return false
		}
		wall, ok := l.Read(text)
		zoned = wall.Zoned
		return ok && wall.Sec >= earliest
	}
	likely := slices.DeleteFunc(guesses(), func(dates []string) bool {
		return !slices.ContainsFunc(dates, func(date string) bool { return begins(text, date) })
	})
	for _, rest := range timesOfDay() {
		for _, dates := range likely {
			for _, date := range dates {
				if reads(date + rest) {
					layouts = append(layouts, date+rest)
				}
			}
			if len(layouts) > 0 {
				return layouts, zoned
			}
		}
	}
	return nil, false
}

// begins tells whether a text begins with a date.
func begins(text []byte, date string) bool {
	layout, err := clock.CompileDate(date)
	for n := len(text); err == nil && n > 0; n-- {
		if _, ok := layout.Read(text[:n]); ok {
			return true
		}
	}
	return false
}

// timesOfDay are the ends of layouts, from the shortest.
func timesOfDay() []string {
	rests := []string{""}
	between, hours, zones := hoursOf()
	for _, zone := range zones {
		for _, hour := range hours {
			for _, b := range between {
				rests = append(rests, b+hour+zone)
			}
		}
	}
	return rests
}

// hintLayout tells how to say the layout in which a time seems to be written that cannot
// be read, "" if none is known.
func (c *config) hintLayout(text []byte) string {
	if _, fault := parseStamp(text, time.UTC); fault == nil {
		if c.layout != nil {
			return "leave time_format out: times such as this are known by their shape"
		}
		return ""
	}
	layouts, zoned := guess(text)
	if len(layouts) == 0 {
		return ""
	}
	hint := fmt.Sprintf("say in the source how it is written: time_format: %q", layouts[0])
	if len(layouts) > 1 {
		hint += fmt.Sprintf(" if %s comes first, else %q", first(layouts[0]), layouts[1])
	}
	if !zoned && c.stampZone == nil {
		hint += ", and of which zone it is: timezone: Europe/Berlin"
	}
	return hint
}

// first names what a layout begins with.
func first(layout string) string {
	if strings.HasPrefix(layout, "%d") {
		return "the day"
	}
	return "the month"
}

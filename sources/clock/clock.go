// Package clock reads the times of log lines, millions of them in nearly the same
// order: common log, ISO 8601 and Unix times by their shape, and any other by a
// strftime layout, which tables have too.
package clock

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"github.com/nines-slo/nines/sources/civil"
)

// Clock reads the times of a log. It remembers the last minute's text: lines of
// one minute cost a comparison and two digits. It belongs to one goroutine.
type Clock struct {
	layout Layout         // nil: the shape of the text says
	zone   *time.Location // of times that name none

	minute  [17]byte // text up to the minute
	minutes int      // its length
	offset  [6]byte  // text of the zone
	offsets int
	base    int64 // Unix seconds of the minute
	known   bool
}

// New returns a clock for times in a layout, nil if their shape tells. zone is of
// times that name none.
func New(layout Layout, zone *time.Location) Clock { return Clock{layout: layout, zone: zone} }

// earliest is the first of the Unix times that have nine digits, in 1973. A time before
// it is one that was never set, 0001-01-01 or 1970-01-01, or some other number.
const earliest = 1e8

// Read returns the Unix seconds of a text, fractions cut off, and false for those before
// 1973.
func (c *Clock) Read(text []byte) (int64, bool) {
	t, ok := c.read(text)
	return t, ok && t >= earliest
}

func (c *Clock) read(text []byte) (int64, bool) {
	if c.layout != nil {
		return c.layout.parse(text, c.zone)
	}
	if len(text) > 2 && text[0] == '[' {
		text = bytes.TrimSuffix(text[1:], []byte("]"))
	}
	switch {
	case len(text) >= 20 && text[2] == '/' && text[6] == '/' && text[11] == ':':
		return c.stamp(text, 17, parseCommon)
	case len(text) >= 19 && text[4] == '-' && text[7] == '-':
		return c.stamp(text, 16, parseISO)
	}
	return parseEpoch(text)
}

// stamp reads a text whose first n bytes say the minute, then ":SS", a fraction
// and a zone.
func (c *Clock) stamp(text []byte, n int, minute func([]byte) (moment, bool)) (int64, bool) {
	second, ok := twoDigits(text, n+1)
	if !ok || text[n] != ':' || second > 60 {
		return 0, false
	}
	zone := cutFraction(text[n+3:])
	if c.known && n == c.minutes &&
		string(text[:n]) == string(c.minute[:n]) && string(zone) == string(c.offset[:c.offsets]) {
		return c.base + int64(min(second, 59)), true
	}
	t, ok := minute(text)
	if !ok || !t.setZone(zone) {
		return 0, false
	}
	c.base = t.unix(c.zone)
	c.remember(text[:n], zone)
	return c.base + int64(min(second, 59)), true
}

func (c *Clock) remember(minute, zone []byte) {
	c.known = len(zone) <= len(c.offset)
	c.minutes = copy(c.minute[:], minute)
	c.offsets = copy(c.offset[:], zone)
}

// cutFraction drops ".123" and blanks.
func cutFraction(b []byte) []byte {
	if len(b) > 1 && (b[0] == '.' || b[0] == ',') {
		b = b[1:]
		for len(b) > 0 && digit(b[0]) {
			b = b[1:]
		}
	}
	if len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// parseCommon reads "17/May/2015:10:05".
func parseCommon(b []byte) (moment, bool) {
	day, ok1 := twoDigits(b, 0)
	month := monthOf(b[3:6])
	century, ok2 := twoDigits(b, 7)
	year, ok3 := twoDigits(b, 9)
	hour, ok4 := twoDigits(b, 12)
	minute, ok5 := twoDigits(b, 15)
	t := moment{year: century*100 + year, month: month, day: day, hour: hour, minute: minute}
	return t, ok1 && ok2 && ok3 && ok4 && ok5 && b[14] == ':' && t.valid()
}

// parseISO reads "2015-05-17T10:05", with a blank for the T too.
func parseISO(b []byte) (moment, bool) {
	century, ok1 := twoDigits(b, 0)
	year, ok2 := twoDigits(b, 2)
	month, ok3 := twoDigits(b, 5)
	day, ok4 := twoDigits(b, 8)
	hour, ok5 := twoDigits(b, 11)
	minute, ok6 := twoDigits(b, 14)
	t := moment{year: century*100 + year, month: month, day: day, hour: hour, minute: minute}
	apart := b[10] == 'T' || b[10] == ' ' || b[10] == 't' || b[10] == '\t'
	return t, ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && apart && b[13] == ':' && t.valid()
}

// parseEpoch reads seconds, or milli-, micro- or nanoseconds, told apart by
// their size: seconds are under 10^11 until the year 5138.
func parseEpoch(text []byte) (int64, bool) {
	whole, _, _ := bytes.Cut(text, []byte("."))
	var n int64
	for _, c := range whole {
		if !digit(c) {
			return parseExponent(text)
		}
		if n > (math.MaxInt64-9)/10 {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	for _, c := range text[min(len(whole)+1, len(text)):] {
		if !digit(c) {
			return parseExponent(text)
		}
	}
	for n >= 1e11 {
		n /= 1000
	}
	return n, len(whole) > 0
}

// parseExponent reads "1.7e+09", as some encoders of JSON write large numbers.
func parseExponent(text []byte) (int64, bool) {
	if len(text) > 40 || !bytes.ContainsAny(text, "eE") {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil || !(f >= 0 && f < 1e11) {
		return 0, false
	}
	return int64(f), true
}

// moment is a date and a time of day.
type moment struct {
	year, month, day, hour, minute, second int
	offset                                 int // seconds east of Greenwich
	zoned                                  bool
}

// setZone reads "+0900", "-09:30", "Z", "UTC" or nothing.
func (t *moment) setZone(b []byte) bool {
	switch {
	case len(b) == 0:
		return true
	case string(b) == "Z" || string(b) == "z" || string(b) == "UTC" || string(b) == "GMT":
		t.zoned = true
		return true
	case b[0] != '+' && b[0] != '-':
		return false
	}
	minutes := 3
	if len(b) == 6 && b[3] == ':' {
		minutes = 4
	}
	h, ok := twoDigits(b, 1)
	m, ok2 := twoDigits(b, minutes)
	if len(b) == 3 {
		m, ok2 = 0, true
	} else if len(b) != minutes+2 {
		return false
	}
	t.offset, t.zoned = h*3600+m*60, true
	if b[0] == '-' {
		t.offset = -t.offset
	}
	return ok && ok2 && h < 24 && m < 60
}

// unix returns Unix seconds. Of a local time that comes twice it is the first.
func (t moment) unix(zone *time.Location) int64 {
	wall := civil.Days(t.year, t.month, t.day)*86400 + int64(t.hour*3600+t.minute*60+t.second)
	if t.zoned || zone == nil || zone == time.UTC {
		return wall - int64(t.offset)
	}
	local := time.Date(t.year, time.Month(t.month), t.day, t.hour, t.minute, t.second, 0, zone)
	_, before := local.Add(-12 * time.Hour).Zone()
	first := time.Unix(wall-int64(before), 0).In(zone)
	if first.Before(local) && first.Hour() == t.hour && first.Minute() == t.minute {
		return first.Unix()
	}
	return local.Unix()
}

func (t moment) valid() bool {
	return civil.Exists(t.year, t.month, t.day) && t.hour <= 23 && t.minute <= 59 && t.second <= 60
}

func monthOf(b []byte) int {
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	if len(b) < 3 {
		return 0
	}
	low := [3]byte{b[0] | 0x20, b[1] | 0x20, b[2] | 0x20}
	for m := 0; m < len(names); m += 3 {
		if string(low[:]) == names[m:m+3] {
			return m/3 + 1
		}
	}
	return 0
}

func digit(c byte) bool { return c-'0' < 10 }

func twoDigits(b []byte, i int) (int, bool) {
	if i+2 > len(b) || !digit(b[i]) || !digit(b[i+1]) {
		return 0, false
	}
	return int(b[i]-'0')*10 + int(b[i+1]-'0'), true
}

package table

import (
	"bytes"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/civil"
	"github.com/nines-slo/nines/sources/clock"
)

// stamp is an instant as Unix seconds and nanoseconds within the second.
type stamp struct {
	sec  int64
	nsec int32
}

func (s stamp) time() time.Time { return time.Unix(s.sec, int64(s.nsec)).UTC() }

// String returns the instant as RFC 3339.
func (s stamp) String() string { return s.time().Format(time.RFC3339Nano) }

// Hints of stamps that cannot be used.
const (
	hintStamp  = "write RFC 3339, such as 2026-10-31T09:00:00Z, or Unix time in seconds or milliseconds"
	hintOffset = "add Z or an offset such as +09:00, or say in the source which zone it is: timezone: Europe/Berlin"
	hintTwice  = "write the times with their offset, +01:00, or in UTC: nobody knows which of the two it is"
	hintNever  = "is the timezone of the source right? else write the times with their offset, +01:00, or in UTC"
	hintUnset  = "write when it happened, or leave the row out"
	hintEpoch  = "Unix time has 9 or 10 digits in seconds, 13 in milliseconds"
)

// parseStamp reads RFC 3339 with T or a space between date and time, or Unix
// time. Whole numbers of 9 or 10 digits are seconds (1973 to 2286), of 13
// digits milliseconds (2001 to 2286); other lengths are refused, since 20261031
// and 202610310900 are dates without their punctuation. So is what is before 1973 in
// either way: 0001-01-01 and 1970-01-01 are what programs write of a time that nobody
// set. zone reads stamps without an offset; nil refuses them.
func parseStamp(text []byte, zone *time.Location) (stamp, *bucket.Fault) {
	s, fault := readStamp(bytes.TrimSpace(text), zone)
	if fault == nil && s.sec < earliest {
		return stamp{}, refused("is before 1973: a time that was never set", hintUnset)
	}
	return s, fault
}

// earliest is 1973-01-01T00:00:00Z.
const earliest = 94_694_400

// parseLayout reads a time as a strftime layout says it is written, the blanks around
// it aside. A day is its first instant in zone.
func parseLayout(text []byte, layout clock.Layout, zone *time.Location) (stamp, *bucket.Fault) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return stamp{}, refused("is empty", hintUnset)
	}
	wall, ok := layout.Read(text)
	at := stamp{sec: wall.Sec, nsec: wall.Nanos}
	var fault *bucket.Fault
	switch {
	case !ok:
		return stamp{}, refused("is not written as time_format says", "mend the row, or time_format")
	case !wall.Zoned && zone != nil && layout.Daily():
		at.sec = slo.DateOf(at.time(), time.UTC).Start(zone).Unix()
	case !wall.Zoned:
		at, fault = inZone(at, zone)
	}
	if fault == nil && at.sec < earliest {
		return stamp{}, refused("is before 1973: a time that was never set", hintUnset)
	}
	return at, fault
}

func readStamp(text []byte, zone *time.Location) (stamp, *bucket.Fault) {
	if isDigits(text) {
		return parseEpoch(text)
	}
	wall, rest, ok := parseWall(text)
	if !ok {
		return stamp{}, explainStamp(text)
	}
	if len(rest) == 0 {
		return inZone(wall, zone)
	}
	offset, ok := parseOffset(rest)
	if !ok {
		return stamp{}, refused("has an offset that is not one", hintOffset)
	}
	wall.sec -= offset
	return wall, nil
}

// refused says why a text is no stamp, and how to mend it.
func refused(why, hint string) *bucket.Fault {
	return &bucket.Fault{Code: "timestamp", Why: why, Hint: hint}
}

func explainStamp(text []byte) *bucket.Fault {
	switch {
	case len(text) == 0:
		return refused("is empty", hintStamp)
	case bytes.ContainsAny(text, ".eE") && len(bytes.Trim(text, "0123456789.eE+-")) == 0:
		return refused("is not a whole number", hintEpoch)
	}
	return refused("is not a timestamp", hintStamp)
}

func parseEpoch(text []byte) (stamp, *bucket.Fault) {
	n, _ := digits(text)
	switch len(text) {
	case 9, 10:
		return stamp{sec: int64(n)}, nil
	case 13:
		return stamp{sec: int64(n / 1000), nsec: int32(n%1000) * 1e6}, nil
	}
	return stamp{}, refused("is neither Unix seconds nor milliseconds", hintEpoch)
}

// parseWall reads "2026-10-31T09:00:00.5" as if it were UTC, and returns what follows.
func parseWall(text []byte) (s stamp, rest []byte, ok bool) {
	const layout = "dddd-dd-ddTdd:dd:dd"
	if len(text) < len(layout) {
		return s, nil, false
	}
	var n [6]int
	field := 0
	for i := range len(layout) {
		c := text[i]
		switch {
		case layout[i] == 'd' && '0' <= c && c <= '9':
			n[field] = n[field]*10 + int(c-'0')
		case layout[i] == 'T' && (c == 'T' || c == 't' || c == ' '), layout[i] == c && c != 'd':
			field++
		default:
			return s, nil, false
		}
	}
	year, month, day := n[0], n[1], n[2]
	if !civil.Exists(year, month, day) || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return s, nil, false
	}
	s.sec = civil.Days(year, month, day)*86400 + int64(n[3]*3600+n[4]*60+n[5])
	s.nsec, rest, ok = parseFraction(text[len(layout):])
	return s, rest, ok
}

// parseFraction reads ".123", cut to nanoseconds.
func parseFraction(text []byte) (nsec int32, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '.' {
		return 0, text, true
	}
	scale, i := int32(1e8), 1
	for ; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
		nsec += int32(text[i]-'0') * scale
		scale /= 10
	}
	return nsec, text[i:], i > 1
}

// parseOffset reads Z, UTC, +09:00, +0900 or +09 in seconds east of UTC.
func parseOffset(text []byte) (int64, bool) {
	text = bytes.TrimPrefix(text, []byte(" "))
	switch string(text) {
	case "Z", "z", "UTC":
		return 0, true
	}
	if len(text) < 3 || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	hours, ok := digits(text[1:3])
	minutes := uint64(0)
	if tail := text[3:]; ok && len(tail) > 0 {
		if len(tail) == 3 && tail[0] == ':' {
			tail = tail[1:]
		}
		minutes, ok = digits(tail)
		ok = ok && len(tail) == 2
	}
	if !ok || hours > 23 || minutes > 59 {
		return 0, false
	}
	offset := int64(hours*3600 + minutes*60)
	if text[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// inZone finds the instant at which the wall clock of zone shows wall. Clocks
// that are put back show some times twice: these are refused, as are those that
// a clock put forward never shows.
func inZone(wall stamp, zone *time.Location) (stamp, *bucket.Fault) {
	if zone == nil {
		return stamp{}, refused("has no offset", hintOffset)
	}
	var found []int64
	for _, near := range []int64{wall.sec - 86400, wall.sec + 86400} { // offsets before and after a change
		_, offset := time.Unix(near, 0).In(zone).Zone()
		sec := wall.sec - int64(offset)
		if _, real := time.Unix(sec, 0).In(zone).Zone(); real == offset && (len(found) == 0 || found[0] != sec) {
			found = append(found, sec)
		}
	}
	switch len(found) {
	case 0:
		return stamp{}, refused("does not exist in "+zone.String()+", where the clocks are put forward", hintNever)
	case 2:
		return stamp{}, refused("comes twice in "+zone.String()+", where the clocks are put back", hintTwice)
	}
	return stamp{found[0], wall.nsec}, nil
}

func isDigits(text []byte) bool {
	return len(text) > 0 && len(bytes.Trim(text, "0123456789")) == 0
}

// digits returns the value of a text that is nothing but digits.
func digits(text []byte) (uint64, bool) {
	n, err := strconv.ParseUint(string(text), 10, 64)
	return n, err == nil
}

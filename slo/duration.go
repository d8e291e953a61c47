package slo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// durationUnits are the units of a written duration, largest first. Days and
// weeks are elapsed time: 24 and 168 hours.
var durationUnits = [...]struct {
	name   string
	length time.Duration
}{
	{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
	{"ms", time.Millisecond}, {"us", time.Microsecond}, {"µs", time.Microsecond}, {"ns", time.Nanosecond},
}

// ParseDuration reads "30d", "1h30m", "300ms" or "1.5s". A unit is required and
// the result is over 0.
func ParseDuration(text string) (time.Duration, error) {
	rest, sum := strings.TrimSpace(text), 0.0
	if rest == "" {
		return 0, fmt.Errorf("%q is not a duration", text)
	}
	for rest != "" {
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		value, err := strconv.ParseFloat(rest[:n], 64)
		if err != nil {
			return 0, fmt.Errorf("%q is not a duration", text)
		}
		rest = strings.TrimLeft(rest[n:], " ")
		u := strings.IndexAny(rest, "0123456789. ")
		if u < 0 {
			u = len(rest)
		}
		unit, ok := unitLength(rest[:u])
		if !ok {
			if rest[:u] == "" {
				return 0, fmt.Errorf("%q is not a duration: a unit is missing", text)
			}
			return 0, fmt.Errorf("%q is not a duration: unknown unit %q", text, rest[:u])
		}
		sum += value * float64(unit)
		rest = strings.TrimLeft(rest[u:], " ")
	}
	switch {
	case sum < 1:
		return 0, fmt.Errorf("duration %q must be over 0", text)
	case sum >= math.MaxInt64:
		return 0, fmt.Errorf("duration %q is too long", text)
	}
	return time.Duration(math.Round(sum)), nil
}

func unitLength(name string) (time.Duration, bool) {
	for _, u := range durationUnits {
		if u.name == name {
			return u.length, true
		}
	}
	return 0, false
}

// FormatDuration returns the shortest text that ParseDuration reads as d:
// "30d", "1h30m". Weeks are written as days.
func FormatDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	b := make([]byte, 0, 32)
	for _, u := range durationUnits[1:] {
		if n := d / u.length; n > 0 {
			b = append(strconv.AppendInt(b, int64(n), 10), u.name...)
			d -= n * u.length
		}
	}
	return string(b)
}

package synthetic

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// million is the grain of rates and shares: sums are made in millionths.
const million = 1_000_000

// traffic is the shape of events over time. Shares are in millionths.
type traffic struct {
	rate    uint64 // of the busiest minute, in millionths of an event
	daily   uint64 // share of rate at 04:00 local time
	weekend uint64 // share of rate on Saturdays and Sundays
	noise   uint64 // a minute strays at most this share from its mean
}

// parseTraffic reads "120/min daily 0.3 weekend 0.5 noise 0.1". Only the rate is
// needed; it is at most a thousand million a minute.
func parseTraffic(text string) (traffic, error) {
	t := traffic{daily: million, weekend: million}
	words := strings.Fields(text)
	if len(words) == 0 {
		return t, fmt.Errorf(`traffic is empty: write a rate such as "120/min"`)
	}
	var err error
	if t.rate, err = parseRate(words[0]); err != nil {
		return t, err
	}
	seen := map[string]bool{}
	for words = words[1:]; len(words) > 0; words = words[2:] {
		name := words[0]
		if len(words) == 1 {
			return t, fmt.Errorf("%q needs a share, such as %s 0.5", name, name)
		}
		if seen[name] {
			return t, fmt.Errorf("%q is said twice", name)
		}
		seen[name] = true
		if err = t.set(name, words[1]); err != nil {
			return t, err
		}
	}
	return t, nil
}

func (t *traffic) set(name, text string) error {
	share, err := parseMillionths(text, 10)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	switch name {
	case "daily":
		t.daily = share
	case "weekend":
		t.weekend = share
	case "noise":
		t.noise = share
	default:
		return fmt.Errorf("unknown word %q: want daily, weekend or noise", name)
	}
	if share > million && name != "weekend" {
		return fmt.Errorf("%s %q must be at most 1", name, text)
	}
	return nil
}

// parseRate reads "120/min" as millionths of an event a minute.
func parseRate(text string) (uint64, error) {
	number, unit, _ := strings.Cut(text, "/")
	n, err := parseMillionths(number, 1_000_000_000)
	if err != nil {
		return 0, fmt.Errorf("rate %q: %w", text, err)
	}
	switch unit {
	case "s":
		n *= 60
	case "min":
	case "h":
		n /= 60
	default:
		return 0, fmt.Errorf("rate %q: want a unit, /s, /min or /h", text)
	}
	if n > 1_000_000_000*million {
		return 0, fmt.Errorf("rate %q is over 1000000000/min", text)
	}
	return n, nil
}

// parseMillionths reads a plain decimal from 0 to limit with up to six decimals.
func parseMillionths(text string, limit uint64) (uint64, error) {
	whole, frac, dot := strings.Cut(text, ".")
	if whole == "" || dot && frac == "" || strings.Trim(whole+frac, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not a plain number such as 0.5", text)
	}
	if len(frac) > 6 {
		return 0, fmt.Errorf("%q has more than six decimals", text)
	}
	n, err := strconv.ParseUint(whole+frac+strings.Repeat("0", 6-len(frac)), 10, 64)
	if err != nil || n > limit*million {
		return 0, fmt.Errorf("%q is over %d", text, limit)
	}
	return n, nil
}

// mean returns the events to expect in the minute at t, in millionths. The day is
// a parabola, lowest at 04:00 and highest at 16:00 of t's wall clock.
func (t traffic) mean(at time.Time) uint64 {
	const day = 24 * 60
	past := uint64(at.Hour()*60+at.Minute()+20*60) % day // minutes since 04:00
	height := past * (day - past) * million / (day * day / 4)
	n := scale(t.rate, t.daily+scale(million-t.daily, height))
	if w := at.Weekday(); w == time.Saturday || w == time.Sunday {
		n = scale(n, t.weekend)
	}
	return n
}

// total returns the events of the minute at t; n is the hash of that minute.
func (t traffic) total(at time.Time, n noise) uint64 {
	sway := million - t.noise + scale(2*t.noise, n.millionths(0))
	return (scale(t.mean(at), sway) + n.millionths(1)) / million
}

// scale returns v × share / 1,000,000, rounded down.
func scale(v, share uint64) uint64 {
	hi, lo := bits.Mul64(v, share)
	q, _ := bits.Div64(hi, lo, million)
	return q
}

// noise is the hash of one minute under one seed.
type noise uint64

// noiseOf mixes seed and minute.
func noiseOf(seed int64, at time.Time) noise {
	return noise(mix(mix(uint64(seed)) ^ uint64(at.Unix()/60)))
}

// millionths returns the i-th number of the minute, in [0, 1,000,000).
func (n noise) millionths(i uint64) uint64 { return n.under(i, million) }

// under returns the i-th number of the minute, in [0, limit).
func (n noise) under(i, limit uint64) uint64 {
	hi, _ := bits.Mul64(mix(uint64(n)+i+1), limit)
	return hi
}

// mix is the finisher of SplitMix64 (Steele, Lea, Flood: Fast splittable
// pseudorandom number generators, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

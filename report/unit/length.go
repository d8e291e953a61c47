package unit

import (
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Left returns the budget left in minutes of full outage: "82 min", under 10
// minutes "4.3 min", under one "25 s". What is left is rounded down; what is over
// is rounded up and written "7 min over", 「7分超過」. Unknown is "–".
func (l Language) Left(minutes slo.Number) string {
	if minutes.Sign() >= 0 {
		return l.minutes(minutes, floor)
	}
	return l.Say("unit.over", "length", l.minutes(negated(minutes), ceil))
}

func negated(n slo.Number) slo.Number { return slo.NumberOf(0).Sub(n) }

// minutes returns n, which is not negative, in minutes or seconds.
func (l Language) minutes(n slo.Number, round rounding) string {
	id, figure := "unit.length.minutes", Rounded{}.of(n, round).String()
	seconds := n.Mul(slo.NumberOf(60))
	switch {
	case !n.Known():
		return Unknown
	case n.Sign() == 0:
	case round(seconds.Rat()).Cmp(big.NewInt(60)) < 0:
		id, figure = "unit.length.seconds", Rounded{}.of(seconds, round).String()
	case n.Cmp(slo.NumberOf(10)) < 0:
		figure = strings.TrimSuffix(Rounded{Decimals: 1}.of(n, round).String(), ".0")
	}
	return l.Say(id, "n", figure)
}

// Failures returns what is left of a budget, events first, time second: "5,659
// failures left (≈ 82 min of full outage)", 「残り5,659件(全面停止で約82分)」.
// left is allowed − bad, in slices if slices is set; minutes may be unknown.
func (l Language) Failures(left, minutes slo.Number, slices bool) string {
	if !left.Known() {
		return Unknown
	}
	bare, timed, round := "unit.left", "unit.left_with_outage", rounding(floor)
	if left.Sign() < 0 {
		bare, timed, round = "unit.overspent", "unit.overspent_with_outage", ceil
		left, minutes = negated(left), negated(minutes)
	}
	failures := l.failures(Rounded{}.of(left, round), slices)
	if !minutes.Known() {
		return l.Say(bare, "failures", failures)
	}
	return l.Say(timed, "failures", failures, "outage", l.minutes(minutes, round))
}

func (l Language) failures(n Rounded, slices bool) string {
	id := "unit.failures"
	if slices {
		id = "unit.bad_slices"
	}
	return l.Counted(id, int(n.Value.Float()), "n", n.String())
}

// lengths are the units of a duration, largest first.
var lengths = [...]struct {
	unit time.Duration
	id   string
}{
	{24 * time.Hour, "unit.length.days"}, {time.Hour, "unit.length.hours"},
	{time.Minute, "unit.length.minutes"}, {time.Second, "unit.length.seconds"},
}

// Duration returns a length for people in its two largest units, rounded up:
// "30 d", "6 h", "1 h 20 min", 「1時間20分」.
func (l Language) Duration(d time.Duration) string {
	if d < 0 {
		return "-" + l.Duration(-d)
	}
	d = roundUp(d)
	for i, u := range lengths {
		n, rest := d/u.unit, d%u.unit
		if n == 0 {
			continue
		}
		text := l.Say(u.id, "n", strconv.Itoa(int(n)))
		if rest == 0 {
			return text
		}
		smaller := lengths[i+1]
		return l.Say("unit.length.two", "larger", text,
			"smaller", l.Say(smaller.id, "n", strconv.Itoa(int(rest/smaller.unit))))
	}
	return l.Say("unit.length.seconds", "n", "0")
}

// Lapse returns a time given in minutes as Duration does, rounded up; one before
// zero is "-5 min". Unknown is "–".
func (l Language) Lapse(minutes slo.Number) string {
	if !minutes.Known() {
		return Unknown
	}
	seconds := ceil(minutes.Mul(slo.NumberOf(60)).Rat())
	return l.Duration(time.Duration(seconds.Int64()) * time.Second)
}

// roundUp cuts d to the unit below its largest.
func roundUp(d time.Duration) time.Duration {
	step := time.Second
	switch {
	case d > 24*time.Hour:
		step = time.Hour
	case d > time.Hour:
		step = time.Minute
	}
	if rest := d % step; rest > 0 {
		d += step - rest
	}
	return d
}

// Of tells how much of a window is known, rounded down: "7 d of 30 d",
// 「30日中7日」. Under a day of data it counts in hours.
func (l Language) Of(known, window time.Duration) string {
	step := 24 * time.Hour
	if known < step {
		step = time.Hour
	}
	if known < step {
		step = time.Minute
	}
	have, all := l.Duration(known/step*step), l.Duration(window)
	return l.Say("unit.part", "part", have, "whole", all)
}

// Latency returns a response time, rounded up to about three digits: "80 µs",
// "300 ms", "1.5 s", "45 min".
func (l Language) Latency(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + l.Latency(-d)
	case d < time.Millisecond:
		return l.Say("unit.length.microseconds", "n", digits(d, time.Microsecond, 0))
	case d < 10*time.Millisecond:
		return l.Say("unit.length.milliseconds", "n", digits(d, time.Millisecond, 2))
	case d < 100*time.Millisecond:
		return l.Say("unit.length.milliseconds", "n", digits(d, time.Millisecond, 1))
	case d <= 999*time.Millisecond:
		return l.Say("unit.length.milliseconds", "n", digits(d, time.Millisecond, 0))
	case d < 10*time.Second:
		return l.Say("unit.length.seconds", "n", digits(d, time.Second, 2))
	case d < time.Minute:
		return l.Say("unit.length.seconds", "n", digits(d, time.Second, 1))
	}
	return l.Duration(d)
}

// digits returns d in unit, rounded up to that many decimals, without trailing zeros.
func digits(d, unit time.Duration, decimals int) string {
	text := up(slo.NumberFrac(int64(d), int64(unit)), decimals).String()
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

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
	over := l.minutes(slo.NumberOf(0).Sub(minutes), ceil)
	return l.say(over+" over", over+"超過")
}

// minutes returns n, which is not negative, in minutes or seconds.
func (l Language) minutes(n slo.Number, round rounding) string {
	seconds := n.Mul(slo.NumberOf(60))
	switch {
	case !n.Known():
		return Unknown
	case n.Sign() == 0:
		return l.say("0 min", "0分")
	case round(seconds.Rat()).Cmp(big.NewInt(60)) < 0:
		return whole(seconds, round) + l.say(" s", "秒")
	case n.Cmp(slo.NumberOf(10)) < 0:
		tenths := Rounded{Decimals: 1}.of(n, round).String()
		return strings.TrimSuffix(tenths, ".0") + l.say(" min", "分")
	}
	return whole(n, round) + l.say(" min", "分")
}

// whole writes n, rounded to a whole number.
func whole(n slo.Number, round rounding) string { return Rounded{}.of(n, round).String() }

// Failures returns what is left of a budget, events first, time second: "5,659
// failures left (≈ 82 min of full outage)", 「残り5,659件(全面停止で約82分)」.
// left is allowed − bad, in slices if slices is set; minutes may be unknown.
func (l Language) Failures(left, minutes slo.Number, slices bool) string {
	if !left.Known() {
		return Unknown
	}
	if !minutes.Known() {
		return l.bare(left, slices)
	}
	if left.Sign() >= 0 {
		n, m := l.failures(whole(left, floor), slices), l.minutes(minutes, floor)
		return l.say(n+" left (≈ "+m+" of full outage)", "残り"+n+"(全面停止で約"+m+")")
	}
	n := l.failures(whole(slo.NumberOf(0).Sub(left), ceil), slices)
	m := l.minutes(slo.NumberOf(0).Sub(minutes), ceil)
	return l.say(n+" over (≈ "+m+" of full outage)", n+"超過(全面停止で約"+m+")")
}

// bare is Failures where nobody knows the minutes.
func (l Language) bare(left slo.Number, slices bool) string {
	if left.Sign() >= 0 {
		n := l.failures(whole(left, floor), slices)
		return l.say(n+" left", "残り"+n)
	}
	n := l.failures(whole(slo.NumberOf(0).Sub(left), ceil), slices)
	return l.say(n+" over", n+"超過")
}

func (l Language) failures(n string, slices bool) string {
	switch {
	case slices && n == "1":
		return l.say("1 bad slice", "1枠")
	case slices:
		return l.say(n+" bad slices", n+"枠")
	case n == "1":
		return l.say("1 failure", "1件")
	}
	return l.say(n+" failures", n+"件")
}

// lengths are the units of a duration, largest first.
var lengths = [...]struct {
	unit   time.Duration
	en, ja string
}{
	{24 * time.Hour, " d", "日"}, {time.Hour, " h", "時間"}, {time.Minute, " min", "分"}, {time.Second, " s", "秒"},
}

// Duration returns a length for people in its two largest units, rounded up:
// "30 d", "6 h", "1 h 20 min", 「1時間20分」.
func (l Language) Duration(d time.Duration) string {
	if d < 0 {
		return "-" + l.Duration(-d)
	}
	d = roundUp(d)
	var parts []string
	for _, u := range lengths {
		n := d / u.unit
		d -= n * u.unit
		switch {
		case n > 0:
			parts = append(parts, strconv.FormatInt(int64(n), 10)+l.say(u.en, u.ja))
		case len(parts) > 0:
			return strings.Join(parts, l.say(" ", ""))
		}
		if len(parts) == 2 {
			break
		}
	}
	if len(parts) == 0 {
		return l.say("0 s", "0秒")
	}
	return strings.Join(parts, l.say(" ", ""))
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
	return l.say(have+" of "+all, all+"中"+have)
}

// Latency returns a response time, rounded up to about three digits: "80 µs",
// "300 ms", "1.5 s", "45 min".
func (l Language) Latency(d time.Duration) string {
	space := l.say(" ", "")
	switch {
	case d < 0:
		return "-" + l.Latency(-d)
	case d < time.Millisecond:
		return digits(d, time.Microsecond, 0) + space + "µs"
	case d < 10*time.Millisecond:
		return digits(d, time.Millisecond, 2) + space + "ms"
	case d < 100*time.Millisecond:
		return digits(d, time.Millisecond, 1) + space + "ms"
	case d <= 999*time.Millisecond:
		return digits(d, time.Millisecond, 0) + space + "ms"
	case d < 10*time.Second:
		return digits(d, time.Second, 2) + l.say(" s", "秒")
	case d < time.Minute:
		return digits(d, time.Second, 1) + l.say(" s", "秒")
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

package hist

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
)

// Threshold parts good events from bad ones as an SLO file says it: "<= 300ms", "<= 1024".
type Threshold struct {
	Inclusive bool // an event exactly at the threshold is good: <=, or > where bad events are named
	Span      bool // it is a duration

	text   string
	number *big.Rat // seconds where it is a duration
}

// Limit is a threshold in the unit of a metric.
type Limit struct {
	// Inclusive is false where an event exactly at the limit shall not be good. Histograms
	// cannot tell: it is counted as good all the same, which is worth a note.
	Inclusive bool
	At        float64       // the float64 nearest to it, as events and native bounds are
	Unit      string        // of the metric, as its name has it: "seconds"; "" without a unit of time
	Scale     time.Duration // one unit; 0 without a unit of time

	exact *big.Rat
}

// String writes the number in the metric's unit: "0.3".
func (l Limit) String() string { return number(l.At) }

// Text writes a value of the metric as a threshold that ReadThreshold takes: "300ms" of a
// metric in seconds, else a bare number.
func (l Limit) Text(at float64) string {
	exact := decimal(number(at))
	if l.Scale == 0 || exact == nil || exact.Sign() <= 0 {
		return number(at)
	}
	exact.Mul(exact, big.NewRat(int64(l.Scale), int64(time.Nanosecond)))
	if exact.IsInt() && exact.Num().IsInt64() && exact.Num().Int64()%int64(time.Second) == 0 {
		return slo.FormatDuration(time.Duration(exact.Num().Int64()))
	}
	unit, size := "ns", time.Nanosecond
	for _, u := range []struct {
		name string
		size time.Duration
	}{{"us", time.Microsecond}, {"ms", time.Millisecond}, {"s", time.Second}} {
		if exact.Cmp(new(big.Rat).SetInt64(int64(u.size))) >= 0 {
			unit, size = u.name, u.size
		}
	}
	exact.Quo(exact, new(big.Rat).SetInt64(int64(size)))
	return strings.TrimSuffix(strings.TrimRight(exact.FloatString(maxDecimals), "0"), ".") + unit
}

// maxDecimals is how many are written of what is no whole number of nanoseconds.
const maxDecimals = 30

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// ReadThreshold reads the threshold of good or bad events: good ones are below ("<= 300ms"
// or "<"), bad ones above ("> 300ms" or ">="). The number is a duration with units as in
// "1m30s", or bare, in the unit of the metric. An error is a *Refusal.
func ReadThreshold(text string, bad bool) (Threshold, error) {
	good, strict, example := "<=", "<", `"<= 300ms"`
	if bad {
		good, strict, example = ">", ">=", `"> 300ms"`
	}
	rest := strings.TrimLeft(strings.TrimSpace(text), "<>=!~")
	op := strings.TrimSuffix(strings.TrimSpace(text), rest)
	if op != good && op != strict {
		return Threshold{}, refuse("%q is no threshold of a histogram", "write for example "+example, text)
	}
	t := Threshold{Inclusive: op == good, text: strings.TrimSpace(rest)}
	if t.number = decimal(t.text); t.number != nil {
		return t, nil
	}
	if t.number = seconds(t.text); t.number == nil {
		return t, refuse("%q is neither a duration nor a number", "write for example "+example, t.text)
	}
	t.Span = true
	return t, nil
}

func refuse(what, hint string, args ...any) *Refusal {
	return &Refusal{What: fmt.Sprintf(what, args...), Hint: hint}
}

// decimal reads a finite number exactly, nil if text is none.
func decimal(text string) *big.Rat {
	const longest = 128 // no program writes longer numbers, and these cost nothing
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f-f != 0 || len(text) > longest {
		return nil
	}
	if f == 0 { // or too small for an event
		return new(big.Rat)
	}
	r, _ := new(big.Rat).SetString(text)
	return r
}

// seconds reads a duration over 0 exactly, nil if text is none.
func seconds(text string) *big.Rat {
	if _, err := slo.ParseDuration(text); err != nil {
		return nil
	}
	sum := new(big.Rat)
	for rest := text; rest != ""; {
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789."))]
		rest = strings.TrimLeft(rest[len(digits):], " ")
		unit := rest
		if i := strings.IndexAny(rest, "0123456789. "); i >= 0 {
			unit = rest[:i]
		}
		rest = strings.TrimLeft(rest[len(unit):], " ")
		n := decimal(digits)
		length, err := slo.ParseDuration("1" + unit)
		if n == nil || err != nil {
			return nil
		}
		sum.Add(sum, n.Mul(n, big.NewRat(int64(length), int64(time.Second))))
	}
	return sum
}

// UnitOf returns the unit of time that the name of a metric's family ends with: "seconds" of
// http_request_duration_seconds_bucket. It is "" and 0 if the name tells none.
func UnitOf(metric string) (string, time.Duration) {
	name, _ := sample.Family(metric)
	unit := name[strings.LastIndexAny(name, "_.")+1:]
	scale := scaleOf(unit)
	if scale == 0 || unit == name {
		return "", 0
	}
	return unit, scale
}

// scaleOf returns the unit of a word that metrics' names end with, 0 for other words.
func scaleOf(word string) time.Duration {
	switch word {
	case "nanoseconds", "nanosecond", "nanos", "nsecs", "nsec", "ns":
		return time.Nanosecond
	case "microseconds", "microsecond", "micros", "usecs", "usec", "us":
		return time.Microsecond
	case "milliseconds", "millisecond", "millis", "msecs", "msec", "ms":
		return time.Millisecond
	case "seconds", "second", "secs", "sec":
		return time.Second
	case "minutes":
		return time.Minute
	case "hours":
		return time.Hour
	case "days":
		return 24 * time.Hour
	}
	return 0
}

// Of returns the threshold in the unit of a metric, which its name tells: a duration if
// the metric has a unit of time, else a bare number. An error is a *Refusal: a threshold
// in a unit that nobody said would give a wrong count.
func (t Threshold) Of(metric string) (Limit, error) {
	unit, scale := UnitOf(metric)
	switch {
	case t.Span && scale == 0:
		return Limit{}, refuse("the name of %s does not tell its unit of time, so %q cannot be compared",
			"write the threshold as a bare number in the unit of the metric", metric, t.text)
	case !t.Span && scale != 0:
		return Limit{}, refuse("%s is a metric in %s, and %q has no unit", "write a duration such as 300ms",
			metric, unit, t.text)
	}
	l := Limit{Inclusive: t.Inclusive, Unit: unit, Scale: scale, exact: t.number}
	if t.Span {
		l.exact = new(big.Rat).Mul(t.number, big.NewRat(int64(time.Second), int64(scale)))
	}
	l.At, _ = l.exact.Float64()
	return l, nil
}

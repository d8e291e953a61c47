package spec

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
)

// scalarType is what Check and Schema know of a Type whose values are scalars.
type scalarType struct {
	what    string             // "a duration"
	example string             // as the file would say it
	pattern string             // for editors, may accept more than check
	number  bool               // editors may see a YAML number
	secret  func(string) bool  // whether a text that is refused may be a secret, or hold one
	check   func(string) error // nil: any text but the empty one
	plain   func(string) error // check of what stands without quotes; nil: quotes tell nothing
	empty   bool               // the empty text is one too
}

// scalarTypes returns the types whose values are scalars. The map is made once and not
// changed: a file has many maps to check.
var scalarTypes = sync.OnceValue(func() map[Type]scalarType {
	return map[Type]scalarType{
		Text: {what: "text", example: "text", number: true, check: checkText},
		Name: {what: "a name", example: "checkout", number: true, check: checkName},
		Integer: {
			what: "a whole number", example: "5", number: true,
			pattern: `^[+-]?[0-9]+$`, check: matches(integerText),
		},
		Decimal: {
			what: "a decimal number", example: "1.5", number: true,
			pattern: `^[+-]?[0-9]+(\.[0-9]+)?$`, check: matches(decimalText),
		},
		Boolean: {what: "true or false", example: "true", check: matches(booleanText)},
		Length: {
			what: "a duration", example: "30s",
			pattern: `^([0-9.]+ *(w|d|h|m|s|ms|us|µs|ns) *)+$`, check: checkDuration,
		},
		Lateness: {
			what: "a duration or 0", example: "2m",
			pattern: `^(0|([0-9.]+ *(w|d|h|m|s|ms|us|µs|ns) *)+)$`, check: checkLateness,
		},
		Share: {
			what: "a percentage or ratio", example: "99.9%", number: true,
			pattern: `^[0-9]+(\.[0-9]+)? *%?$`, check: checkShare,
		},
		Fraction: {
			what: "a share from 0 to 100 %", example: "90%", number: true,
			pattern: `^[0-9]+(\.[0-9]+)? *%?$`, check: checkFraction,
		},
		Instant: {
			what: "an instant with an offset", example: "2026-10-04T01:00:00Z",
			pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]`, check: checkInstant,
		},
		Date: {
			what: "a date", example: "2026-10-31",
			pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`, check: checkDate,
		},
		TimeZone: {what: "an IANA time zone", example: "Asia/Tokyo", check: checkZone},
		Moment: {
			what: "a date, a local time, or an instant with an offset", example: "2026-10-04T01:00:00Z",
			pattern: `^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].*)?$`, check: checkMoment,
		},
		Window: {
			what: "a duration or a calendar unit", example: "30d",
			pattern: `^(day|week|month|quarter|year|([0-9.]+ *(w|d|h|m|s) *)+)$`, check: checkWindow,
		},
		Deadline: {
			what: "a duration or end", example: "3d",
			pattern: `^(end|([0-9.]+ *(w|d|h|m|s) *)+)$`, check: checkDeadline,
		},
		Optional: {
			what: "a duration or none", example: "5m",
			pattern: `^(none|([0-9.]+ *(w|d|h|m|s|ms|us|µs|ns) *)+)$`, check: checkOptional,
		},
		Under: {
			what: "a limit such as < 25%", example: `"< 25%"`,
			pattern: `^<=? *[0-9]+(\.[0-9]+)? *%?$`, check: checkUnder,
		},
		Above: {
			what: "a limit such as > 10", example: `"> 10"`,
			pattern: `^>=? *[0-9]+(\.[0-9]+)?$`, check: checkAbove,
		},
		Address: {
			what: "an address", example: "https://host.example",
			pattern: `^https?://`, secret: holdsSecret, check: checkURL,
		},
		Variable: {
			what: "the name of an environment variable", example: "VARIABLE",
			pattern: variablePattern, secret: anyText, check: matches(variableText),
		},
		Loose:  {what: "text", example: "text", empty: true},
		Strict: {what: "text", example: "text", plain: checkUnquoted, empty: true},
		Switch: {what: "true or false", example: "true", check: checkQuoted, plain: matches(switchText)},
		Percent: {
			what: "a number of percent", example: "99.9", check: checkPercent,
		},
		Ratio:     {what: "a ratio", example: "0.999", check: checkRatio},
		Years:     {what: "a duration", example: "4w", check: checkYears},
		FullRatio: {what: "a ratio", example: "0.95", check: checkPart},
		Period: {
			what: "a period", example: "2026-10", number: true,
			pattern: periodPattern, check: checkPeriod,
		},
	}
})

// Form is what the scalars of a Type look like, for editors.
type Form struct {
	Example string // as a file would say it
	Pattern string // a regular expression, laxer than Check; "" for any text
	Number  bool   // some look like a number of YAML
}

// Form returns the form of a type's scalars, the zero Form if it has none.
func (t Type) Form() Form {
	s := scalarTypes()[t]
	return Form{Example: s.example, Pattern: s.pattern, Number: s.number}
}

// periodPattern is laxer than slo.ParseSpan: not every year has 53 weeks, nor a month 31 days.
const periodPattern = `^([0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2])(-[0-3][0-9])?|[0-9]{4}-Q[1-4]` +
	`|[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])|last-[1-9][0-9]{0,3}d)$`

const variablePattern = `^[A-Za-z_][A-Za-z0-9_]*$`

var (
	variableText = pattern.Of(variablePattern)

	integerText = pattern.Of(`^[+-]?[0-9]{1,18}$`)
	decimalText = pattern.Of(`^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?$`)
	booleanText = pattern.Of(`^(true|false)$`)

	// What YAML 1.1 reads as a boolean, and as a number.
	switchText = pattern.Of(`^([yY]|yes|Yes|YES|[nN]|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$`)
	numberText = pattern.Of(`^([-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?|[-+]?0[xob][0-9a-fA-F_]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// matches returns a check that says no more than that the text is of no use.
func matches(re func() *regexp.Regexp) func(string) error {
	return func(text string) error {
		if !re().MatchString(text) {
			return errNoReason
		}
		return nil
	}
}

var errNoReason = errors.New("")

// The most characters of a scalar: a text has room for a query, a name for a line.
const (
	MaxText = 10_000
	MaxName = 200
)

func checkText(text string) error {
	if utf8.RuneCountInString(text) > MaxText {
		return fmt.Errorf("it is longer than %d characters", MaxText)
	}
	return nil
}

func checkName(text string) error {
	switch {
	case utf8.RuneCountInString(text) > MaxName:
		return fmt.Errorf("it is longer than %d characters", MaxName)
	case strings.TrimSpace(text) != text:
		return errors.New("it begins or ends with a space")
	case strings.ContainsFunc(text, breaksLine):
		return errors.New("it holds a control character")
	}
	return nil
}

// breaksLine tells whether r begins a new line or is a control character.
func breaksLine(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func checkDuration(text string) error {
	_, err := slo.ParseDuration(text)
	return err
}

// noTime is the text of a duration that is none.
var noTime = pattern.Of(`^0+(w|d|h|m|s|ms|us|µs|ns)?$`)

func checkLateness(text string) error {
	if noTime().MatchString(text) {
		return nil
	}
	return checkDuration(text)
}

func checkShare(text string) error {
	_, err := slo.ParseTarget(text)
	return err
}

func checkFraction(text string) error {
	_, err := parseFraction(text)
	return err
}

// parseFraction reads a share from 0 to 100 %, both included.
func parseFraction(text string) (slo.Number, error) {
	share, err := slo.ParseShare(text)
	if err != nil {
		return slo.Number{}, err
	}
	return share.Number(), nil
}

func checkUnder(text string) error {
	_, _, err := parseUnder(text)
	return err
}

// parseUnder reads "< 25%" or "<= 0.25".
func parseUnder(text string) (limit slo.Number, equal bool, err error) {
	rest, ok := strings.CutPrefix(text, "<")
	if !ok {
		return slo.Number{}, false, errNoReason
	}
	rest, equal = strings.CutPrefix(rest, "=")
	limit, err = parseFraction(strings.TrimSpace(rest))
	return limit, equal, err
}

func checkAbove(text string) error {
	_, _, err := parseAbove(text)
	return err
}

// parseAbove reads "> 10" or ">= 14.4".
func parseAbove(text string) (limit slo.Number, equal bool, err error) {
	rest, ok := strings.CutPrefix(text, ">")
	rest, equal = strings.CutPrefix(rest, "=")
	rest = strings.TrimSpace(rest)
	if !ok || !decimalText().MatchString(rest) || strings.HasPrefix(rest, "-") {
		return slo.Number{}, false, errNoReason
	}
	return decimal(Value{Text: rest}), equal, nil
}

func checkInstant(text string) error {
	_, err := parseInstant(text)
	return err
}

// parseInstant reads RFC 3339.
func parseInstant(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, errNoReason
	}
	return t.UTC(), nil
}

func checkDate(text string) error {
	if _, err := slo.ParseDate(text); err != nil {
		return errNoReason
	}
	return nil
}

func checkZone(text string) error {
	if text == "Local" {
		return errors.New("it depends on the machine")
	}
	if _, err := time.LoadLocation(text); err != nil {
		return errors.New("no zone has this name")
	}
	return nil
}

func checkMoment(text string) error {
	m, err := parseMoment(text)
	if date, _ := m.wall(time.UTC); err == nil && date.Year < 1970 {
		return errors.New("it lies before 1970")
	}
	return err
}

// moment is a place in time as a file says it: an instant, or a wall clock's time.
type moment struct {
	instant time.Time // zero for a wall clock's
	date    slo.Date
	clock   time.Duration // since midnight
}

// localLayouts are the forms of a date or a local time.
func localLayouts() []string {
	return []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime}
}

func parseMoment(text string) (moment, error) {
	if at, err := parseInstant(text); err == nil {
		return moment{instant: at}, nil
	}
	for _, layout := range localLayouts() {
		if t, err := time.Parse(layout, text); err == nil {
			date, clock := slo.ClockAt(t, time.UTC)
			return moment{date: date, clock: clock}, nil
		}
	}
	return moment{}, errNoReason
}

// wall returns what a wall clock in zone shows at m.
func (m moment) wall(zone *time.Location) (slo.Date, time.Duration) {
	if m.instant.IsZero() {
		return m.date, m.clock
	}
	return slo.ClockAt(m.instant, zone)
}

// in returns the first instant at which a wall clock in zone shows m, and false if
// the clocks skip m.
func (m moment) in(zone *time.Location) (time.Time, bool) {
	if !m.instant.IsZero() {
		return m.instant, true
	}
	return m.date.At(m.clock, zone)
}

func calendarUnits() []string {
	return []string{string(slo.Day), string(slo.Week), string(slo.Month), string(slo.Quarter), string(slo.Year)}
}

func checkWindow(text string) error {
	if _, ok := slo.ParseUnit(text); ok {
		return nil
	}
	err := checkDuration(text)
	if err == nil {
		return nil
	}
	if near := diag.Nearest(text, calendarUnits()); near != "" {
		return fmt.Errorf("%q is not a duration or a calendar unit: did you mean %s?", text, near)
	}
	return err
}

// untilEnd is the Deadline that is the end of the window.
const untilEnd = "end"

func checkDeadline(text string) error {
	if text == untilEnd {
		return nil
	}
	return checkDuration(text)
}

// noLength is the Optional that is no time at all.
const noLength = "none"

func checkOptional(text string) error {
	if text == noLength {
		return nil
	}
	return checkDuration(text)
}

func checkPeriod(text string) error {
	_, err := slo.ParseSpan(text)
	return err
}

// decimal returns a number that Check accepted as Decimal.
func decimal(v Value) slo.Number {
	r, ok := new(big.Rat).SetString(v.Text)
	if !ok {
		return slo.Number{}
	}
	return slo.NumberRat(r)
}

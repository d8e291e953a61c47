package spec

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo"
)

// What is asked of values that the native format writes otherwise: shares whose unit the tool has
// chosen, and what YAML 1.1 takes for another type.

// Percentage returns a ratio in percent, 99.9 for 0.999, "" if the text is none.
func Percentage(ratio string) string {
	share, err := slo.ParseTarget(ratio)
	if err != nil {
		return ""
	}
	return share.Number().Mul(slo.NumberOf(100)).String()
}

func full(text string) error { return fmt.Errorf("%q leaves no error budget", text) }

// checkPercent reads a number of percent, which has no sign.
func checkPercent(text string) error {
	number, signed := strings.CutSuffix(text, "%")
	number = strings.TrimSpace(number)
	if !decimalText().MatchString(number) {
		return errNoReason
	}
	share, err := slo.ParseTarget(number + "%")
	switch {
	case err != nil:
		return reason(text, err)
	case share == slo.Full:
		return full(text)
	case signed:
		return fmt.Errorf("%q is written without a sign for percent: did you mean %s?", text, number)
	}
	return nil
}

// checkRatio reads a ratio under 1.
func checkRatio(text string) error {
	if whole(text) {
		return full(text)
	}
	return checkPart(text)
}

// whole tells whether a number is 1.
func whole(number string) bool {
	units, rest, _ := strings.Cut(number, ".")
	return units == "1" && strings.Trim(rest, "0") == ""
}

// checkPart reads a ratio of at most 1. Percent may have been meant.
func checkPart(text string) error {
	number, signed := strings.CutSuffix(text, "%")
	number = strings.TrimSpace(number)
	if !decimalText().MatchString(number) {
		return errNoReason
	}
	_, err := slo.ParseTarget(number)
	if !signed && (whole(number) || err == nil) {
		return nil
	}
	share, percent := slo.ParseTarget(number + "%")
	switch {
	case percent == nil && share < slo.Full:
		return fmt.Errorf("%q is percent, and a ratio is asked: did you mean %s?", text, share.Number())
	case percent == nil:
		return full(text)
	}
	return reason(text, percent)
}

// reason returns an error about a target as one about any share.
func reason(text string, err error) error {
	_, why, _ := strings.Cut(err.Error(), `" `)
	if strings.HasPrefix(why, "is not a decimal") { // such as 99.9%
		return errNoReason
	}
	return fmt.Errorf("%q %s", text, why)
}

// Days returns a duration as Prometheus writes it, which may have years, without them.
func Days(text string) string {
	years, rest, any := strings.Cut(text, "y")
	n, err := strconv.Atoi(years)
	if !any || err != nil || n < 0 || n > 1000 {
		return text
	}
	return strconv.Itoa(365*n) + "d" + rest
}

func checkYears(text string) error { return checkDuration(Days(text)) }

// checkUnquoted refuses what stands without quotes and YAML takes for no text.
func checkUnquoted(text string) error {
	if switchText().MatchString(text) || numberText().MatchString(text) {
		return fmt.Errorf("%q is no text without quotes: did you mean %q?", text, text)
	}
	return nil
}

// checkQuoted refuses a boolean in quotes.
func checkQuoted(text string) error {
	if switchText().MatchString(text) {
		return fmt.Errorf("%q is a text in quotes: did you mean %s?", text, text)
	}
	return errNoReason
}

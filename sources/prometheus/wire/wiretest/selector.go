package wiretest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources/sample"
)

// parse reads a selector as sample.Selector writes it, and returns what follows.
func parse(text string) (sample.Selector, string, error) {
	var out sample.Selector
	name, rest := word(text)
	if name != "" {
		m, err := sample.NewMatcher(sample.MetricName, sample.Equal, name)
		if err != nil {
			return nil, "", err
		}
		out = append(out, m)
	}
	rest, braced := strings.CutPrefix(rest, "{")
	if !braced {
		return out, rest, missing(name != "", text)
	}
	for {
		if after, ok := strings.CutPrefix(rest, "}"); ok {
			return out, after, nil
		}
		m, after, err := matcher(rest)
		if err != nil {
			return nil, "", err
		}
		out = append(out, m)
		rest = strings.TrimPrefix(after, ",")
	}
}

func missing(found bool, text string) error {
	if found {
		return nil
	}
	return fmt.Errorf("%q begins with no selector", text)
}

func matcher(text string) (sample.Matcher, string, error) {
	name, rest := word(text)
	if name == "" {
		var err error
		if name, rest, err = quoted(text); err != nil {
			return sample.Matcher{}, "", err
		}
	}
	for _, op := range []sample.Op{sample.Like, sample.Unlike, sample.NotEqual, sample.Equal} {
		if after, ok := strings.CutPrefix(rest, string(op)); ok {
			value, after, err := quoted(after)
			if err != nil {
				return sample.Matcher{}, "", err
			}
			m, err := sample.NewMatcher(name, op, value)
			return m, after, err
		}
	}
	return sample.Matcher{}, "", fmt.Errorf("%q is no matcher", text)
}

func quoted(text string) (string, string, error) {
	prefix, err := strconv.QuotedPrefix(text)
	if err != nil {
		return "", "", err
	}
	value, err := strconv.Unquote(prefix)
	return value, text[len(prefix):], err
}

// word returns the name that text begins with.
func word(text string) (string, string) {
	end := strings.IndexFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != ':'
	})
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// rangeOf reads a range in milliseconds, [1000ms].
func rangeOf(text string) (int64, bool) {
	text, opened := strings.CutPrefix(text, "[")
	text, closed := strings.CutSuffix(text, "ms]")
	n, err := strconv.ParseInt(text, 10, 64)
	return n, opened && closed && err == nil && n > 0
}

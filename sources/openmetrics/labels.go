package openmetrics

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources/sample"
)

// seriesEnd returns where the name and the labels end that a line begins with, −1 if
// the labels do not end.
func seriesEnd(line []byte) int {
	i := 0
	for i < len(line) && line[i] != '{' && !blank(line[i]) {
		i++
	}
	open := i + blanks(line[i:])
	if open == len(line) || line[open] != '{' {
		return i
	}
	if i = unquoted(line, open+1, '}'); i < 0 {
		return -1
	}
	return i + 1
}

// unquoted returns where from start on a line first holds c outside of quotes, −1 if nowhere.
func unquoted(line []byte, start int, c byte) int {
	for i := start; i < len(line); i++ {
		switch line[i] {
		case c:
			return i
		case '"':
			n := quotedEnd(line[i:])
			if n < 0 {
				return -1
			}
			i += n - 1
		}
	}
	return -1
}

// quotedEnd returns the length of the quoted text that text begins with, −1 if it does
// not end.
func quotedEnd(text []byte) int {
	for i := 1; ; i++ {
		n := bytes.IndexByte(text[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		escapes := 0
		for text[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}

// strayReturn returns where a line holds a carriage return that is not within quotes, −1 if
// nowhere. Of a comment no quotes count: more lines may stand behind it.
func strayReturn(line []byte) int {
	first := bytes.IndexByte(line, '\r')
	if first < 0 || line[blanks(line)] == '#' {
		return first
	}
	return unquoted(line, 0, '\r')
}

// unreadable says why a part of a line cannot be read, and where it stands in it.
type unreadable struct {
	at   int
	what string
	mend string
}

// labelText is the name and the labels of one series, being read.
type labelText struct {
	text   []byte
	at     int
	format format
	labels sample.Labels
}

// readLabels reads the name and the labels of a series: seriesEnd tells where they end.
func readLabels(text []byte, f format) (sample.Labels, *unreadable) {
	l := &labelText{text: text, format: f}
	if why := l.read(); why != nil {
		return nil, why
	}
	labels, err := sample.NewLabels(l.labels)
	if err != nil {
		return nil, &unreadable{0, err.Error(), "a series has each label once, and one name"}
	}
	if f != dump && labels.Get(sample.MetricName) == "" {
		return nil, &unreadable{0, "the series has no name",
			`write it before the labels, or quoted as the first of them: {"http.requests",job="api"}`}
	}
	return slices.Clip(labels), nil
}

func (l *labelText) read() *unreadable {
	if n := plainName(l.text, true); n > 0 && l.format != dump {
		l.add(sample.MetricName, string(l.text[:n]))
		l.at = n
	}
	if l.skip(); l.at == len(l.text) {
		return nil
	}
	if l.text[l.at] != '{' && l.format == dump {
		return l.wrong("the line does not begin with a brace",
			`promtool prints the name of a series as a label: {__name__="up"}`)
	}
	if l.text[l.at] != '{' {
		return l.wrong("the name of a series ends at a character that no name has",
			`names of other characters stand in braces, quoted: {"http.requests"}`)
	}
	l.at++
	for {
		if l.skip(); l.at < len(l.text) && l.text[l.at] == '}' {
			break
		}
		if why := l.label(); why != nil {
			return why
		}
		l.skip()
		if l.at == len(l.text) || l.text[l.at] != ',' && l.text[l.at] != '}' {
			return l.wrong("behind a label stands neither a comma nor the closing brace",
				`labels are written name="value", with commas between`)
		}
		if l.text[l.at] == ',' {
			l.at++
		}
	}
	return nil
}

// label reads one label, or the quoted name of the series.
func (l *labelText) label() *unreadable {
	name, quoted, why := l.name()
	if why != nil {
		return why
	}
	if l.skip(); quoted && l.format != dump && l.at < len(l.text) && l.text[l.at] != '=' {
		l.add(sample.MetricName, name)
		return nil
	}
	if l.at == len(l.text) || l.text[l.at] != '=' {
		return l.wrong("a label has no =", `labels are written name="value"`)
	}
	l.at++
	if l.skip(); l.at == len(l.text) || l.text[l.at] != '"' {
		return l.wrong("the value of a label is not quoted", `labels are written name="value"`)
	}
	value, why := l.quoted()
	l.add(name, value)
	return why
}

func (l *labelText) name() (name string, quoted bool, why *unreadable) {
	if l.at < len(l.text) && l.text[l.at] == '"' {
		at := l.at
		if name, why = l.quoted(); why == nil && name == "" {
			why = &unreadable{at, "a name is empty", `labels and series have names of at least one character`}
		}
		return name, true, why
	}
	n := plainName(l.text[l.at:], false)
	if n == 0 {
		return "", false, l.wrong("the name of a label begins with a character that no name has",
			`names of other characters are quoted: "http.method"="GET"`)
	}
	l.at += n
	return string(l.text[l.at-n : l.at]), false, nil
}

// quoted reads a quoted text.
func (l *labelText) quoted() (string, *unreadable) {
	n := quotedEnd(l.text[l.at:])
	if n < 0 {
		return "", l.wrong("a quoted text does not end", `within quotes " is written \"`)
	}
	text := l.text[l.at : l.at+n]
	if bytes.IndexByte(text, '\\') < 0 {
		l.at += n
		return string(text[1 : n-1]), nil
	}
	if l.format == dump {
		value, err := strconv.Unquote(string(text))
		if err != nil {
			return "", l.wrong("a quoted text has an escape that promtool does not write",
				`\\, \n and \" are some that it does`)
		}
		l.at += n
		return value, nil
	}
	l.at += n
	return unescape(string(text[1 : n-1])), nil
}

// unescape reads the escapes of the text formats. All others are no escapes.
func unescape(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\"`, `"`).Replace(text)
}

func (l *labelText) add(name, value string) {
	l.labels = append(l.labels, sample.Label{Name: name, Value: value})
}

func (l *labelText) skip() { l.at += blanks(l.text[l.at:]) }

func (l *labelText) wrong(what, mend string) *unreadable { return &unreadable{l.at, what, mend} }

// plainName returns the length of the name that text begins with, of letters, digits, _
// and, of a metric, colons.
func plainName(text []byte, metric bool) int {
	for i, c := range text {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || metric && c == ':'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(text)
}

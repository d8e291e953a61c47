package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

const hintObject = `write one object a line: ` +
	`{"time": "2026-10-13T18:05:00+02:00", "name": "v1.4.2", "service": "checkout"}`

// value is what a key of an object holds.
type value struct {
	text string // of a string or a number
	kind string // "" for these, else what it is instead
	pos  diag.Pos
}

// objects reads NDJSON.
func (l *deployList) objects() {
	var unread []string
	var first diag.Pos
	for i, line := range l.page.lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		values, offset, err := l.object(i + 1)
		if err != nil {
			l.wrong(l.page.at(i+1, offset, 1), hintObject, "the line is no JSON object: %v", err)
			continue
		}
		l.page.known = l.page.known || hasAny(values, timeNames[:]) || hasAny(values, nameNames[:])
		for _, key := range l.take(i+1, values) {
			if !slices.Contains(unread, key) {
				unread = append(unread, key)
				if first.Line == 0 {
					first = values[key].pos
				}
			}
		}
	}
	if len(unread) > 0 && l.page.known {
		l.warn(first, "", "keys that are not read: %q", unread[:min(len(unread), maxListed)])
	}
}

// object returns the values of a line by key in lower case, or where it is wrong.
func (l *deployList) object(line int) (map[string]value, int, error) {
	text := l.page.lines[line-1]
	dec := json.NewDecoder(strings.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return nil, 0, errors.New("it does not begin with {")
	}
	values := map[string]value{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, int(dec.InputOffset()), reason(err)
		}
		name := strings.ToLower(fmt.Sprint(key))
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return nil, int(dec.InputOffset()), reason(err)
		}
		begin := int(dec.InputOffset()) - len(raw)
		if _, twice := values[name]; twice {
			return nil, begin, fmt.Errorf("%q stands there twice", name)
		}
		values[name] = valueOf(raw, l.page.at(line, begin, len(raw)))
	}
	if _, err := dec.Token(); err != nil {
		return nil, int(dec.InputOffset()), reason(err)
	}
	if end := int(dec.InputOffset()); strings.TrimSpace(text[end:]) != "" {
		return nil, end, errors.New("something follows it")
	}
	return values, 0, nil
}

// reason says in our words that a line ends too early.
func reason(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it does not end")
	}
	return err
}

func valueOf(raw []byte, pos diag.Pos) value {
	v := value{pos: pos}
	switch raw[0] {
	case '"':
		if err := json.Unmarshal(raw, &v.text); err != nil {
			v.kind = "broken text"
		}
	case '{':
		v.kind = "an object"
	case '[':
		v.kind = "a list"
	case 't', 'f':
		v.kind = "a truth value"
	case 'n': // null: not there
	default:
		v.text = string(raw)
	}
	return v
}

// take takes the deploy of a line and returns the keys that it did not read.
func (l *deployList) take(line int, values map[string]value) (unread []string) {
	stamp, timeKey := pick(values, timeNames[:])
	name, nameKey := pick(values, nameNames[:])
	service, serviceKey := pick(values, serviceNames[:])
	for key := range values {
		if key != timeKey && key != nameKey && key != serviceKey {
			unread = append(unread, key)
		}
	}
	slices.Sort(unread)
	for _, v := range []value{stamp, name, service} {
		if v.kind != "" {
			l.wrong(v.pos, "write a string", "the value is %s", v.kind)
			return unread
		}
	}
	if timeKey == "" {
		l.wrong(l.page.line(line), hintStamp, "the deploy has no time")
		return unread
	}
	t, err := parseStamp(strings.TrimSpace(stamp.text))
	if err != nil {
		l.wrong(stamp.pos, hintStamp, "time %q %v", stamp.text, err)
		return unread
	}
	l.add(deploy.Deploy{
		Time: t, Name: strings.TrimSpace(name.text), Service: strings.TrimSpace(service.text), Pos: service.pos,
	}, stamp.pos)
	return unread
}

// pick returns the first of known that is there, and its key, "" if none is.
func pick(values map[string]value, known []string) (value, string) {
	for _, name := range known {
		if v, ok := values[name]; ok {
			return v, name
		}
	}
	return value{}, ""
}

// hasAny tells whether an object has one of the keys.
func hasAny(values map[string]value, keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { _, ok := values[key]; return ok })
}

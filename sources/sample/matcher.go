package sample

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"

	"github.com/nines-slo/nines/slo/pattern"
)

// Op is how a matcher compares.
type Op string

// The ways to compare. Expressions match all of a value, not a part of it.
const (
	Equal    Op = "="
	NotEqual Op = "!="
	Like     Op = "=~"
	Unlike   Op = "!~"
)

// Matcher compares one label with a value. A series without the label has it empty.
type Matcher struct {
	Name  string
	Op    Op
	Value string

	like func() *regexp.Regexp // of Like and Unlike
}

// NewMatcher returns a matcher, an error if value is no expression where op wants one.
func NewMatcher(name string, op Op, value string) (Matcher, error) {
	m := Matcher{Name: name, Op: op, Value: value}
	var err error
	switch op {
	case Equal, NotEqual:
	case Like, Unlike:
		text := "^(?s:" + value + ")$"
		_, err = syntax.Parse(text, syntax.Perl)
		m.like = pattern.Of(text) // most commands only write what they would match
	default:
		err = fmt.Errorf("%q compares nothing", op)
	}
	return m, err
}

// Takes tells whether the matcher takes a value.
func (m Matcher) Takes(value string) bool {
	switch m.Op {
	case Equal:
		return value == m.Value
	case NotEqual:
		return value != m.Value
	case Like:
		return m.like().MatchString(value)
	}
	return !m.like().MatchString(value)
}

// String writes the matcher as PromQL has it.
func (m Matcher) String() string {
	name := m.Name
	if !plain(name) || slices.Contains([]byte(name), ':') {
		name = quote(name)
	}
	return name + string(m.Op) + quote(m.Value)
}

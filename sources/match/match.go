// Package match decides whether an event meets a condition of an SLO file: a
// map of field → test, all of which must hold.
//
// Tests:
//
//	status: 503                exactly this text; numbers by value: 503.0 is 503, 1.10 is not 1.1
//	method: [GET, HEAD]        any of these tests
//	status: 500-599            from, to, both included; 5xx is the same
//	duration: "<= 300ms"       < <= > >= == !=; durations need a unit
//	path: "/api/*"             * is any run of characters, / too; ? is one
//	path: "~^/v[0-9]+/pay"     regular expression (RE2), found anywhere
//	method: {not: OPTIONS}     the test does not hold
//	not: {path: /healthz}      the condition inside does not hold
//	status: none               the event has no such value
//	status: [none, 500-599]    none, or one of these
//
// Durations are compared exactly, in nanoseconds read from the decimal text.
//
// A value that an event lacks is no value that is wrong: a test of it is neither
// true nor false but unsure, and what hangs on it follows Kleene's logic. Of tests
// that must all hold a false one beats an unsure one, of a list a true one does, and
// what is not unsure is unsure. Only none is sure of it, so {not: none} leaves such
// events out. What says that there is no value is the source's to know: it hands
// over nil or nothing, or Void where an event surely has no such value: every test of
// that is false but none. A duration that cannot be read, or is negative, is unsure too;
// "== none" tests for a value that reads so.
//
// Of a value that is no number (n/a, HTTP 503) a range, a class and a comparison with a
// number are unsure, since nobody knows what it says. In a list that names texts too, as
// [500-599, error], texts are values: what is no number is in no range. Blanks around a
// number do not matter.
//
// Of a value that is not UTF-8 nobody knows the letters beyond ASCII: a test that asks for
// some, or how many there are, is unsure of it, unless what it asks for begins otherwise.
//
// A field that names a host or an address, by its type or its name (host, remote_addr,
// upstream_addr), is compared as one: the case of letters, a dot at the end, brackets, the
// notation of an address and a port do not matter, but two ports that both are named do.
// Patterns and regular expressions may fit what is written, or the host alone in small
// letters. What is no host, as a list of several, is text like any other.
//
// Parse reads a condition into an Expr, which is data that anybody can walk; New
// compiles that into a Cond, which judges events.
package match

import (
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// Type is what a field holds.
type Type int

const (
	Text     Type = iota
	Number        // integers and decimals, without a unit
	Status        // a number; ranges such as 500-599 and classes such as 5xx
	Duration      // tests need a unit; the field's own unit is Field.Unit
	Any           // what the test makes of it: a duration, a number or text
	Host          // a host or an address, see OneOf
)

// Field is a field of an event as a source knows it.
type Field struct {
	Index int // of the value in the slice given to Judge
	Type  Type
	Unit  time.Duration // of a Duration written as a bare number: time.Second, time.Microsecond …
}

// Reads tells whether text is what the field holds: a number of a Number or a
// Status, a duration that is not negative of a Duration. Text may be anything.
func (f Field) Reads(text []byte) bool {
	ok := true
	switch f.Type {
	case Number, Status:
		ok = numberLike(text)
	case Duration:
		_, ok = f.Nanoseconds(text)
	}
	return ok
}

// Nanoseconds reads the text of a duration field, cut to whole nanoseconds. A
// text with a unit of its own ("12ms") keeps it. It is false for what cannot be
// read and for negative values.
func (f Field) Nanoseconds(text []byte) (int64, bool) {
	ns, _, ok := parseSpan(text, f.Unit)
	return int64(ns), ok
}

// Cond is a compiled condition. A nil Cond holds for every event.
type Cond struct {
	checks []check
	nots   []*Cond
}

type check struct {
	name  string // of the field
	index int
	test  test
}

// Void is the text of a field that an event cannot have: a request that was never sent
// has no path, which is more than not knowing it.
const Void = "\x00"

// Missing tells whether text is no value.
func Missing(text []byte) bool { return len(text) == 0 || void(text) }

func void(text []byte) bool { return len(text) == 1 && text[0] == Void[0] }

// test judges the text of a field, which is empty if the event lacks it.
type test interface {
	judge(value []byte) Truth
}

// Match tells whether the event surely meets the condition, see Judge.
func (c *Cond) Match(values [][]byte) bool { return c.Judge(values) == Yes }

// Compile reads a condition map and compiles it, see Parse. A missing cond
// compiles to nil.
func Compile(cond spec.Value, resolve func(name string) (Field, bool), known []string) (*Cond, diag.List) {
	e, findings := Parse(cond, resolve, known)
	return New(e), findings
}

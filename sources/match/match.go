// Package match decides whether an event meets a condition of an SLO file: a
// map of field → test, all of which must hold (DESIGN "conditions").
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
)

// Field is a field of an event as a source knows it.
type Field struct {
	Index int // of the value in the slice given to Match
	Type  Type
	Unit  time.Duration // of a Duration written as a bare number: time.Second, time.Microsecond …
}

// Cond is a compiled condition. A nil Cond holds for every event.
type Cond struct{}

// Compile reads a condition map. resolve returns the field of that name and
// whether the source has it; known lists the names for "did you mean".
func Compile(cond spec.Value, resolve func(name string) (Field, bool), known []string) (*Cond, diag.List) {
	panic("being written")
}

// Match tells whether the event meets the condition. values are the fields' raw
// texts; nil means the event lacks the field, and no test but `not` holds for it.
// It allocates nothing.
func (c *Cond) Match(values [][]byte) bool { panic("being written") }

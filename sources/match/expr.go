package match

import (
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// Expr is a condition as data: an And, an Or, a Not or a Test. Parse makes one
// and New compiles it. A source whose server can count walks it instead and
// translates it, where a type that it does not know means that it cannot.
//
// And, Or and Not follow Kleene's logic of three values, see Truth. A test of a
// field that the event lacks is unsure, whatever it asks, except for None, which
// asks just that. CompareDuration and BetweenDurations are unsure too of a text
// that cannot be read or is negative; Compare, Between and Statuses of one that is no
// number, unless an Or around them has a test for texts of the field: then they are
// false of it.
type Expr interface{ expr() }

type (
	// And holds if all of its conditions hold; without any it always holds.
	And []Expr

	// Or holds if one of its conditions holds; without any it never holds.
	Or []Expr

	// Not holds if its condition does not hold.
	Not struct{ Expr Expr }

	// Test holds if the value of one field is what Is says.
	Test struct {
		Name  string // of the field
		Field Field
		Pos   diag.Pos // of the test
		Is    Predicate
	}
)

func (And) expr()  {}
func (Or) expr()   {}
func (Not) expr()  {}
func (Test) expr() {}

// Predicate is what a Test asks of a value: a None, OneOf, Other, Glob, Regexp,
// Compare, Between, Statuses, CompareDuration or BetweenDurations.
type Predicate interface{ predicate() }

type (
	// None is true of an event that lacks the field, and false of any other.
	None struct{}

	// OneOf is true of exactly these texts. Of a field of type Any blanks around a
	// number do not matter, and a whole one may have a point: 503.0 is 503. Of a Host it
	// is true of the same host, however it is written.
	OneOf []string

	// Other is true of every other text, or host, than this one.
	Other string

	// Glob is a pattern of the whole text: * is any run of bytes, ? is one
	// character.
	Glob string

	// Regexp is a regular expression in the syntax of RE2, found anywhere.
	Regexp string

	// Compare compares a number, whatever its notation, with another.
	Compare struct {
		Op     Operator
		Number Decimal
	}

	// Between is true of the numbers from Low to High, both included.
	Between struct{ Low, High Decimal }

	// Statuses is true of the numbers from Low to High, both included.
	Statuses struct{ Low, High int }

	// CompareDuration compares a duration. Bare numbers are in Field.Unit of the
	// test.
	CompareDuration struct {
		Op     Operator
		Length time.Duration
	}

	// BetweenDurations is true of the durations from Low to High, both included.
	BetweenDurations struct{ Low, High time.Duration }
)

func (None) predicate()             {}
func (OneOf) predicate()            {}
func (Other) predicate()            {}
func (Glob) predicate()             {}
func (Regexp) predicate()           {}
func (Compare) predicate()          {}
func (Between) predicate()          {}
func (Statuses) predicate()         {}
func (CompareDuration) predicate()  {}
func (BetweenDurations) predicate() {}

// Operator is how a value is compared with the one of a test.
type Operator string

// The operators as conditions write them. A value without one is Equal.
const (
	Less        Operator = "<"
	LessOrEqual Operator = "<="
	Equal       Operator = "=="
	NotEqual    Operator = "!="
	MoreOrEqual Operator = ">="
	More        Operator = ">"
)

// Decimal is an exact number.
type Decimal struct {
	text  string
	value decimal
}

// String returns the number as the condition writes it.
func (d Decimal) String() string { return d.text }

// Tests calls visit with every test of e, in the order of the condition.
func Tests(e Expr, visit func(Test)) {
	switch e := e.(type) {
	case And:
		for _, one := range e {
			Tests(one, visit)
		}
	case Or:
		for _, one := range e {
			Tests(one, visit)
		}
	case Not:
		Tests(e.Expr, visit)
	case Test:
		visit(e)
	}
}

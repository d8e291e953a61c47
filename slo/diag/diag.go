// Package diag holds findings about input: what is wrong, where, why, and how
// to mend it. A finding is data with a stable code; text, JSON and editors
// format the same value. Packages return findings instead of printing them.
package diag

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nines-slo/nines/slo/order"
)

// Severity tells whether a finding stops the work.
type Severity int

const (
	Error   Severity = iota // the file or row cannot be used
	Warning                 // used, but the reader has to know
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText makes JSON carry the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word.
func (s *Severity) UnmarshalText(text []byte) error {
	for _, known := range []Severity{Error, Warning} {
		if known.String() == string(text) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("%q is no severity", text)
}

// Pos is a place in a file. Line and Col count from 1, Col in characters; zero
// means the whole file. Len is the number of characters to underline.
type Pos struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
	Len  int    `json:"-"`
}

// String returns "file:line:col" and leaves out what is not known.
func (p Pos) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// Finding is one thing that is wrong or worth knowing.
type Finding struct {
	Severity Severity `json:"severity"`
	Pos      Pos      `json:"pos"`
	Code     string   `json:"code"`              // stable, "room/word", e.g. "target/range"
	Message  string   `json:"message"`           // lower case, no full stop, user's words in quotes
	Hint     string   `json:"hint,omitempty"`    // how to mend it
	Excerpt  string   `json:"excerpt,omitempty"` // the source line, where it is known
}

// Error formats the finding on one line, position first, so that editors can jump.
func (f Finding) Error() string {
	s := f.Message
	if f.Pos.File != "" {
		s = f.Pos.String() + ": " + s
	}
	if f.Code != "" {
		s += " [" + f.Code + "]"
	}
	return s
}

// Errorf returns an error finding. A finding is wide and seldom made: code that makes
// them is not copied into all who do.
//
//go:noinline
func Errorf(pos Pos, code, format string, args ...any) Finding {
	return Finding{Severity: Error, Pos: pos, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Warnf returns a warning.
//
//go:noinline
func Warnf(pos Pos, code, format string, args ...any) Finding {
	return Finding{Severity: Warning, Pos: pos, Code: code, Message: fmt.Sprintf(format, args...)}
}

// WithHint returns f with a hint on how to mend it.
//
//go:noinline
func (f Finding) WithHint(format string, args ...any) Finding {
	f.Hint = fmt.Sprintf(format, args...)
	return f
}

// List is an error made of findings.
type List []Finding

// Error formats every finding on a line of its own.
func (l List) Error() string {
	s := ""
	for i, f := range l {
		if i > 0 {
			s += "\n"
		}
		s += f.Error()
	}
	return s
}

// Errors tells whether l holds an error, and not warnings alone.
func (l List) Errors() bool {
	return slices.ContainsFunc(l, func(f Finding) bool { return f.Severity == Error })
}

// Sort orders l by file, line and column, and drops findings that say the same
// of the same place.
func (l *List) Sort() {
	order.Stable(*l, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col), cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Message, b.Message))
	})
	*l = slices.Compact(*l)
}

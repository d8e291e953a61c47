package sources

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// Class tells why a source gave no answer, and so what helps.
type Class string

// Classes of errors. An error of no class, such as a disk that cannot be read, is
// not known to pass by itself.
const (
	Refused   Class = "refused"   // what was read cannot be used: somebody has to mend it
	Auth      Class = "auth"      // whoever asks is not known, or not allowed to
	Throttled Class = "throttled" // asked too often; Error.Until says when to ask again
	Temporary Class = "temporary" // may pass by itself: asking again may help
	Cancelled Class = "cancelled" // the caller gave up
	Cannot    Class = "cannot"    // there is no answer to such a request, whenever it is asked
)

// Error is an error of a known class.
type Error struct {
	Class Class
	Until time.Time // Throttled: asking is of no use before; zero: not known
	Err   error
}

// Error says what happened, in the words of e.Err.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// ClassOf returns the class of an error that Fetch returned or an Answer holds, ""
// if it has none. A diag.List is refused input, whoever made it.
func ClassOf(err error) Class {
	var classed *Error
	var list diag.List
	switch {
	case errors.As(err, &classed):
		return classed.Class
	case errors.As(err, &list):
		return Refused
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Cancelled
	}
	return ""
}

// Done returns why ctx ended the work, nil while it goes on.
func Done(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return &Error{Class: Cancelled, Err: context.Cause(ctx)}
}

// Explain says to a person why s gave no answer, and what helps. Refused input
// speaks for itself.
func Explain(s *spec.Source, err error) diag.List {
	var list diag.List
	if errors.As(err, &list) {
		return list
	}
	class := ClassOf(err)
	f := diag.Errorf(s.Block.Pos, "source/failed", "source %q: %v", s.Name, err)
	switch class {
	case Auth:
		f = f.WithHint("are the credentials that the source names right, and may they read this?")
	case Throttled:
		f = f.WithHint("%s", patience(err))
	case Temporary:
		f = f.WithHint("this may pass: run it again")
	case Cannot:
	default:
		return diag.List{f}
	}
	f.Code = fmt.Sprintf("source/%s", class)
	return diag.List{f}
}

// patience says when a throttled source may be asked again.
func patience(err error) string {
	var classed *Error
	if errors.As(err, &classed) && !classed.Until.IsZero() {
		return "ask again after " + classed.Until.UTC().Format(time.RFC3339)
	}
	return "ask again later, or less often"
}

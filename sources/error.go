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
	cause := context.Cause(ctx)
	var classed *Error
	if errors.As(cause, &classed) {
		return classed
	}
	return &Error{Class: Cancelled, Err: cause}
}

// OneOf returns a context for one of n works that come one after the other, the others later:
// Share gives their questions an n-th of what it gives else.
func OneOf(ctx context.Context, n int) context.Context { return context.WithValue(ctx, works{}, n) }

// works is the key of how many works have to share the time of a context.
type works struct{}

// Share returns a context for one of several questions, none of which may use up the time
// of all: it ends when a part of what is left of ctx is over, numerator/denominator of it,
// with an error of class Temporary. Where ctx has no end it has none either.
func Share(ctx context.Context, numerator, denominator int64) (context.Context, context.CancelFunc) {
	end, limited := ctx.Deadline()
	if !limited {
		return context.WithCancel(ctx)
	}
	part := time.Until(end) * time.Duration(numerator) / time.Duration(denominator)
	if n, _ := ctx.Value(works{}).(int); n > 1 {
		part /= time.Duration(n)
	}
	return context.WithTimeoutCause(ctx, part, &Error{Class: Temporary,
		Err: fmt.Errorf("no answer within %s, its share of the time", rounded(part))})
}

// rounded leaves out the digits of a length of time that say nothing.
func rounded(d time.Duration) time.Duration {
	switch {
	case d > 10*time.Second:
		return d.Round(time.Second)
	case d > time.Second:
		return d.Round(time.Second / 10)
	}
	return max(d.Round(time.Millisecond), 0)
}

// Waits tells whether ctx goes on for longer than d, so that it makes sense to wait.
func Waits(ctx context.Context, d time.Duration) bool {
	end, limited := ctx.Deadline()
	return ctx.Err() == nil && (!limited || time.Until(end) > d)
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

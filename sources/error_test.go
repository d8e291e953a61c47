package sources

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

func TestClassOf(t *testing.T) {
	gone, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("no answer within 1s, the --timeout"))
	for _, c := range []struct {
		name string
		err  error
		want Class
	}{
		{"nothing", nil, ""},
		{"a disk", io.ErrUnexpectedEOF, ""},
		{"input", diag.List{diag.Errorf(diag.Pos{}, "csv/count", "no")}, Refused},
		{"input, wrapped", fmt.Errorf("a.csv: %w", diag.List{diag.Errorf(diag.Pos{}, "csv/count", "no")}), Refused},
		{"a class", &Error{Class: Auth, Err: errors.New("no")}, Auth},
		{"a class, wrapped", fmt.Errorf("query: %w", &Error{Class: Temporary, Err: errors.New("no")}), Temporary},
		{"a class of a deadline of its own", &Error{Class: Temporary, Err: context.DeadlineExceeded}, Temporary},
		{"the caller's deadline", context.DeadlineExceeded, Cancelled},
		{"interrupted", context.Canceled, Cancelled},
		{"a cause of the caller's", Done(gone), Cancelled},
	} {
		if got := ClassOf(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDone(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	if err := Done(ctx); err != nil {
		t.Errorf("got %v before the end", err)
	}
	cause := errors.New("time is up")
	cancel(cause)
	if err := Done(ctx); !errors.Is(err, cause) || err.Error() != "time is up" {
		t.Errorf("got %v, want the cause", err)
	}
}

func TestExplain(t *testing.T) {
	at := time.Date(2026, 10, 1, 12, 0, 30, 0, time.FixedZone("", 3600))
	s := &spec.Source{Name: "prom", Block: spec.Block{Value: spec.Value{Pos: diag.Pos{File: "slo.yaml", Line: 4, Col: 9}}}}
	says := func(class Class) error { return &Error{Class: class, Err: errors.New("says no")} }
	refused := diag.Errorf(diag.Pos{File: "a.csv", Line: 7}, "csv/count", "no count")
	for _, c := range []struct {
		err        error
		code, hint string
	}{
		{errors.New("says no"), "source/failed", ""},
		{says(Cancelled), "source/failed", ""},
		{says(Cannot), "source/cannot", ""},
		{says(Auth), "source/auth", "are the credentials that the source names right, and may they read this?"},
		{says(Temporary), "source/temporary", "this may pass: run it again"},
		{says(Throttled), "source/throttled", "ask again later, or less often"},
		{fmt.Errorf("says no%w", &Error{Class: Throttled, Until: at, Err: errors.New("")}), "source/throttled", "ask again after 2026-10-01T11:00:30Z"},
	} {
		want := diag.Errorf(s.Block.Pos, c.code, `source "prom": says no`)
		want.Hint = c.hint
		if got := Explain(s, c.err); len(got) != 1 || got[0] != want {
			t.Errorf("%v: got %+v, want %+v", c.err, got, want)
		}
	}
	if got := Explain(s, diag.List{refused, refused}); len(got) != 2 || got[0] != refused {
		t.Errorf("refused input: got %+v, want it as it is", got)
	}
}

func TestStdinIsReadOnce(t *testing.T) {
	if NewStdin(nil) != nil {
		t.Error("nothing to read is a standard input")
	}
	s := NewStdin(strings.NewReader("text"))
	r, err := s.Open(t.Context())
	if text, _ := io.ReadAll(r); string(text) != "text" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	if _, err := s.Open(t.Context()); ClassOf(err) != Cannot {
		t.Errorf("a second reader gets %v", err)
	}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// How long a command may go on once it was told to end. What waits for a pipe, or sums up
// what nobody expected, never hears of it; the process ends in its place.
const (
	graceTimeout = 600 * time.Millisecond // to write what was answered
	graceSignal  = 400 * time.Millisecond // to take temporary files away
	graceMessage = 100 * time.Millisecond // to say why, where nobody reads stderr
)

// interruptible returns a context that the first SIGINT or SIGTERM cancels, with the error
// that the command ends with as its cause. The second ends the process at once.
func interruptible() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		first := <-signals
		signal.Stop(signals)
		cancel(interruption(first))
	}()
	return ctx
}

func interruption(s os.Signal) error {
	if s == syscall.SIGTERM {
		return exitError{exitTerminated, errors.New("terminated")}
	}
	return exitError{exitInterrupted, errors.New("interrupted")}
}

// within runs a command until ctx is done, for at most timeout unless that is 0, and
// returns the exit code.
//
// Note: a read that waits for a pipe cannot be called off, so the command's goroutine may
// outlive the call by as long as the process needs to exit.
func (a *app) within(ctx context.Context, timeout time.Duration, command func(context.Context) error) int {
	limited := ctx
	if timeout > 0 {
		late := exitError{exitUncertain, fmt.Errorf("no answer within %s, the --timeout", timeout)}
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeoutCause(ctx, timeout, late)
		defer cancel()
	}
	stderr, done := a.stderr, make(chan conclusion, 1)
	a.stderr = diag.NewScreen(stderr, diag.Text, a.color)
	go func() { done <- attempt(limited, command) }()
	err, ended := conclusionOf(limited, done)
	switch {
	case ctx.Err() != nil:
		err = ending(context.Cause(ctx))
	case !ended:
		err = ending(context.Cause(limited))
	}
	if ended {
		return a.fail(err)
	}
	return lastWords(stderr, err)
}

// conclusion is what a command ended with.
type conclusion struct {
	err error
	bug string // the panic that it ended in
}

// attempt runs a command. A bug in it is one of the program, which the caller's goroutine
// ends in.
func attempt(ctx context.Context, command func(context.Context) error) (o conclusion) {
	defer func() {
		if r := recover(); r != nil {
			o.bug = fmt.Sprintf("%v\n\n%s", r, debug.Stack())
		}
	}()
	return conclusion{err: command(ctx)}
}

// end returns the error of a command that ended.
func (o conclusion) end() error {
	if o.bug != "" {
		panic(o.bug)
	}
	return o.err
}

// conclusionOf returns what a command ended with, and false if it did not end soon after ctx
// was done.
func conclusionOf(ctx context.Context, done <-chan conclusion) (err error, ended bool) {
	select {
	case o := <-done:
		return o.end(), true
	case <-ctx.Done():
	}
	grace := graceTimeout
	if errors.Is(ctx.Err(), context.Canceled) {
		grace = graceSignal
	}
	select {
	case o := <-done:
		return o.end(), true
	case <-time.After(grace):
		return nil, false
	}
}

// ending returns the error that a command ends with which was told to end.
func ending(cause error) error {
	if errors.As(cause, new(exitError)) {
		return cause
	}
	return exitError{exitUncertain, errors.New("interrupted")}
}

// lastWords says why the process ends, which the command may be writing to stderr as well,
// and returns the exit code.
func lastWords(stderr io.Writer, err error) int {
	said := make(chan int, 1)
	go func() { said <- (&app{stderr: diag.NewScreen(stderr, diag.Text, false)}).fail(err) }()
	select {
	case code := <-said:
		return code
	case <-time.After(graceMessage):
	}
	var exit exitError
	errors.As(err, &exit)
	return exit.code
}

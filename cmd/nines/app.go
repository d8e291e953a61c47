package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/cmd/nines/slip"
	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
)

// Exit codes.
const (
	exitAnswered  = 0 // the question was answered
	exitFindings  = 1 // validate: a file is wrong; gate: closed; --exit-code: an objective is missed
	exitUsage     = 2 // usage, or a file is wrong for any other command
	exitUncertain = 3 // a source failed; --timeout; gate: cannot tell; --exit-code: no data, and nothing missed

	exitInterrupted = 130 // SIGINT, as shells have it: 128 and the number of the signal
	exitTerminated  = 143 // SIGTERM
)

// app is the world around a command.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	terminal       bool                 // stdout is one
	color          bool                 // of what is written to stderr
	kinds          []sources.Kind       // of sources that files may name
	places         []notify.Kind        // of destinations that files may name
	http           *transport.Transport // for whoever asks or tells over the network

	root      *paths.Root // below which files are read, nil for anywhere; load sets it
	hosts     hosts.List  // that secrets may go to; load sets it
	lenient   bool        // rules of other tools' formats may be broken; load sets it
	keep      bool        // load keeps what it reads, for convert
	untrusted bool        // SLO files reach neither the network nor the environment; load sets it
}

// load reads SLO files, in any format, and says on stderr which files of directories
// it left to other tools, unless quiet. What they may reach is settled by that.
func (a *app) load(f files, quiet bool) (*spec.Set, diag.List, error) {
	args, err := f.paths()
	if err != nil {
		return nil, nil, err
	}
	if a.root, err = f.Confine.root(args); err != nil {
		return nil, nil, err
	}
	if a.hosts, err = f.Confine.hosts(a.getenv); err != nil {
		return nil, nil, err
	}
	a.untrusted, a.lenient = f.Confine.Untrusted, f.Lenient
	known := a.known()
	if f.Source != "" {
		if known.Given, err = spec.ParseGiven(f.Source, known.Sources); err != nil {
			return nil, nil, usagef("%w", err)
		}
	}
	set, findings := spec.Load(a.root, args, known)
	slip.Lead(findings, args)
	if !quiet {
		a.tellSkipped("file", set.Skipped)
		a.tellSkipped("document", set.Others)
	}
	return set, findings, nil
}

// known is what SLO files may name.
func (a *app) known() spec.Known {
	return spec.Known{Formats: formats.Formats(a.lenient), Sources: sources.Specs(a.kinds), Destinations: notify.Specs(a.places),
		Stdin: a.stdin, Keep: a.keep}
}

// maxNamed is how many files or documents of other tools are named in a line.
const maxNamed = 5

// tellSkipped says which files, or documents, are not read.
func (a *app) tellSkipped(what string, all []string) {
	if len(all) == 0 {
		return
	}
	named, more := all, ""
	if len(named) > maxNamed {
		named, more = named[:maxNamed], ", …"
	}
	list := diag.Escape(strings.Join(named, ", "))
	fmt.Fprintf(a.stderr, "skipped %s of other tools: %s%s\n", plural(len(all), what), list, more)
}

// colored tells whether stdout gets colours, as --color says.
func (a *app) colored(when string) bool {
	return when == "always" || when == "auto" && a.terminal && a.getenv("NO_COLOR") == ""
}

// say is stdout for text that is no form of a model.
func (a *app) say() *diag.Screen { return diag.NewScreen(a.stdout, diag.Text, false) }

// sayJSON writes v to stdout.
func (a *app) sayJSON(v any) error {
	e := json.NewEncoder(diag.NewScreen(a.stdout, diag.JSON, false))
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// tell prints findings on stderr.
func (a *app) tell(findings diag.List) {
	shown := slices.Clone(findings)
	for i, f := range shown {
		shown[i].Pos.File = slip.Discreet(f.Pos.File)
		shown[i].Message, shown[i].Hint = slip.Discreet(f.Message), slip.Discreet(f.Hint)
	}
	diag.Render(a.stderr, shown, a.color)
}

// complain prints an error on stderr, a line each if it is of several, and its hint on one
// of its own. Line ends in the words of others are no line ends.
func (a *app) complain(err error) {
	each := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		each = joined.Unwrap()
	}
	for i, one := range each {
		text, before, hint := one.Error(), "nines: ", ""
		if at := strings.LastIndex(text, "\nhint: "); at >= 0 {
			text, hint = text[:at], text[at:]
		}
		if i > 0 {
			before = ""
		}
		fmt.Fprintf(a.stderr, "%s%s\n", before, diag.Escape(slip.Discreet(text)))
		if hint != "" {
			fmt.Fprintf(a.stderr, "%s\n", diag.Escape(slip.Discreet(hint[1:])))
		}
	}
}

// exitError ends a command with a code; without an error nothing is printed.
type exitError struct {
	code int
	err  error
}

// Error returns what is printed.
func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

// Unwrap returns the error, nil if there is none.
func (e exitError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

// fail prints err and returns the exit code it stands for.
func (a *app) fail(err error) int {
	if err == nil {
		return exitAnswered
	}
	var findings diag.List
	var exit exitError
	if several, joined := err.(interface{ Unwrap() []error }); joined && errors.As(err, &findings) {
		code := exitAnswered
		for _, one := range several.Unwrap() { // each has findings of its own
			code = cmp.Or(code, a.fail(one))
		}
		return code
	}
	switch {
	case errors.As(err, &exit) && exit.err == nil:
		return exit.code
	case errors.As(err, &findings):
		a.tell(findings)
	default:
		a.complain(err)
	}
	if exit.code != 0 {
		return exit.code
	}
	return exitUsage
}

// boundMemory has no garbage collected in the first 32 MB, which most commands do not fill, seldom
// up to 172 MB, and more often from there on, or from GOMEMLIMIT where that is set.
func boundMemory() {
	most := debug.SetMemoryLimit(-1)
	if most == math.MaxInt64 {
		most = 172 << 20
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(min(most, 32<<20))
	first := new(*byte) // what has no pointer may share its place with what stays
	runtime.AddCleanup(first, func(int) {
		debug.SetMemoryLimit(most)
		debug.SetGCPercent(200)
	}, 0)
}

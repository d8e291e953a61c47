package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/slo/diag"
)

// Exit codes.
const (
	exitAnswered  = 0 // the question was answered
	exitFindings  = 1 // validate: a file is wrong; gate: closed; --exit-code: an objective is missed
	exitUsage     = 2 // usage, or a file is wrong for any other command
	exitUncertain = 3 // a source failed or refused its input; gate: cannot tell; --exit-code: no data, and nothing missed
)

// app is the world around a command.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
	http           *transport.Transport // for whoever asks or tells over the network
	terminal       bool                 // stdout is one
	color          bool                 // of what is written to stderr
}

// cli is the command line. Each command is a struct with a Run method that
// returns nil, an exitError, or findings.
type cli struct {
	Status     statusCmd     `cmd:"" help:"Show the error budget of every objective."`
	Report     reportCmd     `cmd:"" help:"Write the report of a period as HTML and Excel."`
	Alerts     alertsCmd     `cmd:"" help:"Show which burn-rate alerts fire."`
	Gate       gateCmd       `cmd:"" help:"Decide whether a release may go out."`
	Backtest   backtestCmd   `cmd:"" help:"Show what alert policies would have done over history."`
	Suggest    suggestCmd    `cmd:"" help:"Tell which targets history would have met."`
	Explain    explainCmd    `cmd:"" help:"Show step by step how one objective's figures came about."`
	Validate   validateCmd   `cmd:"" help:"Find everything that is wrong in SLO files, without reading any data."`
	Init       initCmd       `cmd:"" help:"Write a commented starter file."`
	Schema     schemaCmd     `cmd:"" help:"Print the JSON Schema of SLO files, for editors."`
	Completion completionCmd `cmd:"" help:"Print a completion script for a shell."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// exitError ends a command with a code; without an error nothing is printed.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// exited is how kong's help ends a command.
type exited int

// run executes the command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) (code int) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exited:
			code = int(r)
		default:
			panic(r)
		}
	}()
	var c cli
	parser, err := newParser(&c, a)
	if err != nil {
		panic(err) // the cli struct is wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if err != nil {
		return a.fail(exitError{exitUsage, fmt.Errorf("%w\nhint: run nines --help, or nines COMMAND --help", err)})
	}
	k.BindTo(ctx, (*context.Context)(nil))
	return a.fail(k.Run(a))
}

func newParser(c *cli, a *app) (*kong.Kong, error) {
	return kong.New(c, kong.Name("nines"), kong.Writers(a.stdout, a.stderr), kong.Exit(func(code int) { panic(exited(code)) }),
		kong.Description("Service level objectives: budgets, verdicts and reports from the counts you have."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Help(help))
}

// colored tells whether stdout gets colours, as --color says.
func (a *app) colored(when string) bool {
	return when == "always" || when == "auto" && a.terminal && a.getenv("NO_COLOR") == ""
}

// fail prints err and returns the exit code it stands for.
func (a *app) fail(err error) int {
	if err == nil {
		return exitAnswered
	}
	var findings diag.List
	var exit exitError
	switch {
	case errors.As(err, &exit) && exit.err == nil:
		return exit.code
	case errors.As(err, &findings):
		diag.Render(a.stderr, findings, a.color)
	default:
		fmt.Fprintf(a.stderr, "nines: %v\n", err)
	}
	if exit.code != 0 {
		return exit.code
	}
	return exitUsage
}

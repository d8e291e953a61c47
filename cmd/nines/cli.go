package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/cmd/nines/slip"
	"github.com/nines-slo/nines/slo/diag"
)

// command is one of the command line: a struct of flags with a Run method that returns nil,
// an exitError, or findings.
type command struct {
	name, help string
	flags      any
}

func commands() []command {
	return []command{
		{"status", "Show the error budget of every objective.", &statusCmd{}},
		{"report", "Write the report of a period as HTML and Excel.", &reportCmd{}},
		{"alerts", "Show which burn-rate alerts fire.", &alertsCmd{}},
		{"gate", "Decide whether a release may go out.", &gateCmd{}},
		{"summary", "Tell what people have to know of a week, and send it.", &summaryCmd{}},
		{"backtest", "Show what alert policies would have done over history.", &backtestCmd{}},
		{"suggest", "Tell which targets history would have met.", &suggestCmd{}},
		{"explain", "Show step by step how one objective's figures came about.", &explainCmd{}},
		{"rules", "Write Prometheus rules: recordings and alerts of every objective that Prometheus counts.", &rulesCmd{}},
		{"validate", "Find everything that is wrong in SLO files, without reading any data unless --online asks their sources.", &validateCmd{}},
		{"convert", "Write SLO files of other tools in the native format, or any as OpenSLO.", &convertCmd{}},
		{"init", "Write a commented starter file.", &initCmd{}},
		{"schema", "Print the JSON Schema of SLO files, for editors.", &schemaCmd{}},
		{"completion", "Print a completion script for a shell.", &completionCmd{}},
		{"version", "Print the version.", &versionCmd{}},
	}
}

// common are the flags of every command.
type common struct {
	Timeout *time.Duration `placeholder:"DURATION" help:"End after this long: what was read by then is answered, and the exit status is 3."`
}

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
	stderr := a.stderr
	a.stderr = diag.NewScreen(stderr, diag.Text, a.color)
	var c common
	k, err := a.parse(&c, slip.Meant(args))
	if err != nil {
		return a.fail(misused(err, args))
	}
	if err := notEmpty(k.Path, args); err != nil {
		return a.fail(err)
	}
	timeout := time.Duration(0)
	if c.Timeout != nil {
		if timeout = *c.Timeout; timeout <= 0 {
			return a.fail(usagef("--timeout %s leaves no time\nhint: without it there is no limit", timeout))
		}
	}
	a.stderr = stderr
	return a.within(ctx, timeout, func(ctx context.Context) error {
		k.BindTo(ctx, (*context.Context)(nil))
		return k.Run(a)
	})
}

// notEmpty refuses flags whose value says nothing, as of a variable that is not set: what
// they ask for would not happen. What names a file or a folder is no address, which is not
// shown, since it may hold a secret.
func notEmpty(path []*kong.Path, args []string) error {
	for _, p := range path {
		if p.Flag == nil || p.Flag.IsBool() {
			continue
		}
		name := "--" + p.Flag.Name
		for i, arg := range args {
			if arg == name+"=" || arg == name && i+1 < len(args) && args[i+1] == "" {
				return usagef("%s is empty\nhint: a variable of the shell may not be set; "+
					"leave the flag out for its default", name)
			}
		}
		place := p.Flag.PlaceHolder == "FILE" || p.Flag.PlaceHolder == "DIR"
		if place && p.Flag.Target.Kind() == reflect.String && strings.Contains(p.Flag.Target.String(), "://") {
			return usagef("%s is an address: it names a file or a folder", name)
		}
	}
	return nil
}

// parse reads the command line. To make the parser of all commands takes longer than many
// an answer: where the first argument is a command, the parser of that one is asked first,
// and the whole one has to say what is wrong.
func (a *app) parse(c *common, args []string) (*kong.Context, error) {
	all := commands()
	named := slices.IndexFunc(all, func(each command) bool { return len(args) > 0 && each.name == args[0] })
	if named >= 0 {
		if k, err := newParser(c, all[named:named+1], a).Parse(args); err == nil {
			return k, nil
		}
	}
	return newParser(c, commands(), a).Parse(args)
}

// newParser returns the parser of some commands.
func newParser(c *common, all []command, a *app) *kong.Kong {
	options := []kong.Option{
		kong.Name("nines"),
		kong.Description("Service level objectives: budgets, verdicts and reports from the counts you have."),
		kong.Writers(a.say(), a.stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Help(help),
		outputs().vars(),
		confiningVars(),
		languageVars(),
	}
	for _, each := range all {
		options = append(options, kong.DynamicCommand(each.name, each.help, "", each.flags))
	}
	return kong.Must(c, options...) // which panics if a struct of flags is wrong
}

// misused returns the usage error for a command line that does not parse, with what
// could stand there.
func misused(err error, args []string) error {
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) {
		return usagef("%w\nhint: run nines --help", err)
	}
	line := slip.Line{Said: err.Error(), Args: args, Commands: describe(wrong.Context.Model)}
	if node := wrong.Context.Selected(); node != nil {
		line.Command = node.Name
	}
	return usagef("%s", line.Misused())
}

// exitHelp says what the exit codes mean.
const exitHelp = `Exit status: 0 answered; 1 findings; 2 usage, or a file is wrong; 3 cannot tell, or --timeout; 130 SIGINT; 143 SIGTERM.`

// help prints kong's help, then examples.
func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	out := ctx.Stdout
	if node := ctx.Selected(); node != nil {
		fmt.Fprintf(out, "\nExamples:\n  %s\n", strings.Join(slip.Examples(node.Name), "\n  "))
	}
	_, err := fmt.Fprintf(out, "\n%s\n", exitHelp)
	return err
}

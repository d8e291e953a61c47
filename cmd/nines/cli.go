package main

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/slo/diag"
)

// cli is the command line. Each command is a struct with a Run method that
// returns nil, an exitError, or findings.
type cli struct {
	Status     statusCmd     `cmd:"" help:"Show the error budget of every objective."`
	Report     reportCmd     `cmd:"" help:"Write the report of a period as HTML and Excel."`
	Alerts     alertsCmd     `cmd:"" help:"Show which burn-rate alerts fire."`
	Gate       gateCmd       `cmd:"" help:"Decide whether a release may go out."`
	Summary    summaryCmd    `cmd:"" help:"Tell what people have to know of a week, and send it."`
	Backtest   backtestCmd   `cmd:"" help:"Show what alert policies would have done over history."`
	Suggest    suggestCmd    `cmd:"" help:"Tell which targets history would have met."`
	Explain    explainCmd    `cmd:"" help:"Show step by step how one objective's figures came about."`
	Validate   validateCmd   `cmd:"" help:"Find everything that is wrong in SLO files, without reading any data."`
	Init       initCmd       `cmd:"" help:"Write a commented starter file."`
	Schema     schemaCmd     `cmd:"" help:"Print the JSON Schema of SLO files, for editors."`
	Completion completionCmd `cmd:"" help:"Print a completion script for a shell."`
	Version    versionCmd    `cmd:"" help:"Print the version."`

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
	var c cli
	parser, err := newParser(&c, a)
	if err != nil {
		panic(err) // the cli struct is wrong
	}
	k, err := parser.Parse(meant(args))
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
				return usagef("%s is empty\nhint: a variable of the shell may not be set; leave the flag out for its default", name)
			}
		}
		place := p.Flag.PlaceHolder == "FILE" || p.Flag.PlaceHolder == "DIR"
		if place && p.Flag.Target.Kind() == reflect.String && strings.Contains(p.Flag.Target.String(), "://") {
			return usagef("%s is an address: it names a file or a folder", name)
		}
	}
	return nil
}

// meant returns the command line for what people type out of habit.
func meant(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(append([]string{}, args[1:]...), "--help")
	case args[0] == "--version":
		return []string{"version"}
	}
	return args
}

// misused returns the usage error for a command line that does not parse, with what
// could stand there.
func misused(err error, args []string) error {
	var wrong *kong.ParseError
	if !errors.As(err, &wrong) {
		return usagef("%w\nhint: run nines --help", err)
	}
	text, node := strings.Replace(err.Error(), ` one of "",`, " one of ", 1), wrong.Context.Selected()
	if node != nil && node.Name == "init" && strings.HasPrefix(text, "unexpected argument") && slices.Contains(args, "--from-log") {
		return usagef("%s\nhint: to read several logs, quote the pattern: --from-log 'logs/*.gz'", text)
	}
	if typed := habit(wrong.Context.Model.Node, node, args); typed != "" {
		text, _, _ = strings.Cut(text, ", did you mean")
		return usagef("%s\nhint: %s", text, typed)
	}
	text, _, _ = strings.Cut(text, "; perhaps try")
	if node == nil {
		return usagef("%s\nhint: run nines --help; there are %s", text, commandNames(wrong.Context.Model.Node))
	}
	hint := "run nines " + node.Name + " --help"
	switch {
	case strings.HasPrefix(text, "unknown flag"):
		hint += "; there are " + flagNames(node)
	case strings.HasSuffix(text, `but got "EOL" (<EOL>)`), strings.Contains(text, ": missing value, expecting"):
		flag, _, _ := strings.Cut(text, ":")
		text = flag + " needs a value" + choices(node, flag)
	default:
		hint += "; for example: " + strings.Join(examples(node.Name), "; ")
	}
	return usagef("%s\nhint: %s", text, hint)
}

// habit returns what to type for what other programs take, and this one does otherwise; ""
// if it is nothing known. node is the command, nil without one.
func habit(root, node *kong.Node, args []string) string {
	command := ""
	if node != nil {
		command = node.Name
	}
	for _, arg := range args {
		name, _, _ := strings.Cut(arg, "=")
		switch {
		case command == "" && name == "-v":
			return "nines --version prints the version"
		case (command == "" || command == "init") && strings.TrimLeft(name, "-") == "demo":
			return "type nines init --template demo"
		case command == "report" && slices.Contains([]string{"-o", "--output", "--format"}, name):
			return "report writes files: --json FILE, --markdown FILE, --html FILE, --excel FILE; - is stdout"
		case command != "" && command != "report" && name == "--json":
			return "type -o json"
		case command != "" && name == "--format":
			return "type -o, as in -o json"
		}
	}
	isCommand := func(c *kong.Node) bool { return slices.Contains(args, c.Name) }
	if command == "" && strings.HasPrefix(args[0], "-") && slices.ContainsFunc(root.Children, isCommand) {
		return "flags stand behind the command, as in nines status --at yesterday"
	}
	return ""
}

func commandNames(root *kong.Node) string {
	var names []string
	for _, c := range root.Children {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

func flagNames(command *kong.Node) string {
	var names []string
	for _, f := range command.Flags {
		names = append(names, "--"+f.Name)
	}
	return strings.Join(names, ", ")
}

// choices returns what may be a flag's value, "" for anything.
func choices(node *kong.Node, flag string) string {
	for _, f := range node.Flags {
		if "--"+f.Name != flag {
			continue
		}
		if names := values(f.Value); len(names) > 0 {
			return ": " + strings.Join(names, ", ")
		}
		return ", " + flag + " " + f.FormatPlaceHolder()
	}
	return ""
}

func newParser(c *cli, a *app) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("nines"),
		kong.Description("Service level objectives: budgets, verdicts and reports from the counts you have."),
		kong.Writers(a.say(), a.stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Help(help),
		outputs().vars(),
		languageVars())
}

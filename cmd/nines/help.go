package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// examples returns the uses shown under a command's help.
func examples(command string) []string {
	return map[string][]string{
		"status": {
			"nines status",
			"nines status slos/ -o json --at yesterday",
			"nines status --only checkout --exit-code",
		},
		"report": {
			"nines report examples/shop",
			"nines report slos/ --period 2026-10 --out october",
			"nines report --html report.html --lang ja",
		},
		"alerts": {
			"nines alerts",
			"nines alerts --exit-code --only checkout",
			"nines alerts -o json --at 2026-05-05T06:10:00Z",
			"nines alerts -q --alertmanager http://alertmanager:9093",
			"nines alerts -q --notify",
		},
		"summary": {
			"nines summary",
			"nines summary slos/ --to chat --to mail --only-changes",
			"nines summary --period 2026-W47 --split owner --to chat --dry-run",
			"nines summary --sent",
		},
		"gate": {
			"nines gate",
			"nines gate slos/ --only checkout",
			"nines gate -o json > gate.json",
		},
		"backtest": {
			"nines backtest --from 2026-10-01 --to 2026-10-31",
			"nines backtest --incidents incidents.csv --compare fast,default",
		},
		"suggest": {
			"nines suggest",
			"nines suggest --only checkout --from 2026-05-01 -o json",
		},
		"explain": {
			"nines explain checkout/availability",
			"nines explain availability --series 1h -o csv > counts.csv",
		},
		"validate": {"nines validate", "nines validate 'slos/*.yaml' -o json"},
		"init": {
			"nines init",
			"nines init --template demo",
			"nines init --template table",
			"nines init --from-log access.log.gz",
		},
		"schema":     {"nines schema > nines.schema.json"},
		"completion": {"nines completion bash > /etc/bash_completion.d/nines"},
		"version":    {"nines version"},
	}[command]
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
		fmt.Fprintf(out, "\nExamples:\n  %s\n", strings.Join(examples(node.Name), "\n  "))
	}
	_, err := fmt.Fprintf(out, "\n%s\n", exitHelp)
	return err
}

package main

import (
	"fmt"

	"github.com/nines-slo/nines/cmd/nines/reach"
	"github.com/nines-slo/nines/slo/diag"
)

// validateCmd finds everything wrong in SLO files, and lists where secrets go. It opens no
// connection, and reads nothing but the SLO files.
type validateCmd struct {
	Files  files  `embed:""`
	Output string `short:"o" enum:"text,json" default:"text" help:"text or json."`
	Quiet  bool   `short:"q" help:"Print findings only."`
}

// Run executes the command.
func (c *validateCmd) Run(a *app) error {
	set, findings, err := a.load(c.Files, c.Quiet)
	if err != nil {
		return err
	}
	var secrets reach.Secrets
	if !findings.Errors() {
		findings = append(findings, set.Idle()...)
		for _, e := range reach.Of(set, a.known()) {
			findings = append(findings, e.Refused(a.hosts)...)
			secrets = append(secrets, e.Secrets(a.hosts)...)
		}
		findings.Sort()
	}
	if c.Quiet {
		secrets = nil
	}
	switch {
	case c.Output == "json":
		if err := a.sayJSON(secrets.Behind(findings)); err != nil {
			return err
		}
	default:
		diag.Render(a.say(), findings, false)
		if !findings.Errors() && !c.Quiet {
			files, objectives := plural(len(set.Files), "file"), plural(len(set.Objectives), "objective")
			fmt.Fprintf(a.say(), "%s, %s: %s\n", files, objectives, outcome(findings))
		}
		if err := secrets.List(a.say(), a.hosts != nil); err != nil {
			return err
		}
	}
	if findings.Errors() {
		return exitError{code: exitFindings}
	}
	return nil
}

// outcome sums up findings of which none is an error.
func outcome(warnings diag.List) string {
	if len(warnings) == 0 {
		return "nothing is wrong"
	}
	return plural(len(warnings), "warning")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

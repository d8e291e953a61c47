package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/rules"
	"github.com/nines-slo/nines/sources/prometheus/rules/unit"
)

// rulesCmd writes Prometheus rules. It reads the SLO files and nothing else.
type rulesCmd struct {
	Files  files    `embed:""`
	Choose choosing `embed:""`
	Out    string   `placeholder:"FILE" help:"Write the rules here; - is stdout. Default: stdout."`
	Tests  string   `enum:",2,3" default:"" placeholder:"VERSION" help:"With --out rules.yaml: also write rules_test.yaml beside it, which promtool of Prometheus 2 or 3 runs. Alerts have to fire and clear in it when backtest --prometheus-semantics says."`
	Quiet  bool     `short:"q" help:"No warnings and notes."`
}

// Run executes the command.
func (c *rulesCmd) Run(a *app) error {
	set, err := reading{Files: c.Files, Quiet: true}.load(a)
	if err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	if c.Tests != "" && (c.Out == "" || replace.Stdout(c.Out)) {
		return usagef("--tests is for --out, a file of rules\nhint: add --out rules.yaml")
	}
	made := &ruling{maker: rules.NewMaker(set.Objectives)}
	if err := c.write(a, set, c.Out, func(w io.Writer) error { return made.file(w, chosen.Objectives) }); err != nil {
		return err
	}
	if c.Tests != "" {
		file := strings.TrimSuffix(c.Out, filepath.Ext(c.Out)) + "_test.yaml"
		if err := c.write(a, set, file, func(w io.Writer) error { return c.tests(w, made) }); err != nil {
			return err
		}
	}
	return made.tell(a, set, c.Quiet)
}

// write has a file written, stdout if it has no name.
func (c *rulesCmd) write(a *app, set *spec.Set, file string, write func(io.Writer) error) error {
	if file == "" || replace.Stdout(file) {
		return write(a.stdout)
	}
	if err := keeps(set, file); err != nil {
		return err
	}
	return replace.Write(file, write)
}

// tests writes the tests of all rules that were made.
func (c *rulesCmd) tests(w io.Writer, made *ruling) error {
	semantics := map[string]burn.Semantics{"2": burn.Prometheus2, "3": burn.Prometheus3}[c.Tests]
	f := unit.NewFile(w, filepath.Base(c.Out))
	for _, o := range made.made {
		test, err := unit.Outage(made.maker, o, semantics)
		if err != nil {
			made.findings = append(made.findings, diag.Warnf(o.Pos, "rules/test", "no test for %s: %v", o.ID(), err))
			continue
		}
		f.Add(test)
	}
	return f.Close()
}

// ruling makes the rules of objectives, and keeps what there is to say of them.
type ruling struct {
	maker    *rules.Maker
	findings diag.List
	made     []spec.Objective
	others   int // objectives of other sources
}

// file writes one file with the rules of all that have some.
func (r *ruling) file(w io.Writer, all []spec.Objective) error {
	f := rules.NewFile(w)
	for _, o := range all {
		f.Add(r.of(o))
	}
	return f.Close()
}

// of returns the groups of an objective, none if it has none.
func (r *ruling) of(o spec.Objective) []rules.Group {
	for _, p := range o.Parts {
		if p.Source.Type != "prometheus" {
			r.others++
			r.findings = append(r.findings, diag.Warnf(o.Pos, "rules/source", "no rules for %s: its source is %s",
				o.ID(), p.Source.Type))
			return nil
		}
	}
	groups, findings := r.maker.Of(o)
	r.findings = append(r.findings, findings...)
	if !findings.Errors() {
		r.made = append(r.made, o)
	}
	return groups
}

// tell says what there is to know of the rules. Objectives that Prometheus counts and that
// have none, and files of which nothing came, are no answer.
func (r *ruling) tell(a *app, set *spec.Set, quiet bool) error {
	r.findings.Sort()
	set.Illustrate(r.findings)
	var shown diag.List
	for _, f := range r.findings {
		if !quiet || f.Severity == diag.Error {
			shown = append(shown, f)
		}
	}
	a.tell(shown)
	if r.others > 0 && !quiet {
		fmt.Fprintf(a.stderr, "%s of other sources, which have no rules\n", plural(r.others, "objective"))
	}
	if r.findings.Errors() || len(r.made) == 0 {
		return exitError{code: exitFindings}
	}
	return nil
}

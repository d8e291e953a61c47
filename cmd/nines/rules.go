package main

import (
	"fmt"
	"io"

	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

// rulesCmd writes Prometheus rules. It reads the SLO files and nothing else.
type rulesCmd struct {
	Files  files    `embed:""`
	Choose choosing `embed:""`
	Out    string   `placeholder:"FILE" help:"Write the rules here; - is stdout. Default: stdout."`
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
	made := &ruling{maker: rules.NewMaker(set.Objectives)}
	if err := c.write(a, set, func(w io.Writer) error { return made.file(w, chosen.Objectives) }); err != nil {
		return err
	}
	return made.tell(a, set, c.Quiet)
}

// write has the rules written to where the flags say.
func (c *rulesCmd) write(a *app, set *spec.Set, write func(io.Writer) error) error {
	if c.Out == "" || replace.Stdout(c.Out) {
		return write(a.stdout)
	}
	if err := keeps(set, c.Out); err != nil {
		return err
	}
	return replace.Write(c.Out, write)
}

// ruling makes the rules of objectives, and keeps what there is to say of them.
type ruling struct {
	maker    *rules.Maker
	findings diag.List
	made     int
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
		r.made++
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
	if r.findings.Errors() || r.made == 0 {
		return exitError{code: exitFindings}
	}
	return nil
}

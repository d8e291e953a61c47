package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/cmd/nines/online"
	"github.com/nines-slo/nines/cmd/nines/reach"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/recorded"
)

// validateCmd finds everything wrong in SLO files, and lists where secrets go. It opens no
// connection, and reads nothing but the SLO files, unless it is to go online.
type validateCmd struct {
	Files  files  `embed:""`
	Online bool   `help:"Also ask every source whether it answers, and print what each query finds: series, first and newest sample, labels, scrape interval and step. Exit 1 if one finds nothing or is refused, 3 if a source cannot be asked."`
	At     string `placeholder:"TIME" help:"With --online: the instant to ask about, as status takes it. Default: now, cut to the minute."`
	Output string `short:"o" enum:"text,json" default:"text" help:"text or json."`
	Quiet  bool   `short:"q" help:"Print findings only."`
}

// Run executes the command.
func (c *validateCmd) Run(ctx context.Context, a *app) error {
	if c.At != "" && !c.Online {
		return usagef("--at is for --online: nothing is read without it")
	}
	set, findings, err := a.load(c.Files, c.Quiet)
	if err != nil {
		return err
	}
	var secrets reach.Secrets
	if !findings.Errors() {
		unlike := recorded.Read(set.Objectives)
		set.Illustrate(unlike)
		findings = append(append(findings, set.Idle()...), unlike...)
		for _, e := range reach.Of(set, a.known()) {
			findings = append(findings, e.Refused(a.hosts)...)
			secrets = append(secrets, e.Secrets(a.hosts)...)
		}
		findings.Sort()
	}
	code, lines := exitAnswered, online.Lines(nil)
	switch {
	case findings.Errors():
		code = exitFindings
	case c.Online:
		if findings, lines, code, err = c.ask(ctx, a, set, findings); err != nil {
			return err
		}
	}
	if err := c.write(a, set, findings, lines, secrets); err != nil {
		return err
	}
	if code != exitAnswered {
		return exitError{code: code}
	}
	return nil
}

// ask asks the sources what status would, and returns findings with what it found.
func (c *validateCmd) ask(
	ctx context.Context, a *app, set *spec.Set, findings diag.List,
) (diag.List, online.Lines, int, error) {
	read := reading{Files: c.Files, At: c.At, Quiet: c.Quiet}
	at, err := read.at(a, set)
	if err != nil {
		return nil, nil, 0, err
	}
	b, ear := &build.Builder{At: at}, online.Listen(set, at, !a.untrusted)
	got, err := read.collect(ctx, a, at, collect.Plan{
		Set: set, Needs: b.Needs, Hear: ear.Hear, Judge: func(build.Measured) error { return nil },
	})
	if err != nil {
		return nil, nil, 0, err
	}
	findings = slices.Concat(findings, got.Warnings, got.Refusals, ear.Findings())
	set.Illustrate(findings)
	findings.Sort()
	unsure := ear.Unsure()
	wrong := slices.ContainsFunc(findings, func(f diag.Finding) bool {
		same := func(u diag.Finding) bool { return u.Pos == f.Pos && u.Code == f.Code && u.Message == f.Message }
		return f.Severity == diag.Error && !slices.ContainsFunc(unsure, same)
	})
	switch {
	case wrong:
		return findings, ear.Lines(), exitFindings, nil
	case got.Failed:
		return findings, ear.Lines(), exitUncertain, nil
	}
	return findings, ear.Lines(), exitAnswered, nil
}

// write says what was found.
func (c *validateCmd) write(
	a *app, set *spec.Set, findings diag.List, lines online.Lines, secrets reach.Secrets,
) error {
	if c.Quiet {
		lines, secrets = nil, nil
	}
	if c.Output == "json" {
		return a.sayJSON(append(secrets.Behind(findings), lines.Notes()...))
	}
	diag.Render(a.say(), findings, false)
	if !findings.Errors() && !c.Quiet {
		files, objectives := plural(len(set.Files), "file"), plural(len(set.Objectives), "objective")
		fmt.Fprintf(a.say(), "%s, %s: %s\n", files, objectives, outcome(findings))
	}
	if err := lines.List(a.say()); err != nil {
		return err
	}
	return secrets.List(a.say(), a.hosts != nil)
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

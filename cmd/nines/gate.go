package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/github"
	"github.com/nines-slo/nines/report/gitlab"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/junit"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
	"github.com/nines-slo/nines/slo/spec"
)

// gateCmd decides whether a release may go out.
type gateCmd struct {
	reading
	only
	deploying
	Output string `short:"o" enum:"table,json,markdown,junit,github,gitlab" default:"table" help:"table, json, markdown, junit, github (workflow commands; also the step's summary, if $GITHUB_STEP_SUMMARY is set) or gitlab (Code Quality)."`
	Color  string `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// Run executes the command. Whatever is wrong is told first, on stderr, so that the
// verdict ends the log.
func (c *gateCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.open(a)
	if err != nil {
		return err
	}
	b := &report.GateBuilder{Builder: report.Builder{At: at, Language: c.language(set), Zone: zone(set)}, Files: set.Files}
	if err := c.look(a, set, &b.Builder, c.Quiet); err != nil {
		return err
	}
	warnings, refusals := readFreezes(set, func(slo.SLO) time.Time { return at }, b.Needs)
	diag.Render(a.stderr, refusals, a.color)
	got, err := c.read(ctx, a, set, wanted{at: at, needs: b.Needs}, selector(c.Only), func(m report.Measured) error {
		return b.Add(m, place(set, m.SLO))
	})
	if err != nil {
		return err
	}
	g := b.Gate(got.sources)
	got.tell(a)
	c.warn(a, g, warnings)
	if err := c.write(a, g); err != nil {
		return err
	}
	return passage(g.Verdict)
}

// readFreezes fills the freezes that stand in iCalendar files, around the instant at
// which each objective's policy is judged and as far back as its counts are asked
// for. One whose file cannot be read says so.
func readFreezes(set *spec.Set, at func(slo.SLO) time.Time, needs func(slo.SLO) slo.Period) (warnings, refusals diag.List) {
	for i := range set.Objectives {
		o := &set.Objectives[i]
		if len(o.Freezes) == 0 {
			continue
		}
		o.Gate.Freezes = slices.Clone(o.Gate.Freezes) // the file's are shared
		within := gate.Calendars(at(o.SLO)).Hull(needs(o.SLO))
		for _, file := range o.Freezes {
			got, freeze := readCalendar(file, within), &o.Gate.Freezes[file.Exclusion]
			freeze.Exclusion.Fixed = got.periods
			warnings = append(warnings, got.warnings...)
			if got.err != nil {
				refused := unreadable(file, got.err)
				freeze.Failed = refused.Error()
				refusals = append(refusals, refused)
			}
		}
	}
	set.Illustrate(refusals)
	refusals.Sort()
	return warnings, refusals
}

// place returns where the file names the objective.
func place(set *spec.Set, s slo.SLO) diag.Pos {
	for _, o := range set.Objectives {
		if o.Service == s.Service && o.Name == s.Name {
			return o.Pos
		}
	}
	return diag.Pos{}
}

// warn prints what the reader of the figures has to know.
func (c *gateCmd) warn(a *app, g *report.Gate, all diag.List) {
	if c.Quiet {
		return
	}
	for _, s := range g.Sources {
		all = append(all, s.Notes...)
	}
	for _, o := range g.Objectives {
		for _, f := range o.Status.Warnings {
			if f.Pos.File == "" {
				f.Message = o.ID + ": " + f.Message
			}
			all = append(all, f)
		}
	}
	all.Sort()
	diag.Render(a.stderr, all, a.color)
}

func (c *gateCmd) write(a *app, g *report.Gate) error {
	writers := map[string]func(io.Writer, *report.Gate) error{
		"json": json.Gate, "markdown": markdown.Gate, "junit": junit.Gate, "github": github.Gate, "gitlab": gitlab.Gate,
	}
	if c.Output == "github" {
		if err := summarize(a.getenv("GITHUB_STEP_SUMMARY"), g); err != nil {
			return err
		}
	}
	if write, ok := writers[c.Output]; ok {
		return write(a.stdout, g)
	}
	return text.Gate(a.stdout, g, a.colored(c.Color))
}

// summarize adds g to the summary of a step of GitHub Actions, the file of that
// name; other steps may have written to it.
func summarize(path string, g *report.Gate) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("$GITHUB_STEP_SUMMARY: %w", err)
	}
	if err := markdown.Gate(f, g); err != nil {
		f.Close()
		return fmt.Errorf("$GITHUB_STEP_SUMMARY: %w", err)
	}
	return f.Close()
}

// passage returns the exit code of a verdict.
func passage(v slo.Verdict) error {
	switch v {
	case slo.Open, slo.Warn:
		return nil
	case slo.Closed:
		return exitError{code: exitFindings}
	}
	return exitError{code: exitUncertain}
}

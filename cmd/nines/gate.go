package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// gateCmd decides whether a release may go out.
type gateCmd struct {
	Read    reading   `embed:""`
	Speak   speaking  `embed:""`
	Choose  choosing  `embed:""`
	Deploys deploying `embed:""`
	Output  string    `short:"o" enum:"${gate_forms}" default:"table" help:"table, json, markdown, junit, github (workflow commands; also the step's summary, if $GITHUB_STEP_SUMMARY is set) or gitlab (Code Quality)."`
	Color   string    `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// Run executes the command. Whatever is wrong is told first, on stderr, so that the
// verdict ends the log.
func (c *gateCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	summary := ""
	if c.Output == "github" {
		summary = a.getenv("GITHUB_STEP_SUMMARY")
	}
	if summary != "" {
		if err := keeps(set, summary, c.Deploys.Deploys); err != nil {
			return fmt.Errorf("$GITHUB_STEP_SUMMARY: %w", err)
		}
	}
	judge := build.Builder{At: at, Given: given("--at", c.Read.At), Language: c.Speak.language(set), Zone: zone(set)}
	b := &build.GateBuilder{Builder: judge, Files: set.Files, Skipped: set.Skipped}
	if err := c.Deploys.look(a, set, &b.Builder, c.Read.Quiet); err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	named := indexOf(set)
	got, err := c.Read.collect(ctx, a, at, collect.Plan{
		Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Sets: judge.Sets, Told: judge.Judged,
		ReleasesAt: func(slo.SLO) time.Time { return at },
		Judge: func(m build.Measured) error {
			return b.Add(m, set.Objectives[named.of(m.SLO.Service, m.SLO.Name)].Pos)
		},
	})
	if err != nil {
		return err
	}
	b.Lacking = got.Idle
	g := b.Gate(got.Sources)
	if c.told(g) {
		a.tell(got.Untold)
	} else {
		a.tell(got.Refusals)
	}
	if !c.Read.Quiet {
		a.tell(doubts(g, got.Warnings))
	}
	if err := summarize(summary, g); err != nil {
		return err
	}
	if err := outputs().gate.write(c.Output, a.stdout, g, c.Read.look(a, c.Color)); err != nil {
		return err
	}
	return passage(g.Verdict)
}

// told tells whether the reasons on stdout, which -q keeps, say all that could not be read.
func (c *gateCmd) told(g *report.Gate) bool {
	silent := func(o report.GateObjective) bool { return o.Status.Failed != "" && o.Verdict == slo.Open }
	switch {
	case slices.ContainsFunc(g.Objectives, silent): // it is let out, and gives no reason
		return false
	case c.Output == "table":
		return len(g.Causes()) <= text.MaxReasons
	}
	return c.Output == "markdown" || c.Output == "github"
}

// doubts returns what the reader of the figures has to know. What is said of several
// objectives is said once.
func doubts(g *report.Gate, calendars diag.List) diag.List {
	all := slices.Clone(calendars)
	for _, s := range g.Sources {
		all = append(all, s.Notes...)
	}
	of := map[diag.Finding][]string{}
	for _, o := range g.Objectives {
		for _, f := range o.Status.Warnings {
			if f.Pos.File != "" {
				all = append(all, f)
				continue
			}
			if strings.HasPrefix(f.Code, "data/") || f.Code == "budget/no-event" { // which is the reason, and stands there
				continue
			}
			of[f] = append(of[f], o.ID)
		}
	}
	for f, ids := range of {
		slices.Sort(ids)
		f.Message = diag.Few(ids) + ": " + f.Message
		all = append(all, f)
	}
	all.Sort()
	return all
}

// summarize adds g to the summary of a step of GitHub Actions, the file of that
// name; other steps may have written to it.
func summarize(path string, g *report.Gate) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("$GITHUB_STEP_SUMMARY: %s: %s", path, paths.Reason(err))
	}
	if err := outputs().gate.write("markdown", f, g, text.Options{}); err != nil {
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

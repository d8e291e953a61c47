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
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/journal"
	"github.com/nines-slo/nines/slo/spec"
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
		if err := inputsOf(set, c.Deploys.Deploys).spare(summary); err != nil {
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

// deploying are the flags of commands that look at deploys.
type deploying struct {
	Deploys     string         `placeholder:"FILE" help:"Deploys to look at: CSV, NDJSON or what git log --tags --no-walk --format='%cI %D' prints; - is stdin."`
	DeployHours *time.Duration `placeholder:"DURATION" help:"With --deploys: how long after each. Default: 4h."`
}

// look reads the list of deploys and hands it to b. An error in it ends the command.
func (d deploying) look(a *app, set *spec.Set, b *build.Builder, quiet bool) error {
	hours := usualDeployHours
	if d.DeployHours != nil {
		hours = *d.DeployHours
	}
	switch {
	case d.Deploys == "" && d.DeployHours != nil:
		return usagef("--deploy-hours is for --deploys, which names them")
	case hours < time.Minute || hours > maxDeployHours:
		return usagef("--deploy-hours %s is not from 1m to 24h", hours)
	case d.Deploys == "":
		return nil
	}
	deploys, findings := d.list(a, set)
	if findings.Errors() {
		return exitError{exitUsage, findings}
	}
	if !quiet {
		a.tell(slices.Concat(findings, unserved(deploys, set), coming(deploys, b.At)))
	}
	b.Deploys, b.DeployHours = append([]deploy.Deploy{}, deploys...), hours
	return nil
}

// usualDeployHours is how long after a deploy is looked if nobody says.
const usualDeployHours = 4 * time.Hour

// maxDeployHours keeps the usual hours of one week apart from those of the next.
const maxDeployHours = 24 * time.Hour

func (d deploying) list(a *app, set *spec.Set) ([]deploy.Deploy, diag.List) {
	name, in := d.Deploys, a.stdin
	if d.Deploys == "-" {
		name = "stdin"
		if s := readsStdin(set); s != nil {
			twice := diag.Errorf(s.Files.Pos, "source/stdin", "source %q reads standard input, as --deploys does", s.Name)
			return nil, diag.List{twice.WithHint("only one can: give the deploys a file")}
		}
	} else {
		f, err := a.root.OpenNamed(d.Deploys)
		if err != nil {
			unread := diag.Errorf(diag.Pos{File: name}, "deploy/list", "deploys cannot be read: %s", paths.Reason(err))
			return nil, diag.List{unread}
		}
		defer f.Close()
		in = f
	}
	return journal.Deploys(name, in)
}

// readsStdin returns a source that reads standard input, nil if none does.
func readsStdin(set *spec.Set) *spec.Source {
	for _, o := range set.Objectives {
		for _, p := range o.Parts {
			if p.Source.ReadsStdin() {
				return p.Source
			}
		}
	}
	return nil
}

// coming warns of deploys after the instant that is looked at.
func coming(deploys []deploy.Deploy, at time.Time) diag.List {
	n := len(deploys)
	for n > 0 && deploys[n-1].Time.After(at) {
		n--
	}
	if n == len(deploys) {
		return nil
	}
	return diag.List{diag.Warnf(diag.Pos{File: deploys[n].Pos.File}, "deploy/time",
		"%d of %d deploys came after %s: they are not looked at", len(deploys)-n, len(deploys), at.UTC().Format(time.RFC3339))}
}

// unserved warns of deploys whose service has no objective, once a service.
func unserved(deploys []deploy.Deploy, set *spec.Set) diag.List {
	known := []string{""}
	for _, o := range set.Objectives {
		if !slices.Contains(known, o.Service) {
			known = append(known, o.Service)
		}
	}
	var out diag.List
	services := slices.Sorted(slices.Values(known[1:]))
	for _, d := range deploys {
		if !slices.Contains(known, d.Service) {
			known = append(known, d.Service)
			hint := "the files have " + strings.Join(services, ", ") + "; without a service a deploy is looked at for every objective"
			if near := diag.Nearest(d.Service, services); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			stray := diag.Warnf(d.Pos, "deploy/service", "service %q has no objective: its deploys are not looked at", d.Service)
			out = append(out, stray.WithHint("%s", hint))
		}
	}
	return out
}

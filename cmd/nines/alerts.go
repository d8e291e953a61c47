package main

import (
	"cmp"
	"context"
	"errors"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// alertsCmd shows which alerts fire.
type alertsCmd struct {
	reading
	only
	telling
	Output   string `short:"o" enum:"table,wide,json,markdown" default:"table" help:"table, wide (also what is inactive), json or markdown."`
	Color    string `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
	ExitCode bool   `help:"Exit 1 if a page or ticket fires, 3 if none does and one has no data."`
}

// Run executes the command.
func (c *alertsCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.open(a)
	if err != nil {
		return err
	}
	cluster, err := c.cluster(a, at)
	if err != nil {
		return err
	}
	b := &build.Builder{At: at, Language: c.language(set), Zone: zone(set), Alerting: true}
	got, err := c.read(ctx, a, set, wanted{at: at, needs: b.Needs}, selector(c.Only), b.Add)
	if err != nil {
		return err
	}
	c.tellIdle(a, set)
	alerts := b.Alerts(got.sources)
	untold := c.tell(ctx, a, cluster, alerts, cmp.Or(c.Timeout, patience)) // first: someone waits for it
	if err := c.write(a, alerts); err != nil {
		return errors.Join(err, untold)
	}
	got.tell(a)
	if untold != nil {
		return untold
	}
	if c.ExitCode {
		return alarm(alerts.Summary, got)
	}
	return got.exit()
}

// tellIdle warns of default policies that can never fire for what set selects.
func (m reading) tellIdle(a *app, set *spec.Set) {
	if !m.Quiet {
		diag.Render(a.stderr, set.Idle(), a.color)
	}
}

func (c *alertsCmd) write(a *app, alerts *report.Alerts) error {
	switch c.Output {
	case "json":
		return json.Alerts(a.stdout, alerts)
	case "markdown":
		return markdown.Alerts(a.stdout, alerts)
	}
	return text.Alerts(a.stdout, alerts, text.Options{Wide: c.Output == "wide", Color: a.colored(c.Color), Quiet: c.Quiet})
}

// alarm returns the exit code of --exit-code.
func alarm(s report.AlertSummary, got *collector) error {
	switch {
	case s.Pages+s.Tickets > 0:
		return exitError{code: exitFindings}
	case s.NoData > 0:
		return exitError{code: exitUncertain}
	}
	return got.exit()
}

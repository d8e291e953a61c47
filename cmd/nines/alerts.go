package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/notify/ledger"
)

// alertsCmd shows which alerts fire.
type alertsCmd struct {
	Read     reading   `embed:""`
	Speak    speaking  `embed:""`
	Choose   choosing  `embed:""`
	Tell     telling   `embed:""`
	Ledger   ledgering `embed:""`
	Notify   bool      `help:"Tell destinations what changed since they were told last: what begins, goes on for a day, ends, or has no data any more."`
	Output   string    `short:"o" enum:"${alerts_forms}" default:"table" help:"table, wide (also what is inactive), json or markdown."`
	Color    string    `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
	ExitCode bool      `help:"Exit 1 if a page or ticket fires, 3 if none does and one has no data, or fired when it ended."`
}

// Run executes the command.
func (c *alertsCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	cluster, err := c.Tell.cluster(a, at)
	if err != nil {
		return err
	}
	told, err := c.ledger(a, at)
	if err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	b := &build.Builder{At: at, Given: given("--at", c.Read.At), Language: c.Speak.language(set), Zone: zone(set), Alerting: true}
	reading, read := beforeTelling(ctx, len(cluster) > 0 || c.Notify)
	defer read()
	got, err := c.Read.collect(reading, a, at, collect.Plan{Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Sets: b.Sets, Told: b.Judged, Judge: b.Add})
	if err != nil {
		return err
	}
	alerts := b.Alerts(got.Sources)
	untold := c.Tell.post(ctx, a, cluster, alerts, patience) // first: someone waits for it
	if c.Notify {
		if untold != nil { // the exit code of what follows has no words
			a.complain(untold)
			untold = exitError{code: exitUsage}
		}
		untold = cmp.Or(c.changes(ctx, a, set, told, alerts), untold)
	}
	if err := outputs().alerts.write(c.Output, a.stdout, alerts, c.Read.look(a, c.Color)); err != nil {
		return errors.Join(err, untold)
	}
	c.Read.refuse(a, got, c.Output)
	if untold != nil {
		return untold
	}
	if c.ExitCode {
		return alarm(alerts.Summary, got)
	}
	return answered(got)
}

// ledger returns where it is written down what was told, nil if nobody is told how it
// stands at the instant at.
func (c *alertsCmd) ledger(a *app, at time.Time) (*ledger.Ledger, error) {
	switch {
	case !c.Notify && (c.Ledger.DryRun || c.Ledger.State != ""):
		return nil, usagef("--state and --dry-run are for --notify, which tells destinations")
	case !c.Notify:
		return nil, nil
	case c.Ledger.DryRun && c.parsed():
		return nil, usagef("--dry-run prints what would be sent on standard output, where the %s goes", c.Output)
	}
	if !c.Ledger.DryRun {
		if err := c.Tell.current(a, at, "--notify"); err != nil {
			return nil, err
		}
	}
	return c.Ledger.open(a)
}

// parsed tells whether standard output is for programs or pages: then no message goes
// there.
func (c *alertsCmd) parsed() bool { return c.Output != "table" && c.Output != "wide" }

// alarm returns the exit code of --exit-code.
func alarm(s report.AlertSummary, got collect.Result) error {
	switch {
	case s.Pages+s.Tickets > 0:
		return exitError{code: exitFindings}
	case s.NoData+s.Carried > 0:
		return exitError{code: exitUncertain}
	}
	return answered(got)
}

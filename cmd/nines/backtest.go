package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/csv"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/journal"
	"github.com/nines-slo/nines/slo/spec"
)

// backtestCmd replays alert policies over history.
type backtestCmd struct {
	reading
	replaying
	only
	Incidents           string   `placeholder:"FILE" help:"CSV of incidents to hold the alerts against: start,end,name and, to restrict one, service or slo."`
	Late                string   `placeholder:"DURATION" default:"15m" help:"An alert is in time until this long after an incident's start, at least two steps of the data."`
	Compare             []string `placeholder:"POLICY" help:"Compare these policies, and default for those of the SRE Workbook, in one table."`
	Tune                bool     `help:"Look for a page policy that would have done better, scored on history that it was not chosen on."`
	PrometheusSemantics bool     `help:"Cut windows as Prometheus from version 3 on does: one bucket less at the old side."`
	Output              string   `short:"o" enum:"table,json,csv,markdown" default:"table" help:"table, json, csv or markdown."`
	Color               string   `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// replaying are the flags of commands that go through history.
type replaying struct {
	From string `placeholder:"TIME" help:"First instant to look at, RFC 3339. Default: 30 days before --to."`
	To   string `placeholder:"TIME" help:"Last instant to look at, included. Default: --at."`
}

// history is how far back is looked if nobody says.
const history = 30 * 24 * time.Hour

// over returns the instants from which and to which history is looked at.
// They may be the same one.
func (r replaying) over(at time.Time) (*slo.Period, error) {
	to := at
	if r.To != "" {
		var err error
		if to, err = instant("--to", r.To); err != nil {
			return nil, err
		}
	}
	if to.After(at) {
		return nil, usagef("--to %s is after %s: nothing is known of the time to come", r.To, at.Format(time.RFC3339))
	}
	from := to.Add(-history)
	if r.From != "" {
		var err error
		if from, err = instant("--from", r.From); err != nil {
			return nil, err
		}
	}
	if from.Equal(to) {
		return &slo.Period{Start: from, End: to}, nil
	}
	return between(from, to)
}

// Run executes the command.
func (c *backtestCmd) Run(ctx context.Context, a *app) error {
	at, err := c.at(a)
	if err != nil {
		return err
	}
	set, b, err := c.backtester(a, at)
	if err != nil {
		return err
	}
	got, err := c.read(ctx, a, set, wanted{at: at, needs: b.Needs}, selector(c.Only), b.Add)
	if err != nil {
		return err
	}
	c.tellIdle(a, set)
	if err := c.write(a, b.Backtest(got.sources)); err != nil {
		return err
	}
	got.tell(a)
	return got.exit()
}

// backtester returns what the files say and the builder of the model that the
// flags ask for.
func (c *backtestCmd) backtester(a *app, at time.Time) (*spec.Set, *report.Backtester, error) {
	period, err := c.over(at)
	if err != nil {
		return nil, nil, err
	}
	late, err := slo.ParseDuration(c.Late)
	if err != nil {
		return nil, nil, usagef("--late: %w", err)
	}
	set, err := c.load(a, c.Quiet)
	if err != nil {
		return nil, nil, err
	}
	if err := selector(c.Only).choose(set); err != nil {
		return nil, nil, err
	}
	b := &report.Backtester{Language: c.language(set), Zone: zone(set),
		Options: backtest.Options{From: period.Start, To: period.End, Late: late, LeftOpen: c.PrometheusSemantics}}
	if c.Tune {
		b.Tuner = backtest.NewTuner(b.Options, objectives(set))
	}
	if b.Compare, err = compared(set, c.Compare); err != nil {
		return nil, nil, err
	}
	b.Incidents, err = c.incidents(a, set)
	return set, b, err
}

// objectives returns those of a set.
func objectives(set *spec.Set) []slo.SLO {
	var out []slo.SLO
	for _, o := range set.Objectives {
		out = append(out, o.SLO)
	}
	return out
}

// compared returns each of the names once, nil if nobody compares. It refuses those of
// policies that no objective has.
func compared(set *spec.Set, names []string) ([]string, error) {
	if names != nil && len(names) == 0 {
		return nil, usagef("--compare names no policy\nhint: name some, such as %s", report.DefaultPolicy)
	}
	var out []string
	for _, name := range names {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, knownPolicies(set, out)
}

func knownPolicies(set *spec.Set, names []string) error {
	for _, name := range names {
		known := []string{report.DefaultPolicy}
		for _, o := range set.Objectives {
			for _, p := range o.SLO.Policies() {
				known = append(known, p.Name)
			}
		}
		slices.Sort(known)
		known = slices.Compact(known)
		if slices.Contains(known, name) {
			continue
		}
		hint := "there are " + strings.Join(known, ", ")
		if near := diag.Nearest(name, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return usagef("--compare: no objective has a policy %q\nhint: %s", name, hint)
	}
	return nil
}

// incidents reads the incidents file, nil without one.
func (c *backtestCmd) incidents(a *app, set *spec.Set) ([]backtest.Incident, error) {
	if c.Incidents == "" {
		return nil, nil
	}
	f, err := os.Open(c.Incidents)
	if err != nil {
		return nil, usagef("--incidents: %w", err)
	}
	defer f.Close()
	found, findings := journal.Incidents(c.Incidents, f)
	if findings.Errors() {
		return nil, exitError{exitUsage, findings}
	}
	if !c.Quiet {
		diag.Render(a.stderr, append(findings, strangers(found, set)...), a.color)
	}
	return append([]backtest.Incident{}, found...), nil
}

// strangers warns of incidents that concern no objective. Those of a label come
// with the data: of them nobody knows yet.
func strangers(incidents []backtest.Incident, set *spec.Set) diag.List {
	var out diag.List
	for _, in := range incidents {
		if !slices.ContainsFunc(set.Objectives, func(o spec.Objective) bool { return in.Concerns(o.SLO) || len(o.Per) > 0 }) {
			out = append(out, diag.Warnf(in.Pos, "incidents/objective", "no objective here is service %q, slo %q: the incident is not used", in.Service, in.SLO))
		}
	}
	return out
}

func (c *backtestCmd) write(a *app, b *report.Backtest) error {
	writers := map[string]func(io.Writer, *report.Backtest) error{
		"json": json.Backtest, "csv": csv.Backtest, "markdown": markdown.Backtest,
	}
	if write, ok := writers[c.Output]; ok {
		return write(a.stdout, b)
	}
	return text.Backtest(a.stdout, b, text.Options{Color: a.colored(c.Color), Quiet: c.Quiet})
}

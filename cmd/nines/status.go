package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/csv"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// statusCmd shows each objective's own window now, or the period asked for.
type statusCmd struct {
	measuring
	only
	Output   string `short:"o" enum:"table,wide,json,csv,markdown" default:"table" help:"table, wide, json, csv or markdown."`
	Color    string `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
	Forecast bool   `help:"Also tell when each budget will be exhausted: reads up to 400 days of history."`
	ExitCode bool   `help:"Exit 1 if an objective is missed or exhausted, 3 if one has no data."`
}

// Run executes the command.
func (c *statusCmd) Run(ctx context.Context, a *app) error {
	set, b, err := c.builder(a)
	if err != nil {
		return err
	}
	b.Foresee = c.Forecast
	got, err := c.measure(ctx, a, set, b, selector(c.Only), b.Add)
	if err != nil {
		return err
	}
	st := b.Status(got.sources)
	if err := c.write(a, &st); err != nil {
		return err
	}
	got.tell(a)
	if c.ExitCode {
		return verdict(st.Objectives, got)
	}
	return got.exit()
}

// builder returns what the files say and the builder of the model that the flags ask for.
func (m measuring) builder(a *app) (*spec.Set, *report.Builder, error) {
	set, err := m.load(a, m.Quiet)
	if err != nil {
		return nil, nil, err
	}
	at, err := m.at(a)
	if err != nil {
		return nil, nil, err
	}
	period, err := m.period()
	if err != nil {
		return nil, nil, err
	}
	b := &report.Builder{At: at, Language: m.language(set), Zone: zone(set)}
	if period != nil {
		b.Span = &slo.Span{Fixed: *period}
	}
	return set, b, nil
}

// wanted is what a command needs of the data.
type wanted struct {
	at    time.Time
	full  bool // also what only a report shows
	needs func(slo.SLO) slo.Period
}

// measure reads what b needs of the selected objectives, and hands each to add.
func (m measuring) measure(ctx context.Context, a *app, set *spec.Set, b *report.Builder, sel selector, add func(report.Measured) error) (*collector, error) {
	return m.read(ctx, a, set, wanted{b.At, b.Full, b.Needs}, sel, add)
}

// read reads the data of the selected objectives and hands each to add.
func (m reading) read(ctx context.Context, a *app, set *spec.Set, w wanted, sel selector, add func(report.Measured) error) (*collector, error) {
	if err := sel.choose(set); err != nil {
		return nil, err
	}
	read := readCalendars(set, w.needs)
	if m.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, m.Timeout, fmt.Errorf("no answer within %s, the --timeout", m.Timeout))
		defer cancel()
	}
	c := &collector{
		env:         a.env(w.at, w.full),
		percentiles: w.full,
		needs:       w.needs,
		calendars:   read,
		failed:      len(read.failed) > 0,
		refusals:    read.refusals,
		add: func(got report.Measured) error {
			if !slo.Selector(sel).Takes(got.SLO, unlabelled(got.SLO)) {
				return nil
			}
			return add(got)
		},
	}
	return c, c.collect(ctx, set.Objectives)
}

// env returns the world of sources that are judged at an instant.
func (a *app) env(at time.Time, digest bool) sources.Env {
	env := sources.Env{At: at, Stdin: sources.NewStdin(a.stdin), Digest: digest, Getenv: a.getenv, Parallel: maxParallel}
	if a.http != nil {
		env.HTTP = a.http
	}
	return env
}

// maxParallel is how many requests one source has under way at once: a few hide the
// time that answers take, many would be felt by whoever else asks the same server.
const maxParallel = 4

// unlabelled returns the labels that should have come with the data of s: they do
// not if there is none, and a selector of labels must not lose it then.
func unlabelled(s slo.SLO) []string {
	return slices.DeleteFunc(slices.Clone(s.By), func(label string) bool {
		_, has := s.Labels[label]
		return has
	})
}

// tell prints what sources refused.
func (c *collector) tell(a *app) {
	c.refusals.Sort()
	diag.Render(a.stderr, c.refusals, a.color)
}

// exit returns the exit code of a command that answered what it could.
func (c *collector) exit() error {
	if c.failed {
		return exitError{code: exitUncertain}
	}
	return nil
}

// verdict returns the exit code of --exit-code.
func verdict(objectives []report.Objective, got *collector) error {
	noData := len(objectives) == 0 // a label that was selected did not come with the data
	for _, o := range objectives {
		switch o.State {
		case slo.Missed, slo.Exhausted:
			return exitError{code: exitFindings}
		case slo.NoData:
			noData = true
		}
	}
	if noData {
		return exitError{code: exitUncertain}
	}
	return got.exit()
}

func (c *statusCmd) write(a *app, st *report.Status) error {
	writers := map[string]func(io.Writer, *report.Status) error{
		"json": json.Status, "csv": csv.Status, "markdown": markdown.Status,
	}
	if write, ok := writers[c.Output]; ok {
		return write(a.stdout, st)
	}
	return text.Status(a.stdout, st, text.Options{Wide: c.Output == "wide", Color: a.colored(c.Color), Quiet: c.Quiet})
}

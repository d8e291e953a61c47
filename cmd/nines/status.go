package main

import (
	"context"
	"slices"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo"
)

// statusCmd shows each objective's own window now, or the period asked for.
type statusCmd struct {
	Read     reading  `embed:""`
	Speak    speaking `embed:""`
	Judge    judging  `embed:""`
	Choose   choosing `embed:""`
	Output   string   `short:"o" enum:"${status_forms}" default:"table" help:"table, wide, json, csv or markdown."`
	Color    string   `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
	Forecast bool     `help:"Also tell when each budget will be exhausted: reads up to 400 days of history."`
	ExitCode bool     `help:"Exit 1 if an objective is missed or exhausted, 3 if one has no data."`
}

// Run executes the command: files say what is promised, sources what was counted, and
// the builder judges the one by the other.
func (c *statusCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	span, err := c.Judge.span(set, at)
	if err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	b := &build.Builder{At: at, Span: span, Given: c.Judge.given(c.Read.At),
		Language: c.Speak.language(set), Zone: zone(set), Foresee: c.Forecast}
	got, err := c.Read.collect(ctx, a, at, collect.Plan{
		Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Sets: b.Sets, Told: b.Judged, Judge: b.Add,
	})
	if err != nil {
		return err
	}
	st := b.Status(got.Sources)
	if err := outputs().status.write(c.Output, a.stdout, &st, c.Read.look(a, c.Color)); err != nil {
		return err
	}
	c.Read.refuse(a, got, c.Output)
	if c.ExitCode {
		return verdict(st.Objectives, got)
	}
	return answered(got)
}

// verdict returns the exit code of --exit-code.
func verdict(objectives []report.Objective, got collect.Result) error {
	noData := len(objectives) == 0 // a label that was selected did not come with the data
	for _, o := range objectives {
		switch o.State {
		case slo.Missed, slo.Exhausted:
			return exitError{code: exitFindings}
		case slo.NoData:
			noData = noData || !left(o, objectives)
		}
	}
	if noData {
		return exitError{code: exitUncertain}
	}
	return answered(got)
}

// left tells whether o is a label set that is gone while others of its SLO are there.
func left(o report.Objective, objectives []report.Objective) bool {
	return o.Gone && slices.ContainsFunc(objectives, func(other report.Objective) bool {
		return other.Service == o.Service && other.Name == o.Name && !other.Gone
	})
}

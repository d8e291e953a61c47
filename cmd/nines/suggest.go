package main

import (
	"context"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report/build"
)

// suggestCmd says which targets history would have met.
type suggestCmd struct {
	Read   reading  `embed:""`
	Speak  speaking `embed:""`
	Choose choosing `embed:""`
	From   string   `placeholder:"TIME" help:"First day or instant of the history. Default: three windows before --to, 90 days at least."`
	To     string   `placeholder:"TIME" help:"Last day of the history, or the instant at which it ends. Default: --at."`
	Output string   `short:"o" enum:"${suggest_forms}" default:"table" help:"table, json or markdown."`
	Color  string   `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// Run executes the command.
func (c *suggestCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	span, err := replaying{From: c.From, To: c.To}.over(set, at)
	if err != nil {
		return err
	}
	if p := span.In(zone(set), at); p.Empty() {
		return usagef("--from %s is not before --to %s", c.From, p.End.Format(time.RFC3339))
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	b := &build.Suggester{At: at, Given: replaying{From: c.From, To: c.To}.given(c.Read.At), Span: span,
		Past: c.From == "", Language: c.Speak.language(set), Zone: zone(set)}
	got, err := c.Read.collect(ctx, a, at, collect.Plan{Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Judge: b.Add})
	if err != nil {
		return err
	}
	answer := b.Suggestions(got.Sources)
	if err := outputs().suggest.write(c.Output, a.stdout, answer, c.Read.look(a, c.Color)); err != nil {
		return err
	}
	c.Read.refuse(a, got, c.Output)
	return answered(got)
}

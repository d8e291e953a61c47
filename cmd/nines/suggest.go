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
	From   string   `placeholder:"TIME" help:"Begin of the history, RFC 3339. Default: three windows before --to, 90 days at least."`
	To     string   `placeholder:"TIME" help:"End of the history. Default: --at."`
	Output string   `short:"o" enum:"${suggest_forms}" default:"table" help:"table, json or markdown."`
	Color  string   `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// Run executes the command.
func (c *suggestCmd) Run(ctx context.Context, a *app) error {
	at, err := c.Read.at(a)
	if err != nil {
		return err
	}
	period, err := replaying{From: c.From, To: c.To}.over(at)
	if err != nil {
		return err
	}
	if period.Empty() {
		return usagef("--from %s is not before --to %s", c.From, period.End.Format(time.RFC3339))
	}
	set, err := c.Read.load(a)
	if err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	b := &build.Suggester{To: period.End, Language: c.Speak.language(set), Zone: zone(set)}
	if c.From != "" {
		b.From = period.Start
	}
	got, err := c.Read.collect(ctx, a, at, collect.Plan{Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Judge: b.Add})
	if err != nil {
		return err
	}
	answer := b.Suggestions(got.Sources)
	if err := outputs().suggest.write(c.Output, a.stdout, answer, c.Read.look(a, c.Color)); err != nil {
		return err
	}
	a.tell(got.Refusals)
	return answered(got)
}

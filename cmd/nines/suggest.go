package main

import (
	"context"
	"io"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/text"
)

// suggestCmd says which targets history would have met.
type suggestCmd struct {
	reading
	only
	From   string `placeholder:"TIME" help:"Begin of the history, RFC 3339. Default: three windows before --to, 90 days at least."`
	To     string `placeholder:"TIME" help:"End of the history. Default: --at."`
	Output string `short:"o" enum:"table,json,markdown" default:"table" help:"table, json or markdown."`
	Color  string `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// Run executes the command.
func (c *suggestCmd) Run(ctx context.Context, a *app) error {
	at, err := c.at(a)
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
	set, err := c.load(a, c.Quiet)
	if err != nil {
		return err
	}
	b := &build.Suggester{To: period.End, Language: c.language(set), Zone: zone(set)}
	if c.From != "" {
		b.From = period.Start
	}
	got, err := c.read(ctx, a, set, wanted{at: at, needs: b.Needs}, selector(c.Only), b.Add)
	if err != nil {
		return err
	}
	if err := c.write(a, b.Suggestions(got.sources)); err != nil {
		return err
	}
	got.tell(a)
	return got.exit()
}

func (c *suggestCmd) write(a *app, s *report.Suggestions) error {
	writers := map[string]func(io.Writer, *report.Suggestions) error{"json": json.Suggest, "markdown": markdown.Suggest}
	if write, ok := writers[c.Output]; ok {
		return write(a.stdout, s)
	}
	return text.Suggest(a.stdout, s, text.Options{Color: a.colored(c.Color), Quiet: c.Quiet})
}

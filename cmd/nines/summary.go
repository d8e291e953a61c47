package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/cmd/nines/dispatch"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/notify/courier"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/report/notify/letter"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// summaryCmd tells people what they have to know of a week.
type summaryCmd struct {
	Read        reading   `embed:""`
	Speak       speaking  `embed:""`
	Choose      choosing  `embed:""`
	Deploys     deploying `embed:""`
	Ledger      ledgering `embed:""`
	Period      string    `placeholder:"PERIOD" help:"2026-W48, 2026-10, 2026-10-31 or last-7d. Default: the last week that is over."`
	Split       string    `enum:",owner" default:"" placeholder:"owner" help:"owner: one summary for each owner of objectives."`
	Link        string    `placeholder:"URL" help:"Address of the full report, for the message. Default: the file's report.link."`
	To          []string  `placeholder:"NAME" help:"Send it to this destination of the files, once; else it is printed."`
	OnlyChanges bool      `help:"Stay silent where no state, verdict, firing alert or incident differs from the destination's last summary."`
	Again       bool      `help:"Send also what was sent before, or may have been."`
	Sent        bool      `help:"Show what was sent, and what became of it."`
	Verbose     bool      `short:"v" help:"Say why nothing is sent."`
	Output      string    `short:"o" enum:"${summary_forms}" default:"table" help:"table or json; what is printed without --to."`
}

// Run executes the command.
func (c *summaryCmd) Run(ctx context.Context, a *app) error {
	if c.Sent {
		return c.list(a)
	}
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	span, err := c.span(set, at)
	if err != nil {
		return err
	}
	places, err := a.open(set, c.To)
	if err != nil {
		return err
	}
	told, err := c.ledger(a)
	if err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	ctx, cancel := c.Read.within(ctx)
	defer cancel()
	week := build.Builder{At: at, Span: &span, Language: c.Speak.language(set), Zone: zone(set)}
	if err := c.Deploys.look(a, set, &week, c.Read.Quiet); err != nil {
		return err
	}
	all := &briefs{of: func(owner string) *build.BriefBuilder { return c.builder(set, week, owner) }, split: c.Split != ""}
	asks := all.of("")
	got, err := c.Read.collect(ctx, a, at, collect.Plan{
		Set: chosen, Only: c.Choose.Only, Needs: asks.Needs, Sets: asks.Builder.Sets,
		ReleasesAt: func(slo.SLO) time.Time { return at },
		Judge:      func(m build.Measured) error { return all.add(m, place(set, m.SLO)) },
	})
	if err != nil {
		return err
	}
	a.tell(got.Refusals)
	if len(places) == 0 {
		for _, b := range all.finish(got.Sources) {
			if err := outputs().summary.write(c.Output, a.stdout, b, c.Read.look(a, "never")); err != nil {
				return err
			}
		}
		return answered(got)
	}
	err = c.post(ctx, a, told, posts{places: places, briefs: all.finish(got.Sources), span: span})
	return errors.Join(err, answered(got))
}

// ledger returns where it is written down what was sent, nil if nothing is sent.
func (c *summaryCmd) ledger(a *app) (*ledger.Ledger, error) {
	if len(c.To) == 0 {
		return nil, nil
	}
	return c.Ledger.open(a)
}

// posts are the summaries of a run and where they go.
type posts struct {
	places []courier.Place
	briefs []*report.Brief
	span   slo.Span
}

// post sends every summary to every place, unless it was sent.
func (c *summaryCmd) post(ctx context.Context, a *app, told *ledger.Ledger, p posts) error {
	var letters []dispatch.Letter
	for _, b := range p.briefs {
		for _, to := range p.places {
			one, quiet, err := c.letter(told, b, to, p.span)
			if err != nil {
				return err
			}
			if quiet {
				if err := c.silent(ctx, a, told, one); err != nil {
					return err
				}
				continue
			}
			letters = append(letters, one)
		}
	}
	if c.Ledger.DryRun {
		return preview(a, letters)
	}
	return a.delivered(dispatch.Send(ctx, a.courier(told, c.Again), letters))
}

// letter returns what a place is sent, and whether it is nothing new.
func (c *summaryCmd) letter(told *ledger.Ledger, b *report.Brief, to courier.Place, span slo.Span) (dispatch.Letter, bool, error) {
	key := ledger.Key{Kind: "summary", Period: cmp.Or(span.Name, b.Period.Start.UTC().Format(time.RFC3339)),
		Destination: to.Name, Owner: b.Owner, Services: b.Services()}
	past, err := told.Summaries(key)
	if err != nil {
		return dispatch.Letter{}, false, err
	}
	m, err := letter.Summary(b, unsent(past, span))
	same, _ := past.Told(b.Facts())
	quiet := c.OnlyChanges && same && !c.Again && !past.Has(key.Period)
	return dispatch.Letter{To: to, Message: m, Key: key, Told: b.Facts()}, quiet, err
}

// unsent returns the periods since the first summary of which nobody was told.
func unsent(past ledger.Past, span slo.Span) []string {
	var out []string
	for _, e := range past {
		for _, name := range span.NamesSince(e.Key.Period) {
			if !past.Has(name) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// silent notes that there was nothing new to tell.
func (c *summaryCmd) silent(ctx context.Context, a *app, told *ledger.Ledger, l dispatch.Letter) error {
	if c.Verbose {
		fmt.Fprintf(a.stderr, "%s: nothing changed since its last summary: nothing is sent\n", l.To.Name)
	}
	if c.Ledger.DryRun {
		return nil
	}
	return told.Quiet(ctx, ledger.Entry{Key: l.Key, At: a.now().UTC(), Headline: l.Message.Headline}, l.Told)
}

// list prints what was sent.
func (c *summaryCmd) list(a *app) error {
	told, err := c.Ledger.open(a)
	if err != nil {
		return err
	}
	all, err := told.Messages()
	if err != nil {
		return err
	}
	return dispatch.List(a.say(), all)
}

// span returns the period that is told of.
func (c *summaryCmd) span(set *spec.Set, at time.Time) (slo.Span, error) {
	if c.Period == "" {
		return slo.Last(slo.Week, at, zone(set)), nil
	}
	s, err := slo.ParseSpan(c.Period)
	if err != nil {
		return s, exitError{exitUsage, err}
	}
	if !s.In(zone(set), at).Start.Before(at) {
		return s, usagef("period %s begins after %s: there is nothing to tell yet", s.Name, at.Format(time.RFC3339))
	}
	return s, nil
}

// builder returns one for the objectives of an owner, "" for all.
func (c *summaryCmd) builder(set *spec.Set, week build.Builder, owner string) *build.BriefBuilder {
	now := build.Builder{At: week.At, Language: week.Language, Zone: week.Zone}
	return &build.BriefBuilder{
		Builder: week, Gate: build.GateBuilder{Builder: now, Files: set.Files}, Title: set.Report.Title,
		Version: version(), Owner: owner, Link: cmp.Or(c.Link, set.Report.Link),
	}
}

// briefs are the summaries of one run: one, or one for each owner.
type briefs struct {
	of    func(owner string) *build.BriefBuilder
	split bool

	builders []*build.BriefBuilder
}

// add judges an objective for its owner.
func (b *briefs) add(m build.Measured, pos diag.Pos) error {
	owner := ""
	if b.split {
		owner = m.SLO.Owner
	}
	i := slices.IndexFunc(b.builders, func(one *build.BriefBuilder) bool { return one.Owner == owner })
	if i < 0 {
		i, b.builders = len(b.builders), append(b.builders, b.of(owner))
	}
	return b.builders[i].Add(m, pos)
}

// finish returns the summaries, by owner.
func (b *briefs) finish(sources []report.Source) []*report.Brief {
	if len(b.builders) == 0 && !b.split {
		b.builders = append(b.builders, b.of(""))
	}
	slices.SortFunc(b.builders, func(x, y *build.BriefBuilder) int { return cmp.Compare(x.Owner, y.Owner) })
	var out []*report.Brief
	for _, one := range b.builders {
		out = append(out, one.Brief(sources))
	}
	return out
}

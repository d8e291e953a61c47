package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/cmd/nines/dispatch"
	"github.com/nines-slo/nines/cmd/nines/moment"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/excel"
	"github.com/nines-slo/nines/report/html"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/courier"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/report/notify/letter"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
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
	Output      string    `short:"o" enum:"${summary_forms}" default:"table" help:"table, json or markdown; what is printed without --to."`
}

// Run executes the command.
func (c *summaryCmd) Run(ctx context.Context, a *app) error {
	if c.Sent {
		return c.list(a)
	}
	if len(c.To) > 0 && c.Output != "table" {
		return usagef("-o is for a summary that is printed: it does not go with --to")
	}
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	p, err := c.prepare(a, set, at)
	if err != nil {
		return err
	}
	asks := p.briefs.of("")
	reading, read := beforeTelling(ctx, len(p.places) > 0)
	defer read()
	named := indexOf(set)
	got, err := c.Read.collect(reading, a, at, collect.Plan{
		Set: p.chosen, Only: c.Choose.Only, Needs: asks.Needs, Sets: asks.Builder.Sets, Told: asks.Builder.Judged, Percentiles: asks.Full != nil,
		ReleasesAt: func(slo.SLO) time.Time { return at },
		Judge: func(m build.Measured) error {
			return p.briefs.add(m, set.Objectives[named.of(m.SLO.Service, m.SLO.Name)].Pos)
		},
	})
	if err != nil {
		return err
	}
	a.tell(got.Refusals)
	made := p.briefs.finish(got.Sources)
	if err := c.warn(a, made); err != nil {
		return err
	}
	if len(p.places) > 0 {
		return errors.Join(c.post(ctx, a, p, made), answered(got))
	}
	for i, b := range made {
		if i > 0 && c.Output != "json" {
			fmt.Fprintln(a.say())
		}
		if err := outputs().summary.write(c.Output, a.stdout, b.brief, c.Read.look(a, "never")); err != nil {
			return err
		}
	}
	return answered(got)
}

// warn prints on stderr what the figures are warned of, which JSON holds.
func (c *summaryCmd) warn(a *app, made []summary) error {
	if c.Read.Quiet || c.Output == "json" {
		return nil
	}
	var briefs []*report.Brief
	for _, s := range made {
		briefs = append(briefs, s.brief)
	}
	return text.Warnings(a.stderr, briefs, a.color)
}

// posting is a run of the command: what is judged, and where summaries go.
type posting struct {
	chosen *spec.Set
	span   slo.Span
	briefs *briefs
	places []courier.Place
	told   *ledger.Ledger // nil if nothing is sent
}

// prepare finds out what is asked for, before any data are read.
func (c *summaryCmd) prepare(a *app, set *spec.Set, at time.Time) (posting, error) {
	var p posting
	var err error
	if p.span, err = c.span(set, at); err != nil {
		return p, err
	}
	if p.places, err = a.open(set, c.To); err != nil {
		return p, err
	}
	for _, to := range p.places {
		if to.Kind.Pages {
			return p, usagef("destination %s calls people at once: a summary does not go there", to.Name)
		}
	}
	if p.told, err = c.ledger(a); err != nil {
		return p, err
	}
	if p.chosen, err = choose(set, c.Choose.Only); err != nil {
		return p, err
	}
	week := build.Builder{At: at, Span: &p.span, Language: c.Speak.language(set), Zone: zone(set)}
	if err := c.Deploys.look(a, set, &week, c.Read.Quiet); err != nil {
		return p, err
	}
	full := slices.ContainsFunc(p.places, func(to courier.Place) bool { return to.Block.Get("attach").Is() })
	p.briefs = &briefs{of: func(owner string) *build.BriefBuilder { return c.builder(set, week, owner, full) }, split: c.Split != ""}
	return p, nil
}

// ledger returns where it is written down what was sent, nil if nothing is sent.
func (c *summaryCmd) ledger(a *app) (*ledger.Ledger, error) {
	if len(c.To) == 0 {
		return nil, nil
	}
	return c.Ledger.open(a)
}

// post sends every summary to every place that it is for, unless it was sent.
func (c *summaryCmd) post(ctx context.Context, a *app, p posting, made []summary) error {
	past, err := p.told.Messages()
	if err != nil {
		return err
	}
	var letters []dispatch.Letter
	for _, s := range made {
		m, err := s.message()
		if err != nil {
			return err
		}
		for _, to := range p.places {
			if s.brief.Owner != "" && !to.Owns(s.brief.Owner) {
				continue
			}
			one, quiet := c.letter(p, past, s.brief, m, to)
			if !quiet {
				letters = append(letters, one)
			} else if err := c.silent(ctx, a, p.told, one); err != nil {
				return err
			}
		}
	}
	if c.Ledger.DryRun {
		return preview(a, past, letters, c.Again)
	}
	ctx, cancel := sending(ctx)
	defer cancel()
	return a.delivered(a.say(), dispatch.Send(ctx, a.courier(p.told, c.Again), letters))
}

// letter returns what a place is sent, and whether it is nothing new.
func (c *summaryCmd) letter(
	p posting, all ledger.Past, b *report.Brief, m notify.Message, to courier.Place,
) (dispatch.Letter, bool) {
	key := ledger.Key{
		Kind: ledger.Summary, Period: p.called(b), Destination: to.Name, Owner: b.Owner, Services: b.Services(),
	}
	said := ledger.Said(key, b.IDs(), b.Facts())
	past := all.Summaries(said)
	quiet := c.OnlyChanges && !c.Again && past.Told(said) && !past.Tried(key.Period)
	return dispatch.Letter{To: to, Message: letter.WithUnsent(m, past.Unsent(p.span)), Entry: said}, quiet
}

// called returns what the ledger calls the period of b. One that moves, or still runs,
// is another one every day.
func (p posting) called(b *report.Brief) string {
	name := p.span.Name
	if p.span.Relative() {
		name += " to " + slo.DateOf(b.Period.End.Add(-1), b.Zone).String()
	}
	if b.Period.End.After(b.At) {
		name += " until " + slo.DateOf(b.At, b.Zone).String()
	}
	return name
}

// message returns what is said of a summary, wherever it goes.
func (s summary) message() (notify.Message, error) {
	m, err := letter.Summary(s.brief)
	if err != nil {
		return m, err
	}
	m.Files, err = s.files()
	return m, err
}

// files returns the report of a summary, in the forms that destinations attach.
func (s summary) files() ([]notify.File, error) {
	if s.report == nil {
		return nil, nil
	}
	var page, book bytes.Buffer
	if err := errors.Join(html.Write(&page, s.report), excel.Write(&book, s.report)); err != nil {
		return nil, err
	}
	return []notify.File{
		{Name: "report.html", Form: "html", Type: "text/html", Body: page.Bytes()},
		{
			Name: "report.xlsx", Form: "excel", Body: book.Bytes(),
			Type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		},
	}, nil
}

// silent notes that there was nothing new to tell.
func (c *summaryCmd) silent(ctx context.Context, a *app, told *ledger.Ledger, l dispatch.Letter) error {
	if c.Verbose {
		fmt.Fprintf(a.stderr, "%s: nothing changed since its last summary: nothing is sent\n", l.To.Name)
	}
	if c.Ledger.DryRun {
		return nil
	}
	e := l.Entry
	e.At, e.Headline = a.now().UTC(), l.Message.Headline
	return told.Quiet(ctx, e)
}

// list prints what was sent.
func (c *summaryCmd) list(a *app) error {
	dir, err := c.Ledger.dir(a)
	if err != nil {
		return err
	}
	all, err := ledger.Look(dir).Messages()
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
	s, err := (moment.Clock{Now: at, Zone: zone(set)}).Period(c.Period)
	if err != nil {
		return s, exitError{exitUsage, err}
	}
	if !s.In(zone(set), at).Start.Before(at) {
		return s, usagef("period %s begins after %s: there is nothing to tell yet", s.Name, at.Format(time.RFC3339))
	}
	return s, nil
}

// builder returns one for the objectives of an owner, "" for all.
func (c *summaryCmd) builder(set *spec.Set, week build.Builder, owner string, full bool) *build.BriefBuilder {
	now := build.Builder{At: week.At, Language: week.Language, Zone: week.Zone}
	out := &build.BriefBuilder{
		Builder: week, Gate: build.GateBuilder{Builder: now, Files: set.Files}, Title: set.Report.Title,
		Version: version(), Owner: owner, Link: cmp.Or(c.Link, set.Report.Link),
	}
	if full {
		whole := week
		whole.Full = true
		out.Full = &whole
	}
	return out
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
		owner = cmp.Or(m.SLO.Owner, report.Nobody)
	}
	i := slices.IndexFunc(b.builders, func(one *build.BriefBuilder) bool { return one.Owner == owner })
	if i < 0 {
		i, b.builders = len(b.builders), append(b.builders, b.of(owner))
	}
	return b.builders[i].Add(m, pos)
}

// summary is one, and the report of its period if somebody wants it.
type summary struct {
	brief  *report.Brief
	report *report.Report
}

// finish returns the summaries, by owner.
func (b *briefs) finish(sources []report.Source) []summary {
	if len(b.builders) == 0 && !b.split {
		b.builders = append(b.builders, b.of(""))
	}
	order.Stable(b.builders, func(x, y *build.BriefBuilder) int { return cmp.Compare(x.Owner, y.Owner) })
	var out []summary
	for _, one := range b.builders {
		out = append(out, summary{one.Brief(sources), one.Report(sources)})
	}
	return out
}

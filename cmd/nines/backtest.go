package main

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/journal"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// backtestCmd replays alert policies over history.
type backtestCmd struct {
	Read                reading   `embed:""`
	Speak               speaking  `embed:""`
	Replay              replaying `embed:""`
	Choose              choosing  `embed:""`
	Incidents           string    `placeholder:"FILE" help:"CSV of incidents to hold the alerts against: start,end,name and, to restrict one, service or slo."`
	Late                string    `placeholder:"DURATION" default:"15m" help:"An alert is in time until this long after an incident's start, at least two steps of the data and its delay."`
	Compare             []string  `placeholder:"POLICY" help:"Compare these policies, and default for those of the SRE Workbook, in one table."`
	Tune                bool      `help:"Look for a page policy that would have done better, scored on history that it was not chosen on."`
	MaxFalse            string    `placeholder:"N" help:"With --tune: at most so many false pages a week, over all objectives together (default 1)."`
	PrometheusSemantics string    `enum:",2,3" default:"" placeholder:"VERSION" help:"What rules in Prometheus 2 or 3 would have done: an alert ends where its windows have no valid events; 3: they are a bucket shorter."`
	Output              string    `short:"o" enum:"${backtest_forms}" default:"table" help:"table, json, csv or markdown."`
	Color               string    `enum:"auto,always,never" default:"auto" help:"auto, always or never."`
}

// Run executes the command.
func (c *backtestCmd) Run(ctx context.Context, a *app) error {
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	span, err := c.Replay.over(set, at)
	if err != nil {
		return err
	}
	options, err := c.options()
	if err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	b, err := c.backtester(a, chosen, &build.Backtester{
		At: at, Given: c.Replay.given(c.Read.At), Span: span, Options: options,
	})
	if err != nil {
		return err
	}
	got, err := c.Read.collect(ctx, a, at, collect.Plan{Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Judge: b.Add})
	if err != nil {
		return err
	}
	answer := b.Backtest(got.Sources)
	if err := outputs().backtest.write(c.Output, a.stdout, answer, c.Read.look(a, c.Color)); err != nil {
		return err
	}
	c.Read.refuse(a, got, c.Output)
	return answered(got)
}

// options returns how history is gone through, as the flags say, but not when.
func (c *backtestCmd) options() (backtest.Options, error) {
	late, err := slo.ParseDuration(c.Late)
	if err != nil {
		return backtest.Options{}, usagef("--late: %w", err)
	}
	maxFalse, err := c.maxFalse()
	if err != nil {
		return backtest.Options{}, err
	}
	semantics := map[string]burn.Semantics{"": burn.Own, "2": burn.Prometheus2, "3": burn.Prometheus3}[c.PrometheusSemantics]
	return backtest.Options{Late: late, Semantics: semantics, MaxFalse: maxFalse}, nil
}

// maxFalse returns the false pages a week that --max-false allows, unknown if it is not
// given.
func (c *backtestCmd) maxFalse() (slo.Number, error) {
	if c.MaxFalse == "" {
		return slo.Number{}, nil
	}
	if !c.Tune {
		return slo.Number{}, usagef("--max-false is for --tune, which looks for a policy")
	}
	n, ok := new(big.Rat).SetString(c.MaxFalse)
	if !ok || strings.Trim(c.MaxFalse, "0123456789.") != "" {
		return slo.Number{}, usagef("--max-false %q is not a number of pages a week, such as 1 or 0.5", c.MaxFalse)
	}
	return slo.NumberRat(n), nil
}

// backtester fills the builder of the model that the flags ask for.
func (c *backtestCmd) backtester(a *app, set *spec.Set, b *build.Backtester) (*build.Backtester, error) {
	b.Language, b.Zone = c.Speak.language(set), zone(set)
	b.Options = b.Over(b.Zone)
	if c.Tune {
		b.Tuner = backtest.NewTuner(b.Options, objectives(set))
	}
	var err error
	if b.Compare, err = compared(set, c.Compare); err != nil {
		return nil, err
	}
	b.Incidents, err = c.incidents(a, set)
	return b, err
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
		known := []string{build.DefaultPolicy}
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
	f, err := a.root.OpenNamed(c.Incidents)
	if err != nil {
		return nil, usagef("--incidents %s cannot be read: %s", c.Incidents, paths.Reason(err))
	}
	defer f.Close()
	found, findings := journal.Incidents(c.Incidents, f)
	if findings.Errors() {
		return nil, exitError{exitUsage, findings}
	}
	if !c.Read.Quiet {
		a.tell(append(findings, strangers(found, set)...))
	}
	return append([]backtest.Incident{}, found...), nil
}

// strangers warns of incidents that concern no objective. Those of a label come
// with the data: of them nobody knows yet.
func strangers(incidents []backtest.Incident, set *spec.Set) diag.List {
	var out diag.List
	for _, in := range incidents {
		concerned := func(o spec.Objective) bool { return in.Concerns(o.SLO) || len(o.Per) > 0 }
		if !slices.ContainsFunc(set.Objectives, concerned) {
			out = append(out, diag.Warnf(in.Pos, "incidents/objective",
				"no objective here is service %q, slo %q: the incident is not used", in.Service, in.SLO))
		}
	}
	return out
}

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

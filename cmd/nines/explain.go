package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/csv"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/spec"
)

// explainCmd shows how one objective's figures came about.
type explainCmd struct {
	SLO    string  `arg:"" optional:"" name:"slo" help:"The objective: service/name, or its name; of one per label, service/name{label=value}. Without one, every objective of the files that are named."`
	Read   reading `embed:""`
	Judge  judging `embed:""`
	Series string  `placeholder:"STEP" help:"With -o csv: the counts behind the figures by steps such as 1h."`
	Output string  `short:"o" enum:"text,csv" default:"text" help:"text, or csv with --series."`
}

// Help says what else is explained.
func (c *explainCmd) Help() string {
	return "Where events were not read, or lack a value that decides, a step tells how many, what they " +
		"would change at worst, and the rules: a test of a missing value is unsure, none names it " +
		"([none, 500-599], {not: none}), and max_unread bounds such events."
}

// Run executes the command.
func (c *explainCmd) Run(ctx context.Context, a *app) error {
	step, err := c.step()
	if err != nil {
		return err
	}
	c.sort()
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	if c.SLO == "" && len(c.Read.Files.Paths) == 0 && len(set.Objectives) > 1 {
		return usagef("explain which of %s?\nhint: %s", plural(len(set.Objectives), "objective"), listed(set))
	}
	span, err := c.Judge.span(set, at)
	if err != nil {
		return err
	}
	var one slo.Selector
	if c.SLO != "" {
		one = slo.Selector{c.SLO}
	}
	chosen, err := choose(set, one)
	if err != nil && isFolder(c.SLO) {
		return usagef("no objective is called %s, and a folder is\nhint: nines explain %s",
			diag.Quote(c.SLO), quoted("./"+c.SLO))
	}
	if err != nil {
		return err
	}
	b := &build.Builder{At: at, Given: c.Judge.given(c.Read.At), Span: span, Language: unit.English, Zone: zone(set)}
	var taken []build.Measured
	take := func(m build.Measured) error {
		err := b.Add(m)
		if err == nil {
			taken = append(taken, m)
		}
		return err
	}
	got, err := c.Read.collect(ctx, a, at, collect.Plan{
		Set: chosen, Only: one, Needs: b.Needs, Sets: b.Sets, Judge: take,
	})
	if err != nil {
		return err
	}
	form := "text"
	if step > 0 && len(got.Idle) == 0 {
		form = "csv"
		err = c.series(a, b, taken, step)
	} else {
		err = c.explain(a, set, b.Status(got.Sources), got.Refusals)
	}
	if err != nil {
		return err
	}
	c.Read.refuse(a, got, form)
	return answered(got)
}

// sort takes an SLO file in the place of the objective for what it is, and the objective
// from behind it.
func (c *explainCmd) sort() {
	paths := &c.Read.Files.Paths
	if !isFile(c.SLO) {
		return
	}
	all := append([]string{c.SLO}, *paths...)
	c.SLO = ""
	if i := slices.IndexFunc(all, func(arg string) bool { return !isFile(arg) }); i > 0 {
		c.SLO = all[i]
		all = slices.Delete(all, i, i+1)
	}
	*paths = all
}

// isFile tells whether arg names SLO files, and not an objective: by how it ends, or since
// there is a folder of that name, which an objective may have too where files are read that
// nobody named.
func isFile(arg string) bool {
	if slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(arg)) {
		return true
	}
	_, err := files{}.paths()
	return isFolder(arg) && (strings.ContainsRune(arg, filepath.Separator) || err != nil)
}

func isFolder(arg string) bool {
	info, err := os.Stat(arg)
	return err == nil && info.IsDir()
}

// maxListed is how many objectives are listed for who named none.
const maxListed = 100

// listed lists the objectives of a set, in the order of its files.
func listed(set *spec.Set) string {
	var ids []string
	for _, o := range set.Objectives {
		ids = append(ids, diag.Escape(o.Service+"/"+o.Name))
	}
	return "there are " + diag.First(ids, maxListed)
}

// step returns the step of --series, 0 without it.
func (c *explainCmd) step() (time.Duration, error) {
	if (c.Series != "") != (c.Output == "csv") {
		return 0, usagef("--series STEP and -o csv go together")
	}
	if c.Series == "" {
		return 0, nil
	}
	step, err := slo.ParseDuration(c.Series)
	if err != nil {
		return 0, exitError{exitUsage, err}
	}
	if day := slo.Day.Nominal(); step > day || day%step != 0 || step%time.Minute != 0 {
		return 0, usagef("--series %s is not whole minutes that divide a day, such as 5m, 1h or 1d", c.Series)
	}
	return step, nil
}

// series prints the counts of the one objective that was selected.
func (c *explainCmd) series(a *app, b *build.Builder, taken []build.Measured, step time.Duration) error {
	if len(taken) != 1 {
		return c.ambiguous(taken)
	}
	rows, err := b.Series(taken[0], step)
	if err != nil {
		return err
	}
	if !c.Read.Quiet {
		a.tell(taken[0].Warnings)
	}
	return csv.Series(a.say(), rows)
}

func (c *explainCmd) ambiguous(taken []build.Measured) error {
	var ids []string
	for _, m := range taken {
		ids = append(ids, diag.Escape(m.SLO.ID()))
	}
	if c.SLO == "" {
		return usagef("there are %d objectives: name one of %s", len(ids), strings.Join(ids, ", "))
	}
	return usagef("%q selects %d objectives: name one of %s", c.SLO, len(ids), strings.Join(ids, ", "))
}

// explain prints the arithmetic of every objective that was selected.
func (c *explainCmd) explain(a *app, set *spec.Set, st report.Status, refusals []diag.Finding) error {
	named := indexOf(set)
	order.Stable(st.Objectives, func(x, y report.Objective) int {
		return cmp.Compare(named.of(x.Service, x.Name), named.of(y.Service, y.Name))
	})
	all, err := text.Causes(a.say(), st)
	if err != nil {
		return err
	}
	for i := range all {
		o := &all[i]
		q := cameFrom(&set.Objectives[named.of(o.Service, o.Name)])
		if o.Failed != "" {
			q.Refusals = refusals
		}
		if i > 0 {
			fmt.Fprintln(a.say())
		}
		if err := text.Explain(a.say(), o, q); err != nil {
			return err
		}
	}
	return nil
}

// cameFrom says where the counts of o came from.
func cameFrom(o *spec.Objective) text.Question {
	q := text.Question{Pos: o.Pos.String()}
	for _, p := range o.Parts {
		q.Counts = append(q.Counts, counts(p))
	}
	return q
}

// counts says what a part counts, and in which source.
func counts(p spec.Part) string {
	text := p.SLI.Value.String()
	if path := p.Source.Files.Strings(); len(path) > 0 {
		text += " in " + strings.Join(path, ", ")
	}
	if p.Count != spec.Both {
		text = string(p.Count) + " = " + text
	}
	return text
}

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/cmd/nines/moment"
	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/input"
)

// reportCmd judges every objective over one period and writes files.
type reportCmd struct {
	Read     reading   `embed:""`
	Speak    speaking  `embed:""`
	Judge    judging   `embed:""`
	Choose   choosing  `embed:""`
	Deploys  deploying `embed:""`
	Forecast bool      `help:"Also tell when each budget will be exhausted: reads up to 400 days of history."`
	Period   string    `placeholder:"PERIOD" help:"2026-10, 2026-Q3, 2026, 2026-W46, 2026-10-31 or last-7d. Default: the file's report.period, else the last closed month."`
	Out      string    `placeholder:"DIR" help:"Folder that gets report.html and report.xlsx. Default: nines-report."`
	HTML     string    `name:"html" placeholder:"FILE" help:"Write only the HTML, here; - is stdout."`
	Excel    string    `placeholder:"FILE" help:"Write only the workbook, here; - is stdout."`
	Markdown string    `placeholder:"FILE" help:"Write only headline and table as Markdown, here; - is stdout."`
	JSON     string    `name:"json" placeholder:"FILE" help:"Write only the figures as JSON, here; - is stdout."`
}

// Run executes the command.
func (c *reportCmd) Run(ctx context.Context, a *app) error {
	files, err := c.outputs()
	if err != nil {
		return err
	}
	set, at, err := c.Read.open(a)
	if err != nil {
		return err
	}
	span, err := c.span(set, at)
	if err != nil {
		return err
	}
	reads := inputsOf(set, c.Deploys.Deploys)
	for _, o := range files {
		if err := reads.spare(o.path); err != nil {
			return err
		}
	}
	b := &build.Builder{At: at, Span: span, Given: c.given(), Full: true, Foresee: c.Forecast,
		Language: c.Speak.language(set), Zone: zone(set)}
	if err := c.Deploys.look(a, set, b, c.Read.Quiet); err != nil {
		return err
	}
	chosen, err := choose(set, c.Choose.Only)
	if err != nil {
		return err
	}
	got, err := c.Read.collect(ctx, a, at, collect.Plan{
		Set: chosen, Only: c.Choose.Only, Needs: b.Needs, Sets: b.Sets, Told: b.Judged, ReleasesAt: b.GateAt,
		Percentiles: true, Judge: b.Add,
	})
	if err != nil {
		return err
	}
	if !c.Read.Quiet {
		a.tell(got.Warnings)
	}
	r := b.Report(set.Report.Title, version(), got.Sources)
	if err := write(a, files, r, c.Read.look(a, "never")); err != nil {
		return err
	}
	form := "html"
	if c.Markdown == "-" || replace.Stdout(c.Markdown) {
		form = "markdown"
	}
	c.Read.refuse(a, got, form)
	return answered(got)
}

// span returns the period that is reported.
func (c *reportCmd) span(set *spec.Set, at time.Time) (*slo.Span, error) {
	if c.Period != "" && c.Judge.From+c.Judge.To != "" {
		return nil, usagef("--period and --from/--to exclude each other\nhint: leave out --period, or the others")
	}
	asked, err := c.Judge.span(set, at)
	switch {
	case err != nil:
		return nil, err
	case asked != nil:
		return asked, nil
	}
	s := slo.Last(slo.Month, at, zone(set))
	if name := cmp.Or(c.Period, set.Report.Period); name != "" {
		if s, err = (moment.Clock{Now: at, Zone: zone(set)}).Period(name); err != nil {
			return nil, usagef("%w\nhint: without --period it is the last closed month, %s",
				err, slo.Last(slo.Month, at, zone(set)).Name)
		}
	}
	if !s.In(zone(set), at).Start.Before(at) {
		return nil, usagef("period %s begins after %s: there is nothing to report yet", s.Name, at.Format(time.RFC3339))
	}
	return &s, nil
}

// given returns the flags that asked for the period.
func (c *reportCmd) given() string {
	if c.Period != "" {
		return given("--period", c.Period)
	}
	return given("--from", c.Judge.From, "--to", c.Judge.To)
}

// output is one file that the command writes.
type output struct {
	path string
	form string
}

// outputs returns the files to write. It refuses those that would overwrite or mix
// with each other.
func (c *reportCmd) outputs() ([]output, error) {
	var chosen []output
	for _, o := range []output{{c.HTML, "html"}, {c.Excel, "excel"}, {c.Markdown, "markdown"}, {c.JSON, "json"}} {
		switch {
		case o.path == "":
			continue
		case replace.Stdout(o.path):
			o.path = "-"
		}
		chosen = append(chosen, o)
	}
	switch {
	case len(chosen) == 0:
		dir := c.Out
		if dir == "" { // nobody chose it, so a link of that name is not what somebody asked for
			dir = "nines-report"
			if _, err := replace.Target(dir); err != nil {
				return nil, exitError{exitUsage, err}
			}
		}
		return []output{{filepath.Join(dir, "report.html"), "html"}, {filepath.Join(dir, "report.xlsx"), "excel"}}, nil
	case c.Out != "":
		return nil, usagef("--out is for report.html and report.xlsx: it does not go with single files")
	}
	seen := map[string]bool{}
	for _, o := range chosen {
		path := o.path
		if path != "-" {
			path = replace.Place(path)
		}
		if seen[path] {
			return nil, usagef("two outputs go to %s", o.path)
		}
		seen[path] = true
	}
	return chosen, nil
}

// inputs are the files that a command reads.
type inputs struct {
	there   []os.FileInfo // SLO files, calendars, and files of the command line
	sources []*spec.Source
}

// inputsOf returns the files of a set, and those named.
func inputsOf(set *spec.Set, named ...string) inputs {
	var in inputs
	seen := map[string]bool{"": true}
	add := func(file string) {
		if !seen[file] {
			if info, err := os.Stat(file); err == nil {
				in.there = append(in.there, info)
			}
		}
		seen[file] = true
	}
	for _, file := range slices.Concat(set.Files, named) {
		add(file)
	}
	for _, o := range set.Objectives {
		for _, calendar := range slices.Concat(o.Calendars, o.Freezes) {
			add(calendar.Path)
		}
		for _, p := range o.Parts {
			if p.Source.Files.Is() && !slices.Contains(in.sources, p.Source) {
				in.sources = append(in.sources, p.Source)
			}
		}
	}
	return in
}

// spare refuses a path for an output that would overwrite what the command reads, or be read by
// the next run.
func (in inputs) spare(path string) error {
	if path == "-" {
		return nil
	}
	target, err := replace.Target(path)
	if err != nil {
		return exitError{exitUsage, err}
	}
	info, err := os.Stat(path)
	read := err == nil && slices.ContainsFunc(in.there, func(one os.FileInfo) bool { return os.SameFile(one, info) })
	for _, s := range in.sources { // also a file that a link leads to and that is not there yet
		read = read || input.Reads(s.Files, s.Block.Dir, path) || input.Reads(s.Files, s.Block.Dir, target)
	}
	if read {
		return usagef("%s is a file that is read: nothing is written there\nhint: name another file", path)
	}
	return nil
}

// write writes the files and prints the headline and where they are. If a file
// goes to stdout, only that does.
func write(a *app, files []output, r *report.Report, look text.Options) error {
	var told io.Writer = a.say()
	for _, o := range files {
		if o.path == "-" {
			told = a.stderr
		}
	}
	for _, o := range files {
		forms := outputs().report
		var err error
		if o.path == "-" {
			err = forms.write(o.form, a.stdout, r, text.Options{})
		} else {
			err = replace.Write(o.path, func(w io.Writer) error { return forms.write(o.form, w, r, text.Options{}) })
		}
		if err != nil {
			return err
		}
	}
	if err := text.Report(told, r, look); err != nil {
		return err
	}
	for _, o := range files {
		if o.path != "-" {
			fmt.Fprintln(told, diag.Escape(o.path))
		}
	}
	return nil
}

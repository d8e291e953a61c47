package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/excel"
	"github.com/nines-slo/nines/report/html"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// reportCmd judges every objective over one period and writes files.
type reportCmd struct {
	measuring
	only
	deploying
	Forecast bool   `help:"Also tell when each budget will be exhausted: reads up to 400 days of history."`
	Period   string `placeholder:"PERIOD" help:"2026-10, 2026-Q3, 2026, 2026-W46 or last-7d. Default: the file's report.period, else the last closed month."`
	Out      string `placeholder:"DIR" help:"Folder that gets report.html and report.xlsx. Default: nines-report."`
	HTML     string `name:"html" placeholder:"FILE" help:"Write only the HTML, here; - is stdout."`
	Excel    string `placeholder:"FILE" help:"Write only the workbook, here; - is stdout."`
	Markdown string `placeholder:"FILE" help:"Write only headline and table as Markdown, here; - is stdout."`
	JSON     string `name:"json" placeholder:"FILE" help:"Write only the figures as JSON, here; - is stdout."`
}

// Run executes the command.
func (c *reportCmd) Run(ctx context.Context, a *app) error {
	if err := c.distinct(); err != nil {
		return err
	}
	set, b, err := c.builder(a)
	if err != nil {
		return err
	}
	b.Full, b.Foresee = true, c.Forecast
	if err := c.span(set, b); err != nil {
		return err
	}
	if err := c.look(a, set, b, c.Quiet); err != nil {
		return err
	}
	warnings, refusals := readFreezes(set, b.GateAt, b.Needs)
	if !c.Quiet {
		diag.Render(a.stderr, warnings, a.color)
	}
	diag.Render(a.stderr, refusals, a.color)
	got, err := c.measure(ctx, a, set, b, selector(c.Only), b.Add)
	if err != nil {
		return err
	}
	r := b.Report(set.Report.Title, version(), got.sources)
	if err := c.write(a, r); err != nil {
		return err
	}
	got.tell(a)
	return got.exit()
}

// span settles which period b reports on.
func (c *reportCmd) span(set *spec.Set, b *build.Builder) error {
	switch {
	case c.Period != "" && b.Span != nil:
		return usagef("--period and --from/--to exclude each other")
	case b.Span != nil:
		return nil
	}
	s := slo.LastMonth(b.At, b.Zone)
	if name := cmp.Or(c.Period, set.Report.Period); name != "" {
		var err error
		if s, err = slo.ParseSpan(name); err != nil {
			return exitError{exitUsage, err}
		}
	}
	if !s.In(b.Zone, b.At).Start.Before(b.At) {
		return usagef("period %s begins after %s: there is nothing to report yet", s.Name, b.At.Format(time.RFC3339))
	}
	b.Span = &s
	return nil
}

// output is one file that the command writes.
type output struct {
	path  string
	write func(io.Writer, *report.Report) error
}

func (c *reportCmd) outputs() []output {
	var chosen []output
	for _, o := range []output{{c.HTML, html.Write}, {c.Excel, excel.Write}, {c.Markdown, markdown.Report}, {c.JSON, json.Report}} {
		if o.path != "" {
			chosen = append(chosen, o)
		}
	}
	if len(chosen) > 0 {
		return chosen
	}
	dir := cmp.Or(c.Out, "nines-report")
	return []output{{filepath.Join(dir, "report.html"), html.Write}, {filepath.Join(dir, "report.xlsx"), excel.Write}}
}

// distinct refuses outputs that would overwrite or mix with each other.
func (c *reportCmd) distinct() error {
	outputs := c.outputs()
	if c.Out != "" && len(c.HTML+c.Excel+c.Markdown+c.JSON) > 0 {
		return usagef("--out is for report.html and report.xlsx: it does not go with single files")
	}
	seen := map[string]bool{}
	for _, o := range outputs {
		if seen[filepath.Clean(o.path)] {
			return usagef("two outputs go to %s", o.path)
		}
		seen[filepath.Clean(o.path)] = true
	}
	return nil
}

// write writes the files and prints the headline and where they are. If a file
// goes to stdout, only that does.
func (c *reportCmd) write(a *app, r *report.Report) error {
	told := a.stdout
	outputs := c.outputs()
	for _, o := range outputs {
		if o.path == "-" {
			told = a.stderr
		}
	}
	for _, o := range outputs {
		if o.path == "-" {
			if err := o.write(a.stdout, r); err != nil {
				return err
			}
			continue
		}
		if err := writeFile(o.path, func(w io.Writer) error { return o.write(w, r) }); err != nil {
			return err
		}
	}
	if err := text.Report(told, r); err != nil {
		return err
	}
	for _, o := range outputs {
		if o.path != "-" {
			fmt.Fprintln(told, o.path)
		}
	}
	return nil
}

// writeFile writes a file that is complete or absent: to a temporary file beside
// it, synced, then renamed. The folder is made if it is not there. What is there
// and is no regular file, such as a pipe or /dev/null, is written to as it is.
func writeFile(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

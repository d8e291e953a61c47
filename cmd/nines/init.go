package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/cmd/nines/survey"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
)

//go:embed templates/*.yaml
var templates embed.FS

// initCmd writes a commented starter file.
type initCmd struct {
	Template string `enum:"web,table,batch" default:"web" help:"web (a service with an access log), table (counts per minute) or batch (one row a run)."`
	FromLog  string `placeholder:"FILE" help:"Look at an access log and propose services, paths and thresholds."`
	Out      string `placeholder:"FILE" default:"nines.yaml" help:"Where to write; - is stdout."`
	Force    bool   `help:"Overwrite the file if it is there."`
}

// Run executes the command.
func (c *initCmd) Run(ctx context.Context, a *app) error {
	if _, err := os.Stat(c.Out); err == nil && !c.Force && c.Out != "-" {
		return usagef("%s is there already\nhint: --force overwrites it, --out FILE writes another", c.Out)
	}
	log := spec.Value{Kind: spec.Scalar, Text: c.FromLog}
	if c.FromLog != "" && input.Reads(log, "", c.Out) {
		return usagef("%s is the log that is looked at: nothing is written there\nhint: name another file with --out", c.Out)
	}
	text, err := c.text(ctx, a)
	if err != nil {
		return err
	}
	if c.Out == "-" {
		_, err := a.say().Write(text)
		return err
	}
	if err := replace.Write(c.Out, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	const next = "%s is written; next: edit it, then nines validate %[1]s and nines status %[1]s\n"
	_, err = fmt.Fprintf(a.say(), next, diag.Escape(c.Out))
	return err
}

func (c *initCmd) text(ctx context.Context, a *app) ([]byte, error) {
	if c.FromLog == "" {
		return templates.ReadFile("templates/" + c.Template + ".yaml")
	}
	in, from := a.stdin, c.FromLog
	if info, err := os.Stat(from); err == nil && !info.Mode().IsRegular() && !info.IsDir() { // <(command) of a shell
		pipe, err := os.Open(from)
		if err != nil {
			return nil, exitError{exitUsage, err}
		}
		defer pipe.Close()
		in, from = pipe, "-"
	}
	seen, err := survey.Look(ctx, in, from)
	if sources.ClassOf(err) == sources.Cancelled {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	dir := "."
	if c.Out != "-" {
		dir = filepath.Dir(c.Out)
	}
	path := from
	if rel, err := filepath.Rel(dir, from); err == nil && from != "-" {
		path = filepath.ToSlash(rel)
	}
	return seen.Propose(path)
}

package main

import (
	"bufio"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/accesslog"
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
	text, err := c.text(ctx, a)
	if err != nil {
		return err
	}
	if c.Out == "-" {
		_, err := a.stdout.Write(text)
		return err
	}
	if err := writeFile(c.Out, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "%s is written; next: edit it, then nines validate %[1]s and nines status %[1]s\n", c.Out)
	return err
}

func (c *initCmd) text(ctx context.Context, a *app) ([]byte, error) {
	if c.FromLog == "" {
		return templates.ReadFile("templates/" + c.Template + ".yaml")
	}
	s, err := look(ctx, a, c.FromLog)
	if err != nil {
		return nil, exitError{exitUsage, err}
	}
	dir := "."
	if c.Out != "-" {
		dir = filepath.Dir(c.Out)
	}
	path := c.FromLog
	if rel, err := filepath.Rel(dir, c.FromLog); err == nil {
		path = filepath.ToSlash(rel)
	}
	return s.propose(path), nil
}

// look reads a log, or a glob of them, whatever known format it has.
func look(ctx context.Context, a *app, path string) (*survey, error) {
	files, err := input.Find(spec.Value{Kind: spec.Scalar, Text: path}, "", sources.Env{Stdin: a.stdin})
	if err != nil {
		return nil, err
	}
	s := &survey{groups: map[string]*group{}}
	_, err = files.Each(ctx, func(ctx context.Context, f *input.File, r io.Reader) error {
		if err := f.Turn(ctx); err != nil {
			return err
		}
		b := bufio.NewReaderSize(r, 64<<10)
		sample, err := b.Peek(64 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		format, ok := accesslog.Detect(sample)
		if !ok {
			return fmt.Errorf("%s has no known log format\nhint: write a file with nines init and give format: your log_format or LogFormat string", f.Input.Name)
		}
		if s.format == "" {
			s.format = format
		}
		in, err := accesslog.Inspect(b, format, s.add)
		s.unread += in.Unread
		return err
	})
	if err == nil && s.lines == 0 {
		err = fmt.Errorf("%s has no line that can be read", path)
	}
	return s, err
}

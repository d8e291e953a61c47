package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

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
	Template starter `enum:"web,table,batch,demo" default:"web" help:"web (a service with an access log), table (counts per minute), batch (one row a run) or demo (made-up traffic with an incident, which every command answers at once)."`
	FromLog  string  `placeholder:"FILE" help:"Look at an access log and propose services, paths and thresholds."`
	Out      string  `placeholder:"FILE" default:"nines.yaml" help:"Where to write; - is stdout."`
	Force    bool    `help:"Overwrite the file if it is there."`
}

// starter is the name of a starter file.
type starter string

// UnmarshalText takes one of those there are.
func (s *starter) UnmarshalText(text []byte) error {
	switch *s = starter(text); *s {
	case "web", "table", "batch", "demo":
		return nil
	}
	return fmt.Errorf("there is no template %s: %s", diag.Quote(string(text)),
		diag.Among(string(text), []string{"web", "table", "batch", "demo"}, nil))
}

// Run executes the command.
func (c *initCmd) Run(ctx context.Context, a *app) error {
	if replace.Stdout(c.Out) {
		c.Out = "-"
	}
	if _, err := os.Stat(c.Out); err == nil && !c.Force && c.Out != "-" {
		return usagef("%s is there already\nhint: --force overwrites it, --out FILE writes another", c.Out)
	}
	log := spec.Value{Kind: spec.Scalar, Text: c.FromLog}
	if c.FromLog != "" && input.Reads(log, "", c.Out) {
		return usagef("%s is the log that is looked at: nothing is written there\n"+
			"hint: name another file with --out", c.Out)
	}
	text, next, err := c.text(ctx, a)
	if err != nil {
		return err
	}
	if c.Out == "-" {
		_, err := a.say().Write(text)
		return err
	}
	err = replace.Write(c.Out, func(w io.Writer) error {
		_, err := diag.NewScreen(w, diag.Text, false).Write(text)
		return err
	})
	if err != nil {
		return err
	}
	name, arg := diag.Escape(c.Out), " "+diag.Escape(c.Out)
	if c.Out == "nines.yaml" { // which is read where no file is named
		arg = ""
	}
	_, err = fmt.Fprintf(a.say(), "%s is written; next: %s\n", name, strings.ReplaceAll(next, "{file}", arg))
	return err
}

// text returns the file to write, and what to do with it.
func (c *initCmd) text(ctx context.Context, a *app) (text []byte, next string, err error) {
	if c.FromLog != "" {
		return c.fromLog(ctx, a)
	}
	next = "say in it where your data is, then nines validate{file} and nines status{file}"
	if c.Template == "demo" {
		next = "nines status{file}, report{file}, gate{file}, alerts{file}, backtest{file}"
	}
	text, err = templates.ReadFile("templates/" + string(c.Template) + ".yaml")
	return text, next, err
}

func (c *initCmd) fromLog(ctx context.Context, a *app) (text []byte, next string, err error) {
	in, from := a.stdin, c.FromLog
	if info, err := os.Stat(from); err == nil && !info.Mode().IsRegular() && !info.IsDir() { // <(command) of a shell
		pipe, err := os.Open(from)
		if err != nil {
			return nil, "", exitError{exitUsage, err}
		}
		defer pipe.Close()
		in, from = pipe, "-"
	}
	seen, err := survey.Look(ctx, in, from)
	if sources.ClassOf(err) == sources.Cancelled {
		return nil, "", context.Cause(ctx)
	}
	if err != nil {
		return nil, "", exitError{exitUsage, err}
	}
	path, err := c.reach(from)
	if err != nil {
		return nil, "", exitError{exitUsage, err}
	}
	next = "edit it, then nines validate{file} and nines status{file}"
	if a.now().Sub(seen.Last()) > 24*time.Hour {
		next += " " + seen.Ends()
	}
	text, err = seen.Propose(path)
	return text, next, err
}

// reach returns the path of the log as the file that is written has it: from its folder.
// An absolute one leads there from anywhere.
func (c *initCmd) reach(log string) (string, error) {
	if log == "-" || c.Out == "-" || filepath.IsAbs(log) {
		return filepath.ToSlash(log), nil
	}
	from, err := filepath.Abs(filepath.Dir(c.Out))
	if err != nil {
		return "", err
	}
	to, err := filepath.Abs(log)
	if err != nil {
		return "", err
	}
	path, err := filepath.Rel(from, to)
	if err != nil { // on another volume
		path = to
	}
	return filepath.ToSlash(path), nil
}

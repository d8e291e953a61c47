package main

import (
	"context"
	"io"

	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/convert"
)

// convertCmd writes SLO files of other tools in the native format.
type convertCmd struct {
	Files files  `embed:""`
	Out   string `placeholder:"FILE" default:"-" help:"Where to write; - is stdout."`
	Quiet bool   `short:"q" help:"Do not repeat on stderr what the output says in comments."`
}

// Run executes the command.
func (c *convertCmd) Run(_ context.Context, a *app) error {
	a.keep = true
	set, findings, err := a.load(c.Files, c.Quiet)
	if err != nil {
		return err
	}
	if findings.Errors() {
		return exitError{exitUsage, findings}
	}
	if !c.Quiet {
		a.tell(findings)
	}
	text := convert.Native(set)
	if c.Out == "-" {
		_, err := io.WriteString(a.say(), text)
		return err
	}
	return replace.Write(c.Out, func(w io.Writer) error {
		_, err := io.WriteString(diag.NewScreen(w, diag.Text, false), text)
		return err
	})
}

package main

import (
	"context"
	"io"

	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/convert"
)

// convertCmd writes SLO files of any format in the native one, or as OpenSLO.
type convertCmd struct {
	Files files  `embed:""`
	To    string `enum:"nines,openslo" default:"nines" help:"nines, the native format, or openslo: OpenSLO v1. What it has no words for is said in comments; exit 1 if an objective is left out."`
	Out   string `placeholder:"FILE" default:"-" help:"Where to write; - is stdout."`
	Quiet bool   `short:"q" help:"No warnings on stderr; what was lost is said in comments all the same."`
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
	text, code := "", exitAnswered
	if c.To == "openslo" {
		text, findings = convert.OpenSLO(set)
		set.Illustrate(findings)
	} else {
		text = convert.Native(set)
	}
	if findings.Errors() {
		code = exitFindings
	}
	if !c.Quiet || findings.Errors() {
		a.tell(findings)
	}
	if err := c.write(a, text); err != nil || code == exitAnswered {
		return err
	}
	return exitError{code: code}
}

func (c *convertCmd) write(a *app, text string) error {
	if c.Out == "-" {
		_, err := io.WriteString(a.say(), text)
		return err
	}
	return replace.Write(c.Out, func(w io.Writer) error {
		_, err := io.WriteString(diag.NewScreen(w, diag.Text, false), text)
		return err
	})
}

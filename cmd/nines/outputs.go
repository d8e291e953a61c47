package main

import (
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/csv"
	"github.com/nines-slo/nines/report/excel"
	"github.com/nines-slo/nines/report/github"
	"github.com/nines-slo/nines/report/gitlab"
	"github.com/nines-slo/nines/report/html"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/junit"
	"github.com/nines-slo/nines/report/markdown"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/letter"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/slo/diag"
)

// registry is every form in which every command answers. The first of a command is
// its default. A new output is a line in outputs; flags, help and completion follow.
type registry struct {
	status   forms[*report.Status]
	report   forms[*report.Report]
	alerts   forms[*report.Alerts]
	gate     forms[*report.Gate]
	backtest forms[*report.Backtest]
	suggest  forms[*report.Suggestions]
	summary  forms[*report.Brief]
}

func outputs() registry {
	return registry{
		status: forms[*report.Status]{
			{"table", screened(text.Status)},
			{"wide", screened(wide(text.Status))},
			{"json", plain(diag.JSON, json.Status)},
			{"csv", plain(diag.Text, csv.Status)},
			{"markdown", plain(diag.Text, markdown.Status)},
		},
		report: forms[*report.Report]{ // each has a flag of its own
			{"html", plain(diag.JSON, html.Write)},
			{"excel", binary(excel.Write)},
			{"markdown", plain(diag.Text, markdown.Report)},
			{"json", plain(diag.JSON, json.Report)},
		},
		alerts: forms[*report.Alerts]{
			{"table", screened(text.Alerts)},
			{"wide", screened(wide(text.Alerts))},
			{"json", plain(diag.JSON, json.Alerts)},
			{"markdown", plain(diag.Text, markdown.Alerts)},
		},
		gate: forms[*report.Gate]{
			{"table", screened(gateTable)},
			{"json", plain(diag.JSON, json.Gate)},
			{"markdown", plain(diag.Text, markdown.Gate)},
			{"junit", plain(diag.XML, junit.Gate)},
			{"github", plain(diag.Commands, github.Gate)},
			{"gitlab", plain(diag.JSON, gitlab.Gate)},
		},
		backtest: forms[*report.Backtest]{
			{"table", screened(text.Backtest)},
			{"json", plain(diag.JSON, json.Backtest)},
			{"csv", plain(diag.Text, csv.Backtest)},
			{"markdown", plain(diag.Text, markdown.Backtest)},
		},
		suggest: forms[*report.Suggestions]{
			{"table", screened(text.Suggest)},
			{"json", plain(diag.JSON, json.Suggest)},
			{"markdown", plain(diag.Text, markdown.Suggest)},
		},
		summary: forms[*report.Brief]{
			{"table", plain(diag.Text, briefText)},
			{"json", plain(diag.JSON, json.Brief)},
		},
	}
}

func gateTable(w io.Writer, g *report.Gate, look text.Options) error {
	return text.Gate(w, g, look.Color)
}

// briefText writes a summary as a message without marks.
func briefText(w io.Writer, b *report.Brief) error {
	m, err := letter.Summary(b, nil)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, notify.Plain(m))
	return err
}

// vars are what the tags of the commands' --output flags name.
func (r registry) vars() kong.Vars {
	return kong.Vars{
		"status_forms":   r.status.names(),
		"alerts_forms":   r.alerts.names(),
		"gate_forms":     r.gate.names(),
		"backtest_forms": r.backtest.names(),
		"suggest_forms":  r.suggest.names(),
		"summary_forms":  r.summary.names(),
	}
}

// forms are those of one command.
type forms[M any] []form[M]

// form is one way to write a model.
type form[M any] struct {
	name  string
	write writer[M]
}

// writer writes a model. How it looks on a terminal concerns some alone.
type writer[M any] func(w io.Writer, model M, look text.Options) error

// screened makes a writer of one for terminals, which nothing but text and colours
// reaches.
func screened[M any](write writer[M]) writer[M] {
	return func(w io.Writer, model M, look text.Options) error {
		return write(diag.NewScreen(w, diag.Text, look.Color), model, look)
	}
}

// plain makes a writer of one without colours, with a notation for what no terminal
// should get.
func plain[M any](as diag.Notation, write func(io.Writer, M) error) writer[M] {
	return func(w io.Writer, model M, _ text.Options) error {
		return write(diag.NewScreen(w, as, false), model)
	}
}

// binary makes a writer of one that writes no text.
func binary[M any](write func(io.Writer, M) error) writer[M] {
	return func(w io.Writer, model M, _ text.Options) error { return write(w, model) }
}

// wide makes a writer that shows all that there is room for.
func wide[M any](write writer[M]) writer[M] {
	return func(w io.Writer, model M, look text.Options) error {
		look.Wide = true
		return write(w, model, look)
	}
}

// names lists the forms as the tag of a flag does.
func (f forms[M]) names() string {
	var names []string
	for _, one := range f {
		names = append(names, one.name)
	}
	return strings.Join(names, ",")
}

// write writes a model in the form of that name, which the command line has checked.
func (f forms[M]) write(name string, w io.Writer, model M, look text.Options) error {
	i := slices.IndexFunc(f, func(one form[M]) bool { return one.name == name })
	return f[i].write(w, model, look)
}

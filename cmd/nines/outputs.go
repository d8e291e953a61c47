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
			{"table", text.Status},
			{"wide", wide(text.Status)},
			{"json", plain(json.Status)},
			{"csv", plain(csv.Status)},
			{"markdown", plain(markdown.Status)},
		},
		report: forms[*report.Report]{ // each has a flag of its own
			{"html", plain(html.Write)},
			{"excel", plain(excel.Write)},
			{"markdown", plain(markdown.Report)},
			{"json", plain(json.Report)},
		},
		alerts: forms[*report.Alerts]{
			{"table", text.Alerts},
			{"wide", wide(text.Alerts)},
			{"json", plain(json.Alerts)},
			{"markdown", plain(markdown.Alerts)},
		},
		gate: forms[*report.Gate]{
			{"table", text.Gate},
			{"json", plain(json.Gate)},
			{"markdown", plain(markdown.Gate)},
			{"junit", plain(junit.Gate)},
			{"github", plain(github.Gate)},
			{"gitlab", plain(gitlab.Gate)},
		},
		backtest: forms[*report.Backtest]{
			{"table", text.Backtest},
			{"json", plain(json.Backtest)},
			{"csv", plain(csv.Backtest)},
			{"markdown", plain(markdown.Backtest)},
		},
		suggest: forms[*report.Suggestions]{
			{"table", text.Suggest},
			{"json", plain(json.Suggest)},
			{"markdown", plain(markdown.Suggest)},
		},
		summary: forms[*report.Brief]{
			{"table", plain(told(messageText))},
			{"json", plain(json.Brief)},
			{"markdown", plain(told(markdown.Message))},
		},
	}
}

// told makes a writer of summaries of one of messages.
func told(write func(io.Writer, notify.Message) error) func(io.Writer, *report.Brief) error {
	return func(w io.Writer, b *report.Brief) error {
		m, err := letter.Summary(b)
		if err != nil {
			return err
		}
		return write(w, m)
	}
}

// messageText writes a message without marks.
func messageText(w io.Writer, m notify.Message) error {
	_, err := io.WriteString(diag.NewScreen(w, diag.Text, false), notify.Plain(m))
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

// writer writes a model. How it looks on a terminal concerns some alone. Each knows what
// its medium must not hold: whatever names hold, w gets none of it.
type writer[M any] func(w io.Writer, model M, look text.Options) error

// plain makes a writer of one whose output looks the same everywhere.
func plain[M any](write func(io.Writer, M) error) writer[M] {
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

// Package markdown writes GitHub-flavoured Markdown, for wikis, pull requests and
// build summaries. Names are escaped: they show as they are written in the file
// and can neither break a table nor add markup.
package markdown

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/diag"
)

// Status writes st as a table, worst first, and its warnings below.
func Status(w io.Writer, st *report.Status) error {
	out := diag.NewPage(w, diag.Text, false)
	table(out, st, true)
	forecasts(out, st)
	warnings(out, st)
	return out.Flush()
}

// Report writes the title, the headline and the table of r.
func Report(w io.Writer, r *report.Report) error {
	out := diag.NewPage(w, diag.Text, false)
	words := r.Language.Words()
	made := words.Provisional
	if r.Final {
		made = words.Final
	}
	period := r.Language.Period(r.Period.Name, r.Period.Bounds(), r.Zone)
	title := period
	if r.Title != "" {
		title = r.Title + " – " + period
	}
	fmt.Fprintf(out, "# %s\n\n**%s**\n\n", escape(title), escape(r.Headline))
	at := r.Language.DateTime(r.At, r.Zone) + " " + r.Period.Timezone
	fmt.Fprintf(out, "%s %s, %s\n\n", words.GeneratedAt, escape(at), made)
	table(out, &r.Status, false)
	forecasts(out, &r.Status)
	writeDeploys(out, r.Language, r.Zone, r.Deploys)
	warnings(out, &r.Status)
	return out.Flush()
}

// table writes the objectives; windows tells whether theirs differ.
func table(out *diag.Screen, st *report.Status, windows bool) {
	l, w := st.Language, st.Language.Words()
	head, rule := []string{w.Objective, w.Status, w.Spent, w.Left, w.SLI, w.Target}, "|---|---|--:|--:|--:|--:|"
	if windows {
		head, rule = append(head, w.Window), rule+"---|"
	}
	row(out, head...)
	out.WriteString(rule + "\n")
	for _, o := range st.Objectives {
		cells := []string{escape(o.ID()), unit.Mark(o.State) + " " + words.State(l, o.State, o.Caveat), spent(l, o),
			l.Left(o.Budget.Minutes.Remaining), actual(l, o), o.Target.String()}
		if windows {
			cells = append(cells, escape(l.Window(o.Window.Kind, o.Window.Length)))
		}
		row(out, cells...)
	}
}

// spent is what was spent, and what that is of the time so far if it is too much of that.
func spent(l unit.Language, o report.Objective) string {
	text := l.Spent(o.Budget.Spent)
	if o.Overspent == nil {
		return text
	}
	return l.Say("markdown.overspent", "spent", text, "overspent", words.Overspent(l, *o.Overspent))
}

// actual is the SLI, of a running period with the time that it is of.
func actual(l unit.Language, o report.Objective) string {
	text := l.SLI(o.SLI, o.Target)
	if !o.Budget.Projected() || !o.SLI.Known() {
		return text
	}
	return l.Say("markdown.so_far", "sli", text, "length", words.SoFar(l, o))
}

// forecasts writes a line for every objective that was asked for its forecast.
func forecasts(out *diag.Screen, st *report.Status) {
	before := "\n"
	for _, o := range st.Objectives {
		if o.Forecast != nil {
			label, text := st.Language.Say("text.forecast"), words.Forecast(st.Language, *o.Forecast)
			fmt.Fprintf(out, "%s- %s %s: %s\n", before, label, escape(o.ID()), escape(text))
			before = ""
		}
	}
}

func row(out *diag.Screen, cells ...string) {
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// warnings lists every warning once, under the objectives that have it.
func warnings(out *diag.Screen, st *report.Status) {
	var said []warning
	for _, o := range st.Objectives {
		if o.Failed != "" {
			said = warn(said, o.Failed, "", o.ID())
		}
		for _, f := range o.Warnings {
			said = warn(said, f.Error(), f.Hint, o.ID())
		}
	}
	for _, s := range st.Sources {
		for _, f := range s.Notes {
			if !slices.ContainsFunc(said, func(w warning) bool { return w.text == f.Error() }) {
				said = warn(said, f.Error(), f.Hint, s.Name)
			}
		}
	}
	if len(said) == 0 {
		return
	}
	fmt.Fprintf(out, "\n**%s**\n\n", st.Language.Words().Warnings)
	for _, w := range said {
		fmt.Fprintf(out, "- %s: %s%s\n", escape(words.Named(st.Language, w.names)), escape(w.text), hinted(w.hint))
	}
}

// warning is said once, of what it names.
type warning struct {
	text, hint string
	names      []string
}

// hinted returns what follows a text that has a hint.
func hinted(hint string) string {
	if hint == "" {
		return ""
	}
	return " – " + escape(hint)
}

// warn adds to said that text, with its hint, holds for name.
func warn(said []warning, text, hint, name string) []warning {
	i := slices.IndexFunc(said, func(w warning) bool { return w.text == text && w.hint == hint })
	if i < 0 {
		return append(said, warning{text, hint, []string{name}})
	}
	if !slices.Contains(said[i].names, name) {
		said[i].names = append(said[i].names, name)
	}
	return said
}

package markdown

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/diag"
)

// Suggest writes a line for every target, and what has to be said of them.
func Suggest(w io.Writer, s *report.Suggestions) error {
	out := diag.NewPage(w, diag.Text, false)
	l := s.Language
	title := l.Say("markdown.suggest.title",
		"from", l.DateTime(s.From, s.Zone), "to", l.DateTime(s.To, s.Zone), "zone", s.Zone.String())
	fmt.Fprintf(out, "# %s\n\n**%s**\n\n", escape(title), l.Say("markdown.suggest.warning"))
	row(out, strings.Split(l.Say("markdown.suggest.heads"), "|")...)
	out.WriteString("|---|---|--:|--:|--:|\n")
	line := func(o report.Suggested, aim string, t report.SuggestedTarget) {
		target := l.Say("suggest.none")
		if t.Target > 0 {
			target = t.Target.String()
		}
		row(out, escape(o.ID()), aim, target, l.Percent(t.Met, 0), l.Multiple(t.PerMonth))
	}
	var objectives []report.Objective
	for _, o := range s.Objectives {
		line(o, l.Say("suggest.now"), o.Now)
		for _, t := range o.Targets {
			line(o, l.Say("suggest.share", "share", l.Percent(t.Share, 0)), t)
		}
		failed := o.Failed
		if o.Short() {
			failed = l.Say("markdown.suggest.missing", "windows", strconv.Itoa(o.Windows), "length", l.Duration(o.Length),
				"needed", strconv.Itoa(o.Needed), "more", l.Duration(o.Missing))
		}
		objectives = append(objectives, report.Objective{
			Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By, Warnings: o.Warnings, Failed: failed,
		})
	}
	warnings(out, &report.Status{Language: l, Objectives: objectives, Sources: s.Sources})
	return out.Flush()
}

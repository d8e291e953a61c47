package text

import (
	"fmt"
	"io"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
)

// Suggest writes the targets that history would have met, a line each, and what has
// to be said of them.
func Suggest(w io.Writer, s *report.Suggestions, opts Options) error {
	out := diag.NewPage(w, diag.Text, opts.Color)
	l := s.Language
	title := l.Say("suggest.title", "from", l.DateTime(s.From, s.Zone), "to", l.DateTime(s.To, s.Zone), "zone", s.Zone.String())
	fmt.Fprintf(out, "%s\n\n", title)
	var rows [][]cell
	var ns notes
	add := func(o report.Suggested, text string) { ns.add(note{label: l.Say("text.note"), text: text}, o.ID()) }
	for _, o := range s.Objectives {
		rows = append(rows, suggested(l, o, o.Now, l.Say("suggest.now")))
		for _, t := range o.Targets {
			rows = append(rows, suggested(l, o, t, l.Say("suggest.share", "share", l.Percent(t.Share, 0))))
		}
		if o.Short() {
			add(o, l.Say("suggest.missing", "windows", strconv.Itoa(o.Windows), "length", l.Duration(o.Length),
				"needed", strconv.Itoa(o.Needed), "more", l.Duration(o.Missing)))
		}
		if o.Rough() {
			add(o, l.Say("suggest.overlap", "windows", strconv.Itoa(o.Windows), "length", l.Duration(o.Length),
				"data", l.Duration(o.History(s.To))))
		}
		if len(o.Targets) > 0 && !o.Targets[0].Proven {
			add(o, l.Say("suggest.unproven"))
		}
	}
	if len(rows) > 0 {
		heads := []head{{l.Say("suggest.objective"), false}, {l.Say("suggest.aim"), false},
			{l.Say("suggest.target"), true}, {l.Say("suggest.met"), true}, {l.Say("suggest.pages"), true}}
		newGrid(heads, rows).write(out)
		out.WriteString("\n")
	}
	fmt.Fprintln(out, l.Say("suggest.warning"))
	if !opts.Quiet {
		suggestNotes(&ns, s)
		out.WriteString("\n")
	}
	for _, n := range ns {
		n.write(out, l)
	}
	return out.Flush()
}

func suggested(l unit.Language, o report.Suggested, t report.SuggestedTarget, aim string) []cell {
	target := l.Say("suggest.none")
	if t.Target > 0 {
		target = t.Target.String()
	}
	if !t.Proven && t.Target > 0 {
		target = "> " + target
	}
	met, pages := narrow(l.Percent(t.Met, 0)), narrow(l.Multiple(t.PerMonth))
	return []cell{{text: cut(diag.Escape(o.ID()), maxName)}, {text: aim}, {text: target}, {text: met}, {text: pages}}
}

// suggestNotes adds what is to know of the data.
func suggestNotes(ns *notes, s *report.Suggestions) {
	l := s.Language
	for _, o := range s.Objectives {
		if o.Failed != "" {
			ns.add(note{label: l.Say("text.failed"), color: red, text: o.Failed}, o.ID())
		}
		for _, f := range o.Warnings {
			ns.add(finding(f, l), o.ID())
		}
	}
	ns.sources(s.Sources, l)
}

package text

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Suggest writes the targets that history would have met, a line each, and what has
// to be said of them.
func Suggest(w io.Writer, s *report.Suggestions, opts Options) error {
	out := bufio.NewWriter(w)
	l, p := s.Language, s.Language
	title := p.Say("suggest.title", "from", l.DateTime(s.From, s.Zone), "to", l.DateTime(s.To, s.Zone), "zone", s.Zone.String())
	fmt.Fprintf(out, "%s\n\n", title)
	var rows [][]cell
	var ns notes
	for _, o := range s.Objectives {
		rows = append(rows, suggested(l, p, o, o.Now, p.Say("suggest.now")))
		for _, t := range o.Targets {
			rows = append(rows, suggested(l, p, o, t, l.Say("suggest.share", "share", l.Percent(t.Share, 0))))
		}
		if len(o.Targets) == 0 && o.Failed == "" {
			ns.add(note{label: l.Say("text.note"),
				text: l.Say("suggest.missing", "windows", strconv.Itoa(o.Windows), "length", l.Duration(o.Length),
					"needed", strconv.Itoa(o.Needed), "more", l.Duration(o.Missing))}, o.ID())
		}
		if len(o.Targets) > 0 && o.Distinct.Cmp(slo.NumberOf(fewWindows)) < 0 {
			ns.add(note{label: l.Say("text.note"),
				text: l.Say("suggest.overlap", "windows", strconv.Itoa(o.Windows), "length", l.Duration(o.Length),
					"data", l.Duration(s.To.Sub(*o.Start)))}, o.ID())
		}
		if len(o.Targets) > 0 && !o.Targets[0].Proven {
			ns.add(note{label: l.Say("text.note"), text: p.Say("suggest.unproven")}, o.ID())
		}
	}
	if len(rows) > 0 {
		newGrid([]head{{p.Say("suggest.objective"), false}, {p.Say("suggest.aim"), false},
			{p.Say("suggest.target"), true}, {p.Say("suggest.met"), true},
			{p.Say("suggest.pages"), true}}, rows).write(out, opts.Color)
		out.WriteByte('\n')
	}
	fmt.Fprintln(out, p.Say("suggest.warning"))
	if !opts.Quiet {
		suggestNotes(&ns, s)
		out.WriteByte('\n')
	}
	for _, n := range ns {
		n.write(out, l, opts.Color)
	}
	return out.Flush()
}

// fewWindows is how many windows apart it takes for shares of windows to mean much.
const fewWindows = 3

func suggested(l unit.Language, p unit.Language, o report.Suggested, t report.SuggestedTarget, aim string) []cell {
	target := p.Say("suggest.none")
	if t.Target > 0 {
		target = l.Target(t.Target)
	}
	if !t.Proven && t.Target > 0 {
		target = "> " + target
	}
	return []cell{{text: cut(diag.Escape(o.ID()), maxName)}, {text: aim}, {text: target},
		{text: narrow(l.Percent(t.Met, 0))}, {text: narrow(perMonth(l, t))}}
}

func perMonth(l unit.Language, t report.SuggestedTarget) string {
	if !t.PerMonth.Known() {
		return unit.Unknown
	}
	return l.Multiple(t.PerMonth)
}

// suggestNotes adds what is to know of the data.
func suggestNotes(ns *notes, s *report.Suggestions) {
	p := s.Language
	for _, o := range s.Objectives {
		if o.Failed != "" {
			ns.add(note{label: p.Say("text.failed"), color: red, text: o.Failed}, o.ID())
		}
		for _, f := range o.Warnings {
			ns.add(finding(f, p), o.ID())
		}
	}
	for _, src := range s.Sources {
		for _, f := range src.Notes {
			ns.add(finding(f, p), sourceName(src, f))
		}
	}
}

package text

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/diag"
)

// maxNamed is how many objectives a note names before it counts the rest.
const maxNamed = 3

// note is something to know about one or more objectives.
type note struct {
	label string // "warning", "error", "note"
	color string
	text  string
	hint  string
	names []string
}

// notes keeps what was said from being said twice.
type notes []note

func (ns *notes) add(n note, name string) {
	i := slices.IndexFunc(*ns, n.same)
	if i < 0 {
		*ns = append(*ns, n)
		i = len(*ns) - 1
	}
	if names := (*ns)[i].names; name != "" && !slices.Contains(names, name) {
		(*ns)[i].names = append(names, name)
	}
}

// has tells whether that was said.
func (ns notes) has(n note) bool { return slices.ContainsFunc(ns, n.same) }

// same tells whether n and o say the same, of whatever objectives.
func (n note) same(o note) bool { return o.label == n.label && o.text == n.text && o.hint == n.hint }

// writeNotes writes what the reader of st has to know, each once: failures first,
// then what was read in part, then what a figure stands on.
func writeNotes(out *diag.Screen, st *report.Status) {
	p := st.Language
	var ns notes
	ns.failures(st, p)
	ns.sources(st.Sources, p)
	for _, o := range st.Objectives {
		for _, f := range o.Warnings {
			ns.add(finding(f, p), o.ID())
		}
	}
	for _, o := range st.Objectives {
		ns.standsOn(o, st.Language)
	}
	ns.doubts(st, p)
	if len(ns) > 0 {
		out.WriteString("\n")
	}
	for _, n := range ns {
		n.write(out, p)
	}
}

// Warnings writes what the figures of summaries are warned of, each once, in the order of a
// status: a message has no room for it. What alert policies can never do is no matter of
// figures: alerts says it.
func Warnings(w io.Writer, briefs []*report.Brief, color bool) error {
	out := diag.NewPage(w, diag.Text, color)
	var ns notes
	for _, b := range briefs {
		ns.sources(b.Sources, b.Language)
	}
	for _, b := range briefs {
		for _, o := range b.Objectives {
			for _, f := range o.Warnings {
				kind, _, _ := strings.Cut(f.Code, "/")
				if kind == "data" {
					f.Hint = "" // flags that a summary has not
				}
				if kind != "alert" {
					ns.add(finding(f, b.Language), o.ID)
				}
			}
		}
	}
	for _, n := range ns {
		n.write(out, briefs[0].Language)
	}
	return out.Flush()
}

// writeForecasts writes a line for every objective that was asked for its forecast.
func writeForecasts(out *diag.Screen, st *report.Status) {
	p := st.Language
	before := "\n"
	for _, o := range st.Objectives {
		if o.Forecast == nil {
			continue
		}
		n := note{label: p.Say("text.forecast"), names: []string{o.ID()},
			text: words.Forecast(st.Language, *o.Forecast)}
		if o.Forecast.Alarming() {
			n.color = yellow
		}
		out.WriteString(before)
		n.write(out, p)
		before = ""
	}
}

// failures adds why sources gave no answer.
func (ns *notes) failures(st *report.Status, p unit.Language) {
	for _, o := range st.Objectives {
		if o.Failed != "" {
			ns.add(note{label: p.Say("text.failed"), color: red, text: o.Failed}, o.ID())
		}
	}
	ns.unused(st.Sources, p)
}

// sources adds what sources note of their input.
func (ns *notes) sources(all []report.Source, p unit.Language) {
	for _, s := range all {
		for _, f := range s.Notes {
			ns.add(finding(f, p), sourceName(s, f))
		}
	}
}

// unused adds why sources gave no answer, unless that stands with an objective.
func (ns *notes) unused(all []report.Source, p unit.Language) {
	for _, s := range all {
		told := func(n note) bool { return strings.Contains(n.text, s.Failed) }
		if s.Failed != "" && !slices.ContainsFunc(*ns, told) {
			ns.add(note{label: p.Say("text.failed"), color: red, text: s.Failed}, s.Name)
		}
	}
}

func finding(f diag.Finding, p unit.Language) note {
	return note{label: p.Say("text.warning"), color: yellow, text: f.Error(), hint: f.Hint}
}

// sourceName names a source where the finding has no place of its own.
func sourceName(s report.Source, f diag.Finding) string {
	if f.Pos.File != "" {
		return ""
	}
	return s.Name
}

// standsOn adds how much of its window a young objective's figures cover, why a running
// period is at risk although its budget would last, and of which time its figures are.
func (ns *notes) standsOn(o report.Objective, l unit.Language) {
	p := l
	if o.Window.Since != nil {
		text := l.Of(o.Window.Judged().Length(), o.Window.Whole().Length())
		if o.Caveat != nil { // one that stands on less says on how much
			text = words.Caveat(l, o.Caveat)
		}
		ns.add(note{label: p.Say("text.note"), text: text}, o.ID())
	}
	if o.Overspent != nil {
		ns.add(note{label: p.Say("text.note"),
			text: p.Say("gate.overspent", "overspent", words.Overspent(l, *o.Overspent))}, o.ID())
	}
	if o.Budget.Projected() && o.SLI.Known() {
		ns.add(note{label: p.Say("text.note"), text: p.Say("text.running", "length", words.SoFar(l, o))}, o.ID())
	}
}

// doubts adds which objectives have too few events to tell, the first few in full.
func (ns *notes) doubts(st *report.Status, p unit.Language) {
	told, more := 0, 0
	for _, o := range st.Objectives {
		text := words.Doubt(st.Language, o)
		switch {
		case text == "":
		case told < maxNamed:
			ns.add(note{label: p.Say("text.note"), text: text}, o.ID())
			told++
		default:
			more++
		}
	}
	if more > 0 {
		ns.add(note{label: p.Say("text.note"), text: p.Counted("text.doubts", more)}, "")
	}
}

func (n note) write(out *diag.Screen, p unit.Language) {
	out.Paint(n.label, n.color)
	out.WriteString(" ")
	if len(n.names) > 0 {
		out.WriteString(named(n.names, p) + ": ")
	}
	fmt.Fprintln(out, diag.Escape(n.text))
	if n.hint != "" {
		fmt.Fprintf(out, "  %s %s\n", p.Say("text.hint"), diag.Escape(n.hint))
	}
}

// named lists names, the first few of many.
func named(names []string, p unit.Language) string {
	var shown []string
	for _, name := range names[:min(maxNamed, len(names))] {
		shown = append(shown, cut(diag.Escape(name), maxName))
	}
	text := strings.Join(shown, ", ")
	if more := len(names) - maxNamed; more > 0 {
		text += p.Say("text.more", "n", strconv.Itoa(more))
	}
	return text
}

// summary is the last line: how many objectives are in which state, over which
// windows, from which sources, at which instant.
func summary(st *report.Status) string {
	p := st.Language
	var states []string
	for _, s := range st.States() {
		states = append(states, p.Say("text.state", "n", strconv.Itoa(s.N), "state", st.Language.State(s.State)))
	}
	parts := []string{counted(p, len(st.Objectives))}
	if len(states) > 0 {
		parts[0] += p.Say("text.colon") + strings.Join(states, p.Say("text.comma"))
		parts = append(parts, windows(st))
	}
	if len(st.Sources) > 0 {
		parts = append(parts, p.Say("text.sources")+sources(st, p))
	}
	zone := time.UTC
	if st.Zone != nil {
		zone = st.Zone
	}
	at := narrow(st.Language.DateTime(st.At, zone)) + " " + diag.Escape(zone.String())
	return strings.Join(append(parts, at), p.Say("text.semicolon"))
}

// windows names the one window of st, or tells how many there are.
func windows(st *report.Status) string {
	var seen []string
	for _, o := range st.Objectives {
		name := st.Language.Window(o.Window.Kind, o.Window.Length)
		if o.Window.Kind == "period" {
			name = st.Language.Period("", o.Window.Whole(), st.Zone)
		}
		if !slices.Contains(seen, name) {
			seen = append(seen, name)
		}
	}
	if len(seen) > maxNamed {
		return st.Language.Say("text.windows", "n", strconv.Itoa(len(seen)))
	}
	return narrow(diag.Escape(strings.Join(seen, " / ")))
}

func sources(st *report.Status, p unit.Language) string {
	if len(st.Sources) > 2*maxNamed {
		return strconv.Itoa(len(st.Sources))
	}
	var names []string
	for _, s := range st.Sources {
		names = append(names, cut(diag.Escape(s.Name), maxName))
	}
	return strings.Join(names, p.Say("text.comma"))
}

// counted says how many objectives there are.
func counted(l unit.Language, n int) string {
	if n == 0 {
		return l.Say("text.no_objectives")
	}
	return l.Counted("text.objectives", n)
}

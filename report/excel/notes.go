package excel

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// noteWidths are the columns of the notes: a name, what is said of it, details.
func noteWidths() []float64 { return []float64{38, 84, 26, 16, 12, 40} }

// notes draws what a reader needs to trust the figures, and the named values.
func notes(b *book) {
	s := b.open(layout{name: b.words.notes, widths: noteWidths()})
	n := &noter{sheet: s}
	n.put(26, s.text(b.words.notes+" · "+b.period(), titleLook))
	n.about()
	n.values()
	n.pairs(b.words.method, b.words.methodLines)
	n.warnings()
	n.exclusions()
	n.sources()
	n.pairs(b.words.glossary, b.words.glossaryLines)
	s.print(fmt.Sprintf("$A$1:$F$%d", n.last), "", 1, 0)
	s.flush()
}

// noter writes the notes downwards.
type noter struct {
	sheet *sheet
	last  int // row
}

func (n *noter) put(height float64, cells ...any) {
	n.last++
	n.sheet.row(n.last, height, cells...)
}

// section begins a part after an empty row; titles name its columns.
func (n *noter) section(titles ...string) {
	n.last++
	var cells []any
	for i := range noteWidths() {
		title := ""
		if i < len(titles) {
			title = titles[i]
		}
		cells = append(cells, n.sheet.text(title, look{bold: true, fill: head, bottom: 2}))
	}
	n.put(22, cells...)
}

// entry writes texts side by side, as high as the longest needs.
func (n *noter) entry(texts ...string) {
	high := 1.0
	for i, t := range texts {
		high = max(high, lines(t, noteWidths()[i]))
	}
	l := look{wrap: true}
	if high > 1 {
		l.valign = "top"
	}
	var cells []any
	for i, t := range texts {
		l.bold = i == 0
		cells = append(cells, n.sheet.text(t, l))
	}
	n.put(noteHeight(high), cells...)
}

// noteHeight is that of a row of so many lines, at most what the format allows.
func noteHeight(lines float64) float64 { return min(16*lines+4, 400) }

func (n *noter) about() {
	n.section(n.sheet.words.about...)
	for _, line := range n.sheet.words.aboutLines {
		n.put(20, n.sheet.text(line, look{}))
	}
	n.put(20, n.sheet.text(n.madeBy(), noteLook))
}

func (n *noter) madeBy() string {
	return fmt.Sprintf("%s nines %s, %s %s %s", n.sheet.words.made, n.sheet.report.Version, n.sheet.words.generatedAt,
		n.sheet.lang.DateTime(n.sheet.report.At, n.sheet.zone()), n.sheet.zone())
}

// values writes the named cells that formulas refer to.
func (n *noter) values() {
	w := n.sheet.words
	n.section(w.values)
	minutes := slo.Minutes(n.sheet.report.Period.Bounds().Length())
	n.value(w.periodMinutes, w.periodMinutesNote, minutes, look{align: "right", format: "#,##0"})
	editable := look{align: "right", format: "0%", fill: input, color: inputIn}
	n.value(w.atRiskValue, w.atRiskNote, slo.DefaultAtRisk(), editable)
}

func (n *noter) value(name, note string, v slo.Number, l look) {
	n.put(20, n.sheet.text(name, look{bold: true}), n.sheet.text(note, look{}), n.sheet.number(v, l))
	cell := n.sheet.ref(fmt.Sprintf("$C$%d", n.last))
	n.sheet.try(n.sheet.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: cell}))
}

func (n *noter) pairs(title string, pairs [][2]string) {
	n.section(title)
	for _, p := range pairs {
		n.entry(p[0], p[1])
	}
}

func (n *noter) warnings() {
	var out [][2]string
	for _, o := range n.sheet.report.Objectives {
		for _, w := range o.Warnings {
			out = append(out, [2]string{o.ID(), finding(w)})
		}
		if o.Failed != "" {
			out = append(out, [2]string{o.ID(), n.sheet.words.failed + ": " + o.Failed})
		}
	}
	for _, id := range n.sheet.frozen {
		out = append(out, [2]string{id, n.sheet.lang.Say("excel.frozen", "objective", id)})
	}
	if len(out) > 0 {
		n.pairs(n.sheet.words.warnings, out)
	}
}

// finding writes one finding in a line, its place first.
func finding(f diag.Finding) string {
	text := f.Message
	if p := f.Pos.String(); p != "" {
		text = p + ": " + text
	}
	if f.Hint != "" {
		text += " (" + f.Hint + ")"
	}
	return text
}

// exclusions writes each rule once for each objective that it applies to.
func (n *noter) exclusions() {
	some := false
	for _, o := range n.sheet.report.Objectives {
		for _, e := range o.Exclusions {
			if !some {
				w := n.sheet.words
				n.section(w.exclusions, w.exclusionName, w.agreedBy, w.plannedMinutes, w.excludedMinutes)
				some = true
			}
			n.exclusion(o, e)
		}
	}
}

func (n *noter) exclusion(o report.Objective, e report.Exclusion) {
	agreed := e.AgreedBy
	if agreed == "" {
		agreed = n.sheet.words.nobody
	}
	what := e.Name + n.spans(e.Periods)
	high := max(lines(o.ID(), noteWidths()[0]), lines(what, noteWidths()[1]), lines(agreed, noteWidths()[2]))
	l := look{wrap: true, valign: "top"}
	id := n.sheet.text(o.ID(), look{bold: true, wrap: true, valign: "top"})
	minutes := func(m slo.Number) any {
		return n.sheet.figure(unit.WholeMinutes(m), look{align: "left", valign: "top"})
	}
	n.put(noteHeight(high), id, n.sheet.text(what, l), n.sheet.text(agreed, l),
		minutes(slo.Minutes(e.Length())), minutes(e.Excluded))
}

// spans names the time of an exclusion: the only one, or how many there were.
func (n *noter) spans(periods []slo.Period) string {
	if len(periods) == 0 {
		return ""
	}
	l, zone, first := n.sheet.lang, n.sheet.zone(), periods[0]
	text := ": " + l.DateTime(first.Start, zone) + " – " + l.DateTime(first.End, zone)
	if len(periods) > 1 {
		text += fmt.Sprintf(" … (%d×)", len(periods))
	}
	return text
}

func (n *noter) sources() {
	w := n.sheet.words
	n.section(w.sources, w.sourceName, w.newest, w.rows, w.unread, w.digest)
	for _, src := range n.sheet.report.Sources {
		newest := ""
		if src.Newest != nil {
			newest = n.sheet.lang.DateTime(*src.Newest, n.sheet.zone())
		}
		n.entry(src.Name, strings.TrimSpace(src.Type), newest)
		if src.Failed != "" {
			n.entry("", n.sheet.words.failed+": "+src.Failed)
		}
		for _, in := range src.Inputs {
			n.input(in)
		}
		for _, f := range src.Notes {
			n.entry("", finding(f))
		}
	}
}

func (n *noter) input(in report.Input) {
	l := look{wrap: true, valign: "top"}
	count := look{align: "left", valign: "top", format: "#,##0"}
	small := look{wrap: true, valign: "top", size: 9, color: muted}
	file := words.Input(n.sheet.lang, in)
	high := max(lines(file, noteWidths()[1]), lines(in.Digest, noteWidths()[5]))
	rows, unread := n.sheet.number(slo.NumberOf(in.Rows), count), n.sheet.number(slo.NumberOf(in.Unread), count)
	name, digest := n.sheet.text(file, l), n.sheet.text(in.Digest, small)
	n.put(noteHeight(high), n.sheet.text("", l), name, nil, rows, unread, digest)
}

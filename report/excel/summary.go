package excel

import (
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// The grid of the summary: twelve equal columns, four figures of three columns a row.
const (
	summaryColumns = 12
	summaryWidth   = 12
	chartRow       = 14
)

// summary draws the page that stands alone: title, headline, figures, chart.
func summary(b *book) {
	widths := make([]float64, summaryColumns)
	for i := range widths {
		widths[i] = summaryWidth
	}
	s := b.open(layout{name: b.words.summary, widths: append(widths, 4, 34, 12, 12, 12)})
	s.title()
	t := b.table()
	s.gap(4)
	s.tiles(5, s.counts(t))
	s.gap(8)
	s.tiles(9, s.facts())
	s.gap(12)
	rows := s.chart(t)
	s.print(fmt.Sprintf("$A$1:$L$%d", rows), "", 1, 1)
	s.flush()
}

// gap leaves a low empty row.
func (s *sheet) gap(n int) { s.row(n, 9) }

// title writes which report this is, its headline and when it was made. The
// headline is text: it stays as reported.
func (s *sheet) title() {
	w, state := s.words, s.words.provisional
	if s.report.Final {
		state = w.final
	}
	s.row(1, 22, s.text(s.book.title()+" · "+s.period()+" · "+state, look{color: muted, size: 12}))
	headline := look{size: 18, bold: true, wrap: true}
	high := 27*lines(s.report.Headline, summaryColumns*summaryWidth*11/18) + 8
	s.row(2, min(high, 400), s.text(s.report.Headline, headline))
	s.merge("A2", "L2")
	zone := s.report.Period.Timezone
	made := fmt.Sprintf("%s – %s %s · %s %s", s.lang.DateTime(s.report.Period.Start, s.zone()),
		s.lang.DateTime(s.report.Period.End, s.zone()), zone, w.generatedAt, s.lang.DateTime(s.report.At, s.zone()))
	s.row(3, 20, s.text(made, noteLook))
}

// period names the reported period.
func (b *book) period() string {
	p := b.report.Period
	return b.lang.Period(p.Name, p.Bounds(), b.zone())
}

// tile is one figure with its label and that of the period before.
type tile struct {
	value  excelize.Cell
	label  string
	before string
}

// tiles writes four figures side by side: value, label, period before.
func (s *sheet) tiles(top int, tiles []tile) {
	var values, labels, befores []any
	for _, t := range tiles {
		values = append(values, t.value, nil, nil)
		labels = append(labels, s.text(t.label, look{color: ink}), nil, nil)
		befores = append(befores, s.text(t.before, look{size: 9, color: muted}), nil, nil)
	}
	s.row(top, 34, values...)
	s.row(top+1, 20, labels...)
	s.row(top+2, 18, befores...)
	for i := range tiles {
		col, _ := excelize.ColumnNumberToName(i*3 + 1)
		end, _ := excelize.ColumnNumberToName(i*3 + 3)
		s.merge(fmt.Sprintf("%s%d", col, top), fmt.Sprintf("%s%d", end, top))
		s.merge(fmt.Sprintf("%s%d", col, top+1), fmt.Sprintf("%s%d", end, top+1))
	}
}

var tileLook = look{size: 24, bold: true, align: "left"}

// counts are the live figures: they follow the states on the objectives sheet.
func (s *sheet) counts(t *table) []tile {
	sum, before := s.report.Summary, s.report.Previous
	if before == nil {
		before = &report.Summary{}
	}
	count := func(states ...slo.State) string {
		f := ""
		for _, st := range states {
			f += fmt.Sprintf(`+COUNTIF(%s,"%s*")`, t.cells(fieldStatus), unit.Mark(st))
		}
		return f[1:]
	}
	figure := func(f string, n int, color, label string, previous int) tile {
		l := tileLook
		l.color, l.format = color, "0"
		return tile{s.live(f, slo.NumberOf(int64(n)), l), label, s.previously(fmt.Sprint(previous))}
	}
	of := tileLook
	of.format = s.lang.Say("excel.of_total", "total", strconv.Itoa(sum.Total))
	w := s.words
	if !s.report.Final {
		w.metTile, w.missedTile = w.onTrackTile, w.exhaustedTile
	}
	met := s.live(count(slo.Met, slo.AtRisk), slo.NumberOf(int64(sum.Met)), of)
	return []tile{
		{met, w.metTile, s.previously(fmt.Sprintf("%d / %d", before.Met, before.Total))},
		figure(count(slo.AtRisk), sum.AtRisk, nearInk, s.mark(slo.AtRisk, w.nearTile), before.AtRisk),
		figure(count(slo.Missed), sum.Missed, bad, s.mark(slo.Missed, w.missedTile), before.Missed),
		figure(count(slo.NoData), sum.NoData, muted, s.mark(slo.NoData, w.noDataTile), before.NoData),
	}
}

func (s *sheet) mark(st slo.State, words string) string { return unit.Mark(st) + " " + words }

// previously writes a figure of the period before, "" if nothing was measured then.
func (s *sheet) previously(figure string) string {
	if s.report.Previous == nil {
		return ""
	}
	return s.lang.Say("excel.before", "figure", figure)
}

// facts are the figures that no target changes, as reported.
func (s *sheet) facts() []tile {
	sum, before, w := s.report.Summary, s.report.Previous, s.words
	if before == nil {
		before = &report.Summary{}
	}
	figure := func(n slo.Number, format, label, previous string) tile {
		l := tileLook
		l.format = format
		c := s.number(n, l)
		if !n.Known() {
			c = s.text(unit.Unknown, l)
		}
		return tile{c, label, joined(w.asReported, s.previously(previous))}
	}
	available := unit.Percent(sum.Availability, 4)
	calls := w.availability
	if s.report.Running() {
		calls = w.availabilitySoFar
	}
	length := unit.WholeMinutes(sum.IncidentMinutes)
	held := s.lang.Say("excel.of_total", "total", strconv.Itoa(sum.Services))
	return []tile{
		figure(available.Value, available.Format(), calls, s.lang.Percent(before.Availability, 4)),
		figure(sum.Incidents, "0", w.incidentTile, s.lang.Count(before.Incidents)),
		figure(length.Value, length.Format(), w.lengthTile, s.lang.Duration(before.IncidentLength)),
		figure(slo.NumberOf(int64(sum.OnHold)), held, w.servicesTile,
			fmt.Sprintf("%d / %d", before.OnHold, before.Services)),
	}
}

func joined(a, b string) string {
	if b == "" {
		return a
	}
	return a + " · " + b
}

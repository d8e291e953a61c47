package html

import (
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
)

// table holds a chart's figures; the first cell of a row is its head.
type table struct {
	Head []string
	Rows [][]string
}

// burndownTable gives per day what was spent and what was left at its end.
func (p chartPart) burndownTable() table {
	s := p.say.s
	t := table{Head: []string{p.say.w.Date, p.say.w.BadEvents, s.SpentThatDay, s.LeftAtEnd}}
	for i, d := range p.o.Days {
		left := p.say.l.Percent(p.o.Detail.Days[i].Left, 0)
		t.Rows = append(t.Rows, []string{d.Date, p.say.l.Count(d.Counts.Bad), p.say.l.Share(d.Spent), left})
	}
	return t
}

// burnTable gives per day the highest burn rate of each line.
func (p chartPart) burnTable() table {
	t := table{Head: []string{p.say.w.Date}}
	for _, b := range p.o.Detail.Burn {
		t.Head = append(t.Head, texts.Fill(p.say.s.HighestBurn, "window", p.say.window(b.Window)))
	}
	for i, d := range p.o.Days {
		cells := []string{d.Date}
		for _, highest := range p.o.Detail.Days[i].Burn {
			cells = append(cells, p.say.l.Burn(highest))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// trafficTable gives per day the valid events and the slowest hour.
func (p chartPart) trafficTable() table {
	name := p.say.w.Calls
	if p.o.Slices != nil {
		name = p.say.w.Slices
	}
	t := table{Head: []string{p.say.w.Date, name}}
	slow := len(p.o.Detail.Percentiles) > 0
	if slow {
		t.Head = append(t.Head, p.say.s.SlowestHour, "p50", "p95", "p99")
	}
	for _, d := range p.o.Days {
		cells := []string{d.Date, p.say.l.Count(d.Counts.Total)}
		if slow {
			cells = append(cells, p.slowest(d.Slowest)...)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (p chartPart) slowest(h *slo.Percentiles) []string {
	if h == nil {
		return []string{unit.Unknown, unit.Unknown, unit.Unknown, unit.Unknown}
	}
	return append([]string{p.say.instant(h.Start)}, p.say.percentiles(*h)...)
}

// percentiles writes p50, p95 and p99 of an hour.
func (s speaker) percentiles(h slo.Percentiles) (texts []string) {
	for i, length := range h.Lengths() {
		text := s.l.Latency(length)
		if h.Over > 0 && slo.Percents()[i] >= h.Over {
			text = s.l.Say("unit.length.beyond", "length", text)
		}
		texts = append(texts, text)
	}
	return texts
}

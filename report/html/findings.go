package html

import (
	"html/template"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
)

// chartPart paints the charts of one objective: each with its finding, its keys and
// the table of its figures.
type chartPart struct {
	say    *speaker
	report *report.Report
	o      report.Objective
	floor  float64 // lower end of the burn-downs' axis, in percent
}

// chart is a figure that ECharts draws, with its table.
type chart struct {
	ID, Title, Note string
	Keys            []key
	Height          int
	Element         template.HTML // script element with ECharts' options
	Table           table
}

// key names a line of a chart: Style is its class in the legend.
type key struct{ Style, Text string }

// burndown titles the budget's chart: when it ran out, or what was left.
func (p chartPart) burndown() chart {
	s := p.say.s
	c := chart{
		Note: s.BurndownNote, Title: p.burndownTitle(), Table: p.burndownTable(),
		Keys: []key{{"k-good", p.say.w.Left}, {"k-even", s.EvenSpend}},
	}
	if len(p.o.Incidents) > 0 {
		c.Keys = append(c.Keys, key{"k-band", s.ShadedIncidents})
	}
	_, deploys := p.deployLines()
	c.Keys = append(c.Keys, deploys...)
	return c
}

func (p chartPart) burndownTitle() string {
	remaining := p.o.Budget.Remaining
	if !remaining.Known() {
		return p.say.s.BurndownUnknown
	}
	if out := p.o.Detail.RanOut; out != nil {
		return texts.Fill(p.say.s.BurndownOut, "date", p.say.lastDate(*out))
	}
	template := p.say.s.BurndownLeft
	if !p.o.Window.Closed {
		template = p.say.s.BurndownRunning
	}
	return texts.Fill(template, "left", p.say.l.Percent(remaining, 0))
}

// burn titles the burn rate's chart by the line to speak of first.
func (p chartPart) burn() chart {
	d := p.o.Detail
	c := chart{Title: p.say.s.BurnUnknown, Note: p.say.s.BurnNote, Table: p.burnTable()}
	styles := [...]string{"k-thin", "k-good", "k-dots"}
	for i, b := range d.Burn {
		c.Keys = append(c.Keys, key{styles[i%len(styles)], p.say.window(b.Window)})
	}
	c.Keys = append(c.Keys, p.thresholds()...)
	if worst := d.WorstBurn(); worst != nil {
		c.Title = p.burnTitle(*worst)
	}
	return c
}

// thresholds names the alert thresholds, one key a class: "page 1h/5m, 6h/30m".
func (p chartPart) thresholds() []key {
	var keys []key
	last := ""
	for _, t := range p.o.Detail.Thresholds {
		if t.Class == last {
			keys[len(keys)-1].Text += ", " + t.Windows
			continue
		}
		last = t.Class
		style := "k-near"
		if t.Class == string(slo.Page) {
			style = "k-page"
		}
		keys = append(keys, key{style, p.say.l.Class(slo.Class(t.Class)) + " " + t.Windows})
	}
	return keys
}

// burnTitle says how high a line went, and whether that is past its threshold.
func (p chartPart) burnTitle(b report.BurnLine) string {
	date := unit.Unknown
	if b.PeakAt != nil {
		date = p.say.lastDate(*b.PeakAt)
	}
	pairs := []string{"window", p.say.window(b.Window), "burn", p.say.l.Burn(b.Peak), "date", date}
	if b.Threshold == nil {
		return texts.Fill(p.say.s.BurnPeak, pairs...)
	}
	class := p.say.l.Class(slo.Class(b.Threshold.Class))
	pairs = append(pairs, "class", class, "factor", p.say.l.Burn(b.Threshold.Factor))
	if b.Past {
		return texts.Fill(p.say.s.BurnOver, pairs...)
	}
	return texts.Fill(p.say.s.BurnUnder, pairs...)
}

// traffic titles the chart of response times and calls.
func (p chartPart) traffic() chart {
	s, d := p.say.s, p.o.Detail
	per := p.say.window(d.CallsPer)
	c := chart{Title: s.CallsUnknown, Note: texts.Fill(s.CallsNote, "per", per), Table: p.trafficTable()}
	if most := d.MostCalls(); most != nil {
		c.Title = texts.Fill(s.CallsPeak, "count", p.say.l.Count(most.Value), "per", per, "date", p.say.date(most.Time))
	}
	slowest := p.o.SlowestHour()
	if slowest == nil {
		return c
	}
	c.Title = texts.Fill(s.LatencyPeak, "latency", p.say.percentiles(*slowest)[2], "date", p.say.date(slowest.Start))
	c.Note = texts.Fill(s.LatencyNoteNone, "per", per)
	if slowest.Error.Known() {
		c.Note = texts.Fill(s.LatencyNote, "per", per, "error", p.say.l.Share(slowest.Error))
	}
	c.Keys = []key{{"k-good", "p99"}, {"k-dash", "p95"}, {"k-dots", "p50"}, {"k-area", p.say.w.Calls}}
	if threshold := p.o.Kind.Threshold; threshold > 0 {
		c.Keys = append(c.Keys, key{"k-near", texts.Fill(s.ThresholdLine, "latency", p.say.l.Latency(threshold))})
	}
	return c
}

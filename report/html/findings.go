package html

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// burndown titles the budget's chart: when it ran out, or what was left.
func (p *painter) burndown(o report.Objective) chart {
	c := chart{Note: p.s.BurndownNote, Title: p.burndownTitle(o), Table: p.burndownTable(o),
		Keys: []key{{"k-good", p.w.Left}, {"k-even", p.s.EvenSpend}}}
	if len(o.Incidents) > 0 {
		c.Keys = append(c.Keys, key{"k-band", p.s.ShadedIncidents})
	}
	_, deploys := p.deployLines(o)
	c.Keys = append(c.Keys, deploys...)
	return c
}

func (p *painter) burndownTitle(o report.Objective) string {
	remaining := o.Deciding().Remaining
	if !remaining.Known() {
		return p.s.BurndownUnknown
	}
	if out := o.Detail.RanOut; out != nil {
		return fill(p.s.BurndownOut, "{date}", p.l.Date(out.Add(-1), p.zone))
	}
	template := p.s.BurndownLeft
	if !o.Window.Closed {
		template = p.s.BurndownRunning
	}
	return fill(template, "{left}", p.l.Percent(remaining, 0))
}

// burn titles the burn rate's chart: the first line that went past its
// threshold, else the first line.
func (p *painter) burn(o report.Objective) chart {
	c := chart{Title: p.s.BurnUnknown, Note: p.s.BurnNote, Table: p.burnTable(o)}
	styles := [...]string{"k-thin", "k-good", "k-dots"}
	chosen := false
	for i, b := range o.Detail.Burn {
		c.Keys = append(c.Keys, key{styles[i%len(styles)], p.windowName(b.Window)})
		title := p.burnTitle(b)
		if title != "" && (c.Title == p.s.BurnUnknown || b.Past && !chosen) {
			c.Title, chosen = title, b.Past
		}
	}
	c.Keys = append(c.Keys, p.thresholdKeys(o.Detail.Thresholds)...)
	return c
}

// thresholdKeys names the alert thresholds, one key a class: "page 1h/5m, 6h/30m".
func (p *painter) thresholdKeys(thresholds []report.Threshold) []key {
	var keys []key
	last := ""
	for _, t := range thresholds {
		if t.Class == last {
			keys[len(keys)-1].Text += ", " + t.Windows
			continue
		}
		last = t.Class
		style := "k-near"
		if t.Class == string(slo.Page) {
			style = "k-page"
		}
		keys = append(keys, key{style, p.l.Class(slo.Class(t.Class)) + " " + t.Windows})
	}
	return keys
}

// burnTitle says how high a line went, and whether that is past its threshold.
func (p *painter) burnTitle(b report.BurnLine) string {
	if !b.Peak.Known() {
		return ""
	}
	pairs := []string{"{window}", p.windowName(b.Window), "{burn}", p.l.Burn(b.Peak), "{date}", p.l.Date(b.PeakAt.Add(-1), p.zone)}
	if b.Threshold == nil {
		return fill(p.s.BurnPeak, pairs...)
	}
	pairs = append(pairs, "{class}", p.l.Class(slo.Class(b.Threshold.Class)), "{factor}", p.l.Burn(b.Threshold.Factor))
	if b.Past {
		return fill(p.s.BurnOver, pairs...)
	}
	return fill(p.s.BurnUnder, pairs...)
}

// traffic titles the chart of response times and calls.
func (p *painter) traffic(o report.Objective) chart {
	d := o.Detail
	per := p.windowName(d.CallsPer)
	c := chart{Title: p.s.CallsUnknown, Note: fill(p.s.CallsNote, "{per}", per), Table: p.trafficTable(o)}
	if peak, ok := largest(d.Calls); ok {
		c.Title = fill(p.s.CallsPeak, "{count}", p.l.Count(number(peak.Value)), "{per}", per, "{date}", p.l.Date(peak.Time, p.zone))
	}
	if slowest, ok := slowestHour(d.Percentiles); ok {
		c.Title = fill(p.s.LatencyPeak, "{latency}", p.l.Latency(slowest.P99), "{date}", p.l.Date(slowest.Start, p.zone))
		c.Note = fill(p.s.LatencyNote, "{per}", per)
		c.Keys = []key{{"k-good", "p99"}, {"k-dash", "p95"}, {"k-dots", "p50"}, {"k-area", p.w.Calls}}
		if o.Kind.Threshold > 0 {
			c.Keys = append(c.Keys, key{"k-near", fill(p.s.ThresholdLine, "{latency}", p.l.Latency(o.Kind.Threshold))})
		}
	}
	return c
}

// slowestHour returns the hour with the highest p99.
func slowestHour(hours []slo.Percentiles) (slo.Percentiles, bool) {
	if len(hours) == 0 {
		return slo.Percentiles{}, false
	}
	worst := hours[0]
	for _, h := range hours {
		if h.P99 > worst.P99 {
			worst = h
		}
	}
	return worst, true
}

package html

import (
	"html/template"
	"math"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/pattern"
)

// Heights in px: of what stands above the first grid, and below the last.
const (
	roomAbove = 18
	roomBelow = 26
)

// charts returns budget, burn rate, response times and calls of the objective,
// whose section has that ID.
func (p chartPart) charts(section string) ([]chart, error) {
	all := []struct {
		id     string
		chart  chart
		panels []panel
	}{
		{"budget", p.burndown(), []panel{p.burndownPanel()}},
		{"burn", p.burn(), p.burnPanels()},
		{"calls", p.traffic(), p.trafficPanels()},
	}
	var out []chart
	for _, one := range all {
		if len(one.panels) == 0 {
			continue
		}
		c := one.chart
		c.ID = section + "-" + one.id
		plot := p.plot(c.ID)
		c.Height = roomAbove
		for _, panel := range one.panels {
			panel.top = c.Height
			c.Height += panel.height + roomBelow
			plot.panels = append(plot.panels, panel)
		}
		options, err := plot.options()
		if err != nil {
			return nil, err
		}
		c.Element = template.HTML(`<script type="application/json" id="`+c.ID+`-opt">`) + options + "</script>"
		out = append(out, c)
	}
	return out, nil
}

// plot is an empty chart over the objective's period with its incidents shaded.
func (p chartPart) plot(id string) plot {
	w := p.o.Window
	c := plot{id: id, zone: p.say.zone, start: w.Start, end: w.End, timeFormat: p.timeFormat()}
	for _, i := range p.o.Incidents {
		name := ""
		if n := p.report.IncidentNumber(i.Bounds()); n > 0 {
			name = strconv.Itoa(n)
		}
		c.bands = append(c.bands, band{name: name, start: i.Start, end: i.End})
	}
	return c
}

// axisLetters are what the chart library calls parts of a date.
var axisLetters = pattern.Of(`[a-zA-Z]+`)

// timeFormat is the form of the time axis' labels.
func (p chartPart) timeFormat() string {
	switch length := p.o.Window.Whole().Length(); {
	case length <= 72*time.Hour:
		return "{MM}-{dd} {HH}:{mm}"
	case length > 200*24*time.Hour:
		return "{yyyy}-{MM}"
	}
	return axisLetters().ReplaceAllString(p.say.s.AxisDay, "{$0}")
}

// axisFloor returns where an axis in percent begins that reaches down to lowest: 0,
// or the half below it.
func axisFloor(lowest slo.Number) float64 {
	if !lowest.Known() {
		return 0
	}
	return math.Floor(min(lowest.Float(), 0)*2) * 50
}

func percent(v float64) float64 { return v * 100 }

func (p chartPart) burndownPanel() panel {
	d := p.o.Detail
	even := []report.Point{
		{Time: p.o.Window.Judged().Start, Value: slo.NumberOf(1)},
		{Time: p.o.Window.End, Value: slo.NumberOf(0)},
	}
	low := min(p.floor, axisFloor(d.Lowest()))
	moments, _ := p.deployLines()
	left := line{
		name: p.say.w.Left, points: d.Burndown, scale: percent, colour: "var(--good)", width: 2.5,
		said: figures(d.Burndown, func(n slo.Number) string { return p.say.l.Percent(n, 0) }),
	}
	spread := line{name: p.say.s.EvenSpend, points: even, scale: percent, colour: muted, width: 1, dash: "dashed"}
	return panel{
		height: 114, moments: moments, min: low, max: 100, interval: percentSteps(low), format: "{value}%",
		marks: []mark{{value: 0, colour: muted}}, lines: []line{left, spread},
	}
}

// percentSteps returns the distance of labels on an axis from low to 100.
func percentSteps(low float64) float64 {
	return math.Max(math.Ceil((100-low)/250)*50, 25*math.Ceil((100-low)/100))
}

// Ends of the burn rate's axis, the same in every chart.
const burnLow, burnHigh = 0.1, 1000.0

func burnScale(v float64) float64 { return min(max(v, burnLow), burnHigh) }

// burnStyles are the lines of a burn rate chart, shortest window first.
func burnStyles() []line {
	return []line{
		{colour: "var(--calls)", width: 1.25},
		{colour: "var(--good)", width: 2.25},
		{colour: "var(--text)", width: 1.5, dash: "dotted"},
	}
}

// burnPanels is the panel of burn rates, none if no window says something of the
// objective.
func (p chartPart) burnPanels() []panel {
	d := p.o.Detail
	if len(d.Burn) == 0 {
		return nil
	}
	c := panel{height: 132, log: true, min: burnLow, max: burnHigh, format: "{value}×"}
	styles := burnStyles()
	for i, b := range d.Burn {
		l := styles[i%len(styles)]
		l.name, l.points, l.scale, l.said = p.say.window(b.Window), b.Points, burnScale, figures(b.Points, p.say.l.Burn)
		c.lines = append(c.lines, l)
	}
	for _, t := range d.Thresholds {
		colour := bad
		if t.Class != string(slo.Page) {
			colour = "var(--near-text)"
		}
		c.marks = append(c.marks, mark{name: p.say.l.Burn(t.Factor), value: t.Factor.Float(), colour: colour})
	}
	return []panel{c}
}

// trafficPanels are response times, where there are any, above call counts.
func (p chartPart) trafficPanels() []panel {
	calls := panel{height: 64, min: 0, format: "{value}", lines: []line{{
		name: p.say.w.Calls, points: p.o.Detail.Calls, said: figures(p.o.Detail.Calls, p.say.l.Count),
		colour: "var(--calls)", width: 1, area: true,
	}}}
	if len(p.o.Detail.Percentiles) == 0 {
		return []panel{calls}
	}
	return []panel{p.latencyPanel(), calls}
}

func (p chartPart) latencyPanel() panel {
	threshold := p.o.Kind.Threshold
	unitOf, format := time.Millisecond, p.say.l.Say("unit.length.milliseconds", "n", "{value}")
	if threshold >= 10*time.Second {
		unitOf, format = time.Second, p.say.l.Say("unit.length.seconds", "n", "{value}")
	}
	c := panel{height: 100, min: 0, format: format}
	if threshold > 0 { // named in the legend: lines run across it
		c.marks = []mark{{value: float64(threshold) / float64(unitOf), colour: "var(--near-text)"}}
	}
	for i, l := range percentileStyles() {
		for _, h := range p.o.Detail.Percentiles {
			l.points = append(l.points, report.Point{Time: h.Start, Value: slo.NumberOf(int64(h.Lengths()[i]))})
			l.said = append(l.said, p.say.percentiles(h)[i])
		}
		l.scale = func(v float64) float64 { return v / float64(unitOf) }
		c.lines = append(c.lines, l)
	}
	return c
}

func percentileStyles() []line {
	return []line{
		{name: "p50", colour: muted, width: 1.5, dash: "dotted"},
		{name: "p95", colour: "var(--text)", width: 1.25, dash: "dashed"},
		{name: "p99", colour: "var(--good)", width: 2},
	}
}

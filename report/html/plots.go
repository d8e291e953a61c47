package html

import (
	"html/template"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// Heights in px: of what stands above the first grid, and below the last.
const (
	roomAbove = 18
	roomBelow = 26
)

// charts returns the charts of o: budget, burn rate, response times and calls.
func (p *painter) charts(o report.Objective, id string, floor float64) ([]chart, error) {
	all := []struct {
		chart
		panels []panel
	}{
		{p.burndown(o), []panel{p.burndownPanel(o, floor)}},
		{p.burn(o), p.burnPanels(o)},
		{p.traffic(o), p.trafficPanels(o)},
	}
	var out []chart
	for i, c := range all {
		if len(c.panels) == 0 {
			continue
		}
		c.ID = id + "-" + [...]string{"budget", "burn", "calls"}[i]
		plot := p.plot(c.ID, o)
		c.Height = roomAbove
		for _, panel := range c.panels {
			panel.top = c.Height
			c.Height += panel.height + roomBelow
			plot.panels = append(plot.panels, panel)
		}
		options, err := plot.options()
		if err != nil {
			return nil, err
		}
		c.Element = template.HTML(`<script type="application/json" id="`+c.ID+`-opt">`) + options + "</script>"
		out = append(out, c.chart)
	}
	return out, nil
}

// plot is an empty chart over o's period with its incidents shaded.
func (p *painter) plot(id string, o report.Objective) plot {
	c := plot{id: id, zone: p.zone, start: o.Window.Start, end: o.Window.End, timeFormat: p.timeFormat(o.Window)}
	for _, i := range o.Incidents {
		c.bands = append(c.bands, band{name: p.incidentNumber(i.Bounds()), start: i.Start, end: i.End})
	}
	return c
}

// timeFormat is the form of the time axis' labels.
func (p *painter) timeFormat(w report.Window) string {
	switch length := w.End.Sub(w.Start); {
	case length <= 72*time.Hour:
		return "{MM}-{dd} {HH}:{mm}"
	case length > 200*24*time.Hour:
		return "{yyyy}-{MM}"
	}
	if p.l == "ja" {
		return "{M}/{d}"
	}
	return "{d} {MMM}"
}

// lowest returns the lower end of the burn-downs' axis, which they share: 0, or
// down to −100 % where more than the budget was spent. Charts that go below have
// an axis of their own.
func (p *painter) lowest() float64 {
	low := 0.0
	for _, o := range p.Objectives {
		if o.Detail != nil {
			low = min(low, axisFloor(o.Detail.Burndown))
		}
	}
	return max(low, -100)
}

// axisFloor returns the lowest point in percent, rounded down to a half.
func axisFloor(points []report.Point) float64 {
	low := 0.0
	for _, point := range points {
		if point.Value < low {
			low = point.Value
		}
	}
	return math.Floor(low*2) * 50
}

func percent(v float64) float64 { return v * 100 }

func (p *painter) burndownPanel(o report.Objective, floor float64) panel {
	own := axisFloor(o.Detail.Burndown)
	even := []report.Point{{Time: o.Window.Start, Value: 1}, {Time: o.Window.End, Value: 0}}
	if o.Window.Since != nil {
		even[0].Time = *o.Window.Since
	}
	low := min(floor, own)
	moments, _ := p.deployLines(o)
	return panel{height: 114, moments: moments, min: low, max: 100, interval: math.Max(math.Ceil((100-low)/250)*50, 25*math.Ceil((100-low)/100)), format: "{value}%", marks: []mark{{value: 0, colour: "var(--muted)"}},
		lines: []line{
			{name: p.w.Left, points: o.Detail.Burndown, scale: percent, colour: "var(--good)", width: 2.5, text: func(v float64) string {
				return p.l.Percent(number(v), 0)
			}},
			{name: p.s.EvenSpend, points: even, scale: percent, colour: "var(--muted)", width: 1, dash: "dashed"},
		}}
}

// number returns the decimal of 15 digits that a chart's value stands for: 14.4 as
// a float64 is a trace more than 14.4, and rounding that up would show 14.5.
func number(v float64) slo.Number {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'g', 15, 64))
	if !ok {
		return slo.Number{} // NaN or ±Inf
	}
	return slo.NumberRat(r)
}

// Ends of the burn rate's axis, the same in every chart.
const burnLow, burnHigh = 0.1, 1000.0

func burnScale(v float64) float64 {
	if math.IsNaN(v) {
		return v
	}
	return min(max(v, burnLow), burnHigh)
}

// burnStyles are the lines of a burn rate chart, shortest window first.
func burnStyles() []line {
	return []line{
		{colour: "var(--calls)", width: 1.25},
		{colour: "var(--good)", width: 2.25},
		{colour: "var(--text)", width: 1.5, dash: "dotted"},
	}
}

// burnPanels is the panel of burn rates, none if no window says something of o.
func (p *painter) burnPanels(o report.Objective) []panel {
	if len(o.Detail.Burn) == 0 {
		return nil
	}
	c := panel{height: 132, log: true, min: burnLow, max: burnHigh, format: "{value}×"}
	styles := burnStyles()
	for i, b := range o.Detail.Burn {
		l := styles[i%len(styles)]
		l.name, l.points, l.scale = p.windowName(b.Window), b.Points, burnScale
		l.text = func(v float64) string { return p.l.Burn(number(v)) }
		c.lines = append(c.lines, l)
	}
	for _, t := range o.Detail.Thresholds {
		colour := "var(--bad)"
		if t.Class != string(slo.Page) {
			colour = "var(--near-text)"
		}
		c.marks = append(c.marks, mark{name: p.l.Burn(t.Factor), value: t.Factor.Float(), colour: colour})
	}
	return []panel{c}
}

// windowName writes a window of the model, "6h", for people.
func (p *painter) windowName(w string) string {
	d, err := slo.ParseDuration(w)
	if err != nil {
		return w
	}
	return p.l.Duration(d)
}

// trafficPanels are response times, where there are any, above call counts.
func (p *painter) trafficPanels(o report.Objective) []panel {
	calls := panel{height: 64, min: 0, format: "{value}", lines: []line{{name: p.w.Calls, points: o.Detail.Calls, colour: "var(--calls)", width: 1, area: true,
		text: func(v float64) string { return p.l.Count(number(v)) }}}}
	if len(o.Detail.Percentiles) == 0 {
		return []panel{calls}
	}
	return []panel{p.latencyPanel(o), calls}
}

func (p *painter) latencyPanel(o report.Objective) panel {
	unit, format := time.Millisecond, "{value} ms"
	if o.Kind.Threshold >= 10*time.Second {
		unit, format = time.Second, "{value} s"
	}
	if p.l == "ja" {
		format = strings.ReplaceAll(strings.ReplaceAll(format, " s", "秒"), " ", "")
	}
	c := panel{height: 100, min: 0, format: format}
	if t := o.Kind.Threshold; t > 0 {
		c.marks = []mark{{value: float64(t) / float64(unit), colour: "var(--near-text)"}} // named in the legend: lines run across it
	}
	for i, l := range percentileStyles() {
		l.points = percentilePoints(o.Detail.Percentiles, i)
		l.scale = func(v float64) float64 { return v / float64(unit) }
		l.text = func(v float64) string { return p.l.Latency(time.Duration(v)) }
		c.lines = append(c.lines, l)
	}
	return c
}

func percentileStyles() []line {
	return []line{
		{name: "p50", colour: "var(--muted)", width: 1.5, dash: "dotted"},
		{name: "p95", colour: "var(--text)", width: 1.25, dash: "dashed"},
		{name: "p99", colour: "var(--good)", width: 2},
	}
}

// percentilePoints returns p50, p95 or p99 in nanoseconds.
func percentilePoints(hours []slo.Percentiles, which int) []report.Point {
	out := make([]report.Point, 0, len(hours))
	for _, h := range hours {
		out = append(out, report.Point{Time: h.Start, Value: float64([...]time.Duration{h.P50, h.P95, h.P99}[which])})
	}
	return out
}

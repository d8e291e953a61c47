package html

import (
	"encoding/json"
	"html/template"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"github.com/nines-slo/nines/report"
)

// fonts is the page's font stack. ECharts' own default is a Chinese font on Windows.
const fonts = `system-ui, "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", sans-serif`

// plot is a chart of lines over time: panels, one above the other, share the
// time axis.
type plot struct {
	id         string
	zone       *time.Location
	start, end time.Time
	timeFormat string // ECharts' time template
	bands      []band
	panels     []panel
}

// panel is one y axis with its lines.
type panel struct {
	top, height int // of the grid, in px
	log         bool
	min, max    any     // nil: ECharts chooses
	interval    float64 // of axis labels; 0: ECharts chooses
	format      string  // of axis labels, "{value}%"
	lines       []line
	marks       []mark
}

// line is one series.
type line struct {
	name   string
	points []report.Point
	text   func(float64) string // a figure as the tooltip shows it; nil for a line that tells nothing more
	scale  func(float64) float64
	colour string // a custom property of the page
	dash   string // "", "dashed" or "dotted"
	width  float32
	area   bool // filled to the axis, each value lasting until the next
}

// band is a stretch of time to be shaded; name stands above it.
type band struct {
	name       string
	start, end time.Time
}

// mark is a horizontal line; name, if any, stands at its right end.
type mark struct {
	name   string
	value  float64
	colour string
}

// options returns the chart as JSON for a script element: go-echarts builds the
// objects, patch adds what it cannot express. It never holds JavaScript.
func (p plot) options() (template.HTML, error) {
	chart := p.build()
	chart.Validate()
	raw, err := json.Marshal(chart.JSON())
	if err != nil {
		return "", err
	}
	var m map[string]any
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", err
	}
	p.patch(m)
	out, err := json.Marshal(m) // escapes <, > and &
	return template.HTML(out), err
}

func (p plot) build() *charts.Line {
	c := charts.NewLine()
	c.ChartID = p.id
	c.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithTitleOpts(opts.Title{Show: opts.Bool(false)}),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", BackgroundColor: "var(--back)", BorderColor: "var(--rule)"}),
	)
	c.GridList, c.XAxisList, c.YAxisList = nil, nil, nil
	for i, panel := range p.panels {
		c.GridList = append(c.GridList, opts.Grid{Left: "74", Right: "46", Top: px(panel.top), Height: px(panel.height)})
		c.ExtendXAxis(opts.XAxis{Type: "time", GridIndex: i, Min: p.shift(p.start), Max: p.shift(p.end)})
		c.ExtendYAxis(panel.axis(i))
		for _, l := range panel.lines {
			c.AddDataset(p.dataset(l))
			c.AddSeries(l.name, nil, l.series(i, len(c.DatasetList)-1)...)
		}
	}
	return c
}

func (p panel) axis(grid int) opts.YAxis {
	kind := "value"
	if p.log {
		kind = "log"
	}
	return opts.YAxis{Type: kind, GridIndex: grid, Min: p.min, Max: p.max, SplitNumber: min(4, p.height/32)}
}

// dataset holds a line's columns: t, v, and s for the tooltip. In t the first
// value is in seconds since 1970, the others are seconds since the one before:
// draw.js adds them up. In s "" is the text before. Written out, both would make
// up a tenth of the page.
func (p plot) dataset(l line) opts.Dataset {
	t, v, s := []int64{}, []any{}, []string{}
	last, before := int64(0), ""
	for _, point := range l.points {
		at := p.shift(point.Time) / 1000
		t = append(t, at-last)
		last = at
		v = append(v, drawn(point.Value, l.scale))
		if l.text != nil {
			text := l.text(point.Value)
			s = append(s, changed(text, before))
			before = text
		}
	}
	source := map[string]any{"t": t, "v": v}
	if l.text != nil {
		source["s"] = s
	}
	return opts.Dataset{Source: source}
}

// changed returns text, "" if it is the one before.
func changed(text, before string) string {
	if text == before {
		return ""
	}
	return text
}

// drawn returns a value for JSON: "-" for what is not known, which breaks the line.
func drawn(v float64, scale func(float64) float64) any {
	if scale != nil {
		v = scale(v)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	return json.Number(strconv.FormatFloat(v, 'g', 4, 64)) // finer than a pixel
}

func (l line) series(axis, dataset int) []charts.SeriesOpts {
	encode := opts.Encode{X: "t", Y: "v"}
	if l.text != nil {
		encode.Tooltip = "s"
	}
	options := []charts.SeriesOpts{
		charts.WithDatasetIndex(dataset), charts.WithEncodeOpts(encode),
		charts.WithLineChartOpts(opts.LineChart{XAxisIndex: axis, YAxisIndex: axis, ShowSymbol: opts.Bool(false)}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: l.colour, Width: l.width, Type: l.dash}),
	}
	if l.area {
		options = append(options, charts.WithAreaStyleOpts(opts.AreaStyle{Color: l.colour, Opacity: opts.Float(0.25)}))
	}
	return options
}

// shift returns the instant whose UTC clock shows what the zone's shows at t, in
// milliseconds: the chart draws UTC.
func (p plot) shift(t time.Time) int64 {
	_, offset := t.In(p.zone).Zone()
	return t.UnixMilli() + int64(offset)*1000
}

// patch adds what go-echarts has no words for.
func (p plot) patch(m map[string]any) {
	m["useUTC"] = true
	m["textStyle"] = map[string]any{"fontFamily": fonts, "fontSize": 12, "color": "var(--muted)"}
	delete(m, "toolbox")
	delete(m, "color")
	tooltip := m["tooltip"].(map[string]any)
	tooltip["confine"] = true
	tooltip["transitionDuration"] = 0
	tooltip["textStyle"] = map[string]any{"color": "var(--text)", "fontSize": 12}
	tooltip["axisPointer"] = map[string]any{"type": "line", "animation": false, "lineStyle": map[string]any{"color": "var(--muted)", "type": "solid"}}
	m["axisPointer"] = map[string]any{"link": []any{map[string]any{"xAxisIndex": "all"}}}
	for i, axis := range m["xAxis"].([]any) {
		p.patchTime(axis.(map[string]any), i == len(p.panels)-1)
	}
	for i, axis := range m["yAxis"].([]any) {
		patchValues(axis.(map[string]any), p.panels[i])
	}
	p.patchSeries(m["series"].([]any))
}

func (p plot) patchTime(axis map[string]any, labels bool) {
	axis["axisLabel"] = map[string]any{"show": labels, "formatter": p.timeFormat, "hideOverlap": true, "color": "var(--muted)", "fontSize": 12}
	axis["axisLine"] = map[string]any{"onZero": false, "lineStyle": map[string]any{"color": "var(--muted)"}}
	axis["axisTick"] = map[string]any{"show": labels, "lineStyle": map[string]any{"color": "var(--muted)"}}
	axis["splitLine"] = map[string]any{"show": false}
	axis["splitNumber"] = 8
	if p.end.Sub(p.start) > 72*time.Hour {
		axis["minInterval"] = (24 * time.Hour).Milliseconds()
	}
}

func patchValues(axis map[string]any, p panel) {
	axis["axisLabel"] = map[string]any{"formatter": p.format, "color": "var(--muted)", "fontSize": 12}
	axis["axisLine"] = map[string]any{"show": false}
	axis["axisTick"] = map[string]any{"show": false}
	axis["splitLine"] = map[string]any{"lineStyle": map[string]any{"color": "var(--rule)"}}
	axis["minorSplitLine"] = map[string]any{"show": false}
	if p.log {
		axis["logBase"] = 10
	}
	if p.interval > 0 {
		axis["interval"] = p.interval
	}
}

// patchSeries adds steps, bands and marks, and switches off what moves.
func (p plot) patchSeries(series []any) {
	i := 0
	for n, panel := range p.panels {
		for k, l := range panel.lines {
			s := series[i].(map[string]any)
			i++
			delete(s, "data")
			s["emphasis"] = map[string]any{"disabled": true}
			s["itemStyle"] = map[string]any{"color": l.colour}
			s["animation"] = false
			s["symbol"] = "none"
			s["connectNulls"] = false
			if l.area {
				s["step"] = "end"
			}
			if l.text == nil {
				s["tooltip"] = map[string]any{"show": false}
				s["silent"] = true
			}
			if k == 0 {
				s["markArea"] = p.markArea(n == 0)
				s["markLine"] = panel.markLine()
			}
		}
	}
}

// maxNamed is the most bands whose names still fit above a chart.
const maxNamed = 12

func (p plot) markArea(named bool) map[string]any {
	data := []any{}
	for _, b := range p.bands {
		data = append(data, []any{
			map[string]any{"name": b.name, "xAxis": p.shift(b.start)},
			map[string]any{"xAxis": p.shift(b.end)},
		})
	}
	return map[string]any{
		"silent": true, "data": data, "emphasis": map[string]any{"disabled": true},
		"label":     map[string]any{"show": named && len(p.bands) <= maxNamed, "position": "top", "formatter": "{b}", "color": "var(--bad)", "fontWeight": "bold"},
		"itemStyle": map[string]any{"color": "var(--bad)", "opacity": 0.22, "borderColor": "var(--bad)", "borderWidth": 1},
	}
}

func (p panel) markLine() map[string]any {
	data := []any{}
	for _, m := range p.marks {
		data = append(data, map[string]any{"name": m.name, "yAxis": m.value, "lineStyle": map[string]any{"color": m.colour},
			"label": map[string]any{"color": m.colour, "show": m.name != ""}})
	}
	return map[string]any{
		"silent": true, "symbol": "none", "data": data, "animation": false, "emphasis": map[string]any{"disabled": true},
		"label":     map[string]any{"formatter": "{b}", "position": "end", "distance": 4, "fontSize": 11},
		"lineStyle": map[string]any{"type": "dashed", "width": 1},
	}
}

func px(n int) string { return short(float64(n)) }

// largest returns the point with the highest value, and whether there is one.
func largest(points []report.Point) (report.Point, bool) {
	known := slices.DeleteFunc(slices.Clone(points), func(p report.Point) bool { return math.IsNaN(p.Value) })
	if len(known) == 0 {
		return report.Point{}, false
	}
	return slices.MaxFunc(known, func(a, b report.Point) int {
		switch {
		case a.Value > b.Value:
			return 1
		case a.Value < b.Value:
			return -1
		}
		return 0
	}), true
}

package html

import (
	"encoding/json"
	"html/template"
	"strconv"
	"time"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

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
	moments     []moment
}

// line is one series.
type line struct {
	name   string
	points []report.Point
	said   []string // of each point, as the tooltip shows it; nil for a line that tells nothing more
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

// moment is a vertical line; name, if any, stands at its foot.
type moment struct {
	name   string
	at     time.Time
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
	c.Theme = "nines" // any but the library's own: that one brings colours of its own
	off := opts.Bool(false)
	c.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithLegendOpts(opts.Legend{Show: off}),
		charts.WithTitleOpts(opts.Title{Show: off}),
		charts.WithToolboxOpts(opts.Toolbox{Show: off}),
		charts.WithTooltipOpts(opts.Tooltip{
			Show: opts.Bool(true), Trigger: "axis", BackgroundColor: "var(--back)", BorderColor: "var(--rule)",
			AxisPointer: &opts.AxisPointer{Type: "line"},
		}),
	)
	c.GridList, c.XAxisList, c.YAxisList = nil, nil, nil
	var axes []int
	for i, panel := range p.panels {
		axes = append(axes, i)
		grid := opts.Grid{Left: "74", Right: "46", Top: px(panel.top), Height: px(panel.height)}
		c.GridList = append(c.GridList, grid)
		c.ExtendXAxis(p.timeAxis(i))
		c.ExtendYAxis(panel.valueAxis(i))
		for k, l := range panel.lines {
			c.AddDataset(p.dataset(l))
			series := l.series(i, len(c.DatasetList)-1)
			if k == 0 {
				series = append(series, p.bandsAbove(i == 0), p.linesAcross(panel))
			}
			c.AddSeries(l.name, nil, series...)
		}
	}
	c.AxisPointer = &opts.AxisPointer{Link: []opts.AxisPointerLink{{XAxisIndex: axes}}}
	return c
}

// muted is the colour of axes and their labels.
const muted = "var(--muted)"

// timeAxis is the x axis of panel i; only that of the last one has labels.
func (p plot) timeAxis(i int) opts.XAxis {
	labels := opts.Bool(i == len(p.panels)-1)
	axis := opts.XAxis{
		Type: "time", GridIndex: i, Min: p.shift(p.start), Max: p.shift(p.end), SplitNumber: 8,
		AxisLabel: &opts.AxisLabel{
			Show: labels, Formatter: types.FuncStr(p.timeFormat), Color: muted, FontSize: 12,
			HideOverlap: opts.Bool(true), ShowMinLabel: opts.Bool(false), ShowMaxLabel: opts.Bool(false),
		},
		AxisLine:  &opts.AxisLine{OnZero: opts.Bool(false), LineStyle: &opts.LineStyle{Color: muted}},
		AxisTick:  &opts.AxisTick{Show: labels, LineStyle: &opts.LineStyle{Color: muted}},
		SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
	}
	if p.end.Sub(p.start) > 72*time.Hour {
		axis.MinInterval = float64((24 * time.Hour).Milliseconds())
	}
	return axis
}

// valueAxis is the y axis of a panel.
func (p panel) valueAxis(grid int) opts.YAxis {
	kind := "value"
	if p.log {
		kind = "log"
	}
	return opts.YAxis{
		Type: kind, GridIndex: grid, Min: p.min, Max: p.max, SplitNumber: min(4, p.height/32),
		AxisLabel: &opts.AxisLabel{Formatter: types.FuncStr(p.format), Color: muted, FontSize: 12},
		AxisLine:  &opts.AxisLine{Show: opts.Bool(false)},
		SplitLine: &opts.SplitLine{LineStyle: &opts.LineStyle{Color: "var(--rule)"}},
	}
}

// dataset holds a line's columns: t, v, and s for the tooltip. In t the first
// value is in seconds since 1970, the others are seconds since the one before:
// draw.js adds them up. In s "" is the text before. Written out, both would make
// up a tenth of the page.
func (p plot) dataset(l line) opts.Dataset {
	t, v, s := []int64{}, []any{}, []string{}
	last, before := int64(0), ""
	for i, point := range l.points {
		at := p.shift(point.Time) / 1000
		t = append(t, at-last)
		last = at
		v = append(v, drawn(point.Value, l.scale))
		if l.said != nil {
			s = append(s, changed(l.said[i], before))
			before = l.said[i]
		}
	}
	source := map[string]any{"t": t, "v": v}
	if l.said != nil {
		source["s"] = s
	}
	return opts.Dataset{Source: source}
}

// figures says each point by its value.
func figures(points []report.Point, text func(slo.Number) string) []string {
	said := make([]string, 0, len(points))
	for _, point := range points {
		said = append(said, text(point.Value))
	}
	return said
}

// changed returns text, "" if it is the one before.
func changed(text, before string) string {
	if text == before {
		return ""
	}
	return text
}

// drawn returns a value for JSON: "-" for what is not known, which breaks the line.
func drawn(n slo.Number, scale func(float64) float64) any {
	if !n.Known() {
		return "-"
	}
	v := n.Float()
	if scale != nil {
		v = scale(v)
	}
	return json.Number(strconv.FormatFloat(v, 'g', 4, 64)) // finer than a pixel
}

func (l line) series(axis, dataset int) []charts.SeriesOpts {
	encode := opts.Encode{X: "t", Y: "v"}
	if l.said != nil {
		encode.Tooltip = "s"
	}
	chart := opts.LineChart{
		XAxisIndex: axis, YAxisIndex: axis, Symbol: "none",
		ShowSymbol: opts.Bool(false), ConnectNulls: opts.Bool(false),
	}
	if l.area {
		chart.Step = "end"
	}
	options := []charts.SeriesOpts{
		charts.WithDatasetIndex(dataset), charts.WithEncodeOpts(encode), charts.WithSeriesOpts(fromDataset),
		charts.WithLineChartOpts(chart), charts.WithSeriesAnimation(false),
		charts.WithItemStyleOpts(opts.ItemStyle{Color: l.colour}),
		charts.WithLineStyleOpts(opts.LineStyle{Color: l.colour, Width: l.width, Type: l.dash}),
	}
	if l.area {
		options = append(options, charts.WithAreaStyleOpts(opts.AreaStyle{Color: l.colour, Opacity: opts.Float(0.25)}))
	}
	return options
}

// fromDataset leaves out the series' own data, which would hide its dataset.
func fromDataset(s *charts.SingleSeries) { s.Data = nil }

// maxNamed is the most bands whose names still fit above a chart.
const maxNamed = 12

// bandsAbove shades the bands; where there are few, their names stand above them.
func (p plot) bandsAbove(named bool) charts.SeriesOpts {
	areas := opts.MarkAreas{MarkAreaStyle: opts.MarkAreaStyle{
		Label: &opts.Label{
			Show: opts.Bool(named && len(p.bands) <= maxNamed), Position: "top", Formatter: "{b}",
			Color: bad, FontWeight: "bold",
		},
		ItemStyle: &opts.ItemStyle{Color: bad, Opacity: opts.Float(0.22), BorderColor: bad, BorderWidth: 1},
	}}
	for _, b := range p.bands {
		areas.Data = append(areas.Data, []any{
			opts.MarkAreaNameXAxisItem{Name: b.name, XAxis: p.shift(b.start)},
			opts.MarkAreaNameXAxisItem{XAxis: p.shift(b.end)},
		})
	}
	return func(s *charts.SingleSeries) { s.MarkAreas = &areas }
}

const bad = "var(--bad)"

// rule is one line across a panel, a look of its own with it: the items of the
// library have none.
type rule struct {
	Name      string          `json:"name"`
	XAxis     any             `json:"xAxis,omitempty"`
	YAxis     any             `json:"yAxis,omitempty"`
	LineStyle *opts.LineStyle `json:"lineStyle"`
	Label     *opts.Label     `json:"label"`
}

// linesAcross are the moments and marks of a panel.
func (p plot) linesAcross(on panel) charts.SeriesOpts {
	lines := opts.MarkLines{MarkLineStyle: opts.MarkLineStyle{
		Symbol:    []string{"none", "none"},
		Label:     &opts.Label{Formatter: "{b}", Position: "end", FontSize: 11},
		LineStyle: &opts.LineStyle{Type: "dashed", Width: 1},
	}}
	for _, m := range on.moments {
		lines.Data = append(lines.Data, rule{
			Name: m.name, XAxis: p.shift(m.at),
			LineStyle: &opts.LineStyle{Color: m.colour, Type: "dotted", Width: 1.5},
			Label:     &opts.Label{Color: m.colour, Show: opts.Bool(m.name != ""), Position: "insideStartTop"},
		})
	}
	for _, m := range on.marks {
		lines.Data = append(lines.Data, rule{
			Name: m.name, YAxis: m.value,
			LineStyle: &opts.LineStyle{Color: m.colour},
			Label:     &opts.Label{Color: m.colour, Show: opts.Bool(m.name != "")},
		})
	}
	return func(s *charts.SingleSeries) { s.MarkLines = &lines }
}

// shift returns the instant whose UTC clock shows what the zone's shows at t, in
// milliseconds: the chart draws UTC.
func (p plot) shift(t time.Time) int64 {
	_, offset := t.In(p.zone).Zone()
	return t.UnixMilli() + int64(offset)*1000
}

func px(n int) string { return short(float64(n)) }

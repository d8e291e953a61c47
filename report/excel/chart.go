package excel

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// chartBars is how many objectives the chart shows: what one page can carry.
const chartBars = 20

// The library turns points and characters into pixels with these factors.
const (
	rowPixels    = 24
	columnPixels = 8 * summaryWidth
)

// widest is the spend at which bars end, so that one disaster leaves the others readable.
const widest = 3

// spendChart is the chart of the worst objectives' spend on the summary. Its data
// stands right of the page: three series, one for each state, so that the colours
// follow when a target is changed.
type spendChart struct {
	sheet *sheet
	table *table
	shown []report.Objective
}

// chart draws the spend and returns the last row of the page.
func (s *sheet) chart(t *table) int {
	c := spendChart{s, t, s.report.Objectives[:min(chartBars, len(s.report.Objectives))]}
	title, note := s.text(s.words.chartTitle, look{size: 13, bold: true}), s.text(s.words.chartNote, noteLook)
	s.row(13, 24, title, nil, nil, note)
	if len(c.shown) == 0 {
		s.row(chartRow, 24, s.text(s.words.noneFound, noteLook))
		return chartRow
	}
	c.head()
	for i, o := range c.shown {
		s.rowAt("N", chartRow+1+i, rowHeight, c.cells(i, o)...)
	}
	rows := max(len(c.shown)+2, 8)
	last := chartRow + rows
	c.notes(last)
	s.try(s.file.AddChart(s.name, fmt.Sprintf("A%d", chartRow), c.over(rows)))
	return last + 1
}

func (c spendChart) head() {
	s, small := c.sheet, look{size: 9, color: muted, bottom: 1}
	s.rowAt("N", chartRow, rowHeight, s.text(s.words.chartData, small),
		s.text(c.name(slo.Met, slo.OnTrack), small), s.text(s.state(slo.AtRisk), small),
		s.text(c.name(slo.Missed, slo.Exhausted), small))
}

// name is the state's name for closed and for running periods, as present.
func (c spendChart) name(closed, running slo.State) string {
	over := func(o report.Objective) bool { return o.Window.Closed }
	runs := func(o report.Objective) bool { return !o.Window.Closed }
	s := c.sheet
	switch all := s.report.Objectives; {
	case !slices.ContainsFunc(all, runs):
		return s.state(closed)
	case !slices.ContainsFunc(all, over):
		return s.state(running)
	}
	return s.state(closed) + " / " + s.lang.State(running)
}

// cells holds the objective's spend under its state and 0 under the others.
func (c spendChart) cells(i int, o report.Objective) []any {
	s, small := c.sheet, look{size: 9, color: muted}
	label := short(o.Service+" / "+name(o), 40)
	if o.State == slo.NoData {
		label = short(o.Service+" / "+name(o), 28) + "  " + s.state(slo.NoData)
	}
	out := []any{s.text(label, small)}
	cell := func(f field) string {
		return fmt.Sprintf("%s!%s%d", quoted(s.words.objectives), c.table.letters[f], firstRow+i)
	}
	for _, st := range []slo.State{slo.Met, slo.AtRisk, slo.Missed} {
		shown := unit.Spent(slo.NumberOf(0))
		if unit.Mark(o.State) == unit.Mark(st) && o.Budget.Spent.Known() {
			shown = unit.Spent(o.Budget.Spent)
		}
		formula := fmt.Sprintf(`IF(COUNTIF(%s,"%s*")>0,%s,0)`, cell(fieldStatus), unit.Mark(st), cell(fieldSpent))
		out = append(out, s.live(formula, shown.Value, look{size: 9, color: muted, format: shown.Format()}))
	}
	return out
}

// notes tells what the chart leaves out and what stays as reported.
func (c spendChart) notes(n int) {
	s, cut := c.sheet, ""
	if shown, all := len(c.shown), len(c.sheet.report.Objectives); shown < all {
		cut = s.lang.Say("excel.chart_cut", "shown", strconv.Itoa(shown), "total", strconv.Itoa(all))
	}
	s.row(n, 20, s.text(cut, noteLook))
	s.row(n+1, 20, s.text(s.words.chartAll, noteLook))
}

// over lies over that many rows but the last.
func (c spendChart) over(rows int) *excelize.Chart {
	font := excelize.Font{Family: c.sheet.words.font, Size: 9, Color: axis}
	width, height := uint(summaryColumns*columnPixels), uint((rows-1)*rowPixels)
	chart := &excelize.Chart{
		Type:      excelize.Bar,
		Dimension: excelize.ChartDimension{Width: width, Height: height},
		Format:    excelize.GraphicOptions{AltText: c.sheet.words.chartAlt},
		Legend:    excelize.ChartLegend{Position: "bottom", Font: &font},
		PlotArea:  excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%;;"}},
		XAxis:     excelize.ChartAxis{ReverseOrder: true, Font: font},
		YAxis: excelize.ChartAxis{
			MajorGridLines: true, Font: font, Minimum: new(0.0), NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"},
		},
		GapWidth: new(uint(45)), Overlap: new(100),
		Border: excelize.LineOptions{Type: excelize.LineNone},
	}
	chart.YAxis.Maximum, chart.YAxis.MajorUnit = spendAxis(c.shown)
	for i, color := range []string{good, near, bad} {
		chart.Series = append(chart.Series, c.series(i, color, font))
	}
	return chart
}

func (c spendChart) series(i int, color string, font excelize.Font) excelize.ChartSeries {
	col, bars := string(rune('O'+i)), len(c.shown)
	cells := func(col string) string {
		return c.sheet.ref(fmt.Sprintf("$%s$%d:$%s$%d", col, chartRow+1, col, chartRow+bars))
	}
	return excelize.ChartSeries{
		Name: c.sheet.ref(fmt.Sprintf("$%s$%d", col, chartRow)), Categories: cells("N"), Values: cells(col),
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}},
		DataLabel: excelize.ChartDataLabel{Font: font}, DataLabelPosition: excelize.ChartDataLabelsPositionOutsideEnd,
	}
}

// spendAxis returns the end of the axis, at least 125 %, and the step of its grid.
func spendAxis(shown []report.Objective) (*float64, float64) {
	most := 1.25
	for _, o := range shown {
		if o.Budget.Spent.Known() {
			most = max(most, o.Budget.Spent.Float()*1.08)
		}
	}
	step := 0.25
	if most > 2 {
		step = 0.5
	}
	end := step
	for end < most && end < widest {
		end += step
	}
	return &end, step
}

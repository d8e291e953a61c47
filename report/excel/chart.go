package excel

import (
	"fmt"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/xuri/excelize/v2"
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

// chart draws the spend of the worst objectives and returns the last row of the
// page. Its data stands right of the page: three series, one for each state, so
// that the colours follow when a target is changed.
func (s *sheet) chart(t *table) int {
	shown := s.report.Objectives[:min(chartBars, len(s.report.Objectives))]
	s.row(13, 24, s.text(s.words.chartTitle, look{size: 13, bold: true}), nil, nil, s.text(s.words.chartNote, noteLook))
	if len(shown) == 0 {
		s.row(chartRow, 24, s.text(s.words.noneFound, noteLook))
		return chartRow
	}
	s.chartHead()
	for i, o := range shown {
		s.rowAt("N", chartRow+1+i, rowHeight, s.chartCells(t, i, o)...)
	}
	rows := max(len(shown)+2, 8)
	last := chartRow + rows
	s.chartNotes(last, len(shown))
	s.try(s.file.AddChart(s.name, fmt.Sprintf("A%d", chartRow), s.spendChart(shown, rows)))
	return last + 1
}

func (s *sheet) chartHead() {
	small := look{size: 9, color: muted, bottom: 1}
	s.rowAt("N", chartRow, rowHeight, s.text(s.words.chartData, small), s.text(s.seriesName(slo.Met, slo.OnTrack), small),
		s.text(s.state(slo.AtRisk), small), s.text(s.seriesName(slo.Missed, slo.Exhausted), small))
}

// seriesName is the state's name for closed and for running periods, as present.
func (s *sheet) seriesName(closed, running slo.State) string {
	var has [2]bool
	for _, o := range s.report.Objectives {
		if o.Window.Closed {
			has[0] = true
		} else {
			has[1] = true
		}
	}
	switch has {
	case [2]bool{true, false}:
		return s.state(closed)
	case [2]bool{false, true}:
		return s.state(running)
	}
	return s.state(closed) + " / " + s.lang.State(running)
}

// chartCells holds the objective's spend under its state and 0 under the others.
func (s *sheet) chartCells(t *table, i int, o report.Objective) []any {
	small := look{size: 9, color: muted}
	percent := look{size: 9, color: muted, format: "0.0%"}
	label := short(o.Service+" / "+name(o), 40)
	if o.State == slo.NoData {
		label = short(o.Service+" / "+name(o), 28) + "  " + s.state(slo.NoData)
	}
	out := []any{s.text(label, small)}
	sheet := quoted(s.words.objectives) + "!"
	spent, status := fmt.Sprintf("%s%s%d", sheet, t.letters[fieldSpent], firstRow+i), fmt.Sprintf("%s%s%d", sheet, t.letters[fieldStatus], firstRow+i)
	for _, st := range []slo.State{slo.Met, slo.AtRisk, slo.Missed} {
		n := slo.NumberOf(0)
		if unit.Mark(o.State) == unit.Mark(st) && o.Budget.Spent.Known() {
			n = o.Budget.Spent
		}
		out = append(out, s.live(fmt.Sprintf(`IF(COUNTIF(%s,"%s*")>0,%s,0)`, status, unit.Mark(st), spent), n, percent))
	}
	return out
}

// chartNotes tells what the chart leaves out and what stays as reported.
func (s *sheet) chartNotes(n, shown int) {
	cut := ""
	if shown < len(s.report.Objectives) {
		cut = s.lang.Say("excel.chart_cut", "shown", strconv.Itoa(shown), "total", strconv.Itoa(len(s.report.Objectives)))
	}
	s.row(n, 20, s.text(cut, noteLook))
	s.row(n+1, 20, s.text(s.words.chartAll, noteLook))
}

// spendChart lies over that many rows but the last.
func (s *sheet) spendChart(shown []report.Objective, rows int) *excelize.Chart {
	font := excelize.Font{Family: s.font, Size: 9, Color: axis}
	c := &excelize.Chart{
		Type:      excelize.Bar,
		Dimension: excelize.ChartDimension{Width: uint(summaryColumns * columnPixels), Height: uint((rows - 1) * rowPixels)},
		Format:    excelize.GraphicOptions{AltText: s.words.chartAlt},
		Legend:    excelize.ChartLegend{Position: "bottom", Font: &font},
		PlotArea:  excelize.ChartPlotArea{ShowVal: true, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0.0%;;"}},
		XAxis:     excelize.ChartAxis{ReverseOrder: true, Font: font},
		YAxis:     excelize.ChartAxis{MajorGridLines: true, Font: font, Minimum: new(0.0), MajorUnit: 0.25, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"}},
		GapWidth:  new(uint(45)), Overlap: new(100),
		Border: excelize.LineOptions{Type: excelize.LineNone},
	}
	c.YAxis.Maximum, c.YAxis.MajorUnit = spendAxis(shown)
	for i, color := range []string{good, near, bad} {
		c.Series = append(c.Series, s.series(i, len(shown), color, font))
	}
	return c
}

func (s *sheet) series(i, bars int, color string, font excelize.Font) excelize.ChartSeries {
	col := string(rune('O' + i))
	cells := func(col string) string { return fmt.Sprintf("$%s$%d:$%s$%d", col, chartRow+1, col, chartRow+bars) }
	return excelize.ChartSeries{
		Name: s.ref(fmt.Sprintf("$%s$%d", col, chartRow)), Categories: s.ref(cells("N")), Values: s.ref(cells(col)),
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

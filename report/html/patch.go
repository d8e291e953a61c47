package html

// fonts is the page's font stack. ECharts' own default is a Chinese font on Windows.
const fonts = `system-ui, "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", sans-serif`

// patch adds what go-echarts has no words for.
func (p plot) patch(chart map[string]any) {
	chart["useUTC"] = true
	chart["textStyle"] = map[string]any{"fontFamily": fonts, "fontSize": 12, "color": muted}
	patchTooltip(chart["tooltip"].(map[string]any))
	axes, series := chart["yAxis"].([]any), chart["series"].([]any)
	for i, panel := range p.panels {
		patchAxis(axes[i].(map[string]any), panel)
		for _, l := range panel.lines {
			patchSeries(series[0].(map[string]any), l)
			series = series[1:]
		}
	}
}

// patchTooltip keeps the tooltip within the chart and still.
func patchTooltip(tooltip map[string]any) {
	tooltip["confine"] = true
	tooltip["transitionDuration"] = 0
	tooltip["textStyle"] = map[string]any{"color": "var(--text)", "fontSize": 12}
	pointer := tooltip["axisPointer"].(map[string]any)
	pointer["animation"] = false
	pointer["lineStyle"] = map[string]any{"color": muted, "type": "solid"}
}

// patchAxis sets what only x axes have a field for, the interval of labels and the
// base of logarithms.
func patchAxis(axis map[string]any, p panel) {
	axis["axisTick"] = map[string]any{"show": false}
	axis["minorSplitLine"] = map[string]any{"show": false}
	if p.log {
		axis["logBase"] = 10
	}
	if p.interval > 0 {
		axis["interval"] = p.interval
	}
}

// patchSeries keeps a line and what lies over it from answering to the pointer.
func patchSeries(series map[string]any, l line) {
	deaf(series)
	if l.said == nil {
		series["tooltip"] = map[string]any{"show": false}
		series["silent"] = true
	}
	for _, over := range [...]string{"markArea", "markLine"} {
		if mark, ok := series[over].(map[string]any); ok {
			deaf(mark)
			mark["silent"] = true
		}
	}
	if lines, ok := series["markLine"].(map[string]any); ok {
		lines["animation"] = false
		label := lines["label"].(map[string]any)
		label["distance"], label["rotate"] = 4, 0
	}
}

// deaf keeps a part of a chart as it is while the pointer is over it.
func deaf(part map[string]any) { part["emphasis"] = map[string]any{"disabled": true} }

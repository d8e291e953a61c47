package html

import "time"

// fonts is the page's font stack. ECharts' own default is a Chinese font on Windows.
const fonts = `system-ui, "Hiragino Sans", "Yu Gothic UI", Meiryo, "Noto Sans CJK JP", sans-serif`

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
				s["markLine"] = p.markLine(panel)
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

func (p plot) markLine(on panel) map[string]any {
	data := []any{}
	for _, m := range on.moments {
		data = append(data, map[string]any{"name": m.name, "xAxis": p.shift(m.at), "lineStyle": map[string]any{"color": m.colour, "type": "dotted", "width": 1.5},
			"label": map[string]any{"color": m.colour, "show": m.name != "", "position": "insideStartTop", "rotate": 0}})
	}
	for _, m := range on.marks {
		data = append(data, map[string]any{"name": m.name, "yAxis": m.value, "lineStyle": map[string]any{"color": m.colour},
			"label": map[string]any{"color": m.colour, "show": m.name != ""}})
	}
	return map[string]any{
		"silent": true, "symbol": "none", "data": data, "animation": false, "emphasis": map[string]any{"disabled": true},
		"label":     map[string]any{"formatter": "{b}", "position": "end", "distance": 4, "fontSize": 11},
		"lineStyle": map[string]any{"type": "dashed", "width": 1},
	}
}

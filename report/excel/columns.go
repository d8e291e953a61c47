package excel

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/xuri/excelize/v2"
)

// reading returns the columns for readers, in the order of their questions.
func (t *table) reading() []column {
	w := t.words
	return []column{
		{fieldNo, w.no, 5, true, func(r row) excelize.Cell {
			return t.number(slo.NumberOf(int64(r.number)), look{bottom: 1, align: "left", color: muted, format: "0"})
		}},
		{"", w.service, 16, true, func(r row) excelize.Cell { return t.text(r.Service, textLook) }},
		{"", w.objective, 30, true, func(r row) excelize.Cell {
			return t.text(name(r.Objective), look{bottom: 1, bold: true})
		}},
		{"", w.kind, 20, true, func(r row) excelize.Cell { return t.text(t.lang.Kind(r.Kind), textLook) }},
		{fieldStatus, w.status, 14, true, row.status},
		{fieldTarget, w.target, 11, false, func(r row) excelize.Cell {
			return t.number(r.Target.Number(), look{bottom: 1, align: "right", color: inputIn, fill: input, format: t.targets})
		}},
		{"", w.sli, 13, false, func(r row) excelize.Cell {
			return r.live(`IF({events}=0,"",({events}-{bad})/{events})`, r.SLI, ratioFormat(r.SLI, r.Target))
		}},
		{fieldSpent, w.spent, 15, false, func(r row) excelize.Cell {
			return r.live(`IF({allowed}=0,"",{bad}/{allowed})`, r.Budget.Spent, spentFormat(r.Budget.Spent, r.atRisk()))
		}},
		{"", w.leftEvents, 16, false, func(r row) excelize.Cell {
			return r.left(`{allowed}-{bad}`, r.leftEvents(), w.eventsLeft)
		}},
		{"", w.leftMinutes, 17, false, func(r row) excelize.Cell {
			return r.left(`IF({measured}="","",ROUND(1-{target},9)*{measured}*(1-{spent}))`, r.Budget.Minutes.Remaining, w.minutes)
		}},
		{fieldEvents, w.events, 15, false, func(r row) excelize.Cell { return r.sum("G", total) }},
		{fieldBad, w.bad, 13, false, func(r row) excelize.Cell { return r.sum("F", badCount) }},
		{fieldAllowed, w.allowed, 18, false, func(r row) excelize.Cell {
			return r.live(`ROUND(1-{target},9)*{events}`, r.Budget.Allowed, "#,##0.0")
		}},
	}
}

// working returns the columns that the sums need and readers ask for last.
func (t *table) working() []column {
	w := t.words
	return []column{
		{"", w.unitOf, 11, true, func(r row) excelize.Cell { return t.text(r.countedIn(), textNextLook) }},
		{"", w.coverage, 11, false, func(r row) excelize.Cell {
			return t.number(r.Coverage, look{bottom: 1, align: "right", format: "0.0%"})
		}},
		{fieldJudged, w.judged, 9, true, func(r row) excelize.Cell { return t.text(r.judged(), textNextLook) }},
		{fieldAtRisk, w.atRisk, 10, false, row.atRiskCell},
		{fieldMeasured, w.measured, 13, false, func(r row) excelize.Cell {
			return t.number(r.Measured, look{bottom: 1, align: "right", format: "#,##0"})
		}},
		{"", w.period, 44, true, func(r row) excelize.Cell {
			return t.text(joined(span(r.Window), words.Caveat(t.lang, r.Caveat)), textNextLook)
		}},
	}
}

// optional returns the columns that only some reports have figures for.
func (t *table) optional() []column {
	var out []column
	w := t.words
	percent := look{bottom: 1, align: "right", format: "0.0%"}
	if t.some(func(o report.Objective) bool { return o.Budget.Projected != nil }) {
		out = append(out,
			column{fieldExpected, w.expected, 16, false, func(r row) excelize.Cell { return t.number(r.expected(), numberLook) }},
			column{fieldWhole, w.expectedSpent, 16, false, row.whole})
	}
	if t.some(func(o report.Objective) bool { return len(o.Exclusions) > 0 }) {
		out = append(out, column{"", w.unexcluded, 15, false, func(r row) excelize.Cell {
			return t.number(r.Unexcluded, look{bottom: 1, align: "right", format: "0.0000%"})
		}})
	}
	if t.some(func(o report.Objective) bool { return o.Standing != nil }) {
		out = append(out, t.standing()...)
	}
	if t.some(func(o report.Objective) bool { return o.Previous != nil }) {
		out = append(out,
			column{"", w.previousSLI, 13, false, func(r row) excelize.Cell {
				return t.number(r.previous().SLI, look{bottom: 1, align: "right", format: "0.0000%"})
			}},
			column{"", w.previousSpent, 13, false, func(r row) excelize.Cell { return t.number(r.previous().Spent, percent) }},
			column{"", w.previousStatus, 14, true, func(r row) excelize.Cell { return t.text(t.state(r.previous().State), textNextLook) }})
	}
	return out
}

// standing returns the columns of the objectives' own windows, as reported.
func (t *table) standing() []column {
	w := t.words
	return []column{
		{"", w.ownWindow, 22, true, func(r row) excelize.Cell { return t.text(r.ownWindow(), textNextLook) }},
		{"", w.ownSLI, 13, false, func(r row) excelize.Cell {
			return t.number(r.own().SLI, look{bottom: 1, align: "right", format: ratioFormat(r.own().SLI, r.Target)})
		}},
		{"", w.ownSpent, 13, false, func(r row) excelize.Cell {
			return t.number(r.own().Budget.Spent, look{bottom: 1, align: "right", format: spentFormat(r.own().Budget.Spent, r.atRisk())})
		}},
		{"", w.ownStatus, 14, true, func(r row) excelize.Cell { return t.text(t.state(r.own().State), textNextLook) }},
	}
}

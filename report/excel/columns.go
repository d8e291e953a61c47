package excel

import (
	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// reading returns the columns for readers, in the order of their questions.
func (t *table) reading() []column {
	w := t.words
	return []column{
		{fieldNo, w.no, 5, true, func(r row) excelize.Cell {
			return t.number(slo.NumberOf(int64(r.number)), look{bottom: 1, align: "left", color: muted, format: "0"})
		}},
		{"", w.service, 16, true, func(r row) excelize.Cell { return t.text(r.o.Service, textLook) }},
		{"", w.objective, 30, true, func(r row) excelize.Cell {
			return t.text(name(r.o), look{bottom: 1, bold: true})
		}},
		{"", w.kind, 20, true, func(r row) excelize.Cell { return t.text(t.lang.Kind(r.o.Kind), textLook) }},
		{fieldStatus, w.status, 14, true, row.status},
		{fieldTarget, w.target, 11, false, func(r row) excelize.Cell {
			editable := look{bottom: 1, align: "right", color: inputIn, fill: input, format: t.targets}
			return t.number(r.o.Target.Number(), editable)
		}},
		{"", w.sli, 13, false, row.sli},
		{fieldSpent, w.spent, 15, false, row.spentCell},
		{"", w.leftEvents, 16, false, row.eventsLeft},
		{"", w.leftMinutes, 17, false, row.minutesLeft},
		{fieldEvents, w.events, 15, false, func(r row) excelize.Cell { return r.sum("G", total) }},
		{fieldBad, w.bad, 13, false, func(r row) excelize.Cell { return r.sum("F", badCount) }},
		{fieldAllowed, w.allowed, 18, false, row.allowedCell},
	}
}

// working returns the columns that the sums need and readers ask for last.
func (t *table) working() []column {
	w := t.words
	return []column{
		{"", w.unitOf, 11, true, func(r row) excelize.Cell { return t.text(t.countedIn(r.o), textNextLook) }},
		{"", w.coverage, 11, false, func(r row) excelize.Cell {
			return t.figure(unit.Percent(r.o.Coverage, 1), figureLook)
		}},
		{fieldJudged, w.judged, 9, true, func(r row) excelize.Cell { return t.text(r.judged(), textNextLook) }},
		{fieldAtRisk, w.atRisk, 10, false, row.atRiskCell},
		{fieldMeasured, w.measured, 13, false, func(r row) excelize.Cell {
			return t.number(r.o.Measured, look{bottom: 1, align: "right", format: "#,##0"})
		}},
		{"", w.period, 44, true, func(r row) excelize.Cell {
			return t.text(joined(span(r.o.Window), words.Caveat(t.lang, r.o.Caveat)), textNextLook)
		}},
	}
}

// optional returns the columns that only some reports have figures for.
func (t *table) optional() []column {
	var out []column
	w := t.words
	if t.some(func(o report.Objective) bool { return o.Budget.Projected() }) {
		out = append(out,
			column{fieldExpected, w.expected, 16, false, func(r row) excelize.Cell {
				return r.projected(r.o.Budget.Total)
			}},
			column{fieldToCome, w.toCome, 16, false, func(r row) excelize.Cell { return r.projected(r.o.ToCome) }},
			column{fieldSoFar, w.spentSoFar, 16, false, row.soFar})
	}
	if t.some(func(o report.Objective) bool { return len(o.Exclusions) > 0 }) {
		out = append(out, column{"", w.unexcluded, 15, false, func(r row) excelize.Cell {
			return t.figure(unit.SLI(r.o.Unexcluded, r.o.Target), figureLook)
		}})
	}
	if t.some(func(o report.Objective) bool { return o.Standing != nil }) {
		out = append(out, t.standing()...)
	}
	if t.some(func(o report.Objective) bool { return o.Previous != nil }) {
		out = append(out,
			column{"", w.previousSLI, 13, false, func(r row) excelize.Cell {
				return t.figure(unit.SLI(r.previous().SLI, r.o.Target), figureLook)
			}},
			column{"", w.previousSpent, 13, false, func(r row) excelize.Cell {
				return t.figure(unit.Spent(r.previous().Spent), figureLook)
			}},
			column{"", w.previousStatus, 14, true, func(r row) excelize.Cell {
				return t.text(t.state(r.previous().State), textNextLook)
			}})
	}
	return out
}

// standing returns the columns of the objectives' own windows, as reported.
func (t *table) standing() []column {
	w := t.words
	return []column{
		{"", w.ownWindow, 22, true, func(r row) excelize.Cell {
			return t.text(joined(r.ownWindow(), words.Caveat(t.lang, r.own().Caveat)), textNextLook)
		}},
		{"", w.ownSLI, 13, false, func(r row) excelize.Cell {
			return t.figure(unit.SLI(r.own().SLI, r.o.Target), figureLook)
		}},
		{"", w.ownSpent, 13, false, func(r row) excelize.Cell {
			return t.figure(unit.Spent(r.own().Budget.Spent), figureLook)
		}},
		{"", w.ownStatus, 14, true, func(r row) excelize.Cell { return t.text(t.state(r.own().State), textNextLook) }},
	}
}

package excel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// name returns the objective's name with the labels that tell it apart.
func name(o report.Objective) string { return strings.TrimPrefix(o.ID(), o.Service+"/") }

func total(c budget.Counts) slo.Number    { return c.Total }
func badCount(c budget.Counts) slo.Number { return c.Bad }

func (r row) countedIn() string {
	if r.Slices != nil || r.Method == slo.Timeslices || r.Method == slo.RatioTimeslices {
		return r.table.words.slicesUnit
	}
	return r.table.words.eventsUnit
}

func (r row) judged() string {
	if r.State == slo.NoData {
		return r.table.words.notJudged
	}
	return r.table.words.yes
}

func (r row) atRisk() slo.Number {
	if r.AtRisk.Known() {
		return r.AtRisk
	}
	return slo.DefaultAtRisk()
}

// atRiskCell follows the named default, unless the objective has its own share.
func (r row) atRiskCell() excelize.Cell {
	l := look{bottom: 1, align: "right", format: "0%"}
	if r.atRisk().Cmp(slo.DefaultAtRisk()) == 0 {
		return r.table.live("at_risk", slo.DefaultAtRisk(), l)
	}
	return r.table.number(r.atRisk(), l)
}

// expected returns the events of the whole period behind the projected budget.
func (r row) expected() slo.Number {
	if r.Budget.Projected == nil {
		return slo.Number{}
	}
	return r.Budget.Projected.Total
}

func (r row) own() report.Standing {
	if r.Standing == nil {
		return report.Standing{}
	}
	return *r.Standing
}

func (r row) previous() report.Previous {
	if r.Previous == nil {
		return report.Previous{}
	}
	return *r.Previous
}

func (r row) ownWindow() string {
	if r.Standing == nil {
		return ""
	}
	return r.table.lang.Window(r.Standing.Window.Kind, r.Standing.Window.Length)
}

// live writes a formula of this row; {field} stands for a cell.
func (r row) live(formula string, n slo.Number, format string) excelize.Cell {
	return r.table.live(r.table.fill(firstRow+r.number-1, formula), n, look{bottom: 1, align: "right", format: format})
}

// left writes what is left of the budget, plainly 0 where all of it is spent: the
// rounding of 1-0.999 would leave a trace there. An overspend that is as small as
// that trace stands as it was reported.
func (r row) left(formula string, n slo.Number, format string) excelize.Cell {
	if spent := r.Budget.Spent; spent.Known() && n.Sign() != 0 && round(spent.Float(), digits) == 1 {
		r.table.freeze(r)
		return r.table.number(n, look{bottom: 1, align: "right", format: format})
	}
	return r.live(fmt.Sprintf(`IF({allowed}=0,"",IF(ROUND({spent},%d)=1,0,%s))`, digits, formula), n, leftFormat(format, n))
}

// leftEvents returns how many may still be bad, unknown where nothing is allowed.
func (r row) leftEvents() slo.Number {
	if !r.Budget.Remaining.Known() {
		return slo.Number{}
	}
	return r.Budget.Left
}

// sum adds a column of Daily. If the days do not add up to the period's figure,
// the figure stands as it was reported, and the notes say so.
func (r row) sum(letter string, of func(budget.Counts) slo.Number) excelize.Cell {
	want, days := of(r.Objective.Counts()), slo.NumberOf(0)
	for _, d := range r.Days {
		if n := of(d.Counts); n.Known() {
			days = days.Add(n)
		}
	}
	format := "#,##0"
	if r.Method == slo.RatioTimeslices && letter == "F" {
		format = "#,##0.00"
	}
	if !want.Known() {
		want = slo.NumberOf(0)
	}
	if days.Cmp(want) != 0 {
		r.table.freeze(r)
		return r.table.number(want, look{bottom: 1, align: "right", format: format})
	}
	return r.live(r.sumOf(letter), want, format)
}

// sumOf adds by number: a criterion of text would read wildcards and operators in names.
func (r row) sumOf(letter string) string {
	daily := quoted(r.table.words.daily)
	return fmt.Sprintf("SUMIFS(%s!$%s$%d:$%s$%d,%s!$A$%d:$A$%d,{no})",
		daily, letter, firstRow, letter, r.table.days, daily, firstRow, r.table.days)
}

// whole is the spend of the whole running calendar period.
func (r row) whole() excelize.Cell {
	if r.Budget.Projected == nil {
		return r.table.text("", textLook)
	}
	spent := r.Budget.Projected.Spent
	return r.live(`IF({expected}>0,{bad}/(ROUND(1-{target},9)*{expected}),"")`, spent, spentFormat(spent, r.atRisk()))
}

// freeze notes that a figure of r is not a formula.
func (t *table) freeze(r row) {
	if !slices.Contains(t.book.frozen, r.ID()) {
		t.book.frozen = append(t.book.frozen, r.ID())
	}
}

// span writes the judged period and its zone.
func span(w report.Window) string {
	if w.Start.IsZero() {
		return ""
	}
	end := w.End
	if !w.Elapsed.IsZero() && w.Elapsed.Before(end) {
		end = w.Elapsed
	}
	start, loc := w.Start, zone(w.Timezone)
	if w.Since != nil {
		start = *w.Since
	}
	const minute = "2006-01-02 15:04"
	return start.In(loc).Format(minute) + " – " + end.In(loc).Format(minute) + " " + loc.String()
}

// zone returns the zone of that name, UTC if this system does not know it.
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

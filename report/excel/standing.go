package excel

import (
	"fmt"
	"math"
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

// counts returns the events or slices of the objective; both may be missing.
func counts(o report.Objective) budget.Counts {
	switch {
	case o.Slices != nil:
		return *o.Slices
	case o.Events != nil:
		return *o.Events
	}
	return budget.Counts{}
}

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
	return slo.DefaultAtRisk
}

// atRiskCell follows the named default, unless the objective has its own share.
func (r row) atRiskCell() excelize.Cell {
	l := look{bottom: 1, align: "right", format: "0%"}
	if r.atRisk().Cmp(slo.DefaultAtRisk) == 0 {
		return r.table.live("at_risk", slo.DefaultAtRisk, l)
	}
	return r.table.number(r.atRisk(), l)
}

// measured returns the measured, not excluded minutes behind the budget's minutes.
func (r row) measured() slo.Number { return r.Budget.Minutes.Allowed.Quo(r.Target.Budget()) }

// expected returns the events of the whole period behind the projected budget.
func (r row) expected() slo.Number {
	if r.Budget.Projected == nil {
		return slo.Number{}
	}
	return r.Budget.Projected.Allowed.Quo(r.Target.Budget())
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

// sum adds a column of Daily. If the days do not add up to the period's figure,
// the figure stands as it was reported, and the notes say so.
func (r row) sum(letter string, of func(budget.Counts) slo.Number) excelize.Cell {
	want, days := of(counts(r.Objective)), slo.NumberOf(0)
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

// digits are the decimals of a spent share that a spreadsheet gets right: it
// computes with 15, and 1-0.999 is not 0.001 in floating point.
const digits = 12

// status is mark and word. A budget that is exactly spent is not exhausted, so
// shares are over a line only if they are over it by more than the last digit.
func (r row) status() excelize.Cell {
	l := look{bottom: 1}
	if r.computed() != r.State {
		r.table.freeze(r)
		return r.table.text(r.table.state(r.State), l)
	}
	good, missed := r.outcomes()
	near, spent := "{spent}-{at_risk}>1E-12", "{spent}"
	if r.Budget.Projected != nil {
		near, spent = "OR({whole}-{at_risk}>1E-12,{spent}-1>1E-12)", "{whole}"
	}
	f := "IF({judged}=" + literal(r.table.words.notJudged) + "," + r.word(slo.NoData) +
		",IF({allowed}=0," + r.word(slo.NoData) +
		",IF(" + spent + "-1>1E-12," + r.word(missed) +
		",IF(" + near + "," + r.word(slo.AtRisk) + "," + r.word(good) + "))))"
	return excelize.Cell{
		Formula: r.table.fill(firstRow+r.number-1, f), Value: r.table.state(r.State), StyleID: r.table.style(l),
	}
}

// outcomes returns the best and the worst state of a closed or a running period.
func (r row) outcomes() (good, missed slo.State) {
	if r.Window.Closed {
		return slo.Met, slo.Missed
	}
	return slo.OnTrack, slo.Exhausted
}

// word returns the state as a formula writes it.
func (r row) word(s slo.State) string { return literal(r.table.state(s)) }

func literal(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// computed returns the state that the formula will give, in the arithmetic that
// spreadsheets have.
func (r row) computed() slo.State {
	c := counts(r.Objective)
	share := round(1-r.Target.Number().Float(), 9)
	allowed := share * c.Total.Float()
	if r.State == slo.NoData || !c.Total.Known() || allowed == 0 {
		return slo.NoData
	}
	spent := c.Bad.Float() / allowed
	basis := spent
	if r.Budget.Projected != nil {
		basis = c.Bad.Float() / (share * r.expected().Float())
	}
	good, missed := r.outcomes()
	switch {
	case over(basis, 1):
		return missed
	case over(basis, r.atRisk().Float()), r.Budget.Projected != nil && over(spent, 1):
		return slo.AtRisk
	}
	return good
}

// over compares as the formula does.
func over(v, line float64) bool { return v-line > 1e-12 }

func round(v float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(v*scale) / scale
}

// freeze notes that a figure of r is not a formula.
func (t *table) freeze(r row) {
	if !slices.Contains(t.book.frozen, r.ID()) {
		t.book.frozen = append(t.book.frozen, r.ID())
	}
}

// targetFormat shows every target in full, with three decimals at least.
func targetFormat(objectives []report.Objective) string {
	decimals := 3
	for _, o := range objectives {
		_, frac, _ := strings.Cut(strings.TrimSuffix(o.Target.String(), "%"), ".")
		decimals = max(decimals, len(frac))
	}
	return percentFormat(decimals)
}

func percentFormat(decimals int) string { return "0." + strings.Repeat("0", decimals) + "%" }

// ratioFormat shows an SLI with four decimals, and more where rounding would lift
// it over a line that it is under: its target, or 100 %.
func ratioFormat(sli slo.Number, t slo.Target) string {
	for decimals := 4; decimals < 10; decimals++ {
		if !lifts(sli, t.Number(), decimals) && !lifts(sli, slo.NumberOf(1), decimals) {
			return percentFormat(decimals)
		}
	}
	return percentFormat(10)
}

// spentFormat shows a spend with one decimal, and more where rounding would hide
// that it is over 100 % or over the share at which an objective is at risk.
func spentFormat(spent, atRisk slo.Number) string {
	for decimals := 1; decimals < 10; decimals++ {
		if !lifts(slo.NumberOf(0).Sub(spent), slo.NumberOf(-1), decimals) &&
			!lifts(slo.NumberOf(0).Sub(spent), slo.NumberOf(0).Sub(atRisk), decimals) {
			return percentFormat(decimals)
		}
	}
	return percentFormat(10)
}

// leftFormat gives a format of one decimal more of them where n would show as 0.
func leftFormat(format string, n slo.Number) string {
	for decimals := 1; decimals < 4 && n.Sign() != 0 && round(n.Float(), decimals) == 0; decimals++ {
		format = strings.ReplaceAll(format, "0.0", "0.00")
	}
	return format
}

// lifts tells whether n is under the line and, as a percentage rounded to that
// many decimals, no longer is.
func lifts(n, line slo.Number, decimals int) bool {
	if !n.Known() || n.Cmp(line) >= 0 {
		return false
	}
	return round(n.Float(), decimals+2) >= line.Float()
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
	return start.In(loc).Format(minute) + " – " + end.In(loc).Format(minute) + " " + w.Timezone
}

// zone returns the zone of that name, UTC if this system does not know it.
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

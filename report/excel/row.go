package excel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// name returns the objective's name with the labels that tell it apart.
func name(o report.Objective) string { return strings.TrimPrefix(o.ID(), o.Service+"/") }

func total(c budget.Counts) slo.Number    { return c.Total }
func badCount(c budget.Counts) slo.Number { return c.Bad }

// countedIn says whether events or slices of o were counted.
func (b *book) countedIn(o report.Objective) string {
	if o.Slices != nil || o.Method == slo.Timeslices || o.Method == slo.RatioTimeslices {
		return b.words.slicesUnit
	}
	return b.words.eventsUnit
}

func (r row) judged() string {
	if r.o.State == slo.NoData {
		return r.table.words.notJudged
	}
	return r.table.words.yes
}

func (r row) atRisk() slo.Number {
	if r.o.AtRisk.Known() {
		return r.o.AtRisk
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

// projected returns n of a row whose budget is of a whole period that still runs.
func (r row) projected(n slo.Number) excelize.Cell {
	if !r.o.Budget.Projected() {
		return r.table.text("", textLook)
	}
	return r.table.number(n, numberLook)
}

func (r row) own() report.Standing {
	if r.o.Standing == nil {
		return report.Standing{}
	}
	return *r.o.Standing
}

func (r row) previous() report.Previous {
	if r.o.Previous == nil {
		return report.Previous{}
	}
	return *r.o.Previous
}

func (r row) ownWindow() string {
	if r.o.Standing == nil {
		return ""
	}
	return r.table.lang.Window(r.o.Standing.Window.Kind, r.o.Standing.Window.Length)
}

// live writes a formula of this row; {field} stands for a cell.
func (r row) live(formula string, n slo.Number, format string) excelize.Cell {
	return r.table.live(r.table.fill(firstRow+r.number-1, formula), n, look{bottom: 1, align: "right", format: format})
}

// share returns 1 − target as the formulas compute it.
func (r row) share() float64 { return round(1-r.o.Target.Number().Float(), 9) }

// allowed returns the budget as the formulas compute it.
func (r row) allowed() float64 { return r.share() * r.o.Budget.Total.Float() }

// spent returns bad / allowed as the formulas compute it.
func (r row) spent() float64 { return r.o.Counts().Bad.Float() / r.allowed() }

// soFarSpent is spent of what the time so far of a running period allows.
func (r row) soFarSpent() float64 {
	return r.o.Counts().Bad.Float() / (r.share() * r.o.Counts().Total.Float())
}

// minutes returns the minutes that the budget counts on.
func (r row) minutes() float64 { return r.o.Measured.Add(r.o.ToCome).Float() }

// sli writes the formula of the actual.
func (r row) sli() excelize.Cell {
	c := r.o.Counts()
	good := (c.Total.Float() - c.Bad.Float()) / c.Total.Float()
	t := term{share: "({events}-{bad})/{events}", value: good, product: 1}
	shown := unit.SLI(r.o.SLI, r.o.Target)
	return r.rounded("{events}=0", t, shown, shown.Format())
}

// spentCell writes the formula of what was spent.
func (r row) spentCell() excelize.Cell {
	shown := unit.Spent(r.o.Budget.Spent)
	t := term{share: spentFormula, value: r.spent(), product: 1}
	return r.rounded("{allowed}=0", t, shown, shown.Format())
}

// allowedCell writes the formula of the budget.
func (r row) allowedCell() excelize.Cell {
	total := "{events}"
	if r.o.Budget.Projected() {
		total = "{expected}"
	}
	return r.live("ROUND(1-{target},9)*"+total, r.o.Budget.Allowed, "#,##0.0")
}

// soFar writes the formula of what was spent of what the time so far of a running
// period allows.
func (r row) soFar() excelize.Cell {
	if !r.o.Budget.Projected() {
		return r.table.text("", textLook)
	}
	shown := unit.Spent(r.o.Budget.Elapsed.Spent)
	t := term{share: soFarFormula, value: r.soFarSpent(), product: 1}
	return r.rounded("{events}=0", t, shown, shown.Format())
}

// Shares of the budget that were spent, as the other formulas use them: exact.
const (
	spentFormula = "{bad}/{allowed}"
	soFarFormula = "{bad}/(ROUND(1-{target},9)*{events})"
)

// eventsLeft writes the formula of the events or slices that may still be bad.
func (r row) eventsLeft() excelize.Cell {
	t := term{share: "(1-" + spentFormula + ")", value: 1 - r.spent(), times: "{allowed}", product: r.allowed()}
	shown := unit.EventsLeft(r.leftEvents())
	return r.rounded("{allowed}=0", t, shown, inWords(r.table.words.eventsLeft, shown))
}

// minutesLeft writes the formula of the minutes of full outage that are left.
func (r row) minutesLeft() excelize.Cell {
	minutes := "{measured}"
	if r.o.Budget.Projected() {
		minutes = "({measured}+{to_come})"
	}
	t := term{share: "(1-" + spentFormula + ")", value: 1 - r.spent(),
		times: "ROUND(1-{target},9)*" + minutes, product: r.share() * r.minutes()}
	shown := unit.MinutesLeft(r.o.Budget.Minutes.Remaining)
	return r.rounded(`OR({allowed}=0,{measured}="")`, t, shown, inWords(r.table.words.minutes, shown))
}

// rounded writes the formula that rounds t as the model's figure is, "" while
// unknown is true. If a spreadsheet would give another figure, the model's stands
// as it was reported, and the notes say so.
func (r row) rounded(unknown string, t term, shown unit.Rounded, format string) excelize.Cell {
	if shown.Value.Known() && !t.gives(shown) {
		r.table.freeze(r)
		return r.table.number(shown.Value, look{bottom: 1, align: "right", format: format})
	}
	return r.live("IF("+unknown+`,"",`+t.rounded(shown)+")", shown.Value, format)
}

// leftEvents returns how many may still be bad, unknown where nothing is allowed.
func (r row) leftEvents() slo.Number {
	if !r.o.Budget.Remaining.Known() {
		return slo.Number{}
	}
	return r.o.Budget.Left
}

// sum adds a column of Daily. If the days do not add up to the period's figure,
// the figure stands as it was reported, and the notes say so.
func (r row) sum(letter string, of func(budget.Counts) slo.Number) excelize.Cell {
	want, days := of(r.o.Counts()), slo.NumberOf(0)
	for _, d := range r.o.Days {
		if n := of(d.Counts); n.Known() {
			days = days.Add(n)
		}
	}
	if !want.Known() {
		want = slo.NumberOf(0)
	}
	format := unit.Count(want).Format()
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

// freeze notes that a figure of r is not a formula.
func (t *table) freeze(r row) {
	if !slices.Contains(t.book.frozen, r.o.ID()) {
		t.book.frozen = append(t.book.frozen, r.o.ID())
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

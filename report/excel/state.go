package excel

import (
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/slo"
)

// status is mark and word. A budget that is exactly spent is not exhausted, so
// shares are over a line only if they are over it by more than the last digit.
func (r row) status() excelize.Cell {
	l := look{bottom: 1}
	if r.computed() != r.o.State {
		r.table.freeze(r)
		return r.table.text(r.table.state(r.o.State), l)
	}
	good, missed := r.outcomes()
	near := spentFormula + "-{at_risk}>1E-12"
	if r.o.Budget.Projected() {
		near = "OR(" + near + "," + soFarFormula + "-1>1E-12)"
	}
	f := "IF({judged}=" + literal(r.table.words.notJudged) + "," + r.word(slo.NoData) +
		",IF({allowed}=0," + r.word(slo.NoData) +
		",IF(" + spentFormula + "-1>1E-12," + r.word(missed) +
		",IF(" + near + "," + r.word(slo.AtRisk) + "," + r.word(good) + "))))"
	return excelize.Cell{
		Formula: r.table.fill(firstRow+r.number-1, f), Value: r.table.state(r.o.State), StyleID: r.table.style(l),
	}
}

// outcomes returns the best and the worst state of a closed or a running period.
func (r row) outcomes() (good, missed slo.State) {
	if r.o.Window.Closed {
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
	c := r.o.Counts()
	if r.o.State == slo.NoData || !c.Total.Known() || r.allowed() == 0 {
		return slo.NoData
	}
	spent := r.spent()
	good, missed := r.outcomes()
	switch {
	case over(spent, 1):
		return missed
	case over(spent, r.atRisk().Float()), r.o.Budget.Projected() && over(r.soFarSpent(), 1):
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

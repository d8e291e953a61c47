package excel

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// field names a column of the objectives table.
type field string

const (
	fieldNo       field = "no"
	fieldStatus   field = "status"
	fieldTarget   field = "target"
	fieldSpent    field = "spent"
	fieldEvents   field = "events"
	fieldBad      field = "bad"
	fieldAllowed  field = "allowed"
	fieldJudged   field = "judged"
	fieldAtRisk   field = "at_risk"
	fieldMeasured field = "measured"
	fieldExpected field = "expected"
	fieldToCome   field = "to_come"
	fieldSoFar    field = "so_far" // spent of what the time so far allows
)

// column is one column of the objectives table.
type column struct {
	field field // "" if no formula refers to it
	title string
	width float64
	left  bool // text, not a number
	cell  func(row) excelize.Cell
}

// row is one objective as the table draws it.
type row struct {
	o      report.Objective
	number int
	table  *table
}

// table is the objectives table: which column stands where, and how the sheets
// that refer to it name its cells.
type table struct {
	*book
	columns []column
	letters map[field]string
	days    int    // last row of Daily
	targets string // number format that shows every target in full
}

func (b *book) table() *table {
	t := &table{book: b, letters: map[field]string{}, days: firstRow - 1, targets: targetFormat(b.report.Objectives)}
	for _, o := range b.report.Objectives {
		t.days += len(o.Days)
	}
	t.days = max(t.days, firstRow)
	t.columns = append(t.reading(), t.working()...)
	t.columns = append(t.columns, t.optional()...)
	t.widen()
	for i, c := range t.columns {
		letter, _ := excelize.ColumnNumberToName(i + 1)
		t.letters[c.field] = letter
	}
	return t
}

// fill replaces {field} by the field's cell in that row.
func (t *table) fill(n int, formula string) string {
	for f, letter := range t.letters {
		formula = strings.ReplaceAll(formula, "{"+string(f)+"}", letter+strconv.Itoa(n))
	}
	return formula
}

// cells returns the range of a field's cells, for formulas of other sheets.
func (t *table) cells(f field) string {
	last := max(firstRow, firstRow+len(t.report.Objectives)-1)
	return fmt.Sprintf("%s!$%s$%d:$%s$%d", quoted(t.words.objectives), t.letters[f], firstRow, t.letters[f], last)
}

// state returns mark and word, "● met"; "" for no state.
func (b *book) state(s slo.State) string {
	if s == "" {
		return ""
	}
	return unit.Mark(s) + " " + b.lang.State(s)
}

func objectives(b *book) {
	t := b.table()
	widths := make([]float64, len(t.columns))
	for i, c := range t.columns {
		widths[i] = c.width
	}
	s := b.open(layout{b.words.objectives, widths, fmt.Sprintf("D%d", firstRow)})
	s.heading(b.words.objectives+" · "+b.period(), b.words.objectivesNote)
	s.row(headRow, t.headHeight(), t.heads()...)
	for i, o := range b.report.Objectives {
		s.row(firstRow+i, 22, t.cellsOf(row{o, i + 1, t})...)
	}
	t.finish(s)
	s.flush()
}

func (t *table) heads() []any {
	var out []any
	for i, c := range t.columns {
		l := headNumLook
		if c.left {
			l = headLook
		}
		if c.left && i > 0 && !t.columns[i-1].left {
			l = headNextLook
		}
		out = append(out, t.text(c.title, l))
	}
	return out
}

func (t *table) headHeight() float64 {
	n := 1.0
	for _, c := range t.columns {
		n = max(n, lines(c.title, c.width-3))
	}
	return n*16 + 8
}

func (t *table) cellsOf(r row) []any {
	var out []any
	for _, c := range t.columns {
		out = append(out, c.cell(r))
	}
	return out
}

// finish sets what lies over the rows: filter, colours, bars, input rules, print.
// Paper gets the columns for readers only.
func (t *table) finish(s *sheet) {
	n := len(t.report.Objectives)
	last, _ := excelize.ColumnNumberToName(len(t.columns))
	end := max(firstRow, firstRow+n-1)
	page, _ := excelize.ColumnNumberToName(len(t.reading()))
	area := fmt.Sprintf("$A$1:$%s$%d", page, end)
	s.print(area, fmt.Sprintf("$A:$C,$1:$%d", headRow), 1, 0)
	if n == 0 {
		return
	}
	s.try(s.file.AutoFilter(s.name, fmt.Sprintf("A%d:%s%d", headRow, last, end), nil))
	column := func(f field) string {
		return fmt.Sprintf("%s%d:%s%d", t.letters[f], firstRow, t.letters[f], end)
	}
	s.stateColors(column(fieldStatus), fmt.Sprintf("%s%d", t.letters[fieldStatus], firstRow))
	s.try(s.file.SetConditionalFormat(s.name, column(fieldSpent), []excelize.ConditionalFormatOptions{{
		Type: "data_bar", Criteria: "=", BarColor: "#" + bar,
		MinType: "num", MinValue: "0", MaxType: "num", MaxValue: "1.5",
	}}))
	s.try(s.file.AddDataValidation(s.name, t.inputRule(column(fieldTarget))))
}

// stateColors colours a column of states by its marks.
func (s *sheet) stateColors(cells, first string) {
	var rules []excelize.ConditionalFormatOptions
	for _, c := range []struct {
		state slo.State
		color string
	}{{slo.Met, good}, {slo.AtRisk, nearInk}, {slo.Missed, bad}, {slo.NoData, muted}} {
		rules = append(rules, excelize.ConditionalFormatOptions{
			Type: "formula", Criteria: fmt.Sprintf(`COUNTIF(%s,"%s*")>0`, first, unit.Mark(c.state)),
			Format: s.conditional(c.color, "", c.state != slo.Met && c.state != slo.NoData),
		})
	}
	s.try(s.file.SetConditionalFormat(s.name, cells, rules))
}

func (t *table) inputRule(cells string) *excelize.DataValidation {
	v := excelize.NewDataValidation(true)
	v.Sqref, v.Type, v.Operator, v.Formula1, v.Formula2 = cells, "decimal", "between", "0.5", "0.999999"
	v.SetInput(t.words.targetTitle, t.words.targetPrompt)
	v.SetError(excelize.DataValidationErrorStyleStop, t.words.targetTitle, t.words.targetError)
	return v
}

func (t *table) some(has func(report.Objective) bool) bool {
	return slices.ContainsFunc(t.report.Objectives, has)
}

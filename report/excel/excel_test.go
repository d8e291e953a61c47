package excel

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

func written(t testing.TB, r *report.Report) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := Write(&buf, r); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func opened(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// shownAs opens a workbook whose cells read as a spreadsheet shows them.
func shownAs(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// many returns a report with n objectives, those of the sample over and over.
func many(n int) *report.Report {
	r := reporttest.Sample(unit.English)
	sample := r.Objectives
	r.Objectives = nil
	for i := range n {
		o := sample[i%len(sample)]
		o.Name = fmt.Sprintf("%s %d", o.Name, i)
		r.Objectives = append(r.Objectives, o)
	}
	if n == 0 {
		r.Incidents, r.Sources = nil, nil
	}
	r.Summary = count(r.Objectives)
	return r
}

// count makes the part of a summary that follows from states alone.
func count(objectives []report.Objective) report.Summary {
	s := report.Summary{Total: len(objectives)}
	for _, o := range objectives {
		switch o.State {
		case slo.NoData:
			s.NoData++
		case slo.Missed, slo.Exhausted:
			s.Missed++
		case slo.AtRisk:
			s.AtRisk++
			s.Met++
		default:
			s.Met++
		}
	}
	return s
}

// drawn is a report and its workbook.
type drawn struct {
	*report.Report
	data []byte
}

// reports are what every claim about the file's form is held against. Nobody
// changes them.
var reports = sync.OnceValue(func() map[string]drawn {
	out := map[string]drawn{}
	for name, r := range map[string]*report.Report{
		"english": reporttest.Sample(unit.English), "japanese": reporttest.Sample(unit.Japanese),
		"hostile": reporttest.Hostile(unit.English), "hostile japanese": reporttest.Hostile(unit.Japanese),
		"none": many(0), "one": many(1), "200": many(200),
	} {
		var buf bytes.Buffer
		if err := Write(&buf, r); err != nil {
			panic(err)
		}
		out[name] = drawn{r, buf.Bytes()}
	}
	return out
})

// sample returns the sample in that language.
func sample(l unit.Language) drawn {
	if l == unit.Japanese {
		return reports()["japanese"]
	}
	return reports()["english"]
}

// formula is a cell with a formula, as it is stored.
type formula struct{ sheet, cell, text, cached string }

var (
	cellPattern  = regexp.MustCompile(`<c r="([A-Z]+[0-9]+)"[^>]*><f>([^<]*)</f>(?:<v>([^<]*)</v>)?</c>`)
	unescapeCell = strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&")
)

func formulas(t testing.TB, data []byte) []formula {
	t.Helper()
	sheets := opened(t, data).GetSheetList()
	var out []formula
	for _, p := range parts(t, data) {
		var n int
		if _, err := fmt.Sscanf(p.Name, "xl/worksheets/sheet%d.xml", &n); err != nil {
			continue
		}
		for _, m := range cellPattern.FindAllStringSubmatch(content(t, p), -1) {
			out = append(out, formula{sheets[n-1], m[1], unescapeCell.Replace(m[2]), unescapeCell.Replace(m[3])})
		}
	}
	return out
}

// traces is how close the library's own ROUND comes: it leaves a trace at the 15th digit.
const traces = 1e-6

// same compares stored and calculated values: texts exactly, numbers to 1e-9.
func same(a, b string) bool { return alike(a, b, 1e-9) }

func alike(a, b string, tolerance float64) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return a == b
	}
	return math.Abs(x-y) <= tolerance*max(1, math.Abs(x), math.Abs(y))
}

func TestSheetsAreNamedByTopic(t *testing.T) {
	for lang, want := range map[unit.Language][]string{
		unit.English:  {"Summary", "Objectives", "Calendar", "Incidents", "Alerts", "Daily", "Notes"},
		unit.Japanese: {"サマリ", "SLO一覧", "日別", "障害一覧", "アラート", "日次データ", "用語・注記"},
	} {
		got := opened(t, sample(lang).data).GetSheetList()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: sheets (-want +got):\n%s", lang, diff)
		}
	}
}

func TestFormulasGiveTheirStoredValues(t *testing.T) {
	for name, r := range map[string]*report.Report{
		"english": sample(unit.English).Report, "japanese": sample(unit.Japanese).Report, "exact": exactly(t), "running": running(t),
	} {
		t.Run(name, func(t *testing.T) {
			data := written(t, r)
			f := opened(t, data)
			all := formulas(t, data)
			if want := 10 * len(r.Objectives); len(all) < want {
				t.Fatalf("%d formulas, want at least %d", len(all), want)
			}
			for _, c := range all {
				got, err := f.CalcCellValue(c.sheet, c.cell)
				if err != nil || !alike(got, c.cached, traces) {
					t.Errorf("%s!%s =%s gives %q, %v; stored is %q", c.sheet, c.cell, c.text, got, err, c.cached)
				}
			}
		})
	}
}

// TestStoredValuesAreTheModels reads the objectives sheet back by its heads.
func TestStoredValuesAreTheModels(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			f := opened(t, r.data)
			w := wordsOf(r.Language)
			rows, _ := f.GetRows(w.objectives)
			b := newBook(r.Report)
			for i, o := range r.Objectives {
				got := map[string]string{}
				for x, v := range rows[firstRow-1+i] {
					got[rows[headRow-1][x]] = v
				}
				c := o.Counts()
				for head, want := range map[string]slo.Number{
					w.target: o.Target.Number(), w.sli: unit.SLI(o.SLI, o.Target).Value, w.spent: unit.Spent(o.Budget.Spent).Value,
					w.events: c.Total, w.bad: c.Bad, w.allowed: o.Budget.Allowed, w.leftEvents: unit.EventsLeft(o.Budget.Left).Value,
					w.leftMinutes: unit.MinutesLeft(o.Budget.Minutes.Remaining).Value, w.coverage: unit.Percent(o.Coverage, 1).Value,
				} {
					if !same(got[head], plain(want)) {
						t.Errorf("%s: %s = %q, want %q", o.ID(), head, got[head], plain(want))
					}
				}
				if got[w.status] != b.state(o.State) {
					t.Errorf("%s: status = %q, want %q", o.ID(), got[w.status], b.state(o.State))
				}
			}
		})
	}
}

func plain(n slo.Number) string {
	if !n.Known() {
		return ""
	}
	return strconv.FormatFloat(n.Float(), 'g', -1, 64)
}

func TestSummaryCountsAreTheModels(t *testing.T) {
	for name, r := range reports() {
		f := opened(t, r.data)
		s := r.Summary
		for cell, want := range map[string]int{"A5": s.Met, "D5": s.AtRisk, "G5": s.Missed, "J5": s.NoData} {
			text, _ := f.GetCellFormula(f.GetSheetName(0), cell)
			got, _ := f.GetCellValue(f.GetSheetName(0), cell)
			if text == "" || got != strconv.Itoa(want) {
				t.Errorf("%s: %s = %s (%q), want %d from a formula", name, cell, got, text, want)
			}
		}
		if got, _ := f.GetCellValue(f.GetSheetName(0), "A2"); name != "hostile" && name != "hostile japanese" && got != r.Headline {
			t.Errorf("%s: headline %q, want %q", name, got, r.Headline)
		}
	}
}

func TestDailyAddsUpToTheObjectives(t *testing.T) {
	r := sample(unit.English)
	rows, _ := opened(t, r.data).GetRows("Daily")
	sums := map[string][2]float64{}
	for _, row := range rows[headRow:] {
		row = append(row, make([]string, 7)...) // a day without data ends early
		badEvents, _ := strconv.ParseFloat(row[5], 64)
		events, _ := strconv.ParseFloat(row[6], 64)
		s := sums[row[0]]
		sums[row[0]] = [2]float64{s[0] + badEvents, s[1] + events}
	}
	for i, o := range r.Objectives {
		c := o.Counts()
		if want := [2]float64{c.Bad.Float(), c.Total.Float()}; sums[strconv.Itoa(i+1)] != want {
			t.Errorf("%s: days add up to %v, want %v", o.ID(), sums[strconv.Itoa(i+1)], want)
		}
	}
}

func TestFunctionsAreThoseOfOldSpreadsheets(t *testing.T) {
	allowed := []string{"SUMIFS", "COUNTIF", "SUMPRODUCT", "INDEX", "MATCH", "IF", "TEXT", "ROUND", "INT", "OR", "AND", "ISNUMBER"}
	call := regexp.MustCompile(`([A-Z][A-Z0-9.]*)\(`)
	texts := regexp.MustCompile(`"[^"]*"|'[^']*'`)
	for name, r := range reports() {
		for _, c := range formulas(t, r.data) {
			for _, m := range call.FindAllStringSubmatch(texts.ReplaceAllString(c.text, ""), -1) {
				if !slices.Contains(allowed, m[1]) {
					t.Errorf("%s: %s!%s uses %s: %s", name, c.sheet, c.cell, m[1], c.text)
				}
			}
		}
	}
}

func TestSameReportSameBytes(t *testing.T) {
	for name, r := range reports() {
		for range min(4, 1+60/(1+len(r.Objectives))) { // the library's own order is that of maps
			if !bytes.Equal(r.data, written(t, r.Report)) {
				t.Fatalf("%s: two runs differ", name)
			}
		}
	}
}

func TestTimesAreTheReports(t *testing.T) {
	r := sample(unit.English)
	props, err := opened(t, r.data).GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	if want := r.At.UTC().Format(time.RFC3339); props.Created != want || props.Modified != want {
		t.Errorf("created %s, modified %s, want %s", props.Created, props.Modified, want)
	}
	for _, part := range parts(t, r.data) {
		if got := part.Modified.Format(time.DateOnly); got != "1980-01-01" {
			t.Errorf("%s is of %s, want the fixed day 1980-01-01", part.Name, got)
		}
	}
}

func TestTextStaysText(t *testing.T) {
	r := reporttest.Sample(unit.English)
	names := []string{"=1+1", "+1", "-1", "@SUM(A1)", `=HYPERLINK("https://example.com")`, "*", "?", ">0", strings.Repeat("あ", 40_000), "a\nb\x00c", "\u202eabc"}
	for i := range r.Objectives {
		r.Objectives[i].Name = names[i%len(names)]
	}
	r.Title = "=cmd|'/c calc'!A1"
	data := written(t, r)
	f := opened(t, data)
	for _, c := range formulas(t, data) {
		if strings.Contains(c.text, "HYPERLINK") || strings.Contains(c.text, "1+1") || strings.Contains(c.text, "cmd") {
			t.Errorf("%s!%s is a formula made of a name: %s", c.sheet, c.cell, c.text)
		}
		if got, err := f.CalcCellValue(c.sheet, c.cell); err != nil || !same(got, c.cached) {
			t.Errorf("%s!%s =%s gives %q, %v; stored is %q", c.sheet, c.cell, c.text, got, err, c.cached)
		}
	}
	for i, want := range map[int]string{0: "=1+1", 3: "@SUM(A1)", 9: "a b\uFFFDc", 10: "\uFFFDabc"} {
		got, _ := f.GetCellValue("Objectives", fmt.Sprintf("C%d", firstRow+i))
		if got, _, _ = strings.Cut(got, "{"); got != want {
			t.Errorf("row %d: name %q, want %q", i+1, got, want)
		}
	}
	if long, _ := f.GetCellValue("Objectives", fmt.Sprintf("C%d", firstRow+8)); !strings.HasSuffix(long, "…") || len([]rune(long)) != maxText {
		t.Errorf("a name of 40,000 characters is not cut visibly: %d runes", len([]rune(long)))
	}
}

func TestTooManyRowsAreRefused(t *testing.T) {
	r := many(1)
	r.Objectives[0].Days = make([]report.Day, maxRows)
	var buf bytes.Buffer
	err := Write(&buf, r)
	if err == nil || !strings.Contains(err.Error(), "[excel/rows]") || buf.Len() > 0 {
		t.Errorf("error %v after %d bytes, want [excel/rows] and nothing written", err, buf.Len())
	}
}

// TestYearOfDays draws 400 days, past a year and past a page.
func TestYearOfDays(t *testing.T) {
	r := many(2)
	for i := range r.Objectives {
		var days []report.Day
		for d := range 400 {
			day := r.Objectives[i].Days[0]
			day.Date = time.Date(2025, 1, 1+d, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
			days = append(days, day)
		}
		r.Objectives[i].Days = days
	}
	f := opened(t, written(t, r))
	rows, _ := f.GetRows("Calendar")
	if got := len(rows[calendarFirst-1]); got != calendarDays+400 {
		t.Errorf("the calendar has %d columns, want %d", got, calendarDays+400)
	}
	months := slices.DeleteFunc(slices.Clone(rows[calendarMonth-1]), func(s string) bool { return s == "" })
	if len(months) != 14 || months[0] != "January 2025" || months[13] != "February 2026" {
		t.Errorf("months %v, want January 2025 to February 2026", months)
	}
}

func TestFiguresThatDaysDoNotGiveStandAsReported(t *testing.T) {
	r := many(1)
	r.Objectives[0].Days = r.Objectives[0].Days[1:]
	f := opened(t, written(t, r))
	if text, _ := f.GetCellFormula("Objectives", fmt.Sprintf("K%d", firstRow)); text != "" {
		t.Errorf("events are the formula %s over days that lack one", text)
	}
	rows, _ := f.GetRows("Notes")
	if !slices.ContainsFunc(rows, func(r []string) bool { return strings.Contains(strings.Join(r, " "), "stands as reported") }) {
		t.Error("the notes do not say that a figure is not a formula")
	}
}

func BenchmarkWrite(b *testing.B) {
	r := many(200)
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}

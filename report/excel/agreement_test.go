package excel

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/report"
	page "github.com/nines-slo/nines/report/html"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

// figures are the texts of one output: of an objective, of one of its days, or of
// what an incident or a deploy cost it.
type figures map[string]string

// put notes a figure. Where one output leaves a cell empty the other has a dash.
func (f figures) put(text string, key ...string) {
	text = strings.TrimSpace(html.UnescapeString(text))
	if text == "" {
		text = unit.Unknown
	}
	f[strings.Join(key, " | ")] = text
}

// TestPageAndWorkbookShowTheSame holds every figure that both show against each
// other, as text: the last digit is the same.
func TestPageAndWorkbookShowTheSame(t *testing.T) {
	for name, r := range agreeing() {
		t.Run(name, func(t *testing.T) {
			want := pageFigures(t, r)
			f := shownAs(t, written(t, r))
			sheets := map[string][][]string{}
			for _, sheet := range f.GetSheetList() {
				rows, err := f.GetRows(sheet)
				if err != nil {
					t.Fatal(err)
				}
				sheets[sheet] = rows
			}
			checkAgreement(t, r, want, bookFigures(r, sheets))
		})
	}
}

func agreeing() map[string]*report.Report {
	return map[string]*report.Report{
		"english": reporttest.Sample(unit.English), "japanese": reporttest.Sample(unit.Japanese),
		"running": reporttest.Running(unit.English), "deployed": reporttest.Deployed(unit.English),
	}
}

func checkAgreement(t *testing.T, r *report.Report, want, got figures) {
	t.Helper()
	days := 0
	for _, o := range r.Objectives {
		days += len(o.Days)
	}
	if len(want) < days {
		t.Fatalf("the page shows %d figures of %d days", len(want), days)
	}
	shared := figures{} // the workbook has figures of every day where the page draws bars
	for key := range want {
		shared[key] = got[key]
	}
	if diff := cmp.Diff(want, shared); diff != "" {
		t.Errorf("page and workbook differ (-page +workbook):\n%s", diff)
	}
}

var (
	objectiveRow = regexp.MustCompile(`(?s)<tr class="\w+"><th scope="row">.*?<td class="bars">.*?</tr>`)
	spentText    = regexp.MustCompile(`<td class="spent">.*?<span class="n">(.*?)</span>`)
	leftText     = regexp.MustCompile(`<td class="left n">(?:<span class="key">.*?</span>)?(.*?)</td>`)
	actualText   = regexp.MustCompile(`<td class="actual n"><span class="key">.*?</span>(.*?)<span`)
	dayTitle     = regexp.MustCompile(`<title>(\d{4}-\d\d-\d\d)[:：](.*?)</title>`)
	multipleText = regexp.MustCompile(`[\d,.]+`)
	chartTable   = regexp.MustCompile(`(?s)<table class="plain figures-of">.*?</table>`)
	tableRow     = regexp.MustCompile(`(?s)<tr>(.*?)</tr>`)
	tableCell    = regexp.MustCompile(`(?s)<t[hd][^>]*>(.*?)</t[hd]>`)
	tags         = regexp.MustCompile(`<[^>]*>`)
)

// pageFigures reads the page.
func pageFigures(t *testing.T, r *report.Report) figures {
	t.Helper()
	var buf bytes.Buffer
	if err := page.Write(&buf, r); err != nil {
		t.Fatal(err)
	}
	text, out := buf.String(), figures{}
	rows := objectiveRow.FindAllString(text, -1)
	if len(rows) != len(r.Objectives) {
		t.Fatalf("%d rows of objectives, want %d", len(rows), len(r.Objectives))
	}
	for i, row := range rows {
		id := r.Objectives[i].ID()
		out.put(spentText.FindStringSubmatch(row)[1], id, "spent")
		out.put(leftText.FindStringSubmatch(row)[1], id, "left")
		out.put(actualText.FindStringSubmatch(row)[1], id, "actual")
		for _, day := range dayTitle.FindAllStringSubmatch(row, -1) {
			out.put(multipleText.FindString(strings.Replace(day[2], unit.Unknown, "", 1)), id, day[1], "multiple")
		}
	}
	chartFigures(t, r, text, out)
	eventFigures(r, text, out)
	return out
}

// chartFigures reads the tables of charts, those of burn-down and traffic.
func chartFigures(t *testing.T, r *report.Report, text string, out figures) {
	t.Helper()
	drawn := 0
	for i, o := range r.Objectives {
		if o.Detail == nil {
			continue
		}
		drawn++
		from := strings.Index(text, `id="o`+strconv.Itoa(i+1)+`-budget"`)
		tables := chartTable.FindAllString(text[from:], 3)
		for _, row := range tableRow.FindAllStringSubmatch(tables[0], -1)[1:] {
			cells := tableCell.FindAllStringSubmatch(row[1], -1)
			out.put(cells[1][1], o.ID(), cells[0][1], "bad")
			out.put(cells[2][1], o.ID(), cells[0][1], "spent")
		}
		for _, row := range tableRow.FindAllStringSubmatch(tables[2], -1)[1:] {
			cells := tableCell.FindAllStringSubmatch(row[1], -1)
			out.put(cells[1][1], o.ID(), cells[0][1], "total")
		}
	}
	if drawn == 0 {
		t.Fatal("the report draws no charts")
	}
}

// eventFigures reads what incidents and deploys cost.
func eventFigures(r *report.Report, text string, out figures) {
	impact := regexp.MustCompile(`[\d,.]+%`)
	at := strings.Index(text, `<section id="incidents"`)
	for n, i := range r.Incidents {
		for _, im := range i.Impacts {
			from := at + strings.Index(text[at:], ">"+im.Objective+"<")
			shown := impact.FindAllString(text[from:], 2)
			out.put(shown[0], "incident", strconv.Itoa(n+1), im.Objective, "spent")
			out.put(shown[1], "incident", strconv.Itoa(n+1), im.Objective, "share")
			at = from
		}
	}
	at = strings.Index(text, `<section id="deploys"`)
	if at < 0 {
		return
	}
	for _, row := range tableRow.FindAllStringSubmatch(text[at:], -1) {
		cells := tableCell.FindAllStringSubmatch(row[1], -1)
		if len(cells) != 7 || strings.HasPrefix(row[1], `<th`) {
			continue
		}
		name, _, _ := strings.Cut(cells[1][1], "</bdi>")
		name, objective := tags.ReplaceAllString(name, ""), tags.ReplaceAllString(cells[2][1], "")
		for k, what := range []string{"after", "before", "usual"} {
			out.put(cells[3+k][1], "deploy", name, objective, what)
		}
	}
}

// bookFigures reads the workbook's sheets as they are shown.
func bookFigures(r *report.Report, sheets map[string][][]string) figures {
	w, out := wordsOf(r.Language), figures{}
	cell := func(rows [][]string, y int, head string) string {
		x := slices.Index(rows[headRow-1], head)
		if x < 0 || y >= len(rows) || x >= len(rows[y]) {
			return ""
		}
		return rows[y][x]
	}
	table, daily := sheets[w.objectives], sheets[w.daily]
	y := headRow
	for i, o := range r.Objectives {
		out.put(cell(table, headRow+i, w.spent), o.ID(), "spent")
		out.put(cell(table, headRow+i, w.leftMinutes), o.ID(), "left")
		out.put(cell(table, headRow+i, w.sli), o.ID(), "actual")
		for _, d := range o.Days {
			out.put(cell(daily, y, w.multiple), o.ID(), d.Date, "multiple")
			out.put(cell(daily, y, w.bad), o.ID(), d.Date, "bad")
			out.put(cell(daily, y, w.spent), o.ID(), d.Date, "spent")
			out.put(cell(daily, y, w.events), o.ID(), d.Date, "total")
			y++
		}
	}
	y = headRow
	for n, i := range r.Incidents {
		for _, im := range i.Impacts {
			out.put(cell(sheets[w.incidents], y, w.budgetShare), "incident", strconv.Itoa(n+1), im.Objective, "spent")
			out.put(cell(sheets[w.incidents], y, w.badShare), "incident", strconv.Itoa(n+1), im.Objective, "share")
			y++
		}
	}
	y = headRow
	for _, d := range r.Deploys {
		for _, e := range d.Effects {
			out.put(cell(sheets[w.deploys], y, w.spentAfter), "deploy", d.Name, e.Objective, "after")
			out.put(cell(sheets[w.deploys], y, w.spentBefore), "deploy", d.Name, e.Objective, "before")
			out.put(cell(sheets[w.deploys], y, w.spentUsually), "deploy", d.Name, e.Objective, "usual")
			y++
		}
	}
	return out
}

// TestCalendarsShowTheSame compares the workbook's calendar with its daily figures,
// which are held against the page.
func TestCalendarsShowTheSame(t *testing.T) {
	for name, r := range agreeing() {
		f := shownAs(t, written(t, r))
		w := wordsOf(r.Language)
		calendar, _ := f.GetRows(w.calendar)
		days := dates(r.Objectives)
		for i, o := range r.Objectives {
			for _, d := range o.Days {
				x, want := calendarDays+slices.Index(days, d.Date), r.Language.Multiple(d.Multiple)
				if got := calendar[calendarFirst-1+i][x]; got != want {
					t.Errorf("%s: %s on %s: the calendar shows %q, want %q", name, o.ID(), d.Date, got, want)
				}
			}
		}
	}
}

// Package excel draws a report as a workbook that can be mailed: sheets for the
// summary, the objectives, the calendar of days, the incidents, the alerts, the
// deploys that were asked about, the daily counts and the notes. Objectives holds
// live formulas over Daily, so that a reader may change a target and see what it
// would have done to budget and state.
//
// Every formula carries the figure of the report model as its stored value:
// previews and protected views, which do not recalculate, show the same as the
// other outputs. The package leaves out what is not asked for in a workbook:
// macros, external links and functions younger than Excel 2007.
package excel

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
)

// The limits of a worksheet in the file format.
const (
	maxRows    = 1_048_576
	maxColumns = 16_384
)

// Write writes r as an Office Open XML workbook to w. The same r gives the same
// bytes. It returns an error if a sheet would need more rows or columns than the
// format has, and writes nothing then.
func Write(w io.Writer, r *report.Report) error {
	if err := fits(r); err != nil {
		return err
	}
	b := newBook(r)
	defer b.file.Close()
	for _, draw := range []func(*book){summary, objectives, calendar, incidents, alerts, deploys, daily, notes} {
		draw(b)
	}
	b.finish()
	if b.err != nil {
		return fmt.Errorf("excel workbook: %w", b.err)
	}
	return pack(w, b.file)
}

// fits tells whether every sheet of r stays within the format's limits.
func fits(r *report.Report) error {
	daily, impacts, effects, firings := 0, 0, 0, 1
	for _, o := range r.Objectives {
		daily += len(o.Days)
		for _, a := range o.Fired {
			firings += a.Fired
		}
	}
	for _, i := range r.Incidents {
		impacts += max(1, len(i.Impacts))
	}
	for _, d := range r.Deploys {
		effects += len(d.Effects)
	}
	const room = maxRows - headRow
	for _, rows := range []struct {
		n      int
		of     string
		narrow bool // fewer objectives have fewer of them
	}{
		{daily, "daily data", true}, {impacts, "incidents", false},
		{effects, "deploys", true}, {firings, "alerts", true},
	} {
		if rows.n <= room {
			continue
		}
		advice := "report a shorter period"
		if rows.narrow {
			advice += " or select fewer objectives with --only"
		}
		const refused = "excel workbook: %d rows of %s do not fit in a sheet of %d: %s [excel/rows]"
		return fmt.Errorf(refused, rows.n, rows.of, room, advice)
	}
	if days, columns := len(dates(r.Objectives)), maxColumns-calendarDays; days > columns {
		const refused = "excel workbook: %d days do not fit in a calendar of %d columns: " +
			"report a shorter period [excel/columns]"
		return fmt.Errorf(refused, days, columns)
	}
	return nil
}

// book is the workbook being written. The first error stays in err and makes
// every later call do nothing.
type book struct {
	file   *excelize.File
	report *report.Report
	lang   unit.Language
	words  texts
	styles map[look]int
	frozen []string // objectives of which a figure could not be written as a formula
	sheets int
	err    error
}

func newBook(r *report.Report) *book {
	b := &book{
		file: excelize.NewFile(), report: r, lang: r.Language, words: wordsOf(r.Language),
		styles: map[look]int{},
	}
	b.try(b.file.SetDefaultFont(b.words.font))
	return b
}

func (b *book) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

// finish sets what belongs to the whole workbook.
func (b *book) finish() {
	at := b.report.At.UTC().Format("2006-01-02T15:04:05Z")
	b.try(b.file.SetDocProps(&excelize.DocProperties{
		Title: b.title(), Creator: "nines", LastModifiedBy: "nines",
		Created: at, Modified: at, Language: string(b.lang),
	}))
	b.try(b.file.SetAppProps(&excelize.AppProperties{Application: "Microsoft Excel", AppVersion: "16.0300"}))
}

// title returns the report's name, the default one if the file gives none.
func (b *book) title() string {
	if b.report.Title == "" {
		return b.words.report
	}
	return strings.Map(func(r rune) rune { return shown(r, false) }, b.report.Title)
}

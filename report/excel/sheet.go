package excel

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Rows that the tables share: a title, a line below it, an empty row, the header.
const (
	headRow  = 4
	firstRow = headRow + 1
)

// rowHeight is that of a row of one line, in points: Japanese needs as much.
const rowHeight = 20

// layout is what has to be known of a sheet before its first row.
type layout struct {
	name   string
	widths []float64 // in characters, from column A
	freeze string    // the cell right of and below what stays in view
}

// sheet is one worksheet being streamed. Rows must come in ascending order.
type sheet struct {
	*book
	name string
	out  *excelize.StreamWriter
}

// open starts the next sheet. The library writes the head of a sheet when its
// stream is made and its middle with the first row, hence the order in here.
func (b *book) open(l layout) *sheet {
	s := &sheet{book: b, name: l.name}
	if b.sheets++; b.sheets == 1 {
		b.try(b.file.SetSheetName("Sheet1", l.name))
	} else {
		_, err := b.file.NewSheet(l.name)
		b.try(err)
	}
	b.try(b.file.SetSheetProps(l.name, &excelize.SheetPropsOptions{
		FitToPage: new(true), DefaultRowHeight: new(float64(rowHeight)), CustomHeight: new(true),
	}))
	b.try(b.file.SetSheetView(l.name, 0, &excelize.ViewOptions{ShowGridLines: new(false)}))
	b.try(b.file.SetSheetDimension(l.name, ""))
	var err error
	s.out, err = b.file.NewStreamWriter(l.name)
	b.try(err)
	for i, w := range l.widths {
		s.do(func() error { return s.out.SetColWidth(i+1, i+1, w) })
	}
	if l.freeze != "" {
		s.do(func() error { return s.out.SetPanes(panes(l.freeze)) })
	}
	return s
}

func panes(cell string) *excelize.Panes {
	col, row, _ := excelize.CellNameToCoordinates(cell)
	p := &excelize.Panes{Freeze: true, XSplit: col - 1, YSplit: row - 1, TopLeftCell: cell, ActivePane: "bottomRight"}
	if col == 1 {
		p.ActivePane = "bottomLeft"
	}
	p.Selection = []excelize.Selection{{SQRef: cell, ActiveCell: cell, Pane: p.ActivePane}}
	return p
}

// do runs f unless something went wrong before.
func (b *book) do(f func() error) {
	if b.err == nil {
		b.err = f()
	}
}

// row writes cells from column A on in row n, height in points.
func (s *sheet) row(n int, height float64, cells ...any) { s.rowAt("A", n, height, cells...) }

// rowAt is row from another column on. Copied into its callers it would be 20 kB of the
// program.
//
//go:noinline
func (s *sheet) rowAt(col string, n int, height float64, cells ...any) {
	s.do(func() error {
		return s.out.SetRow(fmt.Sprintf("%s%d", col, n), cells, excelize.RowOpts{Height: height})
	})
}

// heading writes the title and the line below it, as all tables have them.
func (s *sheet) heading(title, note string) {
	s.row(1, 26, s.text(title, titleLook))
	s.row(2, 20, s.text(note, noteLook))
}

// merge joins the cells of a range into its first.
func (s *sheet) merge(from, to string) {
	s.do(func() error { return s.out.MergeCell(from, to) })
}

// print lays the sheet on A4 landscape, as wide as one page and tall pages high
// (0: as many as it takes), with titles (such as "$1:$4") on each page.
func (s *sheet) print(area, titles string, wide, tall int) {
	s.try(s.file.SetPageLayout(s.name, &excelize.PageLayoutOptions{
		Size: new(9), Orientation: new("landscape"), FitToWidth: &wide, FitToHeight: &tall,
	}))
	s.try(s.file.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{
		Left: new(0.45), Right: new(0.45), Top: new(0.5), Bottom: new(0.6), Header: new(0.3), Footer: new(0.3),
	}))
	s.try(s.file.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P / &N"}))
	s.define("_xlnm.Print_Area", area)
	if titles != "" {
		s.define("_xlnm.Print_Titles", titles)
	}
}

// define names ranges of this sheet, for this sheet only.
func (s *sheet) define(name, ranges string) {
	var refs []string
	for r := range strings.SplitSeq(ranges, ",") {
		refs = append(refs, s.ref(r))
	}
	s.try(s.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: strings.Join(refs, ","), Scope: s.name}))
}

// ref returns a range of this sheet as formulas on other sheets write it.
func (s *sheet) ref(cells string) string { return quoted(s.name) + "!" + cells }

func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// flush ends the sheet. Whatever is set on it later is lost.
func (s *sheet) flush() { s.do(func() error { return s.out.Flush() }) }

// maxText is what a cell can hold, in UTF-16 units.
const maxText = 32_767

// text returns a cell of text: never a formula, whatever it begins with. Line
// breaks become spaces where the cell has one line. Characters that would reverse
// or hide the text around them become visible.
func (b *book) text(v string, l look) excelize.Cell {
	v = strings.Map(func(r rune) rune { return shown(r, l.wrap) }, v)
	if units := utf16.Encode([]rune(v)); len(units) > maxText {
		v = strings.ToValidUTF8(string(utf16.Decode(units[:maxText-1])), "") + "…"
	}
	return excelize.Cell{StyleID: b.style(l), Value: v}
}

// shown returns r as a cell shows it.
func shown(r rune, breaks bool) rune {
	switch {
	case r == '\n' && breaks:
		return r
	case r == '\n' || r == '\r' || r == '\t':
		return ' '
	case diag.Hidden(r):
		return unicode.ReplacementChar
	}
	return r
}

// number returns a cell with n, an empty one if n is unknown.
func (b *book) number(n slo.Number, l look) excelize.Cell {
	if !n.Known() {
		return excelize.Cell{StyleID: b.style(l)}
	}
	return excelize.Cell{StyleID: b.style(l), Value: n.Float()}
}

// live returns a cell with a formula and the figure that it gives: "" where n is unknown.
func (b *book) live(formula string, n slo.Number, l look) excelize.Cell {
	c := b.number(n, l)
	c.Formula = formula
	if c.Value == nil {
		c.Value = ""
	}
	return c
}

// serialDate returns the serial number of a local date, "2026-10-31".
func serialDate(date string) any {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	return serial(t)
}

// serial returns t's wall clock as a spreadsheet counts it: days since 1899-12-30.
func serial(t time.Time) float64 {
	_, offset := t.Zone()
	return float64(t.Unix()+int64(offset))/86400 + 25569
}

// lines estimates how many lines a text takes in a width given in characters;
// East Asian characters count twice.
func lines(text string, width float64) float64 {
	n := 0.0
	for line := range strings.SplitSeq(text, "\n") {
		n += max(1, math.Ceil(textWidth(line)*1.08/width))
	}
	return n
}

func textWidth(text string) float64 {
	w := 0.0
	for _, r := range text {
		w++
		if r >= 0x1100 {
			w++
		}
	}
	return w
}

// short cuts a text to a width in characters, an ellipsis at its end.
func short(text string, width float64) string {
	if textWidth(text) <= width {
		return text
	}
	w := 1.0
	for i, r := range text {
		if w += textWidth(string(r)); w > width {
			return text[:i] + "…"
		}
	}
	return text
}

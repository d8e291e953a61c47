package excel

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// columnHead is the top of a column.
type columnHead struct {
	title string
	width float64 // in characters
	look  look
}

// grid is a sheet with one table: a row of heads, then rows that can be filtered.
type grid struct {
	sheet *sheet
	last  int    // row
	end   string // letter of the last column
}

// grid opens the sheet name; what is left of the column freeze stays in view. Its
// heads are high points high.
func (b *book) grid(name, title, note, freeze string, high float64, heads []columnHead) *grid {
	widths, cells := make([]float64, len(heads)), make([]any, len(heads))
	for i, h := range heads {
		widths[i], cells[i] = h.width, b.text(h.title, h.look)
	}
	g := &grid{sheet: b.open(layout{name, widths, fmt.Sprintf("%s%d", freeze, firstRow)}), last: headRow}
	g.end, _ = excelize.ColumnNumberToName(len(heads))
	g.sheet.heading(title, note)
	g.sheet.row(headRow, high, cells...)
	return g
}

// add writes the next row.
func (g *grid) add(height float64, cells []any) {
	g.last++
	g.sheet.row(g.last, height, cells...)
}

// finish makes the rows filter, writes a remark below them, if any, and ends the sheet.
func (g *grid) finish(remark string) {
	s := g.sheet
	if g.last > headRow {
		s.try(s.file.AutoFilter(s.name, fmt.Sprintf("A%d:%s%d", headRow, g.end, g.last), nil))
	}
	if remark != "" {
		g.add(22, []any{s.text(remark, noteLook)})
	}
	s.print(fmt.Sprintf("$A$1:$%s$%d", g.end, max(g.last, firstRow)), fmt.Sprintf("$1:$%d", headRow), 1, 0)
	s.flush()
}

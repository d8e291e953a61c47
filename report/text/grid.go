package text

import (
	"github.com/nines-slo/nines/slo/diag"
)

// head is the top of a column.
type head struct {
	text  string
	right bool // aligned to the right
}

// newGrid lays out rows of cells under heads.
func newGrid(heads []head, rows [][]cell) *table {
	t := &table{}
	for i, h := range heads {
		c := column{head: h.text, right: h.right, width: diag.Width(h.text)}
		for _, row := range rows {
			c.cells = append(c.cells, row[i])
			c.width = max(c.width, diag.Width(row[i].text))
		}
		t.columns = append(t.columns, c)
	}
	return t
}

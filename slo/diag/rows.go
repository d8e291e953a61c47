package diag

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Rows writes rows below a head and an empty line, the cells of a column below each other,
// as they may be read. Cells that are empty at a row's end are left out.
func Rows(w io.Writer, head string, rows [][]string) error {
	fmt.Fprintf(w, "\n%s\n", head)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		var cells []string
		for _, text := range row {
			cells = append(cells, Escape(text))
		}
		fmt.Fprintln(table, "  "+strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	return table.Flush()
}

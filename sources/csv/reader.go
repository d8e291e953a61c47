package csv

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/table"
)

// reader reads the rows of a table with a header.
type reader struct {
	records records
	columns []string
	line    int   // of the header
	comma   bool  // numbers have a comma before decimals
	want    []int // place of each wanted column, −1 if the file lacks it
	others  []int // places of the columns that identify a row, sorted by name
	least   int   // fields that a row has: up to the last that states its time or counts
	scratch []byte
}

// open reads the header; comma 0 means to look there for it.
func (r *reader) open(content io.Reader, comma byte) error {
	r.records = records{lines: table.NewLines(content), comma: comma, text: make([]byte, 0, 256)}
	_, line, err := r.records.next()
	if err == io.EOF {
		empty := diag.Errorf(diag.Pos{}, "header", "file is empty")
		return diag.List{empty.WithHint("its first line names the columns: timestamp,good,total")}
	}
	var one diag.Finding
	if errors.As(err, &one) {
		return diag.List{one}
	}
	if err != nil {
		return err
	}
	r.line = line
	return r.header(line)
}

// header reads the names of the columns.
func (r *reader) header(line int) error {
	var wrong diag.List
	pos := diag.Pos{Line: line}
	for i, field := range trimmed(r.records.fields) {
		name := string(bytes.TrimSpace(field))
		switch first := slices.Index(r.columns, name); {
		case name == "":
			wrong = append(wrong, diag.Errorf(pos, "header", "column %d has no name", i+1).
				WithHint("name it, or take it away: other columns tell rows of one timestamp apart"))
		case first >= 0:
			wrong = append(wrong, diag.Errorf(pos, "header", "columns %d and %d have the same name", first+1, i+1))
		}
		r.columns = append(r.columns, name)
	}
	if name := string(bytes.TrimSpace(r.records.fields[0])); name != "" && name[0] >= '0' && name[0] <= '9' {
		wrong = append(wrong, diag.Errorf(pos, "header", "the first line begins with a digit: it names no columns").
			WithHint("begin the file with a line such as timestamp,good,total"))
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}

// trimmed returns fields without the empty ones at their end.
func trimmed(fields [][]byte) [][]byte {
	for len(fields) > 0 && len(bytes.TrimSpace(fields[len(fields)-1])) == 0 {
		fields = fields[:len(fields)-1]
	}
	return fields
}

// Columns returns the names of the header.
func (r *reader) Columns() (names []string, line int) { return r.columns, r.line }

// Bind finds the wanted columns.
func (r *reader) Bind(want table.Columns) {
	for i, name := range want.Names {
		at := slices.Index(r.columns, name)
		r.want = append(r.want, at)
		if i < want.Core {
			r.least = max(r.least, at+1)
		}
	}
	if !want.Keyed {
		return
	}
	for i, name := range r.columns {
		if !slices.Contains(want.Names[:want.Core], name) {
			r.others = append(r.others, i)
		}
	}
	slices.SortFunc(r.others, func(a, b int) int { return cmp.Compare(r.columns[a], r.columns[b]) })
}

// Next reads a row. One that has nothing in any field is none.
func (r *reader) Next(row *table.Row) error {
	fields, line, err := r.records.next()
	for err == nil && len(fields) > 1 && len(trimmed(fields)) == 0 {
		fields, line, err = r.records.next()
	}
	if err != nil {
		return err
	}
	row.Line = line
	if fields, err = r.fit(fields, line); err != nil {
		return err
	}
	row.Short = len(fields) < len(r.columns)
	row.Values, row.Key, row.Bad = row.Values[:0], row.Key[:0], row.Bad[:0]
	r.scratch = r.scratch[:0]
	for column, i := range r.want {
		if i < 0 || i >= len(fields) {
			row.Values = append(row.Values, nil)
			continue
		}
		value := fields[i][:len(fields[i]):len(fields[i])]
		if r.comma && column != 0 {
			value = r.pointed(value, column, row)
		}
		row.Values = append(row.Values, value)
	}
	for _, i := range r.others {
		if i < len(fields) {
			row.Key = bucket.AppendKey(row.Key, r.columns[i], fields[i])
		}
	}
	return nil
}

// fit returns the fields of a row that have a column. Spreadsheets write empty fields
// behind the last column, or leave out those at the end of a row; a last line without an
// end is one that is still written.
func (r *reader) fit(fields [][]byte, line int) ([][]byte, error) {
	n := len(fields)
	if n > len(r.columns) {
		fields = fields[:max(len(r.columns), len(trimmed(fields)))]
	}
	switch {
	case len(fields) > len(r.columns), len(fields) < r.least, len(fields) < len(r.columns) && !r.records.lines.Ended():
		return nil, bad(line, fmt.Sprintf("row has %s, the header %d", count(n), len(r.columns)))
	}
	return fields, nil
}

// pointed returns a number with a point for its decimal comma. In such a table a point
// parts thousands, or is a mistake: nobody knows what 1.234 is.
func (r *reader) pointed(value []byte, column int, row *table.Row) []byte {
	number := bytes.TrimSpace(value)
	digits := len(bytes.Trim(number, "0123456789,.")) == 0
	switch i := bytes.IndexByte(number, ','); {
	case digits && bytes.Count(number, []byte(".")) == 1, digits && i >= 0 && bytes.IndexByte(number, '.') >= 0:
		why := fmt.Sprintf("column %q has a number with a point, but decimals have a comma", r.columns[r.want[column]])
		row.Bad = append(row.Bad, table.Bad{Column: column,
			Why: bad(row.Line, why).WithHint("write the digits alone, and a comma before decimals")})
	case i > 0 && digits && bytes.Count(number, []byte(",")) == 1:
		from := len(r.scratch)
		r.scratch = append(r.scratch, number...)
		r.scratch[from+i] = '.'
		return r.scratch[from:len(r.scratch):len(r.scratch)]
	}
	return value
}

func count(fields int) string {
	if fields == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", fields)
}

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
	want    []int // place of each wanted column, −1 if the file lacks it
	others  []int // places of the columns that identify a row, sorted by name
}

// newReader reads the header; comma 0 means to look there for it.
func newReader(r io.Reader, comma byte) (*reader, error) {
	rd := &reader{records: records{lines: table.NewLines(r), comma: comma, text: make([]byte, 0, 256)}}
	_, line, err := rd.records.next()
	if err == io.EOF {
		empty := diag.Errorf(diag.Pos{}, "header", "file is empty")
		return nil, diag.List{empty.WithHint("its first line names the columns: timestamp,good,total")}
	}
	var one diag.Finding
	if errors.As(err, &one) {
		return nil, diag.List{one}
	}
	if err != nil {
		return nil, err
	}
	return rd, rd.header(line)
}

// header reads the names of the columns.
func (r *reader) header(line int) error {
	var wrong diag.List
	pos := diag.Pos{Line: line}
	for i, field := range r.records.fields {
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
	if len(r.columns) == 1 && bytes.ContainsAny(r.records.fields[0], ";|") {
		wrong = append(wrong, diag.Errorf(pos, "header", "the header has no %q", r.records.comma).
			WithHint(`say what stands between fields: delimiter: ";"`))
	}
	if name := r.columns[0]; name != "" && name[0] >= '0' && name[0] <= '9' {
		wrong = append(wrong, diag.Errorf(pos, "header", "the first line begins with a digit: it names no columns").
			WithHint("begin the file with a line such as timestamp,good,total"))
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}

// Columns returns the names of the header.
func (r *reader) Columns() []string { return r.columns }

// Bind finds the wanted columns.
func (r *reader) Bind(want table.Columns) {
	for _, name := range want.Names {
		r.want = append(r.want, slices.Index(r.columns, name))
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

// Next reads a row.
func (r *reader) Next(row *table.Row) error {
	fields, line, err := r.records.next()
	if err != nil {
		return err
	}
	row.Line = line
	if len(fields) != len(r.columns) {
		return bad(line, fmt.Sprintf("row has %s, the header %d", count(len(fields)), len(r.columns)))
	}
	row.Values = row.Values[:0]
	for _, i := range r.want {
		if i < 0 {
			row.Values = append(row.Values, nil)
			continue
		}
		row.Values = append(row.Values, fields[i][:len(fields[i]):len(fields[i])])
	}
	row.Key = row.Key[:0]
	for _, i := range r.others {
		row.Key = bucket.AppendKey(row.Key, r.columns[i], fields[i])
	}
	return nil
}

func count(fields int) string {
	if fields == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", fields)
}

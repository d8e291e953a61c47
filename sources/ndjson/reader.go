package ndjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/table"
)

// reader reads one object a line.
type reader struct {
	lines *table.Lines
	want  table.Columns
	index map[string]int // of want.Names
	core  map[string]bool
	flat  flat
}

// Columns returns nil: every line names its own.
func (r *reader) Columns() (names []string, line int) { return nil, 0 }

// Bind keeps the wanted columns.
func (r *reader) Bind(want table.Columns) {
	r.want, r.index, r.core = want, map[string]int{}, map[string]bool{}
	for i, name := range want.Names {
		r.index[name] = i
		r.core[name] = i < want.Core
	}
}

// Next reads the object of the next line that is not blank.
func (r *reader) Next(row *table.Row) error {
	for {
		line, err := r.lines.Next()
		row.Line = r.lines.Number()
		pos := diag.Pos{Line: row.Line}
		switch {
		case errors.Is(err, table.ErrTooLong):
			return diag.Errorf(pos, "row", "line is longer than 1 MiB")
		case err != nil:
			return end(err)
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if f := r.flat.read(line); f != nil {
			if row.Line == 1 && bytes.ContainsAny(line, ",;\t") && !bytes.ContainsAny(line, "{[") {
				f.hint = "a table with a header is read by type: csv"
			}
			return f.at(pos)
		}
		return r.fill(row)
	}
}

// end makes a finding about the whole file one that ends it.
func end(err error) error {
	var f diag.Finding
	if errors.As(err, &f) {
		return diag.List{f}
	}
	return err
}

// fill hands over the wanted fields, and the key of the others.
func (r *reader) fill(row *table.Row) error {
	row.Values = row.Values[:0]
	for range r.want.Names {
		row.Values = append(row.Values, nil)
	}
	row.Key, row.Bad = row.Key[:0], row.Bad[:0]
	slices.SortStableFunc(r.flat.fields, func(a, b field) int { return bytes.Compare(a.name, b.name) })
	for i, f := range r.flat.fields {
		if i > 0 && bytes.Equal(f.name, r.flat.fields[i-1].name) {
			return diag.Errorf(diag.Pos{Line: row.Line}, "row", "field %s comes twice", diag.Quote(string(f.name)))
		}
		if at, ok := r.index[string(f.name)]; ok {
			row.Values[at] = f.value
			if f.array {
				why := diag.Errorf(diag.Pos{Line: row.Line}, "row", "field %s is an array", diag.Quote(string(f.name)))
				row.Bad = append(row.Bad, table.Bad{Column: at, Why: why.WithHint("a field holds one value")})
			}
		}
		if r.want.Keyed && !r.core[string(f.name)] {
			row.Key = bucket.AppendKey(row.Key, string(f.name), f.value)
		}
	}
	return nil
}

// explain says why a line is no JSON object.
func explain(line []byte) *fault {
	if line[0] == '[' {
		return &fault{"line is an array", "write one object a line: jq -c '.[]' FILE"}
	}
	f := &fault{"line is not an object", `write {"timestamp": …}`}
	if line[0] == '{' { // of anything else no character is shown
		var object map[string]json.RawMessage
		err := json.Unmarshal(line, &object)
		f = &fault{why: "line is not a JSON object: " + strings.TrimPrefix(err.Error(), "json: ")}
	}
	switch {
	case bytes.Contains(line, []byte("NaN")), bytes.Contains(line, []byte("Infinity")):
		f.hint = "leave the line out if nothing was measured"
	case len(line) == 1:
		f.hint = "write one object a line: jq -c . FILE"
	case bytes.HasPrefix(line, []byte("{")) && bytes.Contains(line, []byte("}{")), bytes.Contains(line, []byte("} {")):
		f.hint = "write one object a line"
	}
	return f
}

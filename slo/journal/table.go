package journal

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

// Names of what is read of a deploy, best first. They are the same for columns and
// keys.
var (
	timeNames    = [...]string{"time", "timestamp", "deployed_at", "date"}
	nameNames    = [...]string{"name", "version", "tag", "release"}
	serviceNames = [...]string{"service"}
)

const hintColumns = "the first line names the columns: time,name,service " +
	"(also timestamp, deployed_at or date; version, tag or release); service may be left out"

// columns are where a table holds what is read, -1 for nowhere.
type columns struct{ time, name, service int }

// table reads CSV. A comma, else a semicolon or a tab in the header separates.
func (l *deployList) table() {
	text := l.page.text()
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	header, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	for _, c := range []rune{'\t', ';', ','} {
		if strings.ContainsRune(header, c) {
			r.Comma = c
		}
	}
	var cols columns
	for n := 0; ; n++ {
		record, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			l.broken(err)
			if n == 0 {
				return
			}
		case n == 0:
			var ok bool
			if cols, ok = l.header(r, record); !ok {
				return
			}
		default:
			l.row(r, record, cols)
		}
	}
}

// broken says where a line is no CSV.
func (l *deployList) broken(err error) {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		l.wrong(l.page.whole(), "", "%v", err)
		return
	}
	pos := l.page.at(min(at.Line, len(l.page.lines)), max(at.Column-1, 0), 1)
	l.wrong(pos, "a field with a quote is written in quotes, its quotes twice", "the line is no CSV: %v", at.Err)
}

// header finds the columns.
func (l *deployList) header(r *csv.Reader, record []string) (columns, bool) {
	var names []string
	for _, name := range record {
		names = append(names, strings.ToLower(strings.TrimSpace(name)))
	}
	find := func(known []string) int {
		for _, name := range known {
			if i := slices.Index(names, name); i >= 0 {
				return i
			}
		}
		return -1
	}
	cols := columns{find(timeNames[:]), find(nameNames[:]), find(serviceNames[:])}
	line, _ := r.FieldPos(0)
	l.page.known = cols.time >= 0 || cols.name >= 0
	if cols.time < 0 || cols.name < 0 {
		l.wrong(l.page.line(line), hintColumns, "the header has no column of %s", missing(cols))
		return cols, false
	}
	var unread []string
	for i, name := range names {
		if i != cols.time && i != cols.name && i != cols.service {
			unread = append(unread, name)
		}
	}
	if len(unread) > 0 {
		l.warn(l.page.line(line), "", "columns that are not read: %q", unread)
	}
	return cols, true
}

// missing says what a header lacks.
func missing(c columns) string {
	switch {
	case c.time < 0 && c.name < 0:
		return "times and none of names"
	case c.time < 0:
		return "times"
	}
	return "names"
}

// row takes one deploy.
func (l *deployList) row(r *csv.Reader, record []string, cols columns) {
	field := func(i int) (string, diag.Pos) {
		if i < 0 || i >= len(record) {
			return "", diag.Pos{}
		}
		line, col := r.FieldPos(i)
		return strings.TrimSpace(record[i]), l.page.at(line, col-1, len(record[i]))
	}
	stamp, pos := field(cols.time)
	if pos.Line == 0 || len(record) <= cols.name {
		line, _ := r.FieldPos(0)
		hint := "write a field for each column of the header"
		l.wrong(l.page.line(line), hint, "the line has %d fields, too few", len(record))
		return
	}
	t, err := parseStamp(stamp)
	if err != nil {
		l.wrong(pos, hintStamp, "time %q %v", stamp, err)
		return
	}
	d := deploy.Deploy{Time: t}
	d.Name, _ = field(cols.name)
	d.Service, d.Pos = field(cols.service)
	l.add(d, pos)
}

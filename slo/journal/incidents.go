package journal

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
)

// columns that an incidents file may have.
const (
	colStart   = "start"
	colEnd     = "end"
	colName    = "name"
	colService = "service"
	colSLO     = "slo"
)

const hintInstant = "write it as RFC 3339 with its offset: 2026-05-12T14:05:00Z or 2026-05-12T14:05:00+02:00"

// Incidents reads a table of incidents, by start: a header with start and end, and,
// if the file likes, name, service and slo; times are those that Deploys reads, an
// end may be empty (not over) or the start (a point). Findings have their place in
// the file, which name names: errors for what cannot be read, warnings for columns
// that nines does not know, and for rows that are there twice, which are one
// incident.
func Incidents(name string, r io.Reader) ([]backtest.Incident, diag.List) {
	p, err := open(name, r)
	t := incidentTable{page: p, seen: map[backtest.Incident]int{}}
	switch {
	case errors.Is(err, errTooLarge):
		p.find(diag.Errorf(p.whole(), "incidents/size", "the file has more than %d MiB", maxBytes>>20))
	case errors.Is(err, errNoText):
		p.find(diag.Errorf(p.whole(), "incidents/text", "the file is not UTF-8 text"))
	case err != nil:
		p.find(diag.Errorf(p.whole(), "incidents/read", "the incidents cannot be read: %v", err))
	default:
		t.read()
	}
	p.findings.Sort()
	order.Stable(t.incidents, func(a, b backtest.Incident) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.Name, b.Name))
	})
	return t.incidents, p.findings
}

// incidentTable is a table of incidents that is being read.
type incidentTable struct {
	page      *page
	rows      *csv.Reader
	columns   map[string]int
	incidents []backtest.Incident
	seen      map[backtest.Incident]int // line, by what a row says
	again     int                       // rows that say what one before them does
}

func (t *incidentTable) read() {
	t.rows = csv.NewReader(strings.NewReader(t.page.text()))
	t.rows.TrimLeadingSpace = true
	if !t.header() {
		return
	}
	defer t.countAgain()
	for {
		row, err := t.rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return
		case len(t.incidents)+t.again == maxEntries:
			line, _ := t.rows.FieldPos(0)
			at := diag.Pos{File: t.page.file, Line: line}
			t.page.find(diag.Errorf(at, "incidents/size", "there are more than %d incidents", maxEntries))
			return
		case err != nil:
			t.malformed(err)
			if !errors.Is(err, csv.ErrFieldCount) {
				return // what follows cannot be told apart
			}
			continue
		}
		t.row(row)
	}
}

// malformed says where a line is no CSV.
func (t *incidentTable) malformed(err error) {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		t.page.find(diag.Errorf(t.page.whole(), "incidents/csv", "%v", err))
		return
	}
	if errors.Is(err, csv.ErrFieldCount) {
		at, cells := diag.Pos{File: t.page.file, Line: parse.StartLine}, t.rows.FieldsPerRecord
		found := diag.Errorf(at, "incidents/csv", "the row does not have the %d cells of the header", cells)
		t.page.find(found.WithHint(`quote a cell that holds a comma: "down, then slow"`))
		return
	}
	t.page.find(diag.Errorf(t.place(parse.Line, parse.Column, 1), "incidents/csv", "%v", parse.Err))
}

// header reads the first row and tells whether the others can be read.
func (t *incidentTable) header() bool {
	row, err := t.rows.Read()
	if errors.Is(err, io.EOF) {
		empty := diag.Errorf(t.page.whole(), "incidents/header", "the file is empty")
		t.page.find(empty.WithHint("begin it with the header start,end,name"))
		return false
	}
	if err != nil {
		t.malformed(err)
		return false
	}
	known := []string{colStart, colEnd, colName, colService, colSLO}
	t.columns = make(map[string]int, len(row))
	t.page.known = slices.ContainsFunc(row, func(cell string) bool {
		return slices.Contains(known[:2], strings.ToLower(strings.TrimSpace(cell)))
	})
	for i, cell := range row {
		column := strings.ToLower(strings.TrimSpace(cell))
		if _, twice := t.columns[column]; twice && slices.Contains(known, column) {
			t.page.find(diag.Errorf(t.cell(i, cell), "incidents/header", "column %q is there twice", column))
		}
		t.columns[column] = i
	}
	var missing []string
	for _, column := range known[:2] {
		if _, ok := t.columns[column]; !ok {
			missing = append(missing, column)
		}
	}
	if t.page.known {
		t.unknown(row, known, missing)
	}
	for _, column := range missing {
		at := diag.Pos{File: t.page.file, Line: 1}
		lacks := diag.Errorf(at, "incidents/header", "the header has no column %q", column)
		t.page.find(lacks.WithHint("the first line names the columns: start,end,name"))
	}
	return !t.page.findings.Errors()
}

// unknown warns of columns that say nothing to nines, with what was likely meant.
func (t *incidentTable) unknown(row, known, missing []string) {
	for i, cell := range row {
		column := strings.ToLower(strings.TrimSpace(cell))
		if slices.Contains(known, column) {
			continue
		}
		finding := diag.Warnf(t.cell(i, cell), "incidents/column", "column %q is not read", cell)
		if near := diag.Nearest(column, append(slices.Clone(missing), known[2:]...)); near != "" {
			finding = finding.WithHint("did you mean %q?", near)
		}
		t.page.find(finding)
	}
}

// place returns a place of the file of length characters; col counts bytes.
func (t *incidentTable) place(line, col, length int) diag.Pos {
	p := diag.Pos{File: t.page.file, Line: line, Col: col, Len: length}
	if line <= len(t.page.lines) && col <= len(t.page.lines[line-1])+1 {
		p.Col = utf8.RuneCountInString(t.page.lines[line-1][:col-1]) + 1
	}
	return p
}

// cell returns the place of cell i of the row that was read last.
func (t *incidentTable) cell(i int, text string) diag.Pos {
	line, col := t.rows.FieldPos(i)
	return t.place(line, col, utf8.RuneCountInString(text))
}

// value returns what a row has in a column, "" if the table lacks it.
func (t *incidentTable) value(row []string, column string) string {
	if i, ok := t.columns[column]; ok {
		return strings.TrimSpace(row[i])
	}
	return ""
}

// row takes one incident.
func (t *incidentTable) row(row []string) {
	in := backtest.Incident{
		Name: t.value(row, colName), Service: t.value(row, colService), SLO: t.value(row, colSLO),
	}
	line, _ := t.rows.FieldPos(0)
	in.Pos = diag.Pos{File: t.page.file, Line: line}
	var ok bool
	if in.Start, ok = t.instant(row, colStart); !ok {
		return
	}
	end := t.value(row, colEnd)
	if end == "" {
		t.add(in)
		return
	}
	if in.End, ok = t.instant(row, colEnd); !ok {
		return
	}
	if in.End.Before(in.Start) {
		found := diag.Errorf(t.cell(t.columns[colEnd], end), "incidents/order",
			"the incident ends at %s, before it starts at %s", end, t.value(row, colStart))
		t.page.find(found.WithHint("leave the end empty if it is not over"))
		return
	}
	t.add(in)
}

// maxAgain is how many rows are named that are there twice.
const maxAgain = 20

// add takes an incident that no row before it told of.
func (t *incidentTable) add(in backtest.Incident) {
	says := in
	says.Pos = diag.Pos{}
	line, again := t.seen[says]
	if !again {
		t.seen[says] = in.Pos.Line
		t.incidents = append(t.incidents, in)
		return
	}
	if t.again++; t.again <= maxAgain {
		t.page.find(diag.Warnf(in.Pos, "incidents/again", "the row says what line %d does: it is one incident", line))
	}
}

// countAgain says how many rows that are there twice were not named.
func (t *incidentTable) countAgain() {
	if more := t.again - maxAgain; more > 0 {
		t.page.find(diag.Warnf(t.page.whole(), "incidents/again", "%d more rows are there twice", more))
	}
}

func (t *incidentTable) instant(row []string, column string) (time.Time, bool) {
	text := t.value(row, column)
	at, err := parseStamp(text)
	if err != nil {
		found := diag.Errorf(t.cell(t.columns[column], text), "incidents/time", "%s %q is not an instant", column, text)
		t.page.find(found.WithHint("%s", hintInstant))
	}
	return at, err == nil
}

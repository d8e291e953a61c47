package backtest

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Incident is a time in which something was wrong, as people wrote it down or as
// the counts show it.
type Incident struct {
	slo.Period          // a point in time if it is empty; the zero End: not over
	Name       string   // "" if it has none
	Service    string   // of these objectives only; "": of any service
	SLO        string   // a name or service/name; "": any
	Pos        diag.Pos // in the file
}

// Concerns tells whether i is an incident of s.
func (i Incident) Concerns(s slo.SLO) bool {
	if i.Service != "" && !slo.Globs(i.Service, s.Service) {
		return false
	}
	return i.SLO == "" || i.SLO == s.ID() || slo.Globs(i.SLO, s.Name) || slo.Globs(i.SLO, s.Service+"/"+s.Name)
}

// Limits of an incidents file.
const (
	maxIncidents    = 100_000
	maxIncidentText = 16 << 20 // bytes
)

// columns that an incidents file may have.
const (
	colStart   = "start"
	colEnd     = "end"
	colName    = "name"
	colService = "service"
	colSLO     = "slo"
)

// ReadIncidents reads a table of incidents, by start: a header with start and end,
// and, if the file likes, name, service and slo; times are RFC 3339, an end may be
// empty (not over) or the start (a point). Findings have their place in the file,
// which name names: errors for what cannot be read, warnings for columns that
// nines does not know, and for rows that are there twice, which are one incident.
func ReadIncidents(name string, r io.Reader) ([]Incident, diag.List) {
	text, err := io.ReadAll(io.LimitReader(r, maxIncidentText+1))
	content := strings.TrimPrefix(string(text), "\ufeff")
	file := incidentFile{name: name, lines: strings.Split(content, "\n"), seen: map[Incident]int{}}
	switch {
	case err != nil:
		file.refuse(diag.Errorf(diag.Pos{File: name}, "incidents/read", "the incidents cannot be read: %v", err))
	case len(text) > maxIncidentText:
		file.refuse(diag.Errorf(diag.Pos{File: name}, "incidents/size", "the file has more than %d MiB", maxIncidentText>>20))
	case !utf8.Valid(text):
		file.refuse(diag.Errorf(diag.Pos{File: name}, "incidents/text", "the file is not UTF-8 text"))
	default:
		file.read(content)
	}
	file.findings.Sort()
	slices.SortStableFunc(file.incidents, func(a, b Incident) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.Name, b.Name))
	})
	return file.incidents, file.findings
}

// incidentFile is a file that is being read.
type incidentFile struct {
	name      string
	lines     []string
	rows      *csv.Reader
	columns   map[string]int
	incidents []Incident
	seen      map[Incident]int // line, by what a row says
	again     int              // rows that say what one before them does
	findings  diag.List
}

func (f *incidentFile) refuse(finding diag.Finding) {
	if n := finding.Pos.Line; n > 0 && n <= len(f.lines) {
		finding.Excerpt = strings.TrimRight(f.lines[n-1], "\r")
	}
	f.findings = append(f.findings, finding)
}

func (f *incidentFile) read(text string) {
	f.rows = csv.NewReader(strings.NewReader(text))
	f.rows.TrimLeadingSpace = true
	if !f.header() {
		return
	}
	defer f.countAgain()
	for {
		row, err := f.rows.Read()
		switch {
		case errors.Is(err, io.EOF):
			return
		case len(f.incidents)+f.again == maxIncidents:
			line, _ := f.rows.FieldPos(0)
			f.refuse(diag.Errorf(diag.Pos{File: f.name, Line: line}, "incidents/size", "there are more than %d incidents", maxIncidents))
			return
		case err != nil:
			f.malformed(err)
			if !errors.Is(err, csv.ErrFieldCount) {
				return // what follows cannot be told apart
			}
			continue
		}
		f.row(row)
	}
}

func (f *incidentFile) malformed(err error) {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		f.refuse(diag.Errorf(diag.Pos{File: f.name}, "incidents/csv", "%v", err))
		return
	}
	if errors.Is(err, csv.ErrFieldCount) {
		f.refuse(diag.Errorf(diag.Pos{File: f.name, Line: parse.StartLine}, "incidents/csv", "the row does not have the %d cells of the header", f.rows.FieldsPerRecord).
			WithHint(`quote a cell that holds a comma: "down, then slow"`))
		return
	}
	f.refuse(diag.Errorf(f.place(parse.Line, parse.Column, 1), "incidents/csv", "%v", parse.Err))
}

// header reads the first row and tells whether the others can be read.
func (f *incidentFile) header() bool {
	row, err := f.rows.Read()
	if errors.Is(err, io.EOF) {
		f.refuse(diag.Errorf(diag.Pos{File: f.name}, "incidents/header", "the file is empty").WithHint("begin it with the header start,end,name"))
		return false
	}
	if err != nil {
		f.malformed(err)
		return false
	}
	known := []string{colStart, colEnd, colName, colService, colSLO}
	f.columns = make(map[string]int, len(row))
	var missing []string
	for i, cell := range row {
		column := strings.ToLower(strings.TrimSpace(cell))
		if _, twice := f.columns[column]; twice && slices.Contains(known, column) {
			f.refuse(diag.Errorf(f.cell(i, cell), "incidents/header", "column %q is there twice", column))
		}
		f.columns[column] = i
	}
	for _, column := range known[:2] {
		if _, ok := f.columns[column]; !ok {
			missing = append(missing, column)
		}
	}
	f.unknown(row, known, missing)
	for _, column := range missing {
		f.refuse(diag.Errorf(diag.Pos{File: f.name, Line: 1}, "incidents/header", "the header has no column %q", column).
			WithHint("the first line names the columns: start,end,name"))
	}
	return !f.findings.Errors()
}

// unknown warns of columns that say nothing to nines, with what was likely meant.
func (f *incidentFile) unknown(row, known, missing []string) {
	for i, cell := range row {
		column := strings.ToLower(strings.TrimSpace(cell))
		if slices.Contains(known, column) {
			continue
		}
		finding := diag.Warnf(f.cell(i, cell), "incidents/column", "column %q is not read", cell)
		if near := diag.Nearest(column, append(slices.Clone(missing), known[2:]...)); near != "" {
			finding = finding.WithHint("did you mean %q?", near)
		}
		f.refuse(finding)
	}
}

// place returns a place of the file; col counts bytes.
func (f *incidentFile) place(line, col, length int) diag.Pos {
	p := diag.Pos{File: f.name, Line: line, Col: col, Len: length}
	if line <= len(f.lines) && col <= len(f.lines[line-1])+1 {
		p.Col = utf8.RuneCountInString(f.lines[line-1][:col-1]) + 1
	}
	return p
}

// cell returns the place of cell i of the row that was read last.
func (f *incidentFile) cell(i int, text string) diag.Pos {
	line, col := f.rows.FieldPos(i)
	return f.place(line, col, utf8.RuneCountInString(text))
}

func (f *incidentFile) row(row []string) {
	value := func(column string) string {
		if i, ok := f.columns[column]; ok {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	in := Incident{Name: value(colName), Service: value(colService), SLO: value(colSLO)}
	line, _ := f.rows.FieldPos(0)
	in.Pos = diag.Pos{File: f.name, Line: line}
	var ok, over bool
	if in.Start, ok = f.instant(row, colStart); !ok {
		return
	}
	if value(colEnd) == "" {
		f.add(in)
		return
	}
	if in.End, over = f.instant(row, colEnd); !over {
		return
	}
	if in.End.Before(in.Start) {
		f.refuse(diag.Errorf(f.cell(f.columns[colEnd], value(colEnd)), "incidents/order", "the incident ends at %s, before it starts at %s",
			value(colEnd), value(colStart)).WithHint("leave the end empty if it is not over"))
		return
	}
	f.add(in)
}

// maxAgain is how many rows are named that are there twice.
const maxAgain = 20

// add takes an incident that no row before it told of.
func (f *incidentFile) add(in Incident) {
	says := in
	says.Pos = diag.Pos{}
	line, again := f.seen[says]
	if !again {
		f.seen[says] = in.Pos.Line
		f.incidents = append(f.incidents, in)
		return
	}
	if f.again++; f.again <= maxAgain {
		f.refuse(diag.Warnf(in.Pos, "incidents/again", "the row says what line %d does: it is one incident", line))
	}
}

// countAgain says how many rows that are there twice were not named.
func (f *incidentFile) countAgain() {
	if more := f.again - maxAgain; more > 0 {
		f.refuse(diag.Warnf(diag.Pos{File: f.name}, "incidents/again", "%d more rows are there twice", more))
	}
}

func (f *incidentFile) instant(row []string, column string) (time.Time, bool) {
	i := f.columns[column]
	text := strings.TrimSpace(row[i])
	t, err := time.Parse(time.RFC3339, text)
	if err == nil {
		return t.UTC(), true
	}
	f.refuse(diag.Errorf(f.cell(i, text), "incidents/time", "%s %q is not an instant", column, text).
		WithHint("write it as RFC 3339 with its offset: 2026-05-12T14:05:00Z or 2026-05-12T14:05:00+02:00"))
	return time.Time{}, false
}

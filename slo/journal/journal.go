// Package journal reads what people write down beside the measurements: lists of
// deploys and tables of incidents. It takes them as tools and hands leave them
// (columns in any order, byte order marks, line ends of Windows), refuses what could
// be meant in two ways, and names line and column of it. What the lists are for is
// none of its business: packages deploy and backtest judge them.
package journal

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
)

// Limits of one file.
const (
	maxBytes   = 16 << 20
	maxEntries = 100_000
)

var (
	errTooLarge = errors.New("more than 16 MiB")
	errNoText   = errors.New("not UTF-8 text")
)

// page is a file that is being read, by its lines.
type page struct {
	file     string
	lines    []string
	known    bool // it is a list of the kind that is read, so that its lines may be shown
	findings diag.List
}

// open reads a file whole. Of one that it refuses the page has no lines.
func open(name string, r io.Reader) (*page, error) {
	p := &page{file: name}
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return p, err
	case len(text) > maxBytes:
		return p, errTooLarge
	case !utf8.Valid(text):
		return p, errNoText
	}
	p.lines = strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n")
	return p, nil
}

// text returns the page without its byte order mark.
func (p *page) text() string { return strings.Join(p.lines, "\n") }

// whole is the place of the file itself.
func (p *page) whole() diag.Pos { return diag.Pos{File: p.file} }

// line is the place of a whole line, counted from 1.
func (p *page) line(n int) diag.Pos { return p.at(n, 0, len(p.lines[n-1])) }

// at returns the place of n bytes at byte col, counted from 0, of a line, counted
// from 1.
func (p *page) at(line, col, n int) diag.Pos {
	text := p.lines[line-1]
	col = min(col, len(text))
	end := min(col+n, len(text))
	return diag.Pos{
		File: p.file, Line: line,
		Col: utf8.RuneCountInString(text[:col]) + 1, Len: utf8.RuneCountInString(text[col:end]),
	}
}

// find adds a finding, with the line that it is about: of another file than such a list,
// which may hold anything, nothing is shown.
func (p *page) find(f diag.Finding) {
	if n := f.Pos.Line; p.known && n > 0 && n <= len(p.lines) {
		f.Excerpt = strings.TrimRight(p.lines[n-1], "\r")
	}
	p.findings = append(p.findings, f)
}

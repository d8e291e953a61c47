// Package csv reads tables of comma- or tab-separated values (RFC 4180).
//
// A byte order mark, line ends of any system, quoted fields that hold delimiters,
// quotes or line ends, blank lines, a line sep=; before the header and a last line
// without an end are read as meant. Column names and numbers may have spaces around
// them. Columns without a name or a value at the end of the header and of rows are none,
// as spreadsheets leave them. A row of fewer fields than the header lacks the values of
// the last columns, which is told, unless it lacks a time or a count.
package csv

import (
	"io"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/table"
)

// Kind returns the kind `type: csv`.
func Kind() sources.Kind {
	return table.Kind(table.Format{
		Name: "csv",
		Doc:  "Tables of comma- or tab-separated values: counts per step, or one row an event.",
		Keys: []spec.Key{
			{Name: "delimiter", Type: spec.Text, Doc: `One character between fields, or "tab"; left out, a tab in .tsv files, else what the header has: a comma, or else a tab, a semicolon or a bar. A first line sep=; says it too.`},
			{Name: "decimal", Type: spec.Text, Doc: `What stands before decimals: "," where numbers are such as 0,25; a point if left out.`},
		},
		Check: check,
		Open:  open,
	})
}

func check(block spec.Block) (findings diag.List) {
	if v := block.Get("decimal"); v.Is() && v.Text != "," && v.Text != "." {
		f := diag.Errorf(v.Pos, "csv/decimal", "decimal %q is neither a comma nor a point", v.Text)
		findings = append(findings, f.WithHint(`write decimal: ","`))
	}
	v := block.Get("delimiter")
	if !v.Is() {
		return findings
	}
	if _, ok := delimiter(v.Text); ok {
		return findings
	}
	return append(findings, diag.Errorf(v.Pos, "csv/delimiter", "delimiter %q is not one character between fields", v.Text).
		WithHint(`write ",", ";", "|" or tab`))
}

// delimiter reads the key. Quotes and line ends have a meaning of their own, and
// letters, digits, points and signs stand in values.
func delimiter(text string) (byte, bool) {
	if text == "tab" || text == `\t` || text == "\t" {
		return '\t', true
	}
	if len(text) != 1 || text[0] <= ' ' || text[0] > '~' {
		return 0, false
	}
	c := text[0]
	inValues := c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte("\"'.+-", c) >= 0
	return c, !inValues
}

func open(block spec.Block, file string, r io.Reader) (table.Reader, error) {
	comma := byte(0)
	if v := block.Get("delimiter"); v.Is() {
		comma, _ = delimiter(v.Text)
	} else if name := strings.ToLower(file); strings.HasSuffix(name, ".tsv") || strings.Contains(name, ".tsv.") {
		comma = '\t'
	}
	rd := &reader{comma: block.Get("decimal").Text == ","}
	return rd, rd.open(r, comma)
}

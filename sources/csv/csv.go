// Package csv reads tables of comma- or tab-separated values (RFC 4180).
//
// A byte order mark, Windows line ends, quoted fields that hold delimiters,
// quotes or line ends, blank lines and a last line without an end are read as
// meant. Column names and numbers may have spaces around them. A row must have as
// many fields as the header.
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
			{Name: "delimiter", Type: spec.Text, Doc: `One character between fields, or "tab"; a comma if left out, a tab in .tsv files and where the header has tabs and no comma.`},
		},
		Check: check,
		Open:  open,
	})
}

func check(block spec.Block) diag.List {
	v := block.Get("delimiter")
	if !v.Is() {
		return nil
	}
	if _, ok := delimiter(v.Text); ok {
		return nil
	}
	return diag.List{diag.Errorf(v.Pos, "csv/delimiter", "delimiter %q is not one character between fields", v.Text).
		WithHint(`write ",", ";", "|" or tab`)}
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
	return newReader(r, comma)
}

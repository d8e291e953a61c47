// Package ndjson reads tables of one JSON object a line. Fields of nested
// objects have dotted names, http.status. Counts are JSON numbers or strings
// that hold one; null and a field that is not there are the same.
package ndjson

import (
	"io"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/table"
)

// Kind returns the kind `type: ndjson`.
func Kind() sources.Kind {
	return table.Kind(table.Format{
		Name: "ndjson",
		Doc:  "Files of one JSON object a line: counts per step, or one event a line.",
		Open: open,
	})
}

func open(_ spec.Block, _ string, r io.Reader) (table.Reader, error) {
	return &reader{lines: table.NewLines(r)}, nil
}

// Package input opens what file sources read: globs of rotated files, gzip and
// zstd by content, and standard input.
package input

import (
	"context"
	"io"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// Files are the files of one source, sorted by name.
type Files struct{}

// Find expands the path patterns of a source relative to its SLO file. "-" is
// standard input. A pattern without a match is an error that names it.
func Find(path spec.Value, dir string, env sources.Env) (*Files, error) { panic("being written") }

// Each calls read with the decompressed content of every file in turn, and
// returns what was read. read counts rows into in.
func (f *Files) Each(ctx context.Context, read func(in *sources.Input, r io.Reader) error) ([]sources.Input, error) {
	panic("being written")
}

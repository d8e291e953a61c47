package table

import (
	"context"
	"io"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
)

// source answers requests from the files of one block.
type source struct {
	format Format
	config config
	env    sources.Env
}

// Fetch reads every file once. Rows that cannot be used refuse all requests, since
// nobody can say whose they are.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	files, err := input.Find(s.config.block.Get("path"), s.config.block.Dir, s.env)
	if err != nil {
		return err
	}
	files.Decode(s.config.block.Get("encoding"))
	p, err := s.newPlan(reqs)
	if err != nil {
		return err
	}
	readings := make([]*reading, files.Len())
	inputs, err := files.Each(ctx, func(ctx context.Context, f *input.File, content io.Reader) error {
		var err error
		readings[f.Index], err = p.read(ctx, f, content)
		return err
	})
	if err != nil {
		return err
	}
	p.overlaps = files.Overlaps(s.config.block.Get("path"))
	p.answers(readings, inputs).emit(emit)
	return nil
}

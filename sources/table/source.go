package table

import (
	"context"
	"errors"
	"io"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
)

// source answers requests from the files of one block.
type source struct {
	format Format
	config config
	env    sources.Env
}

// Fetch reads every file once. Rows that cannot be used are a diag.List and
// concern all requests, since nobody can say whose they are.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	files, err := input.Find(s.config.block.Get("path"), s.config.block.Dir, s.env)
	if err != nil {
		return err
	}
	p, err := s.newPass(reqs)
	if err != nil {
		return err
	}
	inputs, err := files.Each(ctx, func(ctx context.Context, f *input.File, r io.Reader) error {
		if err := f.Turn(ctx); err != nil {
			return err
		}
		return p.file(ctx, &f.Input, r)
	})
	if err != nil {
		return err
	}
	if err := p.err(); err != nil {
		return err
	}
	p.emit(inputs, emit)
	return nil
}

// file reads one file to its end.
func (p *pass) file(ctx context.Context, in *sources.Input, r io.Reader) error {
	reader, err := p.format.Open(p.config.block, in.Name, r)
	if err == nil {
		err = p.columns(in.Name, reader.Columns())
	}
	if err != nil {
		return p.refuse(in, err)
	}
	reader.Bind(p.want)
	p.in = in
	var row Row
	for n := 0; err != io.EOF; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err = p.next(reader, &row); err != nil && err != io.EOF {
			return err
		}
	}
	return nil
}

// next reads and counts a row. It returns io.EOF at the end of the file, or of
// what can be read of it.
func (p *pass) next(reader Reader, row *Row) error {
	err := reader.Next(row)
	if err == io.EOF {
		return err
	}
	p.in.Rows++
	if err == nil {
		p.row(row)
		return nil
	}
	var one diag.Finding
	if refused := p.refuse(p.in, err); refused != nil || errors.As(err, &one) {
		return refused
	}
	return io.EOF
}

// refuse keeps findings and returns other errors, such as of reading the disk.
func (p *pass) refuse(in *sources.Input, err error) error {
	in.Unread++
	var list diag.List
	var one diag.Finding
	switch {
	case errors.As(err, &list):
		for _, f := range list {
			p.wrong.add(in.Name, f)
		}
	case errors.As(err, &one):
		p.wrong.add(in.Name, one)
	default:
		return err
	}
	return nil
}

package openmetrics

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/sample"
)

// store is the samples of the files of one source. Each Select reads all of them. What
// it learns of the series answers Series and Names, where that is enough.
type store struct {
	block  spec.Block
	env    sources.Env
	format format
	kept   *keptInput // standard input; nil: it is not read

	inputs []sources.Input // what was read last
	index  []*series       // of all files; nil: not known
	spans  []span          // of the files; nil: not known
	order  []int           // in which the files were read
}

// Select reads all files once, and later those alone that have samples of the time asked for.
func (s *store) Select(ctx context.Context, queries []sample.Query, take func(query int, b sample.Block) error) error {
	files, order, err := s.files(ctx)
	if err != nil {
		return err
	}
	if len(s.spans) == files.Len() {
		order = slices.DeleteFunc(order, func(i int) bool { return !s.spans[i].meets(queries) })
	}
	p, k, spans := newPass(queries, take), newKnown(queries), make([]span, files.Len())
	k.over = p.over
	inputs, err := files.InTurn(ctx, order, func(ctx context.Context, f *input.File, content io.Reader) error {
		p.span = span{first: math.MaxInt64, last: math.MinInt64}
		err := read(ctx, &f.Input, content, s.format, k, p)
		spans[f.Index] = p.span
		return err
	})
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return err
	}
	if s.spans == nil {
		s.inputs, s.spans, s.order, s.env.Digest = inputs, spans, order, false
		if !k.forgot {
			s.index = k.all
		}
	}
	return p.errors(s.block.Get("path").Pos)
}

// span is the time of the samples of a file.
type span struct{ first, last int64 }

// meets tells whether a query asks for some of that time.
func (s span) meets(queries []sample.Query) bool {
	return slices.ContainsFunc(queries, func(q sample.Query) bool { return s.first <= q.To && s.last >= q.From })
}

// files returns the files and the order in which they are read: that of their first
// samples. Standard input, which cannot be read twice, is the only file then.
func (s *store) files(ctx context.Context) (*input.Files, []int, error) {
	files, err := s.find(s.env)
	switch {
	case err != nil:
		return nil, nil, err
	case files.Len() == 1:
		return files, []int{0}, nil
	case files.Len() == len(s.order):
		return files, slices.Clone(s.order), nil
	}
	env := s.env
	env.Digest = false
	heads, err := s.find(env)
	if err != nil {
		return nil, nil, err
	}
	order, first := make([]int, heads.Len()), make([]int64, heads.Len())
	for i := range order {
		order[i] = i
	}
	_, err = heads.InTurn(ctx, order, func(ctx context.Context, f *input.File, content io.Reader) error {
		var begin opening
		err := read(ctx, &f.Input, content, s.format, newKnown(nil), &begin)
		if first[f.Index] = begin.time; errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(first[a], first[b]) })
	return files, order, err
}

// find returns the files, by name.
func (s *store) find(env sources.Env) (*input.Files, error) {
	if s.kept != nil {
		env.Stdin = s.kept.again()
	}
	files, err := input.Find(s.block.Get("path"), s.block.Dir, env)
	if err == nil {
		files.Decode(s.block.Get("encoding"))
	}
	return files, err
}

// opening takes the first sample of a file.
type opening struct{ time int64 }

func (o *opening) point(_ *series, p point, _ diag.Pos) error {
	o.time = p.time
	return errEnough
}

func (o *opening) bad(diag.Finding) {}

// Series names the series that a Select hands over, without reading the files again where
// what is known of them tells.
func (s *store) Series(ctx context.Context, queries []sample.Query, take func(query int, l sample.Labels) error) error {
	if s.tells(queries) {
		return s.named(queries, take)
	}
	next := make([]int, len(queries))
	return s.Select(ctx, queries, func(query int, b sample.Block) error {
		if b.Series < next[query] {
			return nil
		}
		next[query]++
		return take(query, b.Labels)
	})
}

// tells tells whether the index knows which series have samples for the queries.
func (s *store) tells(queries []sample.Query) bool {
	for _, q := range queries {
		if s.index == nil || slices.ContainsFunc(s.index, func(one *series) bool {
			has, sure := one.has(q.From, q.To)
			return !sure && has && q.Selector.Takes(one.labels)
		}) {
			return false
		}
	}
	return true
}

// named hands over the series of the index.
func (s *store) named(queries []sample.Query, take func(query int, l sample.Labels) error) error {
	for i, q := range queries {
		for _, one := range s.index {
			if has, _ := one.has(q.From, q.To); !has || !q.Selector.Takes(one.labels) {
				continue
			}
			if err := take(i, one.labels); err != nil {
				return err
			}
		}
	}
	return nil
}

// Names returns the names of the metrics that have samples in [from, to].
func (s *store) Names(ctx context.Context, from, to int64) ([]string, error) {
	names := map[string]bool{}
	every := []sample.Query{{From: from, To: to}}
	err := s.Series(ctx, every, func(_ int, l sample.Labels) error {
		if name := l.Get(sample.MetricName); name != "" {
			names[name] = true
		}
		return nil
	})
	var one *sample.QueryError
	if err != nil && !errors.As(err, &one) {
		return nil, err
	}
	sorted := make([]string, 0, len(names))
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	return sorted, nil
}

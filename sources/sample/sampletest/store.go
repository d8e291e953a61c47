package sampletest

import (
	"context"
	"errors"
	"slices"
	"sort"

	"github.com/nines-slo/nines/sources/sample"
)

// Store holds series in memory. It is a sample.Store that keeps to the letter of the
// contract, and mixes the blocks of its series.
type Store struct {
	Held  []Series
	Block int // samples that a block has at most; 0: 120

	// Fail returns why a query has no answer, nil if it has one. Nil: all have.
	Fail func(sample.Query) error

	Asked [][]sample.Query // what Select was asked, call by call
}

var _ sample.Store = (*Store)(nil)

// New returns a store of series, which are in any order and have no labels twice.
func New(series ...Series) *Store { return &Store{Held: series} }

// Select hands over a block of each series in turn, until all are over.
func (s *Store) Select(ctx context.Context, queries []sample.Query, take func(int, sample.Block) error) error {
	s.Asked = append(s.Asked, slices.Clone(queries))
	return s.each(ctx, queries, func(i int, q sample.Query) error {
		parts := s.parts(q)
		size := s.Block
		if size == 0 {
			size = 120
		}
		for from, left := 0, true; left; from += size {
			left = false
			for n, p := range parts {
				b := p.block(n, from, from+size)
				if len(b.Times) == 0 {
					continue
				}
				left = true
				if err := hand(b, func(b sample.Block) error { return take(i, b) }); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// each calls answer for every query, and keeps what Fail says.
func (s *Store) each(ctx context.Context, queries []sample.Query, answer func(int, sample.Query) error) error {
	var failed []error
	for i, q := range queries {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if s.Fail != nil {
			if err := s.Fail(q); err != nil {
				failed = append(failed, &sample.QueryError{Query: i, Err: err})
				continue
			}
		}
		if err := answer(i, q); err != nil {
			return err
		}
	}
	return errors.Join(failed...)
}

// hand hands a block over in slices that are overwritten afterwards.
func hand(b sample.Block, take func(sample.Block) error) error {
	b.Times, b.Values, b.Histograms = slices.Clone(b.Times), slices.Clone(b.Values), slices.Clone(b.Histograms)
	err := take(b)
	for i := range b.Times {
		b.Times[i] = -1
	}
	for i := range b.Values {
		b.Values[i] = -1
	}
	clear(b.Histograms)
	return err
}

// Series hands over the labels of the series that have samples.
func (s *Store) Series(ctx context.Context, queries []sample.Query, take func(int, sample.Labels) error) error {
	return s.each(ctx, queries, func(i int, q sample.Query) error {
		for _, p := range s.parts(q) {
			if err := take(i, p.Labels); err != nil {
				return err
			}
		}
		return nil
	})
}

// Names returns the names of the metrics that have samples.
func (s *Store) Names(ctx context.Context, from, to int64) ([]string, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var names []string
	for _, p := range s.parts(sample.Query{From: from, To: to}) {
		names = append(names, p.Labels.Get(sample.MetricName))
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// parts returns what of each series is in a query.
func (s *Store) parts(q sample.Query) (parts []Series) {
	for _, one := range s.Held {
		from := sort.Search(len(one.Times), func(i int) bool { return one.Times[i] >= q.From })
		to := sort.Search(len(one.Times), func(i int) bool { return one.Times[i] > q.To })
		if from < to && q.Selector.Takes(one.Labels) {
			b := one.block(0, from, to)
			parts = append(parts, Series{one.Labels, b.Times, b.Values, b.Histograms})
		}
	}
	return parts
}

// block returns the samples from one index to another, as far as there are any.
func (s Series) block(n, from, to int) sample.Block {
	from, to = min(from, len(s.Times)), min(to, len(s.Times))
	b := sample.Block{Series: n, Labels: s.Labels, Times: s.Times[from:to]}
	if s.Histograms != nil {
		b.Histograms = s.Histograms[from:to]
	} else {
		b.Values = s.Values[from:to]
	}
	return b
}

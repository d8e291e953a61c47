package tsdb

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/block"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/head"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

// visit is told of one series of a query, and the pieces of it that are to be joined. where
// names what they are of.
type visit func(where string, query int, l sample.Labels, pieces []piece.Piece) error

// part is what is read of: a block, or the head.
type part struct {
	piece.Interval
	block *kept
	head  *head.Result
}

// walk goes through the blocks and the head by order of time: those that overlap together.
// Of a query that has too many series it reads no more.
func (s *Store) walk(ctx context.Context, queries []sample.Query, visit visit) error {
	span := piece.Interval{From: math.MaxInt64, To: math.MinInt64}
	for _, q := range queries {
		span.From, span.To = min(span.From, q.From), max(span.To, q.To)
	}
	var parts []part
	for i := range s.blocks {
		b := &s.blocks[i]
		if p := (part{Interval: piece.Interval{From: b.Min, To: b.End - 1}, block: b}); p.From <= span.To && p.To >= span.From {
			parts = append(parts, p)
		}
	}
	if s.head != nil {
		found, err := s.head.Read(ctx, queries)
		if err != nil {
			return err
		}
		defer found.Close()
		if p := (part{Interval: found.Span(), head: found}); p.From <= p.To {
			parts = append(parts, p)
		}
	}
	failed := make([]error, len(queries))
	order.Stable(parts, func(a, b part) int { return cmp.Compare(a.From, b.From) })
	for len(parts) > 0 {
		n, end := 1, parts[0].To
		for n < len(parts) && parts[n].From <= end {
			end = max(end, parts[n].To)
			n++
		}
		if err := s.together(ctx, parts[:n], queries, failed, visit); err != nil {
			return err
		}
		parts = parts[n:]
	}
	return errors.Join(failed...)
}

// together reads parts that overlap, of queries that have not failed.
func (s *Store) together(ctx context.Context, parts []part, queries []sample.Query, failed []error, visit visit) error {
	var readers []reader
	defer func() {
		for _, r := range readers {
			r.close()
		}
	}()
	for rank, p := range parts {
		if p.head != nil {
			readers = append(readers, &headReader{series: p.head.Series, rank: len(parts)})
			continue
		}
		f := s.folder.Sub(p.block.dir)
		r := &blockReader{rank: rank, where: f.Name("")}
		var err error
		if r.block, err = block.Open(ctx, f, p.block.Meta); err != nil {
			return err
		}
		readers = append(readers, r)
		if err := r.find(ctx, queries); err != nil {
			return err
		}
	}
	for i, q := range queries {
		if failed[i] != nil {
			continue
		}
		for _, r := range readers {
			r.begin(i, q)
		}
		err := s.query(ctx, readers, i, visit)
		var of *sample.QueryError
		if errors.As(err, &of) {
			failed[i] = of
		} else if err != nil {
			return err
		}
	}
	return nil
}

// query reads the series of one query of all readers at once, by their labels.
func (s *Store) query(ctx context.Context, readers []reader, query int, visit visit) error {
	heads := make([]*found, len(readers))
	for i, r := range readers {
		if err := advance(r, &heads[i]); err != nil {
			return err
		}
	}
	for first := least(heads); first >= 0; first = least(heads) {
		if err := sources.Done(ctx); err != nil {
			return err
		}
		labels := heads[first].labels
		pieces, err := gather(labels, readers, heads)
		if err != nil {
			return err
		}
		if err := visit(readers[first].name(), query, labels, pieces); err != nil {
			return err
		}
	}
	return nil
}

// least returns which of the next series has the first labels, -1 if there are no more.
func least(heads []*found) int {
	first := -1
	for i, f := range heads {
		if f != nil && (first < 0 || head.Compare(f.labels, heads[first].labels) < 0) {
			first = i
		}
	}
	return first
}

// gather returns what all readers have of a series, and puts the next ones in its place.
func gather(labels sample.Labels, readers []reader, heads []*found) ([]piece.Piece, error) {
	var pieces []piece.Piece
	for i, f := range heads {
		if f == nil || head.Compare(f.labels, labels) != 0 {
			continue
		}
		pieces = append(pieces, f.pieces...)
		if err := advance(readers[i], &heads[i]); err != nil {
			return nil, err
		}
	}
	return pieces, nil
}

// advance puts the next series of a reader in the place of the last.
func advance(r reader, to **found) error {
	last := *to
	next, err := r.next()
	if err == nil && last != nil && next != nil && head.Compare(last.labels, next.labels) >= 0 {
		err = folder.Damaged(r.name(), "has series that are not in the order of their labels")
	}
	*to = next
	return err
}

// found is a series of a part.
type found struct {
	labels sample.Labels
	pieces []piece.Piece
}

// reader reads the series of one query after the other, by order of their labels.
type reader interface {
	name() string
	begin(query int, q sample.Query)
	next() (*found, error) // nil behind the last
	close()
}

// headReader reads the series of a head.
type headReader struct {
	series []*head.Series
	rank   int // of the pieces: behind those of blocks

	query    int
	from, to int64
	rest     []*head.Series
}

func (r *headReader) name() string { return "wal" }

func (r *headReader) begin(query int, q sample.Query) {
	r.query, r.from, r.to, r.rest = query, q.From, q.To, r.series
}

func (r *headReader) next() (*found, error) {
	for len(r.rest) > 0 {
		s := r.rest[0]
		r.rest = r.rest[1:]
		if !slices.Contains(s.Queries, r.query) {
			continue
		}
		f := &found{labels: s.Labels}
		for _, p := range s.Pieces {
			if p, ok := p.Within(r.from, r.to); ok {
				p.Rank += r.rank
				f.pieces = append(f.pieces, p)
			}
		}
		return f, nil
	}
	return nil, nil
}

func (r *headReader) close() {}

// blockReader reads the series of a block.
type blockReader struct {
	block *block.Block
	rank  int
	where string
	found [][]uint32 // series that each query may take

	query  sample.Query
	rest   []uint32
	chunks []block.Chunk
}

func (r *blockReader) name() string { return r.where }

// find looks for the series of all queries that ask for times of the block.
func (r *blockReader) find(ctx context.Context, queries []sample.Query) error {
	var selectors []sample.Selector
	var of []int
	for i, q := range queries {
		if q.From < r.block.Meta.End && q.To >= r.block.Meta.Min {
			selectors, of = append(selectors, q.Selector), append(of, i)
		}
	}
	r.found = make([][]uint32, len(queries))
	all, err := r.block.Find(ctx, selectors)
	for i, list := range all {
		r.found[of[i]] = list
	}
	return err
}

func (r *blockReader) begin(query int, q sample.Query) { r.query, r.rest = q, r.found[query] }

func (r *blockReader) next() (*found, error) {
	for len(r.rest) > 0 {
		number := r.rest[0]
		r.rest = r.rest[1:]
		labels, chunks, err := r.block.Series(number, r.chunks)
		if err != nil {
			return nil, err
		}
		r.chunks = chunks
		if r.query.Selector.Takes(labels) {
			return &found{labels: labels, pieces: r.pieces(number)}, nil
		}
	}
	return nil, nil
}

// pieces returns the chunks of the series that was read last, as far as they are asked for.
func (r *blockReader) pieces(number uint32) []piece.Piece {
	var pieces []piece.Piece
	deleted := r.block.Deleted(number)
	for _, c := range r.chunks {
		p := piece.Piece{Interval: piece.Interval{From: c.Min, To: c.Max}, Rank: r.rank, Deleted: deleted}
		p, ok := p.Within(r.query.From, r.query.To)
		if !ok {
			continue
		}
		p.Read = func(to *piece.Samples) error { return r.block.Read(c, to) }
		pieces = append(pieces, p)
	}
	return pieces
}

func (r *blockReader) close() { r.block.Close() }

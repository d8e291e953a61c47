package head

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

// Series is a series of the head.
type Series struct {
	Labels  sample.Labels
	Queries []int         // that it is one of
	Pieces  []piece.Piece // of the times of all queries

	from, to int64 // of the queries
	onDisk   []mapped
	files    []string // of onDisk
	inTime   stretch
	late     stretch
	deleted  []piece.Interval
}

// stretch are samples in memory, in the order of the log: floats, or histograms, or
// some of each.
type stretch struct {
	floats, hists piece.Samples
}

// Result is what a head has for some queries. Its pieces can be read until it is closed.
type Result struct {
	Series []*Series // by labels

	head *Head
	open map[string]*folder.File
}

// Close closes what pieces are read from.
func (r *Result) Close() {
	for _, f := range r.open {
		f.Close()
	}
}

// Read returns the series that queries ask for.
func (h *Head) Read(ctx context.Context, queries []sample.Query) (*Result, error) {
	g := &gathering{head: h, queries: queries, byKey: map[string]*Series{}, byRef: map[uint64]*Series{}, byMetric: map[string][]int{}}
	for i, q := range queries {
		metric := q.Selector.Metric()
		g.byMetric[metric] = append(g.byMetric[metric], i)
	}
	if err := h.replay(ctx, "wal", g); err != nil {
		return nil, err
	}
	g.samples = true
	if err := h.chunks(ctx, g.chunk); err != nil {
		return nil, err
	}
	for _, s := range g.byKey {
		order.Stable(s.onDisk, func(a, b mapped) int { return cmp.Compare(a.From, b.From) })
	}
	if err := h.replay(ctx, "wal", g); err != nil {
		return nil, err
	}
	g.late = true
	if err := h.replay(ctx, "wbl", g); err != nil {
		return nil, err
	}
	r := &Result{head: h, open: map[string]*folder.File{}}
	for _, s := range g.byKey {
		r.finish(s)
		r.Series = append(r.Series, s)
	}
	order.Stable(r.Series, func(a, b *Series) int { return Compare(a.Labels, b.Labels) })
	return r, nil
}

// Compare orders labels as Prometheus does in its blocks.
func Compare(a, b sample.Labels) int {
	return slices.CompareFunc(a, b, func(a, b sample.Label) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Value, b.Value))
	})
}

// gathering reads the log: the series first, and then their samples.
type gathering struct {
	head     *Head
	queries  []sample.Query
	byMetric map[string][]int // queries by the metric that they name
	byKey    map[string]*Series
	byRef    map[uint64]*Series
	samples  bool // the series are known
	late     bool // what is read came out of order

	key  []byte
	last *Series // of the sample that was asked for
}

func (g *gathering) series(ref uint64, l sample.Labels) {
	if g.samples {
		return
	}
	g.key = l.AppendKey(g.key[:0])
	s := g.byKey[string(g.key)]
	if s == nil {
		if s = g.made(l); s == nil {
			return
		}
		g.byKey[string(g.key)] = s
	}
	g.byRef[ref] = s
}

// made returns a new series of these labels, nil if no query takes it.
func (g *gathering) made(l sample.Labels) *Series {
	s := &Series{from: math.MaxInt64, to: math.MinInt64}
	metrics := []string{l.Get(sample.MetricName), ""}
	if metrics[0] == "" {
		metrics = metrics[1:]
	}
	for _, metric := range metrics {
		for _, i := range g.byMetric[metric] {
			if q := g.queries[i]; q.Selector.Takes(l) {
				s.Queries = append(s.Queries, i)
				s.from, s.to = min(s.from, q.From), max(s.to, q.To)
			}
		}
	}
	if len(s.Queries) == 0 {
		return nil
	}
	s.Labels = make(sample.Labels, len(l))
	for i, label := range l {
		s.Labels[i] = sample.Label{Name: strings.Clone(label.Name), Value: strings.Clone(label.Value)}
	}
	return s
}

// chunk notes a chunk on disk.
func (g *gathering) chunk(file string, ref uint64, m mapped) {
	s := g.byRef[ref]
	if s == nil || m.From > s.to || m.To < s.from || !m.late && m.To < g.head.from {
		return
	}
	m.file = slices.Index(s.files, file)
	if m.file < 0 {
		m.file = len(s.files)
		s.files = append(s.files, file)
	}
	s.onDisk = append(s.onDisk, m)
}

func (g *gathering) wants(ref uint64) bool {
	if !g.samples {
		return false
	}
	g.last = g.byRef[ref]
	return g.last != nil
}

// of returns where a sample of the series that was asked for belongs, nil if nowhere.
func (g *gathering) of(time int64) *stretch {
	s := g.last
	switch {
	case time < s.from || time > s.to:
		return nil
	case g.late:
		return &s.late
	case time < g.head.from || s.onDiskAt(time):
		return nil
	}
	return &s.inTime
}

// onDiskAt tells whether the samples of a time that came in time are in a chunk on disk. They are
// in the last that begins before it, or in one that a restart has written again.
func (s *Series) onDiskAt(time int64) bool {
	for i := len(s.onDisk) - 1; i >= 0; i-- {
		if m := s.onDisk[i]; !m.late && m.From <= time && time <= m.To {
			return true
		}
	}
	return false
}

func (g *gathering) float(_ uint64, time int64, value float64) {
	if to := g.of(time); to != nil {
		to.floats.Times, to.floats.Values = append(to.floats.Times, time), append(to.floats.Values, value)
	}
}

func (g *gathering) histogram(_ uint64, time int64, h sample.Histogram) {
	if to := g.of(time); to != nil {
		to.hists.Times, to.hists.Histograms = append(to.hists.Times, time), append(to.hists.Histograms, h)
	}
}

// deleted notes what was deleted. All times stand for a series that has become a block of its
// own: what is read of it is there as well, and what is not in the block was deleted.
func (g *gathering) deleted(ref uint64, from, to int64) {
	s := g.byRef[ref]
	switch {
	case s == nil || !g.samples:
	case from == math.MinInt64 && to == math.MaxInt64:
		s.inTime, s.onDisk = stretch{}, slices.DeleteFunc(s.onDisk, func(m mapped) bool { return !m.late })
	case to >= g.head.from:
		s.deleted = append(s.deleted, piece.Interval{From: from, To: to})
	}
}

// Ranks of pieces: of two samples of one time that which came late counts.
const (
	lateRank = iota
	inTimeRank
)

// finish makes the pieces of a series.
func (r *Result) finish(s *Series) {
	for _, m := range s.onDisk {
		p := piece.Piece{Interval: m.Interval, Rank: inTimeRank, Read: func(to *piece.Samples) error { return r.read(s.files[m.file], m, to) }}
		if m.late {
			p.Rank = lateRank
		} else {
			p.From = max(p.From, r.head.from)
		}
		s.add(p)
	}
	for rank, held := range []stretch{lateRank: s.late, inTimeRank: s.inTime} {
		for _, samples := range []piece.Samples{held.floats, held.hists} {
			if len(samples.Times) > 0 {
				s.add(inMemory(samples, rank))
			}
		}
	}
	s.onDisk, s.inTime, s.late = nil, stretch{}, stretch{}
}

// add adds a piece, but for what of it was deleted or not asked for.
func (s *Series) add(p piece.Piece) {
	p.Deleted = s.deleted
	if p, ok := p.Within(s.from, s.to); ok {
		s.Pieces = append(s.Pieces, p)
	}
}

// inMemory makes a piece of samples that are there. Of several of one time the first counts.
func inMemory(samples piece.Samples, rank int) piece.Piece {
	samples.Sort()
	last := samples.Times[len(samples.Times)-1]
	return piece.Piece{Interval: piece.Interval{From: samples.Times[0], To: last}, Rank: rank, Read: func(to *piece.Samples) error {
		to.Times, to.Values = append(to.Times, samples.Times...), append(to.Values, samples.Values...)
		to.Histograms = append(to.Histograms, samples.Histograms...)
		return nil
	}}
}

// read reads a chunk on disk.
func (r *Result) read(name string, m mapped, to *piece.Samples) error {
	f := r.open[name]
	if f == nil {
		var err error
		if f, err = opened(r.head.folder.Sub(chunksName), name); err != nil {
			return err
		}
		r.open[name] = f
	}
	data, err := f.At(m.at, m.length)
	if err != nil {
		return err
	}
	if err := to.Unpack(m.encoding, data); err != nil {
		return f.Damaged("has a chunk at byte %d that cannot be read: %v", m.at, err)
	}
	return nil
}

// Span returns the time of all pieces: it ends before it begins if there are none.
func (r *Result) Span() piece.Interval {
	span := piece.Interval{From: math.MaxInt64, To: math.MinInt64}
	for _, s := range r.Series {
		for _, p := range s.Pieces {
			span.From, span.To = min(span.From, p.From), max(span.To, p.To)
		}
	}
	return span
}

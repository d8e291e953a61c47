package openmetrics

import (
	"errors"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/sample"
)

// Samples wait until there are some of their series: maxBlock of it, or maxWaiting of all.
const (
	maxBlock   = 512
	maxWaiting = 256 << 10
	maxSpare   = 64
)

// pass is one reading of all files for some queries.
type pass struct {
	queries []sample.Query
	take    func(query int, b sample.Block) error
	counts  []int  // by query: series so far
	most    int    // series that a query may have
	over    []bool // by query: it has more
	span    span   // of the file that is read

	waiting int       // samples
	dirty   []*series // that have some
	spare   []buffer  // to be used again

	wrong bucket.Findings   // refuse the source
	by    []bucket.Findings // by query: refuse that one
}

// buffer holds the samples of a series that wait.
type buffer struct {
	times  []int64
	values []float64
}

func newPass(queries []sample.Query, take func(query int, b sample.Block) error) *pass {
	p := &pass{queries: queries, take: take, counts: make([]int, len(queries)), over: make([]bool, len(queries)),
		most: sample.MaxSeries, wrong: bucket.NewFindings(room)}
	for range queries {
		p.by = append(p.by, bucket.NewFindings(room))
	}
	return p
}

// bad keeps why a line cannot be read: nobody can say whose it is.
func (p *pass) bad(f diag.Finding) { p.wrong.Add(f.Pos.File, f) }

// point takes a sample.
func (p *pass) point(s *series, x point, at diag.Pos) error {
	p.span = span{min(p.span.first, x.time), max(p.span.last, x.time)}
	if s.begun && x.time == s.point.time && x.same(s.point) {
		return nil // it says nothing new
	}
	later := s.note(x.time)
	if !later || x.unable {
		p.refuse(s, x, at)
		return nil
	}
	s.point = x
	if x.time < s.from || x.time > s.to {
		return nil
	}
	if len(s.times) > 0 && (x.histogram != nil) != (len(s.histograms) > 0) {
		if err := p.flush(s); err != nil {
			return err
		}
	}
	return p.wait(s, x)
}

// wait keeps a sample until there are more.
func (p *pass) wait(s *series, x point) error {
	if len(s.times) == 0 {
		s.place = len(p.dirty)
		p.dirty = append(p.dirty, s)
		if n := len(p.spare); n > 0 {
			s.times, s.values = p.spare[n-1].times, p.spare[n-1].values
			p.spare = p.spare[:n-1]
		}
	}
	s.times = append(s.times, x.time)
	if x.histogram == nil {
		s.values = append(s.values, x.value)
	} else {
		s.histograms = append(s.histograms, *x.histogram)
	}
	if p.waiting++; len(s.times) == maxBlock {
		return p.flush(s)
	}
	if p.waiting >= maxWaiting {
		return p.flushAll()
	}
	return nil
}

// refuse keeps why a sample cannot be used, the first of each series. It concerns the
// queries that ask for it.
func (p *pass) refuse(s *series, x point, at diag.Pos) {
	if x.time < s.from || x.time > s.to {
		return
	}
	clock := func(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00") }
	var f diag.Finding
	switch {
	case x.unable:
		f = diag.Errorf(at, "histogram", "the histogram of %s has bounds of its own, "+
			"and promtool tsdb dump leaves out those of empty buckets", s.labels).
			WithHint("read the data of the server itself: type: tsdb")
	case x.time < s.point.time:
		f = diag.Errorf(at, "order", "the sample of %s is of %s, and one before it of %s",
			s.labels, clock(x.time), clock(s.point.time)).
			WithHint("write the samples of a series in the order of their times; " +
				"of files that share some of their time leave out all but one")
	default:
		f = diag.Errorf(at, "twice", "%s has two samples of %s that differ", s.labels, clock(x.time)).
			WithHint("which one is right? if two servers wrote them give each a label of its own")
	}
	for i := range s.wants {
		w := &s.wants[i]
		if q := p.queries[w.query]; !w.refused && x.time >= q.From && x.time <= q.To {
			w.refused = true
			p.by[w.query].Add(at.File, f)
		}
	}
}

// end hands over all that waits.
func (p *pass) end() error {
	if p.wrong.Count() > 0 {
		return p.wrong.Err()
	}
	return p.flushAll()
}

// flushAll hands over what waits, series by series.
func (p *pass) flushAll() error {
	for _, s := range p.dirty {
		if err := p.hand(s); err != nil {
			return err
		}
	}
	p.dirty = p.dirty[:0]
	return nil
}

// flush hands over what waits of one series.
func (p *pass) flush(s *series) error {
	last := len(p.dirty) - 1
	p.dirty[s.place] = p.dirty[last]
	p.dirty[s.place].place = s.place
	p.dirty = p.dirty[:last]
	return p.hand(s)
}

// hand gives the samples of a series to the queries that take it.
func (p *pass) hand(s *series) error {
	b := sample.Block{Labels: s.labels, Times: s.times}
	if len(s.histograms) > 0 {
		b.Histograms = s.histograms
	} else {
		b.Values = s.values
	}
	for i := range s.wants {
		if err := p.give(&s.wants[i], b); err != nil {
			return err
		}
	}
	p.waiting -= len(s.times)
	if cap(s.times) >= maxBlock && len(p.spare) < maxSpare {
		p.spare = append(p.spare, buffer{s.times[:0], s.values[:0]})
	}
	s.times, s.values, s.histograms = nil, nil, nil
	return nil
}

// give hands over the part of a block that a query asks for.
func (p *pass) give(w *want, b sample.Block) error {
	q := p.queries[w.query]
	from, _ := slices.BinarySearch(b.Times, q.From)
	to, found := slices.BinarySearch(b.Times, q.To)
	if found {
		to++
	}
	if from >= to || p.wrong.Count() > 0 || p.by[w.query].Count() > 0 {
		return nil
	}
	if w.number < 0 {
		if p.counts[w.query] == p.most && len(q.Selector) > 0 { // without one it asks for names
			p.over[w.query] = true
			return nil
		}
		w.number = p.counts[w.query]
		p.counts[w.query]++
	}
	b.Series, b.Times = w.number, b.Times[from:to]
	if b.Histograms != nil {
		b.Histograms = b.Histograms[from:to]
	} else {
		b.Values = b.Values[from:to]
	}
	return p.take(w.query, b)
}

// errors returns those of single queries. at is where the files are named.
func (p *pass) errors(at diag.Pos) error {
	var all []error
	for i := range p.by {
		if p.over[i] {
			p.by[i].Add(at.File, diag.Errorf(at, "series", "over %s series match %s",
				diag.Thousands(int64(p.most)), p.queries[i].Selector).WithHint(sample.FewerSeries))
		}
		if err := p.by[i].Err(); err != nil {
			all = append(all, &sample.QueryError{Query: i, Err: err})
		}
	}
	return errors.Join(all...)
}

package tally

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// Evaluation is an expression that a server evaluates at each step from From to To, both
// included, in milliseconds since the epoch.
type Evaluation struct {
	Query    string // PromQL, with the step put in
	From, To int64
	Step     time.Duration
	Lookback time.Duration // how old a sample may be; 0: as the server has it
}

// Evaluate has a server evaluate expressions. It hands over their points as
// sample.Store.Select does samples, blocks of one series in any order, and returns what the
// server says of each beside.
type Evaluate func(ctx context.Context, all []Evaluation, take func(int, sample.Block) error) ([][]string, error)

// evaluation is an expression, with all that ask for its points.
type evaluation struct {
	ask   Evaluation
	grid  grid
	sides []*side
}

// counts tells whether a server counts for the request.
func (a *asked) counts() bool {
	return slices.ContainsFunc(a.sides, func(s *side) bool { return s.expr.Is() })
}

// pace gives the requests of expressions their steps, which hold four scrapes.
func (p *plan) pace(ctx context.Context, store sample.Store) error {
	for _, a := range p.asked {
		if !a.counts() || len(a.refuse) > 0 || a.grid.n == 0 {
			continue
		}
		if p.config.Step == 0 {
			interval, err := a.scrapes(ctx, store)
			if err != nil {
				if each(err, func(_ int, err error) { a.fail(a.sides[0].expr.At(a.grid.length()), err) }) == nil {
					continue
				}
				return err
			}
			a.usual = interval.Milliseconds()
			a.grid = newGrid(a.req, Step(interval))
			a.until = a.grid.end(a.grid.within(a.req.Period) - 1)
		}
		p.evaluated(a)
	}
	return nil
}

// scrapes returns what is usual between the samples of what the expressions name, 0 if
// there are none. It looks at the end of the time asked about, its middle and its start.
func (a *asked) scrapes(ctx context.Context, store sample.Store) (interval time.Duration, err error) {
	var all []sample.Selector
	for _, s := range a.sides {
		all = append(all, s.expr.Selectors()...)
	}
	from, to := a.grid.start, a.last()
	for _, at := range []int64{to, (from + to) / 2, from + time.Hour.Milliseconds()} {
		interval, err = Interval(ctx, store, all, time.UnixMilli(at))
		if err != nil || interval > 0 {
			break
		}
	}
	return interval, err
}

// last is the last instant of a request that has passed.
func (a *asked) last() int64 {
	to := a.grid.to()
	if at := a.config.At; !at.IsZero() {
		to = min(to, at.UnixMilli())
	}
	return to
}

// evaluated has the expressions of a request evaluated, together with others.
func (p *plan) evaluated(a *asked) {
	step := a.grid.length()
	for _, s := range a.sides {
		e := Evaluation{Query: s.expr.At(step), From: a.grid.end(0), To: a.last(), Step: step}
		if s.test != nil {
			e.Lookback = max(step, patient*time.Duration(a.usual)*time.Millisecond)
		}
		i := slices.IndexFunc(p.evaluations, func(other *evaluation) bool { return other.ask == e && other.grid == a.grid })
		if i < 0 {
			i = len(p.evaluations)
			p.evaluations = append(p.evaluations, &evaluation{ask: e, grid: a.grid})
		}
		p.evaluations[i].sides = append(p.evaluations[i].sides, s)
	}
}

// evaluate reads the points of all expressions.
func (p *plan) evaluate(ctx context.Context, _ sample.Store) error {
	var all []Evaluation
	for _, e := range p.evaluations {
		all = append(all, e.ask)
	}
	if len(all) == 0 {
		return sources.Done(ctx)
	}
	infos, err := p.config.Evaluate(ctx, all, func(n int, b sample.Block) error {
		for _, s := range p.evaluations[n].sides {
			s.points(b)
		}
		return sources.Done(ctx)
	})
	for i, said := range infos {
		for _, s := range p.evaluations[i].sides {
			s.said = said
		}
	}
	return each(err, func(n int, err error) {
		for _, s := range p.evaluations[n].sides {
			s.of.fail(p.evaluations[n].ask.Query, err)
		}
	})
}

// points takes points of the side's expression.
func (s *side) points(b sample.Block) {
	if len(s.of.refuse) > 0 {
		return
	}
	one := s.one(b)
	if one.part == nil {
		return
	}
	if b.Histograms != nil {
		s.of.wrong(s, "histogram", "the expression gives native histograms, which are no counts").
			hint("write histogram: with their selector, and good: \"<= 300ms\"")
		return
	}
	for i, v := range b.Values {
		switch bucket := s.of.grid.bucket(b.Times[i]); {
		case !math.IsNaN(v):
			one.point(b.Times[i], v)
		case s.test == nil && s.of.grid.has(bucket): // a part of the count is not known, so it is not
			*one.part.none.At(bucket) = true
		}
	}
}

// least is what rounds to no less than nothing.
const least = -0.5 / micro

// point takes what a server counted in the bucket that ends at an instant.
func (s *series) point(at int64, v float64) {
	if s.side.test == nil && (v < least || v >= 1<<63) {
		s.side.of.wrong(s.side, "sample", "the expression gives %v at %s for %s, which is no number of events", v, stamp(at), s.labels)
		return
	}
	if s.n == 0 || at < s.firstAt {
		s.firstAt = at
	}
	s.lastAt = max(s.lastAt, at)
	s.n++
	s.side.samples++
	bucket := s.side.of.grid.bucket(at)
	switch {
	case s.side.test != nil:
		s.event(bucket, v)
	case s.copy != nil:
		s.part.refine()
		s.copy.of.fine = true
		if s.side.of.grid.has(bucket) {
			c := s.copy.cells.At(bucket)
			c.n, c.units = 1, numberOf(max(v, 0)).since(number{}, true)
		}
	default:
		n := numberOf(max(v, 0))
		if n.micro != 0 {
			s.part.refine()
		}
		s.part.add(s.side.index, bucket, n.since(number{}, s.part.fine))
	}
}

// event counts a value as a good or a bad event.
func (s *series) event(bucket int, v float64) {
	bad := uint64(1)
	if s.side.test.good(v) {
		bad = 0
	}
	if s.copy != nil {
		s.copy.event(bucket, bad)
		return
	}
	s.part.event(bucket, 1, bad)
}

// larger counts each bucket as the replica has it of which a server counted most.
func (g *group) larger() {
	for i := range g.side.of.grid.n {
		most, is := uint64(0), false
		for _, r := range g.copies {
			c := r.cells.Get(i)
			most, is = max(most, c.units), is || c.n > 0
		}
		if is {
			g.part.add(g.side.index, i, min(most, slo.MaxUnits+1))
		}
	}
}

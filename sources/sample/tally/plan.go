package tally

import (
	"context"
	"errors"
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/sample"
)

// plan is what is read at once.
type plan struct {
	config  Config
	asked   []*asked
	queries []*query
}

// query is one selector, with all that ask for its samples.
type query struct {
	sample.Query
	sides []*side
}

// asked is one request.
type asked struct {
	config Config
	index  int
	req    sources.Request
	grid   grid
	until  int64 // the last instant of its own buckets
	sides  []*side
	split  *label.Split[*part]
	refuse diag.List // why there is no answer
	failed error     // of the store
	late   int64     // samples after Config.At
	room   scratch

	unasked int // births that were too many to be asked about
}

// side is a selector of a request: all of its events, or the good or bad ones of them.
type side struct {
	of       *asked
	index    int // in the parts: total or share
	role     spec.Count
	value    spec.Value // that says the selector
	selector sample.Selector
	test     *test // of `value`: each sample is an event

	series  []*series         // by their number in the query
	groups  map[string]*group // of replicas, by the labels that they share
	order   []*group
	births  []*birth
	samples int64
	rounded bool  // samples are no whole numbers up to 2^53
	newest  int64 // sample
}

func newPlan(c Config, reqs []sources.Request, from, to int) *plan {
	p := &plan{config: c}
	if len(p.config.Replica) == 0 {
		p.config.Replica = []string{"prometheus_replica", "replica", "__replica__"}
	}
	for i := from; i < to; i++ {
		p.asked = append(p.asked, p.ask(i, reqs[i]))
	}
	return p
}

// ask plans a request.
func (p *plan) ask(index int, r sources.Request) *asked {
	a := &asked{config: p.config, index: index, req: r, grid: newGrid(r, p.config.Step)}
	a.until = a.grid.end(a.grid.within(r.Period) - 1)
	var columns []int
	for i := range r.Per {
		columns = append(columns, i)
	}
	a.split = label.New(r, columns, a.newPart)
	a.sides, a.refuse = sides(r.SLI, p.config.Room)
	for _, s := range a.sides {
		s.of, s.newest, s.groups = a, never, map[string]*group{}
		s.index = total
		if s.role == spec.Bad || s.role == spec.Good && !a.adds() {
			s.index = share
		}
		p.share(s)
	}
	return a
}

func (a *asked) newPart() *part { return &part{of: a, first: -never, oldest: -never, newest: never} }

// never is before every sample.
const never = -1 << 62

// share has s read together with who asks for the same.
func (p *plan) share(s *side) {
	if s.of.grid.n == 0 {
		return
	}
	want := sample.Query{Selector: s.selector, From: s.of.grid.from(), To: s.of.grid.to()}
	text := s.selector.String()
	i := slices.IndexFunc(p.queries, func(q *query) bool { return q.Selector.String() == text })
	if i < 0 {
		p.queries = append(p.queries, &query{Query: want, sides: []*side{s}})
		return
	}
	q := p.queries[i]
	q.From, q.To = min(q.From, want.From), max(q.To, want.To)
	q.sides = append(q.sides, s)
}

// read reads all samples.
func (p *plan) read(ctx context.Context, store sample.Store) error {
	var queries []sample.Query
	for _, q := range p.queries {
		queries = append(queries, q.Query)
	}
	if len(queries) == 0 {
		return sources.Done(ctx)
	}
	err := store.Select(ctx, queries, func(n int, b sample.Block) error {
		for _, s := range p.queries[n].sides {
			s.take(b)
		}
		return sources.Done(ctx)
	})
	return each(err, func(n int, err error) {
		for _, s := range p.queries[n].sides {
			s.of.failed = err
		}
	})
}

// each hands over the errors of single queries, and returns what else there is.
func each(err error, one func(query int, err error)) error {
	if err == nil {
		return nil
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, part := range several.Unwrap() {
			rest = append(rest, each(part, one))
		}
		return errors.Join(rest...)
	}
	var of *sample.QueryError
	if !errors.As(err, &of) {
		return err
	}
	one(of.Query, err)
	return nil
}

// take takes a block of the side's query.
func (s *side) take(b sample.Block) {
	if len(s.of.refuse) > 0 {
		return
	}
	for b.Series >= len(s.series) {
		s.series = append(s.series, nil)
	}
	times, values := s.cut(b)
	if len(times) == 0 && len(b.Histograms) == 0 {
		return
	}
	one := s.series[b.Series]
	if one == nil {
		one = s.begin(b.Labels)
		s.series[b.Series] = one
	}
	s.samples += int64(len(times))
	switch {
	case one.part == nil:
	case b.Histograms != nil:
		s.of.wrong(s, "histogram", "%s is a native histogram, not a counter", b.Labels).
			hint("write histogram: in the place of counter:, with good: \"<= 300ms\"")
	default:
		one.take(times, values)
	}
}

// cut returns the samples of a block that the side has asked for.
func (s *side) cut(b sample.Block) ([]int64, []float64) {
	times, values := b.Times, b.Values
	if len(times) == 0 || b.Histograms != nil {
		return nil, nil
	}
	from, to := s.of.grid.from(), s.of.grid.to()
	if times[0] < from {
		i, _ := slices.BinarySearch(times, from)
		times, values = times[i:], values[i:]
	}
	if n := len(times); n > 0 && times[n-1] > to {
		i, _ := slices.BinarySearch(times, to+1)
		times, values = times[:i], values[:i]
	}
	if at := s.of.config.At; !at.IsZero() && len(times) > 0 && times[len(times)-1] > at.UnixMilli() {
		i, _ := slices.BinarySearch(times, at.UnixMilli()+1)
		own, _ := slices.BinarySearch(times, s.of.until+1)
		s.of.late += int64(max(own-i, 0))
		times, values = times[:i], values[:i]
	}
	return times, values
}

// begin returns a new series, which is of the part that its labels say.
func (s *side) begin(l sample.Labels) *series {
	var values [][]byte
	for _, name := range s.of.req.Per {
		values = append(values, []byte(l.Get(name)))
	}
	one := &series{side: s, labels: l, part: s.of.split.Part(values)}
	if one.part != nil {
		one.copy = s.replica(one)
	}
	return one
}

// wrong refuses the request for what its selector finds.
func (a *asked) wrong(s *side, code, format string, args ...any) *refusal {
	f := diag.Errorf(s.value.Pos, a.config.Room+"/"+code, format, args...)
	a.refuse = append(a.refuse, f)
	return &refusal{&a.refuse[len(a.refuse)-1]}
}

// refusal is a finding that may get a hint.
type refusal struct{ of *diag.Finding }

func (r *refusal) hint(text string) { r.of.Hint = text }

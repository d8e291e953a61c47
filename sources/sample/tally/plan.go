package tally

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/prometheus/promql"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// plan is what is read at once.
type plan struct {
	config  Config
	asked   []*asked
	queries []*query
	room    *scratch

	evaluations []*evaluation
}

// query is one selector, with all that ask for its samples.
type query struct {
	text   string // of the selector
	ask    sample.Query
	until  int64 // the last instant that anything counts of
	sides  []*side
	digest digest
}

// asked is one request.
type asked struct {
	config  Config
	index   int
	req     sources.Request
	grid    grid
	until   int64 // the last instant of its own buckets
	sides   []*side
	split   *label.Split[*part]
	refuse  diag.List // why there is no answer
	failed  error     // of the store
	failing string    // the query that it was asked then
	late    int64     // samples after Config.At
	usual   int64     // between samples, once they are read
	slowest int64     // between those of the series that is scraped most rarely, of expressions
	room    *scratch

	unasked int // births that were too many to be asked about

	buckets *classic // of a request for histograms
	native  *asked   // reads its native histograms, and hours their buckets for percentiles;
	hours   *asked   // neither is a request of its own
	hidden  bool     // this is such a one
}

// side is a selector of a request: all of its events, or the good or bad ones of them.
type side struct {
	of       *asked
	index    int  // in the parts: total, share or upper
	most     bool // the good events that there may be at most
	role     spec.Count
	value    spec.Value // that says the selector, or the expression
	selector sample.Selector
	expr     promql.Expr // in place of a selector
	wanted   Evaluation  // of the expression
	said     []string    // by the server, of the expression
	test     *test       // of `value`: each sample is an event
	portion  bool        // of `ratio`: each point is the share of errors
	limit    *hist.Limit // of `histogram`
	bound    *classic    // tells which buckets of histograms the side counts, or which native ones; nil: it counts no such

	query      *query
	evaluation *evaluation       // of the expression
	series     []*series         // by their number in the query
	groups     map[string]*group // of replicas, by the labels that they share
	order      []*group
	births     []*birth
	samples    int64
	copies     float64 // series that are one but for labels of replicas, at most, where a sum adds them up
	rounded    bool    // samples are no whole numbers up to 2^53
	newest     int64   // sample
	above      nans    // buckets whose share of errors is over 1
}

func newPlan(c Config, reqs []sources.Request, from, to int, room *scratch) *plan {
	p := &plan{config: c, room: room}
	if len(p.config.Replica) == 0 {
		p.config.Replica = promql.Replicas()
	}
	for i := from; i < to; i++ {
		p.asked = append(p.asked, p.ask(i, reqs[i]))
	}
	return p
}

// ask plans a request.
func (p *plan) ask(index int, r sources.Request) *asked {
	a := p.newAsked(index, r)
	a.sides, a.refuse = sides(r.SLI, p.config.Room, p.config.Evaluate != nil)
	if a.refuse.Errors() {
		a.sides = nil
		return a
	}
	a.refuse = nil
	if len(a.sides) == 1 && a.sides[0].limit != nil {
		a.buckets = newClassic(a, a.sides[0])
		a.sides = nil
		return a
	}
	p.join(a)
	return a
}

func (p *plan) newAsked(index int, r sources.Request) *asked {
	a := &asked{config: p.config, index: index, req: r, grid: newGrid(r, p.config.Step), room: p.room}
	a.until = a.grid.end(a.grid.within(r.Period) - 1)
	a.split = a.newSplit()
	return a
}

// newSplit returns a split by the labels of the request, without parts.
func (a *asked) newSplit() *label.Split[*part] {
	var columns []int
	for i := range a.req.Per {
		columns = append(columns, i)
	}
	return label.New(a.req, columns, a.newPart)
}

// join has the sides of a read together with others.
func (p *plan) join(a *asked) {
	for _, s := range a.sides {
		s.of, s.newest, s.groups = a, never, map[string]*group{}
		switch {
		case s.most:
			s.index = upper
		case s.role == spec.Bad || s.role == spec.Good && !a.adds():
			s.index = share
		}
		if !s.expr.Is() { // whose step is not known yet
			p.share(s)
		}
	}
}

// newPart returns a part without counts, in the room of one that was answered if there is one.
func (a *asked) newPart() *part {
	p := &part{of: a, first: -never, oldest: -never, newest: never}
	last := len(a.room.parts) - 1
	if last < 0 {
		return p
	}
	old := a.room.parts[last]
	a.room.parts = a.room.parts[:last]
	for side := range p.counts {
		old.counts[side].Clear()
		old.paused[side].Clear()
	}
	p.counts, p.paused = old.counts, old.paused
	return p
}

// never is before every sample.
const never = -1 << 62

// share has s read together with who asks for the same.
func (p *plan) share(s *side) {
	if s.of.grid.n == 0 {
		return
	}
	until := s.of.grid.to()
	want := sample.Query{Selector: s.selector, From: s.of.grid.from(), To: s.of.grid.beyond(s.of.config.At)}
	text := s.selector.String()
	i := slices.IndexFunc(p.queries, func(q *query) bool { return q.text == text })
	if i < 0 {
		s.query = &query{text: text, ask: want, until: until, sides: []*side{s}}
		p.queries = append(p.queries, s.query)
		return
	}
	q := p.queries[i]
	s.query = q
	q.ask.From, q.ask.To, q.until = min(q.ask.From, want.From), max(q.ask.To, want.To), max(q.until, until)
	q.sides = append(q.sides, s)
}

// identify adds a block to the digest, but for what is behind all buckets.
func (q *query) identify(b sample.Block) {
	n, _ := slices.BinarySearch(b.Times, q.until+1)
	if n == 0 {
		return
	}
	b.Times = b.Times[:n]
	if b.Histograms == nil {
		b.Values = b.Values[:n]
	} else {
		b.Histograms = b.Histograms[:n]
	}
	q.digest.add(b)
}

// read reads all samples.
func (p *plan) read(ctx context.Context, store sample.Store) error {
	var queries []sample.Query
	for _, q := range p.queries {
		queries = append(queries, q.ask)
	}
	if len(queries) == 0 {
		return sources.Done(ctx)
	}
	err := store.Select(ctx, queries, func(n int, b sample.Block) error {
		q := p.queries[n]
		for _, s := range q.sides {
			s.take(b)
		}
		if p.config.Digest {
			q.identify(b)
		}
		return sources.Done(ctx)
	})
	return each(err, func(n int, err error) {
		for _, s := range p.queries[n].sides {
			s.of.fail(p.queries[n].text, err)
		}
	})
}

// fail notes the first error of the store, and the query that it is about.
func (a *asked) fail(query string, err error) {
	if a.failed == nil {
		a.failed, a.failing = err, brief(query)
	}
}

// brief writes a query in one line, of a length to read.
func brief(query string) string {
	return diag.Cut(strings.Join(strings.Fields(query), " "), maxQuery, "…")
}

// maxQuery is how much of a query an error names.
const maxQuery = 200

// maxBlamed is how many queries may fail for one reason, each with an error of its own.
const maxBlamed = 5

// blame names the queries in errors of the store. Many that failed for one reason have one
// error, which names some of them.
func (p *plan) blame() {
	queries := map[string][]string{}
	for _, a := range p.asked {
		if a.failed != nil && !slices.Contains(queries[a.failed.Error()], a.failing) {
			queries[a.failed.Error()] = append(queries[a.failed.Error()], a.failing)
		}
	}
	for _, a := range p.asked {
		if a.failed == nil {
			continue
		}
		named := a.failing
		if all := queries[a.failed.Error()]; len(all) > maxBlamed {
			named = diag.Few(all)
		}
		a.failed = about(named, a.failed)
	}
}

// about says which queries an error is about.
func about(queries string, err error) error { return fmt.Errorf("asked for %s: %w", queries, err) }

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
	from, to := s.cut(b.Times)
	if from == to {
		s.follow(b)
		return
	}
	one := s.one(b)
	if one.part == nil {
		return
	}
	if one.held != nil {
		one.hold(b, from, to)
		s.follow(b)
		return
	}
	s.samples += int64(to - from)
	switch native := b.Histograms != nil; {
	case native && s.limit != nil:
		one.observe(b.Times[from:to], b.Histograms[from:to])
	case s.limit != nil:
		s.of.wrong(s, "histogram", "%s is no histogram", b.Labels)
	case native:
		s.of.wrong(s, "histogram", "%s is a native histogram, which has no value", b.Labels).
			hint("write histogram: in the place of " + counterKey + ": or " + valueKey + ":, with good: \"<= 300ms\"")
	default:
		one.take(b.Times[from:to], b.Values[from:to])
	}
	s.follow(b)
}

// follow notes the first sample of a series that is behind the last bucket. It counts
// nowhere.
func (s *side) follow(b sample.Block) {
	n, end := len(b.Times), s.of.grid.to()
	if n == 0 || b.Times[n-1] <= end || b.Series >= len(s.series) {
		return
	}
	one := s.series[b.Series]
	if one == nil || one.next != 0 {
		return
	}
	i, _ := slices.BinarySearch(b.Times, end+1)
	for i < n && (b.Histograms == nil && math.IsNaN(b.Values[i]) || b.Histograms != nil && sample.Stale(b.Histograms[i].Sum)) {
		i++
	}
	if i < n && b.Times[i] <= s.of.grid.beyond(s.of.config.At) {
		one.next = b.Times[i]
	}
}

// one returns the series that a block is of.
func (s *side) one(b sample.Block) *series {
	for b.Series >= len(s.series) {
		s.series = append(s.series, nil)
	}
	if s.series[b.Series] == nil {
		s.series[b.Series] = s.begin(b.Labels)
	}
	return s.series[b.Series]
}

// cut returns the indexes of the samples of a block that the side has asked for: from the
// first to before the second.
func (s *side) cut(times []int64) (from, to int) {
	if len(times) == 0 {
		return 0, 0
	}
	to = len(times)
	first, last := s.of.grid.from(), s.of.grid.to()
	if times[0] < first {
		from, _ = slices.BinarySearch(times, first)
	}
	if times[to-1] > last {
		to, _ = slices.BinarySearch(times, last+1)
	}
	if at := s.of.config.At; !at.IsZero() && to > from && times[to-1] > at.UnixMilli() {
		own, _ := slices.BinarySearch(times[:to], s.of.until+1)
		to, _ = slices.BinarySearch(times[:to], at.UnixMilli()+1)
		s.of.late += int64(max(own-to, 0))
		to = max(from, to)
	}
	return from, to
}

// begin returns a new series, which is of the part that its labels say.
func (s *side) begin(l sample.Labels) *series {
	one := &series{side: s, labels: l}
	if s.bound != nil {
		one.held = s.bound.holder(s, l)
		if one.held == nil && !s.bound.wants(s, l) {
			return one
		}
	}
	s.count(one)
	return one
}

// count has a series counted where its labels say.
func (s *side) count(one *series) {
	l := one.labels
	var values [][]byte
	for _, name := range s.of.req.Per {
		values = append(values, []byte(l.Get(name)))
	}
	one.part = s.of.split.Part(values)
	if one.part != nil && s.bound != nil && s.of == s.bound.of.hours {
		one.part = s.bound.slot(l, one.part)
	}
	if one.part != nil && one.held == nil {
		one.copy = s.replica(one)
	}
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

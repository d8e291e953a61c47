package tally

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/promql"
	"github.com/nines-slo/nines/sources/sample"
)

// Evaluation is an expression that a server evaluates at each step from From to To, both
// included, in milliseconds since the epoch. From is a multiple of the step.
type Evaluation struct {
	Query    string // PromQL, with the step put in
	From, To int64
	Step     time.Duration
	Lookback time.Duration // how old a sample may be; 0: as the server has it
}

// Evaluate has a server evaluate expressions. It hands over their points as
// sample.Store.Select does samples, each once, but the blocks of one series in any order,
// and returns what the server says of each beside.
type Evaluate func(ctx context.Context, all []Evaluation, take func(int, sample.Block) error) ([][]string, error)

// evaluation is an expression, with all that ask for its points.
type evaluation struct {
	ask    Evaluation
	sides  []*side
	digest scattered
}

// counts tells whether a server counts for the request.
func (a *asked) counts() bool {
	return slices.ContainsFunc(a.sides, func(s *side) bool { return s.expr.Is() })
}

// judges tells whether the request has the values of an expression judged.
func (a *asked) judges() bool {
	return slices.ContainsFunc(a.sides, func(s *side) bool { return s.expr.Is() && s.test != nil })
}

// pace gives the requests of expressions their steps, which hold four scrapes unless the
// source says how long they are, and has them evaluated.
func (p *plan) pace(ctx context.Context, store sample.Store) error {
	var all, unpaced, given []*asked
	for _, a := range p.asked {
		if !a.counts() || len(a.refuse) > 0 || a.grid.n == 0 {
			continue
		}
		all = append(all, a)
		switch {
		case p.config.Step == 0 || a.judges():
			unpaced = append(unpaced, a)
		case a.metered() && !p.config.Recorded:
			given = append(given, a)
		}
	}
	if err := scrapesOf(ctx, store, unpaced); err != nil {
		return err
	}
	if err := paceGiven(ctx, store, given); err != nil {
		return err
	}
	for _, a := range all {
		if a.failed != nil {
			continue
		}
		step := a.step() // as the source says, but no shorter than a scrape
		if p.config.Step == 0 {
			step = Step(time.Duration(a.usual) * time.Millisecond)
		}
		a.grid = newGrid(a.req, step)
		a.until = a.grid.end(a.grid.within(a.req.Period) - 1)
		p.evaluated(a)
	}
	return nil
}

// metered tells whether all selectors of a request name a metric: those of Loki name none,
// and have no samples.
func (a *asked) metered() bool {
	return !slices.ContainsFunc(a.sides, func(s *side) bool {
		return slices.ContainsFunc(s.selectors(), func(of sample.Selector) bool { return len(metricOf(of)) == 0 })
	})
}

// paceGiven finds what is usual between the samples of requests whose step the source says,
// in a part of the time: where it cannot, the step stays what it is.
func paceGiven(ctx context.Context, store sample.Store, given []*asked) error {
	within, cancel := sources.Share(ctx, 1, 4)
	defer cancel()
	err := scrapesOf(within, store, given)
	for _, a := range given {
		a.failed, a.failing = nil, "" // what is asked for may be answered all the same
	}
	if err != nil {
		return sources.Done(ctx)
	}
	return nil
}

// guessed tells that nobody could tell how long a step has to be.
func guessed(a *asked) []diag.Finding {
	i := slices.IndexFunc(a.sides, func(s *side) bool { return s.expr.Is() && s.samples > 0 })
	if i < 0 || a.usual > 0 || a.config.Step > 0 || !a.metered() {
		return nil
	}
	f := a.sides[i].warn("step", "the step is guessed to be %s: "+
		"no three samples of %s in the time asked about tell how far scrapes are apart", slo.FormatDuration(a.grid.length()), a.sides[i].metrics())
	return []diag.Finding{f.WithHint("write step: in the source, with the time of four scrapes")}
}

// thin tells that a bucket holds too few samples for a server to count in.
func thin(a *asked) []diag.Finding {
	step := a.grid.length()
	interval, which := time.Duration(a.slowest)*time.Millisecond, "scrapes"
	if a.slowest > 2*a.usual {
		which = "scrapes of some series"
	}
	i := slices.IndexFunc(a.sides, func(s *side) bool { return s.expr.Is() && s.test == nil && s.expr.Pairs() })
	if i < 0 || step >= 2*(interval-interval/chance) {
		return nil
	}
	f := a.sides[i].warn("step", "a step of %s holds less than two %s, which are %s apart: "+
		"increase() finds nothing in it, or a part",
		slo.FormatDuration(step), which, slo.FormatDuration(interval.Round(time.Second)))
	if longer := Step(interval); longer > step {
		return []diag.Finding{f.WithHint("write step: %s in the source, or leave it out", slo.FormatDuration(longer))}
	}
	return []diag.Finding{f.WithHint("count from the samples, with " + counterKey + ":")}
}

// scrapesOf finds what is usual between the samples of what expressions name, the longest
// of each request, where these end in the time asked about: of their metrics, where what is
// named has none.
func scrapesOf(ctx context.Context, store sample.Store, open []*asked) error {
	named := func(s sample.Selector) sample.Selector { return s }
	for _, take := range []func(sample.Selector) sample.Selector{named, metricOf} {
		var all rates
		of := map[*asked]rates{}
		for _, a := range open {
			for _, s := range a.sides {
				for _, selector := range s.selectors() {
					if selector = take(selector); a.usual == 0 && len(selector) > 0 {
						of[a] = append(of[a], all.add(selector, a.grid.from(), a.last()))
					}
				}
			}
		}
		err := all.find(ctx, store)
		for a, rates := range of {
			for _, r := range rates {
				a.usual, a.slowest = max(a.usual, r.interval.Milliseconds()), max(a.slowest, r.slowest.Milliseconds())
				if r.err != nil {
					a.fail(r.selector.String(), r.err)
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// last is the last instant of a request that has passed.
func (a *asked) last() int64 {
	to := a.grid.to()
	if at := a.config.At; !at.IsZero() {
		to = min(to, at.UnixMilli())
	}
	return to
}

// evaluated has the expressions of a request evaluated, together with others. As of
// samples, those of an edge before the first bucket tell how long there are any.
func (p *plan) evaluated(a *asked) {
	step := a.grid.length()
	for _, s := range a.sides {
		want := Evaluation{Query: s.expr.At(step), From: a.grid.from() + a.grid.step, To: a.last(), Step: step}
		if s.test != nil {
			want.Lookback = max(step, patient*time.Duration(a.usual)*time.Millisecond)
		}
		s.wanted = want
		i := slices.IndexFunc(p.evaluations, func(other *evaluation) bool {
			o := other.ask
			return o.Query == want.Query && o.Step == want.Step && o.Lookback == want.Lookback
		})
		if i < 0 {
			i = len(p.evaluations)
			p.evaluations = append(p.evaluations, &evaluation{ask: want})
		}
		s.evaluation = p.evaluations[i]
		ask := &s.evaluation.ask
		ask.From, ask.To = min(ask.From, want.From), max(ask.To, want.To)
		s.evaluation.sides = append(s.evaluation.sides, s)
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
		e := p.evaluations[n]
		for _, s := range e.sides {
			s.points(b)
		}
		if p.config.Digest {
			e.digest.add(b)
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

// lookback is how old a sample may be for servers that are not told.
const lookback = 5 * time.Minute

// askReplicas asks of what sums add up whether series differ in a label of replicas alone
// there, at the end of the time asked about. Who cannot tell is believed.
func (p *plan) askReplicas(ctx context.Context, _ sample.Store) error {
	var all []Evaluation
	sides := map[string][]*side{}
	for _, e := range p.evaluations {
		for _, s := range e.sides {
			for _, text := range s.doubled() {
				if sides[text] == nil {
					at := floor(s.of.last(), s.of.grid.step) * s.of.grid.step
					all = append(all, Evaluation{Query: text, From: at, To: at, Step: s.of.grid.length(),
						Lookback: max(lookback, patient*time.Duration(s.of.usual)*time.Millisecond)})
				}
				sides[text] = append(sides[text], s)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	within, cancel := sources.Share(ctx, 1, 4)
	defer cancel()
	_, err := p.config.Evaluate(within, all, func(n int, b sample.Block) error {
		for _, v := range b.Values {
			for _, s := range sides[all[n].Query] {
				s.copies = max(s.copies, v)
			}
		}
		return nil
	})
	if err != nil {
		return sources.Done(ctx)
	}
	return nil
}

// doubled returns what tells how many series of a selector are one but for labels of
// replicas, for each selector whose series a sum adds up.
func (s *side) doubled() (all []string) {
	labels := s.of.config.Replica
	if s.of.failed != nil || len(s.of.refuse) > 0 || len(labels) == 0 || s.samples == 0 {
		return nil
	}
	for _, selector := range s.expr.Adds(labels[0]) {
		merged := func(label string) bool {
			is := func(other sample.Selector) bool { return other.String() == selector.String() }
			return slices.ContainsFunc(s.expr.Adds(label), is)
		}
		if !slices.ContainsFunc(labels, func(l string) bool { return !merged(l) }) {
			all = append(all, fmt.Sprintf("max(count without (%s) (%s))", strings.Join(labels, ", "), selector))
		}
	}
	return all
}

// twice warns that a sum counts events as often as there are replicas.
func (s *side) twice() []diag.Finding {
	if s.copies <= 1 {
		return nil
	}
	hint := "count from the samples, with " + counterKey + ":"
	if slices.Equal(s.of.config.Replica, promql.Replicas()) {
		hint += ", or write max without (" + strings.Join(promql.Replicas(), ", ") + ") (…) within the sum"
	}
	return []diag.Finding{s.warn("replica", "a sum adds up series that differ in a label of replicas alone: "+
		"up to %.0f count each event", s.copies).WithHint("%s", hint)}
}

// points takes those points of the side's expression that it has asked for.
func (s *side) points(b sample.Block) {
	from, _ := slices.BinarySearch(b.Times, s.wanted.From)
	to, _ := slices.BinarySearch(b.Times, s.wanted.To+1)
	if from >= to || len(s.of.refuse) > 0 {
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
	for i := from; i < to && len(s.of.refuse) == 0; i++ {
		one.point(b.Times[i], b.Values[i])
	}
}

// least is what rounds to no less than nothing.
const least = -0.5 / micro

// point takes what a server counted in the bucket that ends at an instant, or the value
// that is judged there.
func (s *series) point(at int64, v float64) {
	bucket := s.side.of.grid.bucket(at)
	switch {
	case s.side.test != nil && math.IsNaN(v):
		return
	case s.side.portion && math.IsNaN(v): // 0 of 0
		s.part.cover(total, bucket, bucket+1)
		s.part.cover(share, bucket, bucket+1)
	case math.IsNaN(v):
		s.uncounted(bucket)
		return
	case s.side.test != nil:
		s.event(bucket, v)
	case s.side.portion && v >= least:
		s.counted(bucket, s.side.portionOf(v, bucket))
	case s.side.portion:
		s.side.of.wrong(s.side, "sample", "the expression is %v at %s for %s, which is no share of errors",
			v, stamp(at), s.labels).hint("write a ratio from 0 to 1; 1 - (…) if it is the share of good events")
		return
	case v < least || v >= 1<<63:
		s.side.of.wrong(s.side, "sample", "the expression is %v at %s for %s, which is no number of events",
			v, stamp(at), s.labels).hint("count with increase() of a counter")
		return
	default:
		s.counted(bucket, numberOf(max(v, 0)))
	}
	if s.n == 0 || at < s.firstAt {
		s.firstAt = at
	}
	if s.n == 0 || at > s.lastAt {
		s.lastAt = at
	}
	s.n++
	s.side.samples++
}

// uncounted takes note that a server could not count a bucket: NaN is no number of events.
func (s *series) uncounted(bucket int) {
	if !s.side.of.grid.has(bucket) {
		return
	}
	if s.copy != nil {
		s.copy.cells.At(bucket).paused = true
		return
	}
	s.part.uncounted(s.side, bucket)
}

// counted takes the count of a bucket.
func (s *series) counted(bucket int, n number) {
	switch {
	case !s.side.of.grid.has(bucket):
	case s.copy != nil:
		c := s.copy.cells.At(bucket)
		c.n, c.first = 1, n
	default:
		s.side.gives(s.part, bucket, n)
	}
}

// gives adds the count of a bucket to a part, or the share of errors as that of one event.
func (s *side) gives(p *part, bucket int, n number) {
	if !s.portion {
		p.count(s.index, bucket, n)
		return
	}
	p.refine()
	p.event(bucket, micro, n.since(number{}, true))
}

// portionOf returns the share of errors that a value of a bucket says. There are more errors than
// events where some came late, and infinitely more where all did.
func (s *side) portionOf(v float64, bucket int) number {
	if v <= 1 {
		return numberOf(max(v, 0))
	}
	if !s.of.grid.has(bucket) {
		return number{whole: 1}
	}
	if s.above.n == 0 || bucket < s.above.first {
		s.above.side, s.above.first = s, bucket
	}
	s.above.n++
	return number{whole: 1}
}

// count adds a number of events to a bucket.
func (p *part) count(side, bucket int, n number) {
	if n.micro != 0 {
		p.refine()
	}
	p.add(side, bucket, n.since(number{}, p.fine))
}

// uncounted makes a bucket one that was not measured, whatever else is counted in it.
func (p *part) uncounted(s *side, bucket int) {
	failed := p.paused[s.index].At(bucket)
	if *failed {
		return
	}
	*failed = true
	if p.nan.n == 0 || bucket < p.nan.first {
		p.nan.side, p.nan.first = s, bucket
	}
	p.nan.n++
}

// nans are the buckets of which a server could not say a number, or not one that makes sense.
type nans struct {
	n     int64
	side  *side // and the first of them
	first int
}

// notes tells of them.
func (n *nans) notes() []diag.Finding {
	if n.n == 0 {
		return nil
	}
	return []diag.Finding{n.side.warn("nan", "%s taken as not measured: "+
		"the expression is no number (NaN) there, the first time at %s", count(n.n, "bucket", "is", "are"), stamp(n.side.of.grid.end(n.first)))}
}

// aboveNotes tells of shares of errors over 1.
func (s *side) aboveNotes() []diag.Finding {
	if s.above.n == 0 {
		return nil
	}
	f := s.warn("ratio", "the ratio of %s over 1, the first time at %s: it is taken as 1",
		count(s.above.n, "bucket", "is", "are"), stamp(s.of.grid.end(s.above.first)))
	return []diag.Finding{f.WithHint("it is to be the share of errors, from 0 to 1: divide percent by 100")}
}

// known tells whether all of a bucket was counted by a server.
func (p *part) known(bucket int) bool {
	return !p.paused[total].Get(bucket) && !p.paused[share].Get(bucket)
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
		most, is, failed := number{}, false, false
		for _, r := range g.copies {
			c := r.cells.Get(i)
			failed = failed || c.paused
			if c.n > 0 && most.less(c.first) {
				most = c.first
			}
			is = is || c.n > 0
		}
		switch {
		case is:
			g.side.gives(g.part, i, most)
		case failed:
			g.part.uncounted(g.side, i)
		}
	}
}

// slack is how much of the counts of a bucket, in 10^-6 of an event, is chance where a
// server has counted: what rounding may add, or what sums of floats may be wrong by. The
// joins of slo have the same bound.
func slack(all uint64) uint64 { return max(1, all/1e9) }

// name is that of what a side reads: its selector, or its expression in one line.
func (s *side) name() string {
	if !s.expr.Is() {
		return s.selector.String()
	}
	return strings.Join(strings.Fields(s.expr.At(s.of.grid.length())), " ")
}

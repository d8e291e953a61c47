package tally

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// cover is which samples a series has.
type cover struct{ n, first, last int64 }

func (c *cover) add(at int64) {
	if c.n == 0 {
		c.first = at
	}
	c.n, c.last = c.n+1, at
}

// tracked is a histogram that cannot be counted bucket by bucket, since in its life its
// bounds change, or its kind. It is counted by what it held at each scrape.
type tracked struct {
	track *hist.Track
	wide  int   // bounds that are read on both sides of those around the limit
	next  int64 // a sample behind the last bucket

}

// reach returns how many bounds are read on both sides of those around the limit.
func (g *bounded) reach() int {
	if g.tracked == nil {
		return 0
	}
	return g.tracked.wide
}

// holder returns the histogram of a series that is not counted by itself, nil if it is:
// one that is tracked, or a native one that is there beside classic buckets.
func (c *classic) holder(s *side, l sample.Labels) *bounded {
	g := c.groups[c.key(l)]
	switch {
	case g == nil || s.of == c.of.hours:
		return nil
	case s.limit != nil && (g.tracked != nil || g.layout != nil), g.tracked != nil && s.index == total:
		return g
	}
	return nil
}

// hold takes samples of a histogram that are not counted by themselves.
func (s *series) hold(b sample.Block, from, to int) {
	g := s.held
	times := b.Times[from:to]
	switch native := s.side.limit != nil; {
	case native && b.Histograms == nil: // the name itself is something else
	case native && g.tracked == nil:
		for i, h := range b.Histograms[from:to] {
			if !sample.Stale(h.Sum) {
				g.seen.add(times[i])
			}
		}
	case native:
		s.holdNative(times, b.Histograms[from:to])
	case b.Histograms == nil:
		values := b.Values[from:to]
		if plain(values) < len(values) {
			times, values = s.clean(times, values)
		}
		g.track.Classic(s.labels.Get("le"), times, values)
	}
}

// holdNative takes native histograms.
func (s *series) holdNative(times []int64, histograms []sample.Histogram) {
	if s.native == nil {
		s.native = &observer{counter: hist.NewCounter(*s.side.limit)}
	}
	for i := range histograms {
		s.spread(times[i])
		c := s.native.counter.Add(&histograms[i])
		if c.Kind == hist.Ended {
			continue
		}
		if !s.sound(times[i], c) {
			s.side.bound.of.refuse = append(s.side.bound.of.refuse, s.side.of.refuse...)
			return
		}
		s.held.track.Native(times[i], c, s.native.counter.Holds())
	}
}

// track reads again those histograms that change in their life, and counts them.
func (p *plan) track(ctx context.Context, store sample.Store) error {
	for {
		p.queries = nil
		for _, a := range slices.Clone(p.asked) {
			if c := a.buckets; c != nil && a.failed == nil && len(a.refuse) == 0 && c.changes() {
				p.again(c)
			}
		}
		if len(p.queries) == 0 {
			break
		}
		if err := p.read(ctx, store); err != nil {
			return err
		}
	}
	for _, a := range p.asked {
		if c := a.buckets; c != nil && a.failed == nil && len(a.refuse) == 0 {
			c.settle()
		}
	}
	return nil
}

// again plans to read all that a request for histograms needs once more.
func (p *plan) again(c *classic) {
	a := c.of
	p.asked = slices.DeleteFunc(p.asked, func(other *asked) bool { return other == a.native })
	a.sides, a.native, a.late = nil, nil, 0
	a.split = a.newSplit()
	for _, g := range c.groups {
		if g.tracked != nil {
			g.tracked = &tracked{track: hist.NewTrack(*c.side.limit), wide: g.wide}
		}
	}
	p.plan(c)
}

// changes finds the histograms that must be read again: those that turn out to change in
// their life, and those of which more bounds must be known.
func (c *classic) changes() (found bool) {
	families := map[string][]*bounded{} // that differ in labels of replicas alone
	read := c.covers()
	for _, g := range c.groups {
		if g.tracked != nil {
			found = g.widen() || found
			continue
		}
		families[g.family] = append(families[g.family], g)
	}
	for _, all := range families {
		classic := func(g *bounded) bool { return g.layout != nil }
		native := func(g *bounded) bool { return !classic(g) }
		if !slices.ContainsFunc(all, func(g *bounded) bool { return g.changes(read[g]) }) &&
			!(slices.ContainsFunc(all, classic) && slices.ContainsFunc(all, native)) {
			continue
		}
		found = true
		for _, g := range all {
			g.tracked = &tracked{wide: 1}
		}
	}
	return found
}

// widen has more bounds read if there was a scrape with none of those that were.
func (g *bounded) widen() bool {
	course := g.track.Course()
	if g.layout == nil {
		return false
	}
	bounds, place := g.layout.bounds, g.layout.place
	if (!course.Under || place.Low-g.wide <= 0) && (!course.Over || place.High+g.wide >= len(bounds)-2) {
		return false
	}
	g.wide = len(bounds)
	return true
}

// readings are the samples of those buckets of a histogram that are counted.
type readings struct{ all, low, high []cover }

// covers returns which samples there are.
func (c *classic) covers() map[*bounded]*readings {
	out := map[*bounded]*readings{}
	for _, s := range c.of.sides {
		for _, one := range s.series {
			if one == nil || one.part == nil || one.n == 0 || one.held != nil {
				continue
			}
			g := c.groups[c.key(one.labels)]
			if out[g] == nil {
				out[g] = &readings{}
			}
			to := &out[g].low
			switch {
			case s.most:
				to = &out[g].high
			case s.index == total:
				to = &out[g].all
			}
			*to = append(*to, cover{one.n, one.firstAt, one.lastAt})
		}
	}
	return out
}

// changes tells whether a histogram changes in its life: the buckets that are counted have
// other samples than all events have, or native histograms have.
func (g *bounded) changes(is *readings) bool {
	if is == nil || len(is.all) == 0 {
		return g.layout != nil && g.seen.n > 0
	}
	if g.layout == nil {
		return false
	}
	all := is.all[0]
	differs := func(counted []cover) bool { return len(counted) != 1 || counted[0] != all }
	finite := func(i int) bool { return i >= 0 && i < len(g.layout.bounds)-1 }
	return len(is.all) > 1 || finite(g.layout.place.Low) && differs(is.low) ||
		len(is.high) > 0 && finite(g.layout.place.High) && differs(is.high) || g.seen.n > 0 && g.seen != all
}

// settle counts the histograms that are tracked.
func (c *classic) settle() {
	for _, key := range slices.Sorted(maps.Keys(c.groups)) {
		g := c.groups[key]
		if g.tracked == nil {
			continue
		}
		course := g.track.Course()
		if len(course.Times) == 0 {
			continue
		}
		if course.Parted {
			c.parted(course.From, course.To)
		}
		g.next = c.behind(g)
		c.count(g, course)
	}
}

// behind returns the first sample of a histogram behind the last bucket, 0 if none was read.
func (c *classic) behind(g *bounded) (at int64) {
	for _, s := range c.of.sides {
		for _, one := range s.series {
			if one != nil && one.held == g {
				at = max(at, one.next)
			}
		}
	}
	return at
}

// count counts a tracked histogram on the sides of the request.
func (c *classic) count(g *bounded, course hist.Course) {
	name := c.side.selector.Metric()
	if !course.Native {
		name += "_bucket"
	}
	labels := sample.Labels{{Name: sample.MetricName, Value: name}}
	for _, l := range g.labels {
		if l.Name != sample.MetricName && l.Name != "le" {
			labels = append(labels, l)
		}
	}
	order.Stable(labels, func(a, b sample.Label) int { return strings.Compare(a.Name, b.Name) })
	values := [3][]float64{total: course.Total, share: course.Low, upper: course.High}
	done := [3]bool{}
	for _, s := range c.of.sides {
		if done[s.index] {
			continue
		}
		done[s.index] = true
		one := &series{side: s, labels: labels, next: g.next}
		if s.count(one); one.part != nil {
			s.series = append(s.series, one)
			s.samples += int64(len(course.Times))
			one.take(course.Times, values[s.index])
		}
	}
}

package tally

import (
	"cmp"
	"context"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// classic are the classic histograms of a request: series of buckets, each a counter.
type classic struct {
	of      *asked
	side    *side // as the sli says it
	groups  map[string]*bounded
	layouts []*layout
	around  *[2]float64 // bounds that the limit lies between, if it does
}

// layout are the bounds that some histograms have.
type layout struct {
	n      int // its index in classic.layouts
	bounds hist.Bounds
	of     map[string]int // index in bounds, by the value of le
	place  hist.Place     // of the limit
	whole  bool           // it has the bound +Inf, which tells all events; else _count does
}

// slot is one bound of the layouts of a request.
type slot struct{ layout, bound int }

// maxBounds is of how many slots percentiles are read.
const maxBounds = 500

// bounded is one histogram: the series that differ in le alone, and the native one of
// the same labels.
type bounded struct {
	labels sample.Labels // of one of its series
	family string        // the same of those that differ in labels of replicas alone
	texts  []string      // of le
	layout *layout       // nil if it is native alone

	native bool // there is a native histogram
	seen   cover
	*tracked
}

func newClassic(a *asked, s *side) *classic {
	s.of = a
	return &classic{of: a, side: s, groups: map[string]*bounded{}}
}

// named returns the selector with another name of the metric, and le as given unless nil.
func (c *classic) named(suffix string, le []string) sample.Selector {
	var out sample.Selector
	for _, m := range c.side.selector {
		if m.Name == sample.MetricName {
			m.Value += suffix
		}
		out = append(out, m)
	}
	if le == nil {
		return out
	}
	for i, text := range le {
		le[i] = regexp.QuoteMeta(text)
	}
	m, err := sample.NewMatcher("le", sample.Like, strings.Join(le, "|"))
	if err != nil {
		return out
	}
	return append(out, m)
}

// findBounds asks which bounds the histograms of requests have, and plans to read those
// buckets that are needed.
func (p *plan) findBounds(ctx context.Context, store sample.Store) error {
	var queries []sample.Query
	var asking []*classic
	for _, a := range p.asked {
		if a.buckets == nil || a.grid.n == 0 {
			continue
		}
		asking = append(asking, a.buckets)
		for _, s := range []sample.Selector{a.buckets.named("_bucket", nil), a.buckets.named("", nil)} {
			queries = append(queries, sample.Query{Selector: s, From: a.grid.from(), To: a.grid.to()})
		}
	}
	if len(queries) == 0 {
		return nil
	}
	err := store.Series(ctx, queries, func(n int, l sample.Labels) error {
		c := asking[n/2]
		key := c.key(l)
		if c.groups[key] == nil {
			c.groups[key] = &bounded{labels: l, family: keyOf(l, c.replicas())}
		}
		if n%2 == 1 {
			c.groups[key].native = true
		} else {
			c.groups[key].texts = append(c.groups[key].texts, l.Get("le"))
		}
		return sources.Done(ctx)
	})
	if err := each(err, func(n int, err error) { asking[n/2].of.fail(queries[n].Selector.String(), err) }); err != nil {
		return err
	}
	for _, c := range asking {
		if c.of.failed == nil {
			p.plan(c)
		}
	}
	return nil
}

// replicas returns the labels that tell replicas apart.
func (c *classic) replicas() []string {
	return slices.DeleteFunc(slices.Clone(c.of.config.Replica), func(l string) bool { return slices.Contains(c.of.req.Per, l) })
}

// key identifies a histogram.
func (c *classic) key(l sample.Labels) string { return keyOf(l, nil) }

// plan plans to read what the request needs.
func (p *plan) plan(c *classic) {
	a := c.of
	le, exact := c.bounds()
	if len(a.refuse) > 0 {
		return
	}
	if len(le) > 0 {
		a.sides = append(a.sides, c.newSide(spec.Total, le, false), c.newSide(spec.Good, le, false))
		if !c.whole() {
			count := c.newSide(spec.Total, nil, false)
			count.selector = c.named("_count", nil)
			a.sides = append(a.sides, count)
		}
		if !exact {
			a.sides = append(a.sides, c.newSide(spec.Good, le, true))
		}
		p.join(a)
		if a.req.Percentiles && a.hours == nil && c.slots() <= maxBounds {
			p.percentiles(c)
		}
	}
	if c.native() || len(le) == 0 {
		a.native = p.shadow(a, a.req)
		s := *c.side
		s.selector, s.bound = c.named("", nil), c
		a.native.sides = []*side{&s}
		p.join(a.native)
	}
}

// newSide returns a side that reads buckets, all of the same selector.
func (c *classic) newSide(role spec.Count, le []string, most bool) *side {
	return &side{role: role, value: c.side.value, selector: c.named("_bucket", slices.Clone(le)), bound: c, most: most}
}

// shadow returns something that is read together with a request and answered by it.
func (p *plan) shadow(a *asked, r sources.Request) *asked {
	out := p.newAsked(a.index, r)
	out.hidden = true
	p.asked = append(p.asked, out)
	return out
}

// slots counts the bounds of all layouts.
func (c *classic) slots() (n int) {
	for _, l := range c.layouts {
		n += len(l.bounds)
	}
	return n
}

// percentiles plans to read all buckets, by the hour.
func (p *plan) percentiles(c *classic) {
	r := c.of.req
	r.Step = time.Hour
	c.of.hours = p.shadow(c.of, r)
	c.of.hours.sides = []*side{{role: spec.Total, value: c.side.value, selector: c.named("_bucket", nil), bound: c}}
	p.join(c.of.hours)
}

// bounds finds where the limit lies in each histogram. It returns the values of le that
// must be read, and whether the limit is a bound of all.
func (c *classic) bounds() (le []string, exact bool) {
	exact, c.layouts = true, nil
	known := map[string]*layout{}
	for _, key := range slices.Sorted(maps.Keys(c.groups)) {
		g := c.groups[key]
		if len(g.texts) == 0 {
			exact = exact && g.tracked == nil
			continue
		}
		slices.Sort(g.texts)
		g.texts = slices.Compact(g.texts)
		texts := strings.Join(g.texts, "\xff")
		if known[texts] == nil {
			known[texts] = c.newLayout(g.texts)
		}
		if g.layout = known[texts]; g.layout == nil {
			return nil, false
		}
		exact = exact && g.layout.place.Exact() && g.tracked == nil
		le = append(le, g.layout.near(g.reach())...)
	}
	slices.Sort(le)
	return slices.Compact(le), exact
}

// newLayout returns the layout of the values of le that a histogram has, nil if the request
// is refused for them.
func (c *classic) newLayout(texts []string) *layout {
	bounds, odd := hist.ReadBounds(texts)
	if len(odd) > 0 {
		c.of.wrong(c.side, "histogram", "le %s of %s is no number", diag.Quote(odd[0]), c.named("_bucket", nil))
		return nil
	}
	l := &layout{n: len(c.layouts), bounds: bounds, of: map[string]int{}, place: bounds.Place(*c.side.limit)}
	for i, b := range bounds {
		for _, text := range b.Texts {
			l.of[text] = i
		}
	}
	last := len(bounds) - 1
	if l.whole = len(bounds[last].Texts) > 0; !l.whole && l.place.High == last {
		c.of.wrong(c.side, "histogram", "%s has no bucket of le=\"+Inf\" in some series, "+
			"and none that ends at %s or later", c.named("_bucket", nil), c.side.limit).
			hint("narrow the selector to histograms that are whole")
		return nil
	}
	if !l.place.Exact() {
		c.parted(bounds.At(l.place.Low), bounds.At(l.place.High))
	}
	c.layouts = append(c.layouts, l)
	return l
}

// near returns the values of le that must be read: those around the limit, so many more on
// both sides, and that of +Inf.
func (l *layout) near(more int) (le []string) {
	last := len(l.bounds) - 1
	for i, b := range l.bounds {
		if i == last || i >= l.place.Low-more && i <= l.place.High+more {
			le = append(le, b.Texts...)
		}
	}
	return le
}

// whole tells whether all histograms have the bound +Inf.
func (c *classic) whole() bool {
	return !slices.ContainsFunc(c.layouts, func(l *layout) bool { return !l.whole })
}

// native tells whether there are native histograms.
func (c *classic) native() bool {
	for _, g := range c.groups {
		if g.native {
			return true
		}
	}
	return false
}

// parted notes that the limit lies between two bounds.
func (c *classic) parted(low, high float64) {
	if c.around == nil {
		c.around = &[2]float64{low, high}
	}
}

// wants tells whether a side counts a bucket, or the _count of a histogram that lacks one.
func (c *classic) wants(s *side, l sample.Labels) bool {
	g := c.groups[c.key(l)]
	if s.limit != nil { // native
		return true
	}
	if g == nil || g.layout == nil {
		return false
	}
	at := len(g.layout.bounds) - 1
	switch {
	case s.of == c.of.hours:
		_, ok := g.layout.of[l.Get("le")]
		return ok
	case g.tracked != nil:
		return false
	case strings.HasSuffix(l.Get(sample.MetricName), "_count"):
		return !g.layout.whole
	case s.most:
		at = g.layout.place.High
	case s.role == spec.Good:
		at = g.layout.place.Low
	}
	i, ok := g.layout.of[l.Get("le")]
	return ok && i == at
}

// slot returns the part of a label set's hours that a bucket counts in.
func (c *classic) slot(l sample.Labels, p *part) *part {
	g := c.groups[c.key(l)]
	at := slot{g.layout.n, g.layout.of[l.Get("le")]}
	if p.slots == nil {
		p.slots = map[slot]*part{}
	}
	if p.slots[at] == nil {
		p.slots[at] = p.of.newPart()
	}
	return p.slots[at]
}

// hear counts the samples of a slot.
func (p *part) hear(times []int64) {
	for _, at := range times {
		if i := p.of.grid.bucket(at); p.of.grid.has(i) {
			*p.heard.At(i)++
		}
	}
}

// fold adds what the shadows have read to the request.
func (a *asked) fold() {
	if a.hours != nil {
		a.split.Join(a.hours.split, func(to, from *part) { to.slots = from.slots })
	}
	if a.native == nil {
		return
	}
	if len(a.native.refuse) > 0 && len(a.sides) > 0 { // the name itself is something else
		a.native = nil
		return
	}
	a.refuse = append(a.refuse, a.native.refuse...)
	if a.failed == nil {
		a.failed = a.native.failed
	}
	a.split.Merge(a.native.split, (*part).merge)
	if s := a.native.sides[0]; len(a.sides) == 0 || s.newest > never {
		a.sides = append(a.sides, s)
	}
	a.late += a.native.late
	a.unasked += a.native.unasked
}

// merge adds the counts of another part.
func (p *part) merge(other *part) {
	if other.fine {
		p.refine()
	}
	if !slices.ContainsFunc(p.of.sides, func(s *side) bool { return s.most }) { // all that is good is so for sure
		for i, n := range p.counts[share].All() {
			if *n > 0 {
				p.add(upper, i, *n-1)
			}
		}
	}
	for side := range p.counts {
		for i, n := range other.counts[side].All() {
			if *n > 0 {
				p.add(side, i, other.scaleTo(p, *n-1))
			}
		}
	}
	p.first, p.over = min(p.first, other.first), max(p.over, other.over)
	other.first = p.first // of which notes about births are
	p.see(other.oldest, other.newest)
	p.late.join(other.late)
	p.hours = other.hours
}

// scaleTo returns units of p as those of another part, which is as fine or finer.
func (p *part) scaleTo(other *part, units uint64) uint64 { return other.scale(units, p.fine) }

// spreads returns the percentiles of each hour of a label set, in order.
func (a *asked) spreads(p *part) (all []slo.Percentiles) {
	if !a.req.Percentiles || a.buckets == nil {
		return nil
	}
	hours := map[int64]*hist.Spread{}
	maps.Copy(hours, p.hours)
	var partly map[int64]float64
	if a.hours != nil {
		partly = a.hours.classicSpreads(p.slots, hours)
	}
	for _, start := range slices.Sorted(maps.Keys(hours)) {
		at := time.UnixMilli(start).UTC()
		if !a.req.Period.Contains(at) {
			continue
		}
		unit := a.buckets.side.limit.Scale
		one, ok := hours[start].Percentiles(at, unit)
		if ok && (one.Over == 0 || partly[start]*float64(unit) <= float64(one.P99)) { // else no bound tells
			all = append(all, one)
		}
	}
	return all
}

// row is a layout in an hour.
type row struct {
	hour   int64
	layout int
}

// rows returns the increments of the bounds of each layout, NaN of those that were not there for
// all of an hour, and the highest of those that came or went.
func (a *asked) rows(slots map[slot]*part) (rows map[row][]float64, came map[int64]float64) {
	layouts := a.sides[0].bound.layouts
	rows, came = map[row][]float64{}, map[int64]float64{}
	for at, p := range slots {
		unit := 1.0
		if p.fine {
			unit = micro
		}
		for i, n := range p.counts[total].All() {
			if *n == 0 {
				continue
			}
			of := row{a.grid.time(i).UnixMilli(), at.layout}
			if rows[of] == nil {
				rows[of] = slices.Repeat([]float64{math.NaN()}, len(layouts[at.layout].bounds))
			}
			if all := slots[slot{at.layout, len(rows[of]) - 1}]; all != nil && p.heard.Get(i) < all.heard.Get(i) {
				came[of.hour] = max(came[of.hour], layouts[at.layout].bounds[at.bound].At)
				continue
			}
			rows[of][at.bound] = float64(*n-1) / unit
		}
	}
	return rows, came
}

// classicSpreads adds what the classic histograms of a label set saw, by the bounds that were
// there for all of an hour. It returns the highest that came or went in an hour.
func (a *asked) classicSpreads(slots map[slot]*part, hours map[int64]*hist.Spread) map[int64]float64 {
	layouts := a.sides[0].bound.layouts
	rows, came := a.rows(slots)
	partly := map[int64]bool{} // nobody knows how many events are over the bounds
	for of, increments := range rows {
		whole := layouts[of.layout].whole && !math.IsNaN(increments[len(increments)-1])
		partly[of.hour] = partly[of.hour] || !whole
	}
	seen := map[int64]*hist.Spread{}
	inOrder := func(a, b row) int { return cmp.Or(cmp.Compare(a.hour, b.hour), cmp.Compare(a.layout, b.layout)) }
	sorted := slices.Collect(maps.Keys(rows))
	order.Stable(sorted, inOrder)
	for _, of := range sorted {
		if partly[of.hour] {
			continue
		}
		if seen[of.hour] == nil {
			seen[of.hour] = &hist.Spread{}
		}
		seen[of.hour].Classic(there(layouts[of.layout].bounds, rows[of]))
	}
	maps.Copy(hours, seen)
	return came
}

// there returns the bounds that a histogram had, of all that it has at some time.
func there(all hist.Bounds, increments []float64) (bounds hist.Bounds, had []float64) {
	for i, n := range increments {
		if !math.IsNaN(n) {
			bounds, had = append(bounds, all[i]), append(had, n)
		}
	}
	return bounds, had
}

// unread tells of percentiles that are left out since there are too many bounds.
func (a *asked) unread() []diag.Finding {
	if !a.req.Percentiles || a.buckets == nil || a.buckets.slots() <= maxBounds {
		return nil
	}
	return []diag.Finding{a.buckets.side.warn("bounds", "there are no percentiles: the histograms of %s have "+
		"%s different bounds, over %d", a.buckets.side.selector, diag.Thousands(int64(a.buckets.slots())), maxBounds).
		WithHint("narrow the selector to histograms of the same bounds")}
}

// between warns of a limit that is no bound of the buckets. What that means for the events
// of a window is said where it is judged.
func (j *joined) between(p *part) []diag.Finding {
	c := p.of.buckets
	if c == nil || !slices.ContainsFunc(j.buckets, func(b counted) bool { return b.is && b.most > b.part }) {
		return nil
	}
	around := c.around
	for _, s := range c.of.sides {
		if around == nil {
			around = s.around()
		}
	}
	var names []string
	if around != nil {
		for _, at := range around {
			if !math.IsInf(at, 0) {
				names = append(names, c.side.limit.Text(at))
			}
		}
	}
	limit := c.side.limit.Text(c.side.limit.At)
	text := limit + " is no bound of the buckets"
	switch {
	case len(names) == 2:
		text = limit + " is between two bounds of the buckets, " + strings.Join(names, " and ")
	case len(names) == 1 && math.IsInf(around[1], 1):
		text = limit + " is over the last bound of the buckets, " + names[0]
	case len(names) == 1:
		text = limit + " is under the first bound of the buckets, " + names[0]
	}
	f := c.side.warn("bound", "%s: the events of that bucket may be good or bad, and the worse is taken where it matters", text)
	if len(names) == 0 {
		return []diag.Finding{f}
	}
	return []diag.Finding{f.WithHint("choose a threshold that is a bound: %s", strings.Join(names, " or "))}
}

// around returns the bounds around the limit as the first native histogram has them last of
// which it is none.
func (s *side) around() (found *[2]float64) {
	first := ""
	for _, one := range s.series {
		if one == nil || one.native == nil || one.n == 0 {
			continue
		}
		low, high := one.native.counter.Around()
		if name := one.name(); low != high && (first == "" || name < first) {
			first, found = name, &[2]float64{low, high}
		}
	}
	return found
}

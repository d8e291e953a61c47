package tally

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
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
	layouts []hist.Bounds
	around  *[2]float64 // bounds that the limit lies between, if it does
}

// bounded is one histogram: the series that differ in le alone, and the native one of
// the same labels.
type bounded struct {
	labels sample.Labels // of one of its series
	family string        // the same of those that differ in labels of replicas alone
	texts  []string      // of le, none if it is native alone
	bounds hist.Bounds
	place  hist.Place
	whole  bool // it has the bound +Inf, which tells all events; else _count does
	layout int

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
		if a.req.Percentiles && a.hours == nil {
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

// percentiles plans to read all buckets, by the hour.
func (p *plan) percentiles(c *classic) {
	r := c.of.req
	r.Step, r.MaxSets = time.Hour, 1<<30
	r.Per = append(slices.Clone(r.Per), "layout", "bound") // as place has them
	c.of.hours = p.shadow(c.of, r)
	c.of.hours.sides = []*side{{role: spec.Total, value: c.side.value, selector: c.named("_bucket", nil), bound: c}}
	p.join(c.of.hours)
}

// bounds finds where the limit lies in each histogram. It returns the values of le that
// must be read, and whether the limit is a bound of all.
func (c *classic) bounds() (le []string, exact bool) {
	exact, c.layouts = true, nil
	known := map[string]int{}
	for _, key := range slices.Sorted(maps.Keys(c.groups)) {
		g := c.groups[key]
		if len(g.texts) == 0 {
			exact = exact && g.tracked == nil
			continue
		}
		slices.Sort(g.texts)
		bounds, odd := hist.ReadBounds(slices.Compact(g.texts))
		if len(odd) > 0 {
			c.of.wrong(c.side, "histogram", "le %s of %s is no number", diag.Quote(odd[0]), c.named("_bucket", nil))
			return nil, false
		}
		last := bounds[len(bounds)-1]
		g.bounds, g.place, g.whole = bounds, bounds.Place(*c.side.limit), len(last.Texts) > 0
		if !g.whole && g.place.High == len(bounds)-1 {
			c.of.wrong(c.side, "histogram", "%s has no bucket of le=\"+Inf\" in some series, "+
				"and none that ends at %s or later", c.named("_bucket", nil), c.side.limit).hint("narrow the selector to histograms that are whole")
			return nil, false
		}
		exact = exact && g.place.Exact() && g.tracked == nil
		if low, high := g.place.Low, g.place.High; low < high {
			c.parted(bounds.At(low), bounds.At(high))
		}
		if _, ok := known[strings.Join(g.texts, "\xff")]; !ok {
			known[strings.Join(g.texts, "\xff")] = len(c.layouts)
			c.layouts = append(c.layouts, bounds)
		}
		g.layout = known[strings.Join(g.texts, "\xff")]
		le = append(le, last.Texts...)
		for _, b := range bounds[max(0, g.place.Low-g.reach()):min(len(bounds), g.place.High+g.reach()+1)] {
			le = append(le, b.Texts...)
		}
	}
	slices.Sort(le)
	return slices.Compact(le), exact
}

// whole tells whether all histograms have the bound +Inf.
func (c *classic) whole() bool {
	for _, g := range c.groups {
		if !g.whole && len(g.texts) > 0 {
			return false
		}
	}
	return true
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
	if g == nil || len(g.texts) == 0 {
		return false
	}
	at := len(g.bounds) - 1
	switch {
	case s.of == c.of.hours:
		return true
	case g.tracked != nil:
		return false
	case strings.HasSuffix(l.Get(sample.MetricName), "_count"):
		return !g.whole
	case s.most:
		at = g.place.High
	case s.role == spec.Good:
		at = g.place.Low
	}
	return at >= 0 && slices.Contains(g.bounds[at].Texts, l.Get("le"))
}

// place puts the layout and the bound of a bucket at the end of values.
func (c *classic) place(l sample.Labels, values [][]byte) {
	g, n := c.groups[c.key(l)], len(values)
	i := slices.IndexFunc(g.bounds, func(b hist.Bound) bool { return slices.Contains(b.Texts, l.Get("le")) })
	values[n-2], values[n-1] = strconv.AppendInt(nil, int64(g.layout), 10), strconv.AppendInt(nil, int64(i), 10)
}

// fold adds what the shadows have read to the request.
func (a *asked) fold() {
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
	p.see(other.oldest, other.newest)
	p.late.join(other.late)
	p.hours = other.hours
}

// scaleTo returns units of p as those of another part, which is as fine or finer.
func (p *part) scaleTo(other *part, units uint64) uint64 { return other.scale(units, p.fine) }

// spreads returns the percentiles of each hour of a label set, in order.
func (a *asked) spreads(labels map[string]string, p *part) (all []slo.Percentiles) {
	if !a.req.Percentiles || a.buckets == nil {
		return nil
	}
	hours := map[int64]*hist.Spread{}
	maps.Copy(hours, p.hours)
	if a.hours != nil {
		a.hours.classicSpreads(labels, hours)
	}
	for _, start := range slices.Sorted(maps.Keys(hours)) {
		at := time.UnixMilli(start).UTC()
		if !a.req.Period.Contains(at) {
			continue
		}
		if one, ok := hours[start].Percentiles(at, a.buckets.side.limit.Scale); ok {
			all = append(all, one)
		}
	}
	return all
}

// classicSpreads adds what classic histograms of a label set saw.
func (a *asked) classicSpreads(labels map[string]string, hours map[int64]*hist.Spread) {
	c := a.sides[0].bound
	rows := map[int64]map[int][]float64{} // by hour and layout: the increments of the bounds
	for of, p := range a.split.All() {
		if !covers(of, labels) {
			continue
		}
		layout, _ := strconv.Atoi(of["layout"])
		bound, _ := strconv.Atoi(of["bound"])
		unit := 1.0
		if p.fine {
			unit = micro
		}
		for i, n := range p.counts[total].All() {
			if *n == 0 {
				continue
			}
			hour := a.grid.time(i).UnixMilli()
			if rows[hour] == nil {
				rows[hour] = map[int][]float64{}
			}
			if rows[hour][layout] == nil {
				rows[hour][layout] = make([]float64, len(c.layouts[layout]))
			}
			rows[hour][layout][bound] = float64(*n-1) / unit
		}
	}
	for hour, layouts := range rows {
		spread := &hist.Spread{}
		whole := true
		for _, layout := range slices.Sorted(maps.Keys(layouts)) {
			bounds := c.layouts[layout]
			whole = whole && len(bounds[len(bounds)-1].Texts) > 0
			spread.Classic(bounds, layouts[layout])
		}
		if whole { // else nobody knows how many events are over the bounds
			hours[hour] = spread
		}
	}
}

// covers tells whether labels have all of others.
func covers(labels, others map[string]string) bool {
	for name, value := range others {
		if labels[name] != value {
			return false
		}
	}
	return true
}

// between warns of a limit that lies between two bounds.
func (j *joined) between(p *part) []diag.Finding {
	if p.of.buckets == nil {
		return nil
	}
	var all, low, high slo.Sum
	for _, b := range j.buckets {
		if b.is {
			all.Add(float64(b.all))
			low.Add(float64(b.part))
			high.Add(float64(b.most))
		}
	}
	if all.IsZero() || low == high {
		return nil
	}
	percent := func(n slo.Sum) string {
		return fmt.Sprintf("%.4f%%", 100*n.Number(0).Quo(all.Number(0)).Float())
	}
	c := p.of.buckets
	return []diag.Finding{c.side.warn("bound", "%s is between two bounds of the buckets: "+
		"from %s to %s of the events are good, and the worse is taken where it matters",
		c.side.limit, percent(low), percent(high)).
		WithHint("choose a threshold that is a bound%s", c.nearest())}
}

// nearest names the bounds around the limit.
func (c *classic) nearest() string {
	for _, key := range slices.Sorted(maps.Keys(c.groups)) {
		g := c.groups[key]
		if g.place.Exact() {
			continue
		}
		text := ": "
		if g.place.Low >= 0 {
			text += g.bounds[g.place.Low].String() + " or "
		}
		return text + g.bounds[g.place.High].String()
	}
	return ""
}

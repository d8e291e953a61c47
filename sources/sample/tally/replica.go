package tally

import (
	"slices"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sparse"
)

// group are the series that differ in labels of replicas alone: one counter, or gauge,
// that several servers read. Each bucket is told by the one that has the most samples in
// it, the same as before where several have as many. A counter goes on from the value at
// which the one before left off, so that none of its events counts twice or not at all.
type group struct {
	side   *side
	part   *part
	key    string // the labels that they share
	copies []*replica
	fine   bool
}

// replica is one series of a group.
type replica struct {
	of     *group
	cells  sparse.Array[cell]
	native *shares         // of native histograms
	hours  map[int64]*hour // for percentiles of these

	begun     bool
	base      number // the last value before the first bucket
	baseAt    int64
	hasBase   bool
	last      number
	first     number // of all
	firstAt   int64
	lastReset int // the last bucket before the one looked at in which it began anew

	series *series
}

// cell is what a replica has in one bucket.
type cell struct {
	first, last number
	units       uint64 // counted from first to last; of a gauge the bad events
	n           int32  // samples
	anew        bool   // it began anew at first
	restarts    bool   // it did so after first
	covered     bool   // it has samples before and behind, and no pause between
	paused      bool
}

// replica returns what a series is in its group, nil if it has no label of replicas.
func (s *side) replica(one *series) *replica {
	var key []byte
	is := false
	for _, l := range one.labels {
		if slices.Contains(s.of.config.Replica, l.Name) && !slices.Contains(s.of.req.Per, l.Name) {
			is = true
			continue
		}
		if s.alike(l.Name) {
			continue
		}
		key = l.AppendKey(key)
	}
	if !is {
		return nil
	}
	g := s.groups[string(key)]
	if g == nil {
		g = &group{side: s, part: one.part, key: string(key)}
		s.groups[g.key] = g
		s.order = append(s.order, g)
	}
	r := &replica{of: g, series: one, lastReset: outside}
	g.copies = append(g.copies, r)
	return r
}

// alike tells whether series that differ in a label count as one histogram: it has one bucket
// of those that the side counts, whatever kind it is.
func (s *side) alike(label string) bool {
	return s.bound != nil && s.of != s.bound.of.hours && (label == "le" || label == sample.MetricName)
}

// refine counts in 10^-6 from now on.
func (g *group) refine() {
	if g.fine {
		return
	}
	g.fine = true
	for _, r := range g.copies {
		for _, c := range r.cells.All() {
			c.units = inMicro(c.units)
		}
		r.native.refine()
	}
}

// inMicro returns whole units in 10^-6. What is more than 2^43 is over slo.MaxUnits all the same.
func inMicro(units uint64) uint64 { return min(units, 1<<43) * micro }

// take takes samples of a counter.
func (r *replica) take(times []int64, values []float64) {
	for i, v := range values {
		n := numberOf(v)
		r.see(times[i], n, n.less(r.last))
	}
}

// see takes a sample of a counter; anew tells that it began anew since the one before.
func (r *replica) see(at int64, n number, anew bool) {
	g := &r.of.side.of.grid
	if !r.begun {
		r.begun, r.first, r.firstAt, r.last = true, n, at, n
	}
	switch b := g.bucket(at); {
	case b < 0:
		r.base, r.baseAt, r.hasBase = n, at, true
	case b < g.n:
		r.cells.At(b).add(n, r.last, anew, r.of.fine)
	}
	r.last = n
}

// add adds a sample to the cell; last is the one before.
func (c *cell) add(n, last number, anew, fine bool) {
	if c.n++; c.n == 1 {
		c.first, c.last, c.anew = n, n, anew
		return
	}
	if anew {
		c.restarts, last = true, number{}
	}
	c.units += min(n.since(last, fine), 1<<62)
	c.last = n
}

// event takes a sample of a gauge.
func (r *replica) event(bucket int, bad uint64) {
	if r.of.side.of.grid.has(bucket) {
		c := r.cells.At(bucket)
		c.n++
		c.units += bad
	}
}

// gap notes buckets between two samples.
func (r *replica) gap(from, to int, d gap) {
	for i := max(from, 0); i < min(to, r.of.side.of.grid.n); i++ {
		c := r.cells.At(i)
		c.covered, c.paused = c.covered || !d.pause, c.paused || d.pause
	}
}

// finish counts the group.
func (g *group) finish() {
	if g.side.expr.Is() && g.side.test == nil {
		g.larger()
		return
	}
	w := walk{group: g, now: -1}
	w.begin()
	for i := range g.side.of.grid.n {
		best := g.best(i, w.now)
		switch {
		case best < 0:
			w.without(i)
		case g.side.test != nil:
			c := g.copies[best].cells.Get(i)
			g.part.event(i, uint64(c.n), c.units)
			w.now = best
		default:
			w.count(i, best)
		}
		w.after(i)
	}
	g.spreads()
}

// best returns the replica with the most samples in a bucket, less than 0 if none has one.
func (g *group) best(bucket, now int) int {
	best, most := -1, int32(0)
	for i, r := range g.copies {
		n := r.cells.Get(bucket).n
		if n > most || n == most && n > 0 && i == now {
			best, most = i, n
		}
	}
	return best
}

// walk goes through the buckets of a group.
type walk struct {
	group *group
	now   int    // the replica that told the bucket before, less than 0: none yet
	level number // up to which the counter is counted
	below below  // what native histograms hold there
	at    int    // the bucket in which it was
	known bool   // level is
	pause bool   // all replicas have had one since at
}

// begin finds where the counter stood before the first bucket, as the replica has it that
// was read last then, or where it began.
func (w *walk) begin() {
	g := w.group
	var first *replica
	best, latest := g.best(0, -1), int64(never)
	for i, r := range g.copies {
		if r.hasBase && (r.baseAt > latest || r.baseAt == latest && i == best) {
			w.known, w.level, w.now, w.at, latest = true, r.base, i, -1, r.baseAt
			w.below = r.native.before()
		}
		if r.begun && (first == nil || r.firstAt < first.firstAt) {
			first = r
		}
	}
	if w.known || first == nil {
		return
	}
	w.known, w.level, w.at = true, first.first, g.side.of.grid.bucket(first.firstAt)
	b := &birth{side: g.side, part: g.part, labels: first.series.labels,
		at: first.firstAt, value: first.first, fine: g.fine, interval: first.series.rhythm.interval()}
	if first.native != nil {
		w.below, b.native = first.native.first, &first.native.began
	}
	g.side.births = append(g.side.births, b)
}

// without goes over a bucket in which no replica has a sample.
func (w *walk) without(i int) {
	covered, paused := false, false
	for _, r := range w.group.copies {
		c := r.cells.Get(i)
		covered, paused = covered || c.covered, paused || c.paused
	}
	switch {
	case covered:
		w.group.part.cover(w.group.side.index, i, i+1)
	case paused:
		w.pause = true
		*w.group.part.paused[w.group.side.index].At(i) = true
	}
}

// turn is how what a replica has in a bucket goes on from the level of a walk.
type turn byte

const (
	ahead     turn = iota // it begins at the level, or over it
	restarted             // it began anew behind the level, and before its first sample
	behind                // it was read a little before the replica that told the level
	overtaken             // as behind, but it began anew later in the bucket
)

// turn tells how a cell of a replica goes on.
func (w *walk) turn(best int, c cell) turn {
	r, under := w.group.copies[best], c.first.less(w.level)
	switch {
	case c.anew && best == w.now, under && (c.anew || r.lastReset >= w.at):
		return restarted
	case !under:
		return ahead
	case !c.restarts:
		return behind
	}
	return overtaken
}

// units returns what a cell counts behind a level.
func (t turn) units(c cell, level number, fine bool) uint64 {
	switch t {
	case ahead:
		return c.units + c.first.since(level, fine)
	case restarted:
		return c.units + c.first.since(number{}, fine)
	case behind:
		return c.last.beyond(level, fine)
	}
	return c.units
}

// count counts a bucket as a replica has it.
func (w *walk) count(i, best int) {
	g, r := w.group, w.group.copies[best]
	c := r.cells.Get(i)
	t := w.turn(best, c)
	n := [3]uint64{total: t.units(c, w.level, g.fine)}
	if r.native != nil {
		n[share], n[upper] = t.shares(c, r.native.cells.Get(i), w, n[total])
	}
	if first := w.at == i && c.n == 1 && w.now < 0; !first { // the first sample of all tells nothing yet
		g.add(i, n)
	}
	if t != behind || !c.last.less(w.level) {
		w.level = c.last
		if r.native != nil {
			w.below = r.native.cells.Get(i).last
		}
	}
	if w.pause {
		g.part.late.add(g.key, span{g.side.of.grid.end(w.at), g.side.of.grid.end(i - 1)})
	}
	w.now, w.at, w.pause = best, i, false
}

// add adds what a bucket has, by side if the group is of native histograms.
func (g *group) add(i int, n [3]uint64) {
	if g.side.limit == nil {
		g.part.add(g.side.index, i, g.part.scale(min(n[total], 1<<54), g.fine))
		return
	}
	for side, units := range n {
		g.part.add(side, i, g.part.scale(min(units, 1<<54), g.fine))
	}
}

// after remembers who began anew in a bucket.
func (w *walk) after(i int) {
	for _, r := range w.group.copies {
		if c := r.cells.Get(i); c.anew || c.restarts {
			r.lastReset = i
		}
	}
}

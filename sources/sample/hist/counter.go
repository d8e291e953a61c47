package hist

import (
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// Kind is what a sample is to the one before it.
type Kind byte

// The kinds of a sample.
const (
	Began     Kind = iota // the first of its series: counts are all that it holds
	Grew                  // counts are what came since the sample before
	Restarted             // the series began anew in between: counts are all that it holds
	Ended                 // a stale marker, without counts: what follows is compared with what was before
	Gauge                 // a gauge histogram, of which there are no differences: left out
	Broken                // no histogram, with counts under zero or buckets out of order: left out
)

// Change is what a sample adds: 0 ≤ Low ≤ High ≤ Total. They are whole, and exact, where the
// counts of the samples are whole numbers up to 2^53.
type Change struct {
	Kind  Kind
	Total float64 // events, those too that are in no bucket since they are NaN
	Low   float64 // at or below the limit for sure
	High  float64 // at or below the limit at most; Low if the limit is the bound of a bucket

	// Over tells that the buckets below the limit hold more events than there are, and not
	// by rounding: the exporter is broken. Low and High were cut to Total.
	Over bool
}

// Counter counts what the samples of one native histogram series add, in order of time. It
// holds a copy of the last one, and with Into of one more: 16 bytes a bucket each.
//
// A restart is what the sample says, or else a count that fell: of all events, of the zero
// bucket or of any other, after both samples were brought to the coarser buckets and the
// larger zero bucket. Buckets that became finer, or a zero bucket that became smaller or
// now ends inside a bucket that has events, are a restart too unless the sample says
// that it goes on. Of custom bounds that changed those that both samples have are
// compared and counted. What came between the last sample before a restart and the
// restart itself is nowhere.
type Counter struct {
	at     float64
	began  bool
	last   sample.Histogram
	cut    cut
	split  split  // cut in last's buckets
	before counts // of last

	hour *Spread
	base sample.Histogram // what hour need not have of last
}

// counts are of all that one sample holds.
type counts struct{ total, low, high float64 }

// NewCounter returns the counter of a series for a limit.
func NewCounter(l Limit) *Counter { return &Counter{at: l.At} }

// Add counts the next sample, which it does not keep.
func (c *Counter) Add(h *sample.Histogram) Change {
	switch {
	case sample.Stale(h.Sum):
		return Change{Kind: Ended}
	case h.Reset == sample.Gauge:
		return Change{Kind: Gauge}
	case c.began && h.Reset != sample.Restarted && c.alike(h):
		return c.grow(h)
	case !sound(h):
		return Change{Kind: Broken}
	case !c.began:
		c.keep(h)
		c.rebase()
		c.began = true
		return c.before.change(Began, h.Count)
	}
	if change, ok := c.since(h); ok {
		if c.hour != nil && !slices.Equal(c.last.Bounds, h.Bounds) { // what was seen by either has bounds of its own
			c.flush()
			c.hour.grow(&c.last, h)
			defer c.rebase()
		}
		c.keep(h)
		return change
	}
	c.flush()
	c.keep(h)
	c.base = emptied(h)
	return c.before.change(Restarted, h.Count)
}

// alike tells whether h has the last sample's buckets and no count fell: the common case.
func (c *Counter) alike(h *sample.Histogram) bool {
	p := &c.last
	return h.Schema == p.Schema && h.ZeroThreshold == p.ZeroThreshold && slices.Equal(h.Bounds, p.Bounds) &&
		rose(p.Count, h.Count) && rose(p.ZeroCount, h.ZeroCount) &&
		allRose(p.Positive, h.Positive) && allRose(p.Negative, h.Negative)
}

// rose tells whether a count did not fall and is one.
func rose(before, now float64) bool { return now >= before && now <= math.MaxFloat64 }

// allRose tells the same of each bucket, and whether they are the same buckets.
func allRose(before, now []sample.Bucket) bool {
	if len(before) != len(now) {
		return false
	}
	for i, b := range before {
		if b.Index != now[i].Index || !rose(b.Count, now[i].Count) {
			return false
		}
	}
	return true
}

// grow counts a sample that is alike.
func (c *Counter) grow(h *sample.Histogram) Change {
	now := c.split.counts(h)
	change := now.since(c.before).change(Grew, h.Count)
	c.before = now
	copyTo(&c.last, h)
	return change
}

// since counts what h has more than the last sample, false if the series restarted.
func (c *Counter) since(h *sample.Histogram) (Change, bool) {
	before, now, ok := common(&c.last, h)
	if !ok || h.Reset == sample.Restarted {
		return Change{}, false
	}
	// A series that goes on only ever loses detail.
	changed := now.Schema != h.Schema || now.ZeroThreshold != h.ZeroThreshold
	if changed && h.Reset != sample.Continued || fell(&before, &now) {
		return Change{}, false
	}
	cut := newCut(c.at, &now)
	was, is := cut.of(&before), cut.of(&now)
	return is.counts(&now).since(was.counts(&before)).change(Grew, h.Count), true
}

// keep makes h the last sample.
func (c *Counter) keep(h *sample.Histogram) {
	copyTo(&c.last, h)
	c.cut = newCut(c.at, h)
	c.split = c.cut.of(h)
	c.before = c.split.counts(h)
}

// counts adds up what h holds.
func (s *split) counts(h *sample.Histogram) counts {
	low, high := s.below(h)
	return counts{h.Count, low, high}
}

func (n counts) since(before counts) counts {
	return counts{n.total - before.total, n.low - before.low, n.high - before.high}
}

// change returns n as the change of a sample that holds count events.
func (n counts) change(kind Kind, count float64) Change {
	const millionth, rounding = 1e-6, 1e-9 // counts that are not whole have sums that are rounded
	return Change{
		Kind: kind, Total: n.total, Low: min(n.low, n.high, n.total), High: min(n.high, n.total),
		Over: n.high-n.total > max(millionth, count*rounding),
	}
}

// Content is what one sample holds: 0 ≤ Low ≤ High ≤ Total.
type Content struct {
	Total, Low, High float64 // as those of Change
	From, To         float64 // Low are the events up to From, High those up to To; see Around
}

// Holds returns what the last sample holds.
func (c *Counter) Holds() Content {
	all := c.before.change(Began, 0)
	h := Content{Total: all.Total, Low: all.Low, High: all.High}
	h.From, h.To = c.Around()
	return h
}

// Around returns the bounds of the bucket of the last sample that the limit lies in, the
// limit twice if it is a bound itself.
func (c *Counter) Around() (low, high float64) {
	switch zero := c.last.ZeroThreshold; {
	case c.cut.exact():
		return c.at, c.at
	case c.cut.zeroLow != c.cut.zeroHigh:
		return -zero, zero
	case c.cut.negativeLow != c.cut.negativeHigh:
		low, high = bounds(&c.last, c.cut.negativeHigh)
		return -high, -low
	}
	return bounds(&c.last, c.cut.positiveHigh)
}

// Into has what comes from now on added to an hour's spread, besides the counts that Add
// returns; nil ends that. What the first sample holds goes to none, and what comes
// with a sample goes to the hour that is set when it is added.
func (c *Counter) Into(hour *Spread) {
	c.flush()
	c.hour = hour
	c.rebase()
}

// rebase leaves out of the hour what was counted until now.
func (c *Counter) rebase() {
	if c.hour != nil {
		copyTo(&c.base, &c.last)
	}
}

func (c *Counter) flush() {
	if c.hour != nil && c.began {
		c.hour.grow(&c.base, &c.last)
	}
}

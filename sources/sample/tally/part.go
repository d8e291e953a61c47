package tally

import (
	"cmp"
	"maps"
	"math/bits"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources/sample/hist"
	"github.com/nines-slo/nines/sources/sparse"
)

const (
	microDecimals = 6         // of counts that are no whole numbers
	micro         = 1_000_000 // units of 10^-6 of one event
)

// The sides of a part: all events, and the good or the bad ones of them; where good and bad
// events are given they are the good ones and the bad ones.
const (
	total = 0
	share = 1
	upper = 2 // what the good ones may be at most, of histograms
)

// part is the counts of one label set.
type part struct {
	of     *asked
	counts [3]sparse.Array[uint64] // by side, one more than the count; 0: not measured
	paused [3]sparse.Array[bool]   // by side: a series had a pause
	fine   bool                    // counts are in 10^-6 of an event
	over   int                     // one more than a bucket that has over slo.MaxUnits; 0: none

	first  int64 // instant of the first sample
	oldest int64 // of the first sample that tells a count, in the period or not
	newest int64 // of the last one
	late   pauses
	nan    nans

	hours map[int64]*hist.Spread // of native histograms, by the start of the hour
	slots map[slot]*part         // of classic ones, of which each counts a bound by the hour
	heard sparse.Array[uint64]   // of a slot: the samples of each hour
}

// pauses are those of the series of a part after which a count came late.
type pauses struct {
	times  []span // some may overlap, until they are merged
	merged int    // of times, the last time
	series map[string]bool
}

// span is a time without samples.
type span struct{ from, to int64 }

// manySpans is how many may be kept before those that overlap are merged.
const manySpans = 1024

// add adds a pause of a series.
func (l *pauses) add(series string, at span) {
	if l.series == nil {
		l.series = map[string]bool{}
	}
	l.series[series] = true
	if l.times = append(l.times, at); len(l.times) > manySpans+2*l.merged {
		l.merge()
	}
}

// join adds those of another part.
func (l *pauses) join(other pauses) {
	if l.series == nil {
		l.series = map[string]bool{}
	}
	maps.Copy(l.series, other.series)
	l.times = append(l.times, other.times...)
}

// merge makes one of those that overlap, in order of time: what several series lack at
// once is one pause.
func (l *pauses) merge() {
	order.Stable(l.times, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	out := l.times[:0]
	for _, s := range l.times {
		if n := len(out); n > 0 && s.from < out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	l.times, l.merged = out, len(out)
}

// add adds units to a bucket and makes it measured.
func (p *part) add(side, bucket int, units uint64) {
	if !p.of.grid.has(bucket) {
		return
	}
	n := p.counts[side].At(bucket)
	if *n == 0 {
		*n = 1
	}
	if *n += units; *n > slo.MaxUnits || units > slo.MaxUnits {
		p.over, *n = bucket+1, 1
	}
}

// cover makes the buckets from one to before another measured.
func (p *part) cover(side, from, to int) {
	for i := max(from, 0); i < min(to, p.of.grid.n); i++ {
		p.add(side, i, 0)
	}
}

// event adds good or bad events to a bucket: to the total, and what of it is bad.
func (p *part) event(bucket int, n, bad uint64) {
	p.add(total, bucket, n)
	p.add(share, bucket, bad)
}

// pause remembers that a series had no samples in buckets. What is behind the period asked
// about is told by nobody.
func (p *part) pause(s *series, from, to int, d gap) {
	told := p.tells(d.to)
	if told && (p.of.buckets == nil || s.side.index == total) { // the buckets of a histogram pause together
		p.late.add(s.name(), span{d.from, d.to})
	}
	for i := max(from, 0); i < min(to, p.of.grid.n); i++ {
		*p.paused[s.side.index].At(i) = true
	}
}

// tells tells whether notes are of what happened at an instant.
func (p *part) tells(at int64) bool {
	asked, told := p.of.req.Period, p.of.req.Told
	if told.Empty() {
		told = asked
	}
	begun, over := at > told.Start.UnixMilli(), at > told.End.UnixMilli() && told.End.Before(asked.End)
	return begun && !over && at > p.of.grid.start && at <= p.of.until
}

// refine counts in 10^-6 of an event from now on.
func (p *part) refine() {
	if p.fine {
		return
	}
	p.fine = true
	for side := range p.counts {
		for i, n := range p.counts[side].All() {
			if *n > 1 {
				units := p.scale(*n-1, false)
				*n = 1
				p.add(side, i, units)
			}
		}
	}
}

// scale returns a count in the unit of the part; fine tells that it is in 10^-6 of an
// event, as those of the part are then. What is too large is over slo.MaxUnits.
func (p *part) scale(n uint64, fine bool) uint64 {
	if !p.fine || fine {
		return n
	}
	hi, lo := bits.Mul64(n, micro)
	if hi > 0 {
		return slo.MaxUnits + 1
	}
	return lo
}

// see remembers that a span of time was looked at.
func (p *part) see(from, to int64) {
	p.oldest, p.newest = min(p.oldest, from), max(p.newest, to)
}

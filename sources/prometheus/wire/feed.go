package wire

import (
	"time"

	"github.com/nines-slo/nines/sources/sample"
)

// blockSize is how many points a block has at most.
const blockSize = 1024

// span is a stretch of time, in milliseconds since the epoch, both ends included.
type span struct {
	from, to int64
	step     int64 // points stand at from and each step after it; 0: anywhere
}

// off says what is wrong with a point at a time.
func (s span) off(at int64) error {
	switch {
	case at < s.from, at > s.to:
		return refused("the answer has a point at %s, outside of %s to %s that was asked for",
			clock(at), clock(s.from), clock(s.to))
	case s.step > 0 && (at-s.from)%s.step != 0:
		return refused("the answer has a point at %s, which is no multiple of %s after %s",
			clock(at), time.Duration(s.step)*time.Millisecond, clock(s.from))
	}
	return nil
}

// clock writes a time of a message.
func clock(ms int64) string { return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00") }

// feed hands over the points of one stretch of a query, each once, however often and in
// whatever pieces they are asked for.
type feed struct {
	known *catalog
	hand  func(sample.Block) error
	done  map[int]int64 // of a series: the last time that was handed over

	// Of the answer that is read:
	within  span
	early   bool          // a point just before within is left out, not wrong
	resumed bool          // a series may go on behind another one
	read    map[int]int64 // of a series: the last time that was read
	last    int64         // of the present series
	handed  int64
	block   sample.Block
	count   int64 // points read
}

func newFeed(known *catalog, hand func(sample.Block) error) *feed {
	return &feed{known: known, hand: hand, done: map[int]int64{}, block: sample.Block{
		Times: make([]int64, 0, blockSize), Values: make([]float64, 0, blockSize),
	}}
}

// begin starts an answer for a stretch of time.
func (f *feed) begin(within span) {
	f.within, f.count, f.read = within, 0, map[int]int64{}
	f.reset()
}

func (f *feed) reset() { f.block.Times, f.block.Values = f.block.Times[:0], f.block.Values[:0] }

const never = -1 << 63

// series starts a series.
func (f *feed) series(l sample.Labels) error {
	n, labels, err := f.known.find(l)
	if err != nil {
		return err
	}
	last, again := f.read[n]
	if again && !f.resumed {
		return refused("the answer has the series %s twice", labels)
	}
	f.block.Series, f.block.Labels = n, labels
	f.last, f.handed = never, never
	if again {
		f.last = last
	}
	f.read[n] = f.last
	if handed, ok := f.done[n]; ok {
		f.handed = handed
	}
	return nil
}

// add takes the next point of the series.
func (f *feed) add(at int64, v float64) error {
	if at <= f.last {
		return f.order(at)
	}
	if at != f.last+f.within.step || at > f.within.to {
		if f.early && at == f.within.from-1 {
			return nil
		}
		if err := f.within.off(at); err != nil {
			return err
		}
	}
	f.last = at
	f.count++
	if at <= f.handed {
		return nil
	}
	f.block.Times = append(f.block.Times, at)
	f.block.Values = append(f.block.Values, v)
	if len(f.block.Times) < blockSize {
		return nil
	}
	return f.flush()
}

// order says what is wrong with a point that is not later than the one before.
func (f *feed) order(at int64) error {
	if at == f.last {
		return refused("the answer has two points at %s in %s", clock(at), f.block.Labels)
	}
	return refused("the answer has a point at %s behind one at %s in %s", clock(at), clock(f.last), f.block.Labels)
}

// end ends the series.
func (f *feed) end() error {
	f.read[f.block.Series] = f.last
	return f.flush()
}

func (f *feed) flush() error {
	if len(f.block.Times) == 0 {
		return nil
	}
	defer f.reset()
	f.done[f.block.Series] = f.last
	return f.hand(f.block)
}

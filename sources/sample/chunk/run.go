package chunk

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// How many samples a Run holds before it gives some away, and how many at most, which is
// more only where many chunks cover the same time. A histogram is as many as it has buckets
// and bounds, and some more.
const (
	fullFloats     = 4096
	fullHistograms = 256
	mostHeld       = 1 << 18

	fullBuckets = 1 << 16
	mostBuckets = 1 << 19
)

var errRun = errors.New("chunks of a series are out of order")

// Run puts the samples of one series after the other together from their chunks. Those of
// a series come in order of their first samples, and may overlap: of several samples of
// one time the first that came counts.
type Run struct {
	from, to int64
	emit     func(sample.Block) error

	held  sample.Block // in order; no chunk to come has one before the first of the latest
	last  int64        // that was given away
	given bool         // there is one
	old   sample.Block // room
}

// NewRun returns a Run that gives samples to emit: floats or histograms, in order of time,
// no time twice. The slices of a block are good until emit returns; its labels are not set.
func NewRun(emit func(sample.Block) error) *Run { return &Run{emit: emit} }

// Begin begins another series. Its samples outside [from, to] are left out. Samples of the series
// before are dropped if End was not called.
func (r *Run) Begin(from, to int64) {
	r.from, r.to, r.given = from, to, false
	r.held = cut(r.held, 0)
}

// After tells the time of the last sample of the series that was given away before Begin. It
// is an error if a sample comes that is not later.
func (r *Run) After(last int64) { r.last, r.given = last, true }

// End gives away what is left of a series.
func (r *Run) End() error { return r.give(len(r.held.Times)) }

// Add takes the next chunk of the series.
func (r *Run) Add(e Encoding, data []byte) error {
	if err := r.turn(e.Floats()); err != nil {
		return err
	}
	begin := len(r.held.Times)
	var err error
	if b := &r.held; e.Floats() {
		b.Times, b.Values, err = Floats(e, data, b.Times, b.Values)
	} else {
		b.Times, b.Histograms, err = Histograms(e, data, b.Times, b.Histograms)
	}
	if err != nil {
		return err
	}
	return r.put(begin)
}

// AddFloats takes floats of the series whose times rise, as a chunk.
func (r *Run) AddFloats(times []int64, values []float64) error {
	if err := r.turn(true); err != nil {
		return err
	}
	begin := len(r.held.Times)
	r.held.Times, r.held.Values = append(r.held.Times, times...), append(r.held.Values, values...)
	return r.put(begin)
}

// AddHistograms takes histograms of the series whose times rise, as a chunk.
func (r *Run) AddHistograms(times []int64, hs []sample.Histogram) error {
	if err := r.turn(false); err != nil {
		return err
	}
	begin := len(r.held.Times)
	r.held.Times, r.held.Histograms = append(r.held.Times, times...), append(r.held.Histograms, hs...)
	return r.put(begin)
}

// turn gives away what is of the other sort than what comes.
func (r *Run) turn(floats bool) error {
	if floats && len(r.held.Histograms) > 0 || !floats && len(r.held.Values) > 0 {
		return r.End()
	}
	return nil
}

// put puts what was appended from begin on in its place, and gives away what is complete
// if that is much.
func (r *Run) put(begin int) error {
	times := r.held.Times
	if begin == len(times) {
		return nil
	}
	first := times[begin]
	r.clip(begin)
	times = r.held.Times
	if begin < len(times) && r.given && times[begin] <= r.last {
		return errRun
	}
	if begin > 0 && begin < len(times) && times[begin] <= times[begin-1] {
		at, _ := slices.BinarySearch(times[:begin], times[begin])
		r.merge(at, begin)
	}
	if !r.full() {
		return nil
	}
	complete, _ := slices.BinarySearch(r.held.Times, first)
	if err := r.give(complete); err != nil {
		return err
	}
	switch {
	case len(r.held.Times) > mostHeld:
		return fmt.Errorf("over %d samples of chunks that overlap", mostHeld)
	case buckets(r.held.Histograms) > mostBuckets:
		return fmt.Errorf("over %d buckets of chunks that overlap", mostBuckets)
	}
	return nil
}

// full tells whether much is held.
func (r *Run) full() bool {
	if len(r.held.Histograms) == 0 {
		return len(r.held.Times) >= fullFloats
	}
	return len(r.held.Times) >= fullHistograms || buckets(r.held.Histograms) >= fullBuckets
}

// buckets returns how much room histograms take, in buckets.
func buckets(hs []sample.Histogram) int {
	n := 0
	for _, h := range hs {
		n += itself + len(h.Positive) + len(h.Negative) + len(h.Bounds)
	}
	return n
}

// itself is the room of a histogram without buckets, here and in old.
const itself = 18

// clip drops what is outside of the times asked for, from begin on.
func (r *Run) clip(begin int) {
	times := r.held.Times[begin:]
	low, _ := slices.BinarySearch(times, r.from)
	high, found := slices.BinarySearch(times, r.to)
	if found {
		high++
	}
	high = max(low, high)
	r.held = cut(r.held, begin+high)
	if low > 0 {
		r.held = without(r.held, begin, begin+low)
	}
}

// merge puts the samples from begin on among those from at on. A histogram that now follows
// one of another chunk says nothing of it.
func (r *Run) merge(at, begin int) {
	r.old = copyOf(r.old, r.held, at, begin)
	b, old := &r.held, &r.old
	n, next, prior := at, begin, true
	for i := 0; i < len(old.Times) || next < len(b.Times); n++ {
		if mine := i < len(old.Times) && (next == len(b.Times) || old.Times[i] <= b.Times[next]); mine {
			if next < len(b.Times) && old.Times[i] == b.Times[next] {
				next++
			}
			move(b, n, old, i, !prior)
			i, prior = i+1, true
		} else {
			move(b, n, b, next, prior)
			next, prior = next+1, false
		}
	}
	r.held, r.old = cut(r.held, n), cut(r.old, 0)
}

// move sets sample n of b to sample i of from, after one of another chunk or not.
func move(b *sample.Block, n int, from *sample.Block, i int, other bool) {
	b.Times[n] = from.Times[i]
	if len(from.Values) > 0 {
		b.Values[n] = from.Values[i]
		return
	}
	h := from.Histograms[i]
	if other && h.Reset != sample.Gauge {
		h.Reset = sample.ResetUnknown
	}
	b.Histograms[n] = h
}

// give gives the first n samples away.
func (r *Run) give(n int) error {
	if n == 0 {
		return nil
	}
	r.last, r.given = r.held.Times[n-1], true
	b := sample.Block{Times: r.held.Times[:n]}
	if len(r.held.Values) > 0 {
		b.Values = r.held.Values[:n]
	} else {
		b.Histograms = r.held.Histograms[:n]
	}
	err := r.emit(b)
	r.held = without(r.held, 0, n)
	return err
}

// cut returns the first n samples of b. The buckets of others are held no longer.
func cut(b sample.Block, n int) sample.Block {
	b.Times = b.Times[:n]
	b.Values = b.Values[:min(n, len(b.Values))]
	n = min(n, len(b.Histograms))
	clear(b.Histograms[n:])
	b.Histograms = b.Histograms[:n]
	return b
}

// without returns b without samples i to j.
func without(b sample.Block, i, j int) sample.Block {
	b.Times = slices.Delete(b.Times, i, j)
	if len(b.Values) > 0 {
		b.Values = slices.Delete(b.Values, i, j)
	} else {
		b.Histograms = slices.Delete(b.Histograms, i, j)
	}
	return b
}

// copyOf appends samples i to j of b to room.
func copyOf(room, b sample.Block, i, j int) sample.Block {
	room.Times = append(room.Times, b.Times[i:j]...)
	if len(b.Values) > 0 {
		room.Values = append(room.Values, b.Values[i:j]...)
	} else {
		room.Histograms = append(room.Histograms, b.Histograms[i:j]...)
	}
	return room
}

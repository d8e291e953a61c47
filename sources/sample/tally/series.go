package tally

import (
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
)

// series is one series of a side.
type series struct {
	side   *side
	part   *part // of its labels; nil: there are too many
	labels sample.Labels
	copy   *replica // that it is, nil if it counts for itself
	rhythm rhythm

	n        int64 // samples
	firstAt  int64
	secondAt int64
	lastAt   int64
	next     int64 // behind the last bucket, 0: none was read
	first    number
	last     number
	begun    bool
	fine     bool // it had a value that is no whole number

	bucket int // of the last sample
	end    int64
	units  uint64 // counted in bucket and not added yet

	text   string    // of labels, "" until it is asked for
	native *observer // of a native histogram
	held   *bounded  // the histogram that it is of, if it is not counted by itself

	near     []uint64 // the counts around bucket, as they are held
	nearFrom int      // the bucket of the first
}

// most is how many plain samples can be added up: 2^63 is 2^10 times 2^53.
const most = 512

// take takes samples.
func (s *series) take(times []int64, values []float64) {
	if s.side.test != nil {
		s.judge(times, values)
		return
	}
	done := plain(values)
	if done < len(values) {
		if times, values = s.clean(times, values); len(times) == 0 {
			return
		}
	}
	if !s.keepTime(times) {
		return
	}
	if c := s.side.bound; c != nil && s.side.of == c.of.hours {
		s.part.hear(times)
	}
	switch {
	case s.copy != nil:
		s.copy.take(times, values)
	case s.fine || done < len(values):
		s.countOdd(times, values)
	default:
		s.count(times, values)
	}
}

// clean leaves out staleness markers and refuses what no counter can have.
func (s *series) clean(times []int64, values []float64) ([]int64, []float64) {
	room := s.side.of.room
	room.clean, room.values = room.clean[:0], room.values[:0]
	for i, v := range values {
		switch {
		case sample.Stale(v):
			continue
		case v >= 1<<63, v < 0, math.IsNaN(v):
			s.side.of.wrong(s.side, "sample", "%s is %v at %s, as no counter can be", s.labels, v, stamp(times[i])).
				hint("count a counter, which is 0 or more and only grows")
			return nil, nil
		case v > slo.MaxUnits:
			s.side.rounded = true
		case v != math.Floor(v):
			s.refine()
		}
		room.clean, room.values = append(room.clean, times[i]), append(room.values, v)
	}
	return room.clean, room.values
}

// stamp writes an instant for people.
func stamp(at int64) string { return time.UnixMilli(at).UTC().Format(time.RFC3339Nano) }

// refine counts in 10^-6 from now on.
func (s *series) refine() {
	s.side.rounded = true
	s.part.refine()
	if s.copy != nil {
		s.copy.of.refine()
	} else if !s.fine && s.units > slo.MaxUnits/micro {
		s.units = slo.MaxUnits + 1
	} else if !s.fine {
		s.units *= micro
	}
	s.fine = true
}

// keepTime counts samples and finds pauses; false: times do not rise.
func (s *series) keepTime(times []int64) bool {
	gaps, ok := s.rhythm.add(times, &s.side.of.grid, s.side.of.room)
	if !ok {
		s.side.of.wrong(s.side, "order", "the samples of %s are not in order of time near %s", s.labels, stamp(times[0]))
		return false
	}
	switch {
	case s.n == 0 && len(times) > 1:
		s.firstAt, s.secondAt = times[0], times[1]
	case s.n == 0:
		s.firstAt = times[0]
	case s.n == 1:
		s.secondAt = times[0]
	}
	s.n += int64(len(times))
	s.lastAt = times[len(times)-1]
	s.gaps(gaps)
	return true
}

// gaps covers the buckets between samples, or tells of pauses.
func (s *series) gaps(gaps []gap) {
	g := &s.side.of.grid
	for _, d := range gaps {
		from, to := g.bucket(d.from)+1, g.bucket(d.to)
		switch {
		case s.copy != nil:
			s.copy.gap(from, to, d)
		case d.pause:
			s.part.pause(s, from, to, d)
		default:
			s.part.cover(s.side.index, from, to)
		}
	}
}

// name writes the labels of the series, of a query's two sides the same.
func (s *series) name() string {
	if s.text == "" {
		s.text = s.labels.String()
	}
	return s.text
}

// count counts values that are whole numbers up to 2^53.
func (s *series) count(times []int64, values []float64) {
	if s.part.fine {
		s.near = nil
	}
	if !s.begun {
		s.start(values[0])
		times, values = times[1:], values[1:]
	}
	for len(values) > 0 {
		n := min(most, len(values))
		s.countSome(times[:n], values[:n])
		times, values = times[n:], values[n:]
	}
}

// countSome is count for a few values: there is no test in it that is not needed.
func (s *series) countSome(times []int64, values []float64) {
	last, end, units, step := s.last.whole, s.end, s.units, s.side.of.grid.step
	bucket, near, begin := s.bucket, s.near, s.nearFrom
	times = times[:len(values)]
	for i, v := range values {
		if t := times[i]; t > end {
			if k := bucket - begin; uint(k) < uint(len(near)) && near[k]+units < slo.MaxUnits {
				near[k] = max(near[k], 1) + units
			} else {
				s.add(bucket, units)
				near, begin = s.near, s.nearFrom
			}
			units, bucket, end = 0, bucket+1, end+step
			if t > end {
				bucket = s.side.of.grid.bucket(t)
				end = s.side.of.grid.end(bucket)
			}
		}
		n := int64(v)
		d := n - last
		if d < 0 {
			d = n
		}
		last = n
		units += uint64(d)
	}
	s.last.whole, s.end, s.bucket, s.units = last, end, bucket, min(units, slo.MaxUnits+1)
}

// add adds units to a bucket, and finds those that are held together with it, unless they
// count in 10^-6.
func (s *series) add(bucket int, units uint64) {
	s.part.add(s.side.index, bucket, s.scaled(units))
	s.near = nil
	if s.side.of.grid.has(bucket) && !s.part.fine {
		s.nearFrom, s.near = s.part.counts[s.side.index].Stretch(bucket)
	}
}

// scaled returns units of s as those of its part.
func (s *series) scaled(units uint64) uint64 { return s.part.scale(units, s.fine) }

// start takes the first sample: nothing is counted by it.
func (s *series) start(v float64) {
	s.first = numberOf(v)
	s.last, s.begun = s.first, true
	s.bucket, s.end = outside, never
}

// outside is the index of no bucket.
const outside = -1 << 40

// turn goes on to the bucket of a sample.
func (s *series) turn(at int64) {
	g := &s.side.of.grid
	if at <= s.end+g.step {
		s.bucket, s.end = s.bucket+1, s.end+g.step
		return
	}
	s.bucket = g.bucket(at)
	s.end = g.end(s.bucket)
}

// flush adds to its bucket what is counted.
func (s *series) flush() {
	s.add(s.bucket, s.units)
	s.units = 0
}

// countOdd counts values of which some are no whole numbers, or over 2^53.
func (s *series) countOdd(times []int64, values []float64) {
	for i, v := range values {
		if !s.begun {
			s.start(v)
			continue
		}
		if times[i] > s.end {
			s.flush()
			s.turn(times[i])
		}
		n := numberOf(v)
		s.units = min(s.units+n.rise(s.last, s.fine), slo.MaxUnits+1)
		s.last = n
	}
}

// judge takes samples of a gauge, each of which is an event.
func (s *series) judge(times []int64, values []float64) {
	if slices.ContainsFunc(values, math.IsNaN) { // staleness markers too
		room := s.side.of.room
		room.clean, room.values = room.clean[:0], room.values[:0]
		for i, v := range values {
			if !math.IsNaN(v) {
				room.clean, room.values = append(room.clean, times[i]), append(room.values, v)
			}
		}
		times, values = room.clean, room.values
	}
	if len(times) == 0 || !s.keepTime(times) {
		return
	}
	for i, v := range values {
		s.event(s.side.of.grid.bucket(times[i]), v)
	}
}

// close judges the last distances, also that to the sample behind the last bucket.
func (s *series) close() {
	r, g, room := s.rhythm, &s.side.of.grid, s.side.of.room
	if s.next != 0 && r.known > 0 {
		gaps, _ := r.add([]int64{s.next}, g, room)
		s.gaps(gaps)
	}
	s.gaps(r.rest(g, room))
}

// finish adds what is left once all samples are read.
func (s *series) finish() {
	if s.part == nil || s.n == 0 || s.held != nil {
		return
	}
	s.side.newest = max(s.side.newest, s.lastAt)
	s.part.first = min(s.part.first, s.firstAt)
	if s.side.expr.Is() {
		s.part.see(s.firstAt, s.lastAt)
		return
	}
	s.close()
	switch {
	case s.side.test != nil:
		s.part.see(s.firstAt, s.lastAt)
	case s.n > 1:
		s.part.see(s.secondAt, s.lastAt)
	}
	if s.native != nil {
		s.native.counter.Into(nil) // it holds back what is of an hour that goes on
	}
	if s.copy != nil || s.side.test != nil {
		return
	}
	if s.native == nil {
		s.flush()
	}
	if s.firstAt > s.side.of.grid.start {
		b := &birth{side: s.side, part: s.part, labels: s.labels,
			at: s.firstAt, value: s.first, fine: s.fine, interval: s.rhythm.interval()}
		if s.native != nil {
			b.value, b.native = numberOf(s.native.first.Total), &s.native.first
		}
		s.side.births = append(s.side.births, b)
	}
}

package tally

import "slices"

const (
	around  = 4            // distances on each side of one that tell what is usual
	nearby  = 2*around + 1 // and itself
	tailLen = 2*around + 1 // times that are kept: of 8 distances, of which 4 wait
	patient = 2            // intervals that a scrape may take before there is a pause
	chance  = 20           // one part in so many of an interval is chance
)

// long tells whether a distance of two samples is a pause, where one is usual: a scrape
// that fails alone makes none, though the next one comes a little late.
func long(d, usual int64) bool { return d > patient*usual+usual/chance }

// rhythm finds the pauses in the times of one series. A distance of two samples is a pause
// if it is long beside the median of the nine distances around it, so one can be judged once
// there are four more behind it:
//
//	t0 - t1 - t2 - t3 - t4 - t5 - t6 - t7 - t8     tail, the last nine times
//	   d    d    d    d    w    w    w    w        the eight distances between them
//
// Those marked w wait, waiting of them; those marked d are judged, and kept as neighbours. With
// the next time the first d is dropped, and the first w has four on each side and is judged.
// Times that come evenly are not looked at one by one: where the longest distance is no pause
// beside the shortest there is none, and only what waits is counted on.
type rhythm struct {
	tail    [tailLen]int64 // the last times
	n       int            // of them
	waiting int            // distances at the end of tail that are not judged yet
	first   [nearby]int64  // distances, the first of the series
	known   int            // of first
}

// gap is a distance of two samples: a pause, or one in which a bucket has no sample.
type gap struct {
	from, to int64
	pause    bool
}

// add adds times that rise and returns the gaps that can be judged now. ok is false if
// times do not rise. The gaps are good until the next call.
func (r *rhythm) add(times []int64, g *grid, room *scratch) (gaps []gap, ok bool) {
	low, high := int64(1<<62), int64(0)
	for i := 1; i < r.n; i++ {
		d := r.tail[i] - r.tail[i-1]
		low, high = min(low, d), max(high, d)
	}
	last := times[0]
	if r.n > 0 {
		last = r.tail[r.n-1]
		d := times[0] - last
		low, high = min(low, d), max(high, d)
		last = times[0]
	}
	for _, t := range times[1:] {
		d := t - last
		low, high = min(low, d), max(high, d)
		last = t
	}
	if low <= 0 {
		return nil, false
	}
	if r.known < nearby {
		r.learn(times)
	}
	if high > g.step || high > patient*low {
		gaps = r.judge(times, g, patient*low, room)
	} else {
		r.waiting = min(around, r.waiting+len(times))
	}
	r.keep(times)
	return gaps, true
}

// learn remembers the first distances.
func (r *rhythm) learn(times []int64) {
	for i, t := range times {
		before := int64(0)
		switch {
		case i > 0:
			before = times[i-1]
		case r.n > 0:
			before = r.tail[r.n-1]
		default:
			continue
		}
		if r.first[r.known] = t - before; r.known == nearby-1 {
			r.known++
			return
		}
		r.known++
	}
}

// keep keeps the last times.
func (r *rhythm) keep(times []int64) {
	if len(times) >= tailLen {
		copy(r.tail[:], times[len(times)-tailLen:])
		r.n = tailLen
		return
	}
	if over := r.n + len(times) - tailLen; over > 0 {
		copy(r.tail[:], r.tail[over:r.n])
		r.n -= over
	}
	copy(r.tail[r.n:], times)
	r.n += len(times)
}

// scratch is room that the series of a read share.
type scratch struct {
	times  []int64
	gaps   []gap
	values []float64
	clean  []int64

	buckets []counted
	parts   []*part // that were answered

	there map[string]bool // by selector and time: whether there is a series
}

// judge judges the distances that have enough others behind them.
func (r *rhythm) judge(times []int64, g *grid, short int64, room *scratch) []gap {
	all := append(append(room.times[:0], r.tail[:r.n]...), times...)
	room.times = all
	from := max(r.n-1-r.waiting, 0)
	to := max(len(all)-1-around, from)
	r.waiting = len(all) - 1 - to
	return judged(all, from, to, g, short, room)
}

// rest judges what still waits, since nothing comes behind it.
func (r *rhythm) rest(g *grid, room *scratch) []gap {
	from := max(r.n-1-r.waiting, 0)
	r.waiting = 0
	return judged(r.tail[:r.n], from, max(r.n-1, 0), g, 0, room)
}

// judged judges the distances with the indices from one to before another. None that is
// no longer than short is a pause.
func judged(times []int64, from, to int, g *grid, short int64, room *scratch) []gap {
	room.gaps = room.gaps[:0]
	if from >= to {
		return nil
	}
	end := g.end(g.bucket(times[from]))
	for i, t := range times[from+1 : to+1] {
		d := t - times[from+i]
		pause := d > short && long(d, median(times, from+i))
		if pause || t > end+g.step {
			room.gaps = append(room.gaps, gap{times[from+i], t, pause})
		}
		switch {
		case t <= end:
		case t <= end+g.step:
			end += g.step
		default:
			end = g.end(g.bucket(t))
		}
	}
	return room.gaps
}

// median returns that of the distances around i, the lower one of two.
func median(times []int64, i int) int64 {
	var near [nearby]int64
	n := 0
	for k := max(i-around, 0); k <= min(i+around, len(times)-2); k++ {
		near[n] = times[k+1] - times[k]
		n++
	}
	slices.Sort(near[:n])
	return near[(n-1)/2]
}

// interval returns the median of the first nine distances, 0 if there is none.
func (r *rhythm) interval() int64 {
	if r.known == 0 {
		return 0
	}
	first := r.first
	slices.Sort(first[:r.known])
	return first[(r.known-1)/2]
}

// recent returns the median of the distances of the last times, 0 if there is none.
func (r *rhythm) recent() int64 {
	var all []int64
	for i := 1; i < r.n; i++ {
		all = append(all, r.tail[i]-r.tail[i-1])
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

package backtest

import (
	"math/bits"
	"slices"
	"time"
)

// finds are the incidents that a condition finds, each a bit, those of all objectives
// in a row.
type finds struct {
	inTime, any set
	delays      []time.Duration // of each incident, 0 where it was not found
}

// add returns f with the next incident.
func (f finds) add(m Match) finds {
	n := len(f.delays)
	return finds{f.inTime.add(n, m.Outcome == Detected), f.any.add(n, !m.Fired.IsZero()), append(f.delays, m.Detection)}
}

// and returns what either finds, by the earlier of both.
func (f finds) and(g finds) finds {
	out := finds{f.inTime.or(g.inTime), f.any.or(g.any), slices.Clone(f.delays)}
	for k := range out.delays {
		if !f.any.has(k) || g.any.has(k) && g.delays[k] < f.delays[k] {
			out.delays[k] = g.delays[k]
		}
	}
	return out
}

// within returns the finds that are in inside.
func (f finds) within(inside set) finds {
	return finds{f.inTime.and(inside), f.any.and(inside), f.delays}
}

// earliest returns the delays of two conditions, the lesser of each incident, added up.
func (f finds) earliest(g finds) (sum time.Duration) {
	for w := range f.any {
		for left := f.any[w] | g.any[w]; left != 0; left &= left - 1 {
			bit := bits.TrailingZeros64(left)
			k := w*64 + bit
			switch {
			case f.any[w]>>bit&1 == 0:
				sum += g.delays[k]
			case g.any[w]>>bit&1 == 0:
				sum += f.delays[k]
			default:
				sum += min(f.delays[k], g.delays[k])
			}
		}
	}
	return sum
}

// set is a set of small numbers.
type set []uint64

// add returns s with number n, which is larger than any before, in it or not.
func (s set) add(n int, in bool) set {
	if n%64 == 0 {
		s = append(s, 0)
	}
	if in {
		s[n/64] |= 1 << (n % 64)
	}
	return s
}

func (s set) and(o set) set {
	out := slices.Clone(s)
	for w := range out {
		out[w] &= o[w]
	}
	return out
}

func (s set) or(o set) set {
	out := slices.Clone(s)
	for w := range out {
		out[w] |= o[w]
	}
	return out
}

func (s set) has(n int) bool { return s[n/64]>>(n%64)&1 == 1 }

// with returns how many numbers are in either.
func (s set) with(o set) (n int) {
	for w := range s {
		n += bits.OnesCount64(s[w] | o[w])
	}
	return n
}

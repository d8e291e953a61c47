package burn

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// Track is what one condition of a policy did over a stretch of time.
type Track struct {
	Policy    slo.Policy
	Condition slo.Condition
	Firings   []Firing
	Earlier   bool // it also fired at the instant before: the first firing began there or before
}

// Firing is the time [Start, End) in which a condition fired. A zero End: it still
// did at the last instant.
type Firing struct {
	Start time.Time
	End   time.Time
}

// Replay evaluates every instant that is known from from to to, both included, and
// returns a track for every condition, in the order of the policies. A firing starts at the
// first instant at which its condition fires. It ends at the first at which it is
// judged not to, or to which it is carried on no more.
func (e *Evaluator) Replay(from, to time.Time) []Track {
	first, last := e.meter.First(from.Add(-e.delay())), e.meter.Instant(to.Add(-e.delay()))
	tracks := make([]Track, len(e.rules))
	for i, r := range e.rules {
		tracks[i] = Track{Policy: r.policy, Condition: r.condition}
		tracks[i].Firings, tracks[i].Earlier = r.replay(first, last)
	}
	return tracks
}

// delay is how long after an instant its counts are complete.
func (e *Evaluator) delay() time.Duration { return e.ledger.SLO().Delay }

// known returns when the counts of instant k are complete.
func (r *rule) known(k int) time.Time { return r.meter.Time(k).Add(r.slo.Delay) }

// replay returns the firings at instants [first, last], and whether the first of them
// began before.
func (r *rule) replay(first, last int) (out []Firing, earlier bool) {
	if first > last {
		return nil, false
	}
	judged, open := r.firing(first - 1)
	run, next := 0, first // how many instants in a row were true, and the one after them
	from := max(first-r.hold, 0)
	if open {
		out, earlier, from = []Firing{{Start: r.known(first)}}, true, first
	}
	quiet := func(to int) { // nothing is true at instants [next, to)
		if open {
			if end := r.ends(judged, next, to); end < to {
				out[len(out)-1].End, open = r.known(end), false
			}
		}
		run = 0
	}
	r.each(from, last, func(k int) {
		if k != next {
			quiet(k)
		}
		run, next, judged = run+1, k+1, k
		if run > r.hold && k >= first && !open {
			out, open = append(out, Firing{Start: r.known(k)}), true
		}
	})
	quiet(last + 1)
	if earlier && out[0].End.Equal(out[0].Start) {
		return out[1:], false
	}
	return out, earlier
}

// ends returns the first of the instants [next, to), none of which is true, at which what
// fired at the last instant judged does so no more; to if it is carried on over all.
func (r *rule) ends(judged, next, to int) int {
	for k := next; k < to; k++ {
		if k-judged > r.carry || r.test(k) == no {
			return k
		}
	}
	return to
}

// firing tells whether the condition fires at instant k, and which was the last instant
// judged by then if it does. It looks back no further than the counts allow.
func (r *rule) firing(k int) (judged int, fires bool) {
	blind, run := 0, 0 // instants in a row that could not be judged, that were true
	judged = -1
	for i := k; i >= r.floor; i-- {
		switch r.test(i) {
		case no:
			return judged, false
		case yes:
			judged, blind, run = max(judged, i), 0, run+1
			if run > r.hold {
				return judged, true
			}
		case unknown:
			blind, run = blind+1, 0
			if blind > r.carry {
				return judged, false
			}
		}
	}
	return judged, false
}

// each calls f with every instant of [first, last] at which the condition is true.
func (r *rule) each(first, last int, f func(k int)) {
	if r.condition.Test == slo.Burn {
		r.meter.Scan(first, last, r.long, r.limit, func(k int) {
			if r.overShort(k) && r.enough(r.meter.Last(k, r.long)) == yes {
				f(k)
			}
		})
		return
	}
	for k := first; k <= last; k++ {
		if r.test(k) == yes {
			f(k)
		}
	}
}

package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// Recovery tells when the share of budget that was spent over a rolling window
// falls back to a limit, as bad events leave the window: an estimate, since it
// takes the events to come for the mean of those of the window.
type Recovery struct {
	Stopped time.Time // if there are no more bad events; zero: not within the window's length
	AtRate  time.Time // if they go on as over Rate; zero: not within the window's length, or Rate is unknown
	Rate    BurnRate  // of the time just before
}

// recentRate is how much time before an instant "the present rate" is taken from.
const recentRate = 6 * time.Hour

// Recover tells when no more than limit (below it, if under is set) of the budget
// will have been spent over window, judged from the counts of [from, at).
func (l *Ledger) Recover(from, at time.Time, window time.Duration, limit slo.Number, under bool) Recovery {
	recent := max(min(recentRate, window/4), l.record.grain())
	r := Recovery{Rate: l.BurnRate(at, recent)}
	s := l.Meter().slide(from, at, window)
	s.limit, s.under = LimitOf(limit.Mul(l.slo.Target.Budget())), under
	r.Stopped = s.until(wide{}, wide{lo: 1})
	if bad, total := s.tape.sums(s.over(at.Add(-recent), at)); !total.isZero() {
		r.AtRate = s.until(bad, total)
	}
	return r
}

// slide is a rolling window about to move on. It counts in the units of the meter's
// tape; what that rounds down makes no difference to an estimate.
type slide struct {
	record *record
	tape   *tape
	at     time.Time
	window time.Duration
	terms  Stretch // in the window
	n      uint64  // of them, those that count
	total  wide    // of them: a term to come has total / n
	limit  Limit   // share of the events that may be bad
	under  bool
}

func (m *Meter) slide(from, at time.Time, window time.Duration) slide {
	s := slide{record: m.record, tape: m.tape, at: at, window: window}
	s.terms = Stretch{s.first(0, from), s.ended(at)}
	s.terms.i = min(s.terms.i, s.terms.j)
	_, s.total = m.tape.sums(s.terms)
	if m.ended != nil {
		s.n = s.total.lo / m.tape.one.lo
	} else {
		s.n = uint64(m.presence.measuredIn(s.terms))
	}
	return s
}

// over returns the terms that a burn rate over [from, at) is made of.
func (s slide) over(from, at time.Time) Stretch {
	if s.record.slo.Budgeting.Slices() {
		return Stretch{s.record.ended(from), s.record.ended(at)}
	}
	end := s.ended(at)
	return Stretch{min(s.record.data.Index(from), end), end}
}

// ended returns how many terms ended by at.
func (s slide) ended(at time.Time) int {
	if s.record.slo.Budgeting.Slices() {
		return s.record.ended(at)
	}
	return s.record.complete(at)
}

// first returns the first term from i on that does not start before t.
func (s slide) first(i int, t time.Time) int {
	if !s.record.slo.Budgeting.Slices() {
		return max(i, s.record.data.Index(t))
	}
	for i < len(s.record.slices) && s.record.slices[i].period.Start.Before(t) {
		i++
	}
	return i
}

// until returns the first instant at which the limit holds, if of the events to come
// so many of so many are bad.
func (s slide) until(badToCome, ofThem wide) time.Time {
	step := s.record.grain()
	coming := s.total.product().timesWide(badToCome) // a term's bad × n × ofThem
	for i := uint64(1); time.Duration(i)*step <= s.window+step; i++ {
		now := s.at.Add(time.Duration(i) * step)
		s.terms.i = min(s.first(s.terms.i, now.Add(-s.window)), s.terms.j)
		bad, total := s.tape.sums(s.terms)
		allBad := bad.product().times(s.n).timesWide(ofThem).plus(coming.times(i))
		all := total.product().times(s.n).plus(s.total.product().times(i)).timesWide(ofThem)
		if sign := s.limit.cmp(allBad, all); !all.isZero() && (sign < 0 || sign == 0 && !s.under) {
			return now.Add(s.record.slo.Delay) // when its counts are complete
		}
	}
	return time.Time{}
}

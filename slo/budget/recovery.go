package budget

import (
	"sort"
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
	rest := s.record.slices[min(i, len(s.record.slices)):]
	return i + sort.Search(len(rest), func(k int) bool { return !rest[k].period.Start.Before(t) })
}

// until returns the first instant at which the limit holds, if of the events to come
// so many of so many are bad.
func (s slide) until(badToCome, ofThem wide) time.Time {
	step := s.record.grain()
	c := coming{slide: s, ofThem: ofThem, bad: s.total.product().timesWide(badToCome)}
	i := c.find(1, uint64((s.window+step)/step))
	if i == 0 {
		return time.Time{}
	}
	return s.at.Add(time.Duration(i) * step).Add(s.record.slo.Delay) // when its counts are complete
}

// coming is a slide with the events to come.
type coming struct {
	slide
	ofThem wide
	bad    product // a term's × n × ofThem
}

// find returns the first of the steps [i,j] after which the limit holds, 0 if it does after
// none. A window loses events as it moves on and gets those to come: so of all steps the
// last has the fewest old ones that are bad, and the first the most in all. If not even
// these would do, none does.
func (c coming) find(i, j uint64) uint64 {
	if i > j || !c.holds(i, j) {
		return 0
	}
	if i == j {
		return i
	}
	middle := i + (j-i)/2
	if found := c.find(i, middle); found > 0 {
		return found
	}
	return c.find(middle+1, j)
}

// holds tells whether the limit holds with the best that any of the steps [i,j] has to
// offer: exactly, if they are one.
func (c coming) holds(i, j uint64) bool {
	most, fewest := c.left(i), c.left(j)
	bad, _ := c.tape.sums(fewest)
	_, total := c.tape.sums(most)
	allBad := bad.product().times(c.n).timesWide(c.ofThem).plus(c.bad.times(i))
	all := total.product().times(c.n).plus(c.total.product().times(j)).timesWide(c.ofThem)
	sign := c.limit.cmp(allBad, all)
	return !all.isZero() && (sign < 0 || sign == 0 && !c.under)
}

// left returns the terms of the window that are still in it after i steps.
func (c coming) left(i uint64) Stretch {
	now := c.at.Add(time.Duration(i) * c.record.grain())
	return Stretch{min(c.first(c.terms.i, now.Add(-c.window)), c.terms.j), c.terms.j}
}

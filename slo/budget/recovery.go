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
	r := Recovery{Rate: l.BurnRate(at, max(min(recentRate, window/4), l.grain()))}
	s := l.slide(from, at, window)
	s.limit, s.under = limit.Float(), under
	r.Stopped = s.until(0)
	if r.Rate.Rate.Known() {
		r.AtRate = s.until(r.Rate.Bad.Quo(r.Rate.Total).Float())
	}
	return r
}

// slide is a rolling window about to move on. Estimates are made in float64.
type slide struct {
	at         time.Time
	window     time.Duration
	step       time.Duration // of buckets or slices
	units      []slidingUnit // in the window, oldest first
	bad, total float64       // of them
	mean       float64       // total of a unit to come
	allowed    float64       // 1 − target
	limit      float64       // share of the budget
	under      bool
}

// slidingUnit is a bucket or a slice.
type slidingUnit struct {
	start      time.Duration // since the instant from which the window moves on; under 0
	bad, total float64
}

func (l *Ledger) slide(from, at time.Time, window time.Duration) slide {
	s := slide{at: at, window: window, step: l.grain(), allowed: l.slo.Target.Budget().Float(), units: l.units(from, at)}
	for _, u := range s.units {
		s.bad += u.bad
		s.total += u.total
	}
	if len(s.units) > 0 {
		s.mean = s.total / float64(len(s.units))
	}
	return s
}

// units returns the measured, not excluded buckets of [from, at), or the slices in
// it that count.
func (l *Ledger) units(from, at time.Time) (out []slidingUnit) {
	if !l.slo.Budgeting.Slices() {
		first, end, start := l.data.Index(from), l.complete(at), l.data.Start.Sub(at)
		out = make([]slidingUnit, 0, max(0, end-first))
		for i := first; i < end; i++ {
			if !l.excluded[i] && l.data.Measured(i) {
				out = append(out, slidingUnit{start + time.Duration(i)*l.data.Step, l.data.Bad[i], l.data.Total[i]})
			}
		}
		return out
	}
	for _, s := range l.slices[:l.ended(at)] {
		if s.bad != nil && !s.Start.Before(from) {
			bad, _ := s.bad.Float64()
			out = append(out, slidingUnit{s.Start.Sub(at), bad, 1})
		}
	}
	return out
}

// until returns the first instant at which the limit holds, if that share of the
// events to come is bad.
func (s slide) until(ratio float64) time.Time {
	for d := s.step; d <= s.window+s.step; d += s.step {
		for len(s.units) > 0 && s.units[0].start < d-s.window {
			s.bad, s.total = s.bad-s.units[0].bad, s.total-s.units[0].total
			s.units = s.units[1:]
		}
		s.total += s.mean
		s.bad += s.mean * ratio
		if spent := s.bad / (s.total * s.allowed); spent < s.limit || spent == s.limit && !s.under {
			return s.at.Add(d)
		}
	}
	return time.Time{}
}

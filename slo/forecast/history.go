package forecast

import (
	"math/big"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// day is what one day counted, or a sum of days.
type day struct {
	bad, total float64
	free       time.Duration // not excluded
	known      bool          // measured as far as it was not excluded
}

// history is the whole local days before at, oldest first, without a hole: days
// seven apart are the same day of the week.
type history struct {
	days   []day
	today  slo.Period // the local day that holds at
	budget slo.Number // 1 − target
}

// share returns the share of the budget that an error ratio spends: that of 1 is the
// most that can be. The ratio is taken as it is written, so that 0.05 is 5 %.
func (h history) share(ratio float64) slo.Number {
	written, _ := new(big.Rat).SetString(strconv.FormatFloat(ratio, 'g', -1, 64))
	return slo.NumberRat(written).Quo(h.budget)
}

// newHistory takes the last days of l that Needs asks for, from the first that was
// measured on. What is counted before, for others, changes no forecast.
func newHistory(l *budget.Ledger, at time.Time) history {
	s := l.SLO()
	zone := s.Window.Location()
	today := slo.DateOf(at, zone)
	h := history{budget: s.Target.Budget()}
	h.today = slo.Period{Start: today.Start(zone), End: today.AddDays(1).Start(zone)}
	past := slo.Period{Start: today.AddDays(-reach(s)).Start(zone), End: h.today.Start}
	for _, d := range l.DaysOf(past) {
		if next := newDay(d, s.MinCoverage); next.known && d.Buckets.Elapsed > 0 || len(h.days) > 0 {
			h.days = append(h.days, next)
		}
	}
	return h
}

// newDay reads a day. One that was not measured, or in too small a part, is not
// known, nor is one in which the promise began; one that is excluded as a whole is
// known to count nothing.
func newDay(d budget.Day, coverage slo.Number) day {
	b := d.Buckets
	whole := time.Duration(b.Elapsed+b.Excluded)*b.Step >= d.Length()
	measured := slo.NumberOf(int64(b.Measured)).Cmp(coverage.Mul(slo.NumberOf(int64(b.Elapsed)))) >= 0
	if !whole || !measured {
		return day{}
	}
	out := day{free: time.Duration(b.Elapsed) * b.Step, known: true}
	if d.Counts.Total.Known() {
		out.bad, out.total = d.Counts.Bad.Float(), d.Counts.Total.Float()
	}
	return out
}

// known returns how many days are.
func (h history) known() int {
	n := 0
	for _, d := range h.days {
		if d.known {
			n++
		}
	}
	return n
}

// sum adds up days, and tells whether all of them are known.
func sum(days []day) day {
	s := day{known: true}
	for _, d := range days {
		s = s.plus(d)
	}
	return s
}

// within returns what of d comes in so much time that is not excluded: all of it where
// d had no more. The conversions keep a platform from fusing the products with a sum
// that follows, which would change the last digit.
func (d day) within(free time.Duration) day {
	if free >= d.free {
		return d
	}
	part := func(n float64) float64 { return float64(n*free.Seconds()) / d.free.Seconds() }
	return day{bad: part(d.bad), total: part(d.total), free: free, known: d.known}
}

// plus returns d and e together.
func (d day) plus(e day) day {
	return day{bad: d.bad + e.bad, total: d.total + e.total, free: d.free + e.free, known: d.known && e.known}
}

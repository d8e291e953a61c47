package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// project returns the budget on the basis of the whole period p: for the slice
// methods all its slices less exclusions; for occurrences the events so far and,
// for each hour to come, the mean of that hour of the week in the four weeks
// before, else the mean of the period so far.
func (l *Ledger) project(p slo.Period, st Status, t tally) *Projection {
	total := l.total(p, st, t)
	s := l.spend(st.Counts.Bad, total)
	return &Projection{Total: total, Spend: s, Left: s.Allowed.Sub(st.Counts.Bad)}
}

// total returns what will have been counted by the end of p.
func (l *Ledger) total(p slo.Period, st Status, t tally) slo.Number {
	if l.slo.Budgeting.Slices() {
		return l.allSlices(p)
	}
	mean := t.total.Quo(slo.NumberOf(int64(t.measured)))
	return st.Counts.Total.Add(l.expected(slo.Period{Start: st.Elapsed.End, End: p.End}, mean))
}

// allSlices counts the slices of p that are not excluded as a whole.
func (l *Ledger) allSlices(p slo.Period) slo.Number {
	out := l.time.in(p)
	var n int64
	eachSlice(p, l.slo.Budgeting.Slice, l.slo.Window.Location(), func(s slo.Period) {
		for len(out) > 0 && !out[0].End.After(s.Start) {
			out = out[1:]
		}
		if p.Covers(s) && !(len(out) > 0 && out[0].Covers(s)) {
			n++
		}
	})
	return slo.NumberOf(n)
}

// hours is the number of hours of a week.
const hours = 7 * 24

// hourOfWeek holds what one hour of the week had.
type hourOfWeek struct {
	total    slo.Sum
	measured int64
}

// expected returns the events that p, which is to come, will have: per hour of the
// week as in the four weeks before it, or mean events a bucket for hours unseen.
func (l *Ledger) expected(p slo.Period, mean slo.Number) slo.Number {
	seen := l.weekBefore(p.Start)
	var ahead [hours]time.Duration
	for _, free := range complement(l.time.in(p), p) {
		eachHour(free, l.slo.Window.Location(), func(hour int, part time.Duration) { ahead[hour] += part })
	}
	sum := slo.NumberOf(0)
	for h, length := range ahead {
		if length == 0 {
			continue
		}
		rate := mean
		if seen[h].measured > 0 {
			rate = seen[h].total.Number().Quo(slo.NumberOf(seen[h].measured))
		}
		sum = sum.Add(rate.Mul(slo.NumberFrac(int64(length), int64(l.data.Step))))
	}
	return sum
}

// weekBefore adds up the four weeks before at by hour of the week.
func (l *Ledger) weekBefore(at time.Time) (seen [hours]hourOfWeek) {
	zone := l.slo.Window.Location()
	for i := l.data.Index(at.Add(-4 * 7 * 24 * time.Hour)); i < l.complete(at); i++ {
		if l.excluded[i] || !l.data.Measured(i) {
			continue
		}
		h := &seen[hourIndex(l.data.Time(i).In(zone))]
		h.total.Add(l.data.Total[i])
		h.measured++
	}
	return seen
}

func hourIndex(local time.Time) int { return int(local.Weekday())*24 + local.Hour() }

// eachHour cuts p where the wall clock in zone begins an hour.
func eachHour(p slo.Period, zone *time.Location, f func(hour int, part time.Duration)) {
	for t := p.Start; t.Before(p.End); {
		local := t.In(zone)
		into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
		next := t.Add(time.Hour - into)
		if _, change := local.ZoneBounds(); change.After(t) && change.Before(next) {
			next = change
		}
		if next.After(p.End) {
			next = p.End
		}
		f(hourIndex(local), next.Sub(t))
		t = next
	}
}

// complement returns the parts of p outside periods, which are sorted and disjoint.
func complement(periods []slo.Period, p slo.Period) []slo.Period {
	var out []slo.Period
	for _, q := range periods {
		if free := (slo.Period{Start: p.Start, End: q.Start}); !free.Empty() {
			out = append(out, free)
		}
		p.Start = q.End
	}
	if !p.Empty() {
		out = append(out, p)
	}
	return out
}

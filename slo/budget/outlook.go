package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// hours is the number of hours of a week.
const hours = 7 * 24

// past is how far back the mean of an hour of the week looks.
const past = 4 * 7 * 24 * time.Hour

// Reach returns how much time before an instant has to be known to judge the
// window of s that runs then, whichever instant it is: for a calendar window the
// longest of its periods, and what its projection looks back at.
func Reach(s slo.SLO) time.Duration {
	if s.Window.Rolling() {
		return s.Window.Length
	}
	return s.Window.Nominal() + s.Window.Nominal()/28 + 24*time.Hour + past
}

// outlook is what the rest of a period will have: per hour of the week as in the
// four weeks before. It can be moved on along the data, which is much quicker than
// to make it anew.
type outlook struct {
	l      *Ledger
	end    time.Time // of the period
	seen   [hours]hourOfWeek
	ahead  [hours]time.Duration // of the rest, not excluded
	events [hours]slo.Number    // of ahead, where the hour was seen
	sum    slo.Number           // of events
	unseen time.Duration        // ahead in hours that were not seen
}

// hourOfWeek holds what one hour of the week had.
type hourOfWeek struct {
	total    slo.Number
	measured int64
}

// outlook returns the outlook for p, which is to come.
func (l *Ledger) outlook(p slo.Period) *outlook {
	o := &outlook{l: l, end: p.End, sum: slo.NumberOf(0)}
	o.look(l.data.Index(p.Start.Add(-past)), l.complete(p.Start))
	o.extend(p, 1)
	for h := range o.events {
		o.events[h] = slo.NumberOf(0)
		o.settle(h)
	}
	return o
}

// total returns the events to come, mean events a bucket in hours that were not seen.
func (o *outlook) total(mean slo.Number) slo.Number {
	if o.unseen == 0 {
		return o.sum
	}
	return o.sum.Add(mean.Mul(o.buckets(o.unseen)))
}

func (o *outlook) buckets(d time.Duration) slo.Number {
	return slo.NumberFrac(int64(d), int64(o.l.data.Step))
}

// look adds up the buckets [i, j) by hour of the week.
func (o *outlook) look(i, j int) {
	var sums [hours]slo.Sum
	for ; i < j; i++ {
		if h, counted := o.hour(i); counted {
			sums[h].Add(o.l.data.Total[i])
			o.seen[h].measured++
		}
	}
	for h := range sums {
		o.seen[h].total = sums[h].Number()
	}
}

// hour returns the hour of the week in which bucket i starts, false if it does not count.
func (o *outlook) hour(i int) (int, bool) {
	if i < 0 || o.l.excluded[i] || !o.l.data.Measured(i) {
		return 0, false
	}
	return hourIndex(o.l.data.Time(i).In(o.l.slo.Window.Location())), true
}

// extend adds the time of p that is not excluded to what is ahead, or takes it
// away where sign is −1. It returns the hours that changed.
func (o *outlook) extend(p slo.Period, sign time.Duration) (changed []int) {
	for _, free := range complement(o.l.time.in(p), p) {
		eachHour(free, o.l.slo.Window.Location(), func(hour int, part time.Duration) {
			o.ahead[hour] += sign * part
			changed = append(changed, hour)
		})
	}
	return changed
}

// settle brings the events of an hour of the week up to date. What it had before
// is in o.events, or nothing where the hour had not been seen.
func (o *outlook) settle(h int) {
	o.sum = o.sum.Sub(o.events[h])
	o.events[h] = slo.NumberOf(0)
	if seen := o.seen[h]; seen.measured > 0 {
		o.events[h] = seen.total.Quo(slo.NumberOf(seen.measured)).Mul(o.buckets(o.ahead[h]))
		o.sum = o.sum.Add(o.events[h])
	}
	o.unseen = 0
	for h, length := range o.ahead {
		if o.seen[h].measured == 0 {
			o.unseen += length
		}
	}
}

// move moves the outlook from the start of bucket k to its end.
func (o *outlook) move(k int) {
	b := slo.Period{Start: o.l.data.Time(k), End: o.l.data.Time(k + 1)}
	changed := o.extend(b, -1)
	if h, counted := o.hour(k); counted {
		o.seen[h].total = o.seen[h].total.Add(slo.NumberFloat(o.l.data.Total[k]))
		o.seen[h].measured++
		changed = append(changed, h)
	}
	first, next := o.l.data.Index(b.Start.Add(-past)), o.l.data.Index(b.End.Add(-past))
	for i := first; i < next; i++ {
		if h, counted := o.hour(i); counted {
			o.seen[h].total = o.seen[h].total.Sub(slo.NumberFloat(o.l.data.Total[i]))
			o.seen[h].measured--
			changed = append(changed, h)
		}
	}
	for _, h := range changed {
		o.settle(h)
	}
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

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
	l     *Ledger
	end   time.Time // of the period
	hours [hours]hourOfWeek
	whole bool // counts are whole and small enough for floats to add them exactly
}

// hourOfWeek holds what one hour of the week had in the past, and how much of it is
// to come.
type hourOfWeek struct {
	sum      float64    // of the events
	total    slo.Number // the same, exactly; of old where the outlook is whole
	measured int64
	ahead    time.Duration // not excluded
	near     float64       // events to come, 0 if it was not seen
}

// outlook returns the outlook for p, which is to come.
func (l *Ledger) outlook(p slo.Period) *outlook {
	o := &outlook{l: l, end: p.End}
	o.look(l.data.Index(p.Start.Add(-past)), l.complete(p.Start))
	o.extend(p, 1)
	for h := range o.hours {
		o.settle(h)
	}
	return o
}

// total returns the events to come, mean events a bucket in hours that were not seen.
func (o *outlook) total(mean slo.Number) slo.Number {
	sum := slo.NumberOf(0)
	for _, h := range o.hours {
		if h.ahead > 0 {
			sum = sum.Add(o.rate(h, mean).Mul(slo.NumberFrac(int64(h.ahead), int64(o.l.data.Step))))
		}
	}
	return sum
}

// rate returns the events a bucket, mean where none was seen.
func (o *outlook) rate(h hourOfWeek, mean slo.Number) slo.Number {
	switch {
	case h.measured == 0:
		return mean
	case o.whole:
		h.total = slo.NumberFloat(h.sum)
	}
	return h.total.Quo(slo.NumberOf(h.measured))
}

// near is total with floats, good to a part in 10^12.
func (o *outlook) near(mean float64) float64 {
	sum, unseen := 0.0, time.Duration(0)
	for i := range o.hours {
		h := &o.hours[i]
		sum += h.near
		if h.measured == 0 {
			unseen += h.ahead
		}
	}
	if unseen > 0 {
		sum += mean * float64(unseen) / float64(o.l.data.Step)
	}
	return sum
}

// look adds up the buckets [i, j) by hour of the week.
func (o *outlook) look(i, j int) {
	var sums [hours]slo.Sum
	for ; i < j; i++ {
		if h, counted := o.hour(i); counted {
			sums[h].Add(o.l.data.Total[i])
			o.hours[h].measured++
		}
	}
	for h := range sums {
		o.hours[h].total = sums[h].Number()
		o.hours[h].sum = o.hours[h].total.Float()
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
// away where sign is −1.
func (o *outlook) extend(p slo.Period, sign time.Duration) {
	for _, free := range complement(o.l.time.in(p), p) {
		eachHour(free, o.l.slo.Window.Location(), func(hour int, part time.Duration) {
			o.hours[hour].ahead += sign * part
			if sign < 0 {
				o.settle(hour)
			}
		})
	}
}

// settle brings what is near up to date.
func (o *outlook) settle(hour int) {
	h := &o.hours[hour]
	h.near = 0
	if h.measured > 0 {
		h.near = h.sum / float64(h.measured) * float64(h.ahead) / float64(o.l.data.Step)
	}
}

// move moves the outlook from the start of bucket k to its end.
func (o *outlook) move(k int) {
	from, to := o.l.data.Time(k), o.l.data.Time(k+1)
	o.count(k, 1)
	for i := o.l.data.Index(from.Add(-past)); i < o.l.data.Index(to.Add(-past)); i++ {
		o.count(i, -1)
	}
	o.extend(slo.Period{Start: from, End: to}, -1)
}

// count adds a bucket to what was seen, or takes it away where sign is −1.
func (o *outlook) count(i int, sign int64) {
	hour, counted := o.hour(i)
	if !counted {
		return
	}
	h := &o.hours[hour]
	h.measured += sign
	if o.whole {
		h.sum += float64(sign) * o.l.data.Total[i]
	} else {
		h.total = h.total.Add(slo.NumberFloat(o.l.data.Total[i]).Mul(slo.NumberOf(sign)))
		h.sum = h.total.Float()
	}
	o.settle(hour)
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

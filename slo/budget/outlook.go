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
		return s.Window.Length + 2*unfinished(s.Budgeting.Slice)
	}
	return s.Window.Nominal() + s.Window.Nominal()/28 + 24*time.Hour + past
}

// unmeasured returns the part of st's period of which no bucket is complete, without
// what lies before the promise: of a slice that has begun, only what is left.
func (st Status) unmeasured() slo.Period {
	p := st.rest()
	if now := earlier(st.Now, p.End); now.After(p.Start) {
		p.Start = now
	}
	return p
}

// rest returns the part of st's period that is to come, without what lies before the
// promise.
func (st Status) rest() slo.Period {
	p := slo.Period{Start: st.Elapsed.End, End: st.Period.End}
	if st.Young.After(p.Start) {
		p.Start = earlier(st.Young, p.End)
	}
	return p
}

// total returns what will have been counted by the end of the period of st: for the
// slice methods the slices so far and those to come, less exclusions; for occurrences
// the events so far and, for each hour to come, the mean of that hour of the week in
// the four weeks before, else the mean of the period so far.
func (l *Ledger) total(st Status, t tally) slo.Number {
	if l.slo.Budgeting.Slices() {
		return t.total.Add(slo.NumberOf(int64(len(l.record.toCome(st.rest())))))
	}
	mean := t.total.Quo(slo.NumberOf(int64(t.measured)))
	return t.total.Add(newOutlook(l.record, nil, l.record.grid(st.rest())).total(mean))
}

// ahead returns how much of p, which is to come, will not be excluded: a bucket is
// excluded if all of it is.
func (r *record) ahead(p slo.Period) time.Duration {
	var left time.Duration
	for _, part := range free(r, r.grid(p)) {
		left += part.Length()
	}
	return left
}

// free returns the parts of p, which is made of whole buckets, whose buckets are not
// excluded: a bucket is if all of it is.
func free(r *record, p slo.Period) []slo.Period {
	var excluded []slo.Period
	for _, e := range r.exclusions.in(p) {
		if whole := (slo.Period{Start: r.gridEnd(e.Start), End: r.gridStart(e.End)}); !whole.Empty() {
			excluded = append(excluded, whole)
		}
	}
	return complement(excluded, p)
}

// Free returns how much of p, which is to come, will not be excluded.
func Free(l *Ledger, p slo.Period) time.Duration { return l.record.ahead(p) }

// toCome returns the starts of the slices that start in p, or are running when it does,
// and are not excluded as a whole.
func (r *record) toCome(p slo.Period) []time.Time {
	p.Start = r.sliceStart(p.Start)
	out := r.exclusions.in(r.grid(slo.Period{Start: p.Start, End: lastSlice(r.slo, p)}))
	var starts []time.Time
	eachSlice(p, r.slo.Budgeting.Slice, r.slo.Window.Location(), func(s slo.Period) {
		buckets := r.grid(s)
		for len(out) > 0 && !out[0].End.After(buckets.Start) {
			out = out[1:]
		}
		if !buckets.Empty() && !(len(out) > 0 && out[0].Covers(buckets)) {
			starts = append(starts, s.Start)
		}
	})
	return starts
}

// outlook is what the rest of a period will have: in each hour of the week as many
// events a bucket as in that hour in the four weeks before. One that counts in the
// units of a tape can be moved on along the data, which is much quicker than to make
// it anew.
type outlook struct {
	record *record
	tape   *tape     // nil: sums are Numbers, and the outlook stays where it is
	end    time.Time // of the period
	hours  [hours]hourOfWeek

	// Of an outlook over a tape: the events to come, hour by hour rounded down to units
	// of 2^-fine of the tape's.
	fine   uint
	low    wide
	lost   uint64        // hours that were rounded
	unseen time.Duration // to come in hours that were not seen
}

// hourOfWeek holds what one hour of the week had in the past, and how much of it is
// to come.
type hourOfWeek struct {
	total    slo.Number    // events, without a tape
	sum      wide          // events in units of the tape
	measured int64         // buckets
	ahead    time.Duration // not excluded
	part     hourPart
}

// hourPart is what an hour of the week adds to the sums of an outlook.
type hourPart struct {
	low    wide
	lost   uint64
	unseen time.Duration
}

// fineBits is how much finer than a tape of 64 bits its outlook is rounded: so fine
// that the rounding next to never matters.
const fineBits = 32

// newOutlook returns the outlook of r for p, which is to come. The tape is nil, or one
// of buckets of which none was rounded.
func newOutlook(r *record, t *tape, p slo.Period) *outlook {
	o := &outlook{record: r, tape: t, end: p.End}
	if t != nil && t.high == nil {
		o.fine = fineBits
	}
	o.look(r.data.Index(p.Start.Add(-past)), r.complete(p.Start))
	o.extend(p, 1)
	if t != nil {
		for h := range o.hours {
			o.settle(h)
		}
	}
	return o
}

// total returns the events to come, mean events a bucket in hours that were not seen.
func (o *outlook) total(mean slo.Number) slo.Number {
	sum := slo.NumberOf(0)
	for _, h := range o.hours {
		if h.ahead > 0 {
			sum = sum.Add(o.rate(h, mean).Mul(slo.NumberFrac(int64(h.ahead), int64(o.record.data.Step))))
		}
	}
	return sum
}

// rate returns the events a bucket, mean where none was seen.
func (o *outlook) rate(h hourOfWeek, mean slo.Number) slo.Number {
	switch {
	case h.measured == 0:
		return mean
	case o.tape != nil:
		h.total = o.tape.number(h.sum)
	}
	return h.total.Quo(slo.NumberOf(h.measured))
}

// units returns the events to come, if hours that were not seen have the mean of so
// many buckets that had total: low units of 2^-fine of the tape's, and less than lost
// units more. It returns false if the mean is needed but unknown.
func (o *outlook) units(total wide, buckets int64) (low wide, lost uint64, known bool) {
	low, lost = o.low, o.lost
	switch {
	case o.unseen == 0:
		return low, lost, true
	case buckets == 0:
		return wide{}, 0, false
	}
	part, rest := o.spread(total, o.unseen, buckets)
	return low.add(part), lost + rest, true
}

// spread returns what that much time has at the mean of so many buckets that had sum,
// rounded down, and 1 if there was a rest.
func (o *outlook) spread(sum wide, ahead time.Duration, buckets int64) (low wide, lost uint64) {
	low, rest := sum.shifted(o.fine).scaled(uint64(ahead), uint64(buckets)*uint64(o.record.data.Step))
	if rest {
		lost = 1
	}
	return low, lost
}

// look adds up the buckets [i, j) by hour of the week.
func (o *outlook) look(i, j int) {
	var sums [hours]slo.Sum
	for ; i < j; i++ {
		if !o.counts(i) {
			continue
		}
		o.eachHour(i, func(h int) {
			o.hours[h].measured++
			if o.tape != nil {
				o.hours[h].sum = o.hours[h].sum.add(o.events(i))
			} else {
				sums[h].Add(o.record.data.Total[i])
			}
		})
	}
	if o.tape == nil {
		for h := range sums {
			o.hours[h].total = sums[h].Number(o.record.data.Decimals)
		}
	}
}

// events returns the valid events of bucket i in units of the tape.
func (o *outlook) events(i int) wide {
	_, total := o.tape.sums(Stretch{i, i + 1})
	return total
}

// counts tells whether bucket i tells something of its hours of the week.
func (o *outlook) counts(i int) bool { return i >= 0 && o.record.counts(i) }

// eachHour calls f with the hour of the week in which bucket i starts and, if it is
// longer than an hour, with the others that it covers.
func (o *outlook) eachHour(i int, f func(hour int)) {
	zone := o.record.slo.Window.Location()
	f(hourIndex(o.record.data.Time(i).In(zone)))
	for t := o.record.data.Time(i).Add(time.Hour); t.Before(o.record.data.Time(i + 1)); t = t.Add(time.Hour) {
		f(hourIndex(t.In(zone)))
	}
}

// extend adds the time of p that is not excluded to what is ahead, or takes it
// away where sign is −1.
func (o *outlook) extend(p slo.Period, sign time.Duration) {
	for _, part := range free(o.record, p) {
		eachHour(part, o.record.slo.Window.Location(), func(hour int, part time.Duration) {
			o.hours[hour].ahead += sign * part
			if sign < 0 {
				o.settle(hour)
			}
		})
	}
}

// settle brings the sums up to date after an hour of the week has changed.
func (o *outlook) settle(hour int) {
	h := &o.hours[hour]
	was, is := h.part, hourPart{}
	if h.measured > 0 {
		is.low, is.lost = o.spread(h.sum, h.ahead, h.measured)
	} else {
		is.unseen = h.ahead
	}
	h.part = is
	o.low = o.low.sub(was.low).add(is.low)
	o.lost += is.lost - was.lost
	o.unseen += is.unseen - was.unseen
}

// move moves the outlook from the start of bucket k to its end.
func (o *outlook) move(k int) {
	from, to := o.record.data.Time(k), o.record.data.Time(k+1)
	if o.counts(k) {
		o.eachHour(k, func(hour int) {
			o.hours[hour].measured++
			o.hours[hour].sum = o.hours[hour].sum.add(o.events(k))
			o.settle(hour)
		})
	}
	for i := o.record.data.Index(from.Add(-past)); i < o.record.data.Index(to.Add(-past)); i++ {
		if o.counts(i) {
			o.eachHour(i, func(hour int) {
				o.hours[hour].measured--
				o.hours[hour].sum = o.hours[hour].sum.sub(o.events(i))
				o.settle(hour)
			})
		}
	}
	o.extend(slo.Period{Start: from, End: to}, -1)
}

func hourIndex(local time.Time) int { return int(local.Weekday())*24 + local.Hour() }

// eachHour cuts p where the wall clock in zone begins an hour.
func eachHour(p slo.Period, zone *time.Location, f func(hour int, part time.Duration)) {
	for t := p.Start; t.Before(p.End); {
		local := t.In(zone)
		minutes, seconds := time.Duration(local.Minute()), time.Duration(local.Second())
		into := minutes*time.Minute + seconds*time.Second + time.Duration(local.Nanosecond())
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

package budget

import (
	"math/bits"
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Own returns the terms that Current judges at instant k: those of the objective's own
// window that have passed, since the promise began. passed is the time they cover.
func (m *Meter) Own(k int) (s Stretch, passed time.Duration) {
	r, w := m.record, m.Window(k)
	end := earlier(w.End, r.data.Time(k))
	begin := w.Start
	if r.born.After(begin) {
		begin = earlier(r.born, end)
	}
	passed = end.Sub(begin)
	if m.ended == nil {
		return Stretch{min(r.data.Index(begin), k), k}, passed
	}
	if from := r.sliceStart(begin); !from.Before(w.Start) {
		begin = from
	}
	i := sort.Search(len(r.slices), func(i int) bool { return !r.slices[i].period.Start.Before(begin) })
	return Stretch{min(i, int(m.ended[k])), int(m.ended[k])}, passed
}

// Window returns the objective's own window at instant k.
func (m *Meter) Window(k int) slo.Period {
	r, w := m.record, m.record.slo.Window
	if !w.Rolling() {
		return m.calendar.period(r.data.Time(k))
	}
	end := m.newest(k)
	return slo.Period{Start: r.grainStart(end.Add(-w.Length)), End: end}
}

// newest returns the end of the newest bucket, or slice, that is complete at instant k.
func (m *Meter) newest(k int) time.Time {
	switch {
	case m.ended == nil:
		return m.record.data.Time(k)
	case m.ended[k] == 0:
		return m.record.newest(m.record.data.Time(k))
	}
	return m.record.slices[m.ended[k]-1].period.End
}

// Whole returns the valid events or slices of the whole of the objective's own window.
// For a calendar window it is the projection. For a rolling window it is what was
// counted, scaled up while the promise is younger than the window.
func (m *Meter) Whole(k int) slo.Number {
	s, passed := m.Own(k)
	_, total := m.Counts(s)
	switch {
	case m.record.slo.Window.Rolling():
		return total.Mul(slo.NumberOf(int64(m.Window(k).Length()))).Quo(slo.NumberOf(int64(passed)))
	case m.ended != nil:
		return total.Add(slo.NumberOf(m.calendar.slicesAhead(m.newest(k))))
	}
	mean := total.Quo(slo.NumberOf(m.presence.measuredIn(s)))
	return total.Add(m.calendar.outlook(k).total(mean))
}

// whole is what Whole returns, between low × num / den and high × num / den, in units
// of 2^-fine of the tape's. Both bounds are the same where they are exact.
type whole struct {
	low, high wide
	fine      uint
	num, den  uint64
}

// within returns the bounds of Whole(k), of which own and passed are Own(k). It returns
// false if Whole is unknown, or has no bounds because the tape was rounded.
func (m *Meter) within(k int, own Stretch, passed time.Duration) (whole, bool) {
	_, total := m.tape.sums(own)
	w := whole{low: total, num: 1, den: 1}
	switch {
	case m.record.slo.Window.Rolling():
		w.num, w.den = uint64(m.Window(k).Length()), uint64(passed)
	case m.ended != nil:
		var ahead wide
		ahead.hi, ahead.lo = bits.Mul64(m.tape.one.lo, uint64(m.calendar.slicesAhead(m.newest(k))))
		w.low = total.add(ahead)
		w.high = w.low
		return w, true
	default:
		o := m.calendar.outlook(k)
		low, lost, known := o.units(total, m.presence.measuredIn(own))
		w.fine, w.low = o.fine, total.shifted(o.fine).add(low)
		w.high = w.low.add(wide{lo: lost})
		return w, known
	}
	w.high = w.low.add(m.tape.lost(own))
	return w, passed > 0
}

// OverWhole tells whether the bad of a is strictly over limit × Whole(k).
func (m *Meter) OverWhole(a Stretch, k int, limit Limit) bool {
	own, passed := m.Own(k)
	bad, _ := m.tape.sums(a)
	_, total := m.tape.sums(own)
	lost := m.tape.lost(a)
	if most := bad.add(lost); most.isZero() || !limit.over(most, total) {
		return false // the whole is no less than what has passed
	}
	if w, ok := m.within(k, own, passed); ok {
		over := func(bad, whole wide) bool {
			return limit.cmp(bad.product().times(1<<w.fine).times(w.den), whole.product().times(w.num)) > 0
		}
		if over(bad, w.high) {
			return true
		}
		if lost.isZero() && w.low == w.high || !over(bad.add(lost), w.low) {
			return false
		}
	}
	exact, _ := m.Counts(a)
	whole := m.Whole(k)
	return whole.Known() && exact.Cmp(limit.exact.Mul(whole)) > 0
}

// Nothing tells whether Whole(k) is 0 or unknown.
func (m *Meter) Nothing(k int) bool {
	own, passed := m.Own(k)
	if !m.Empty(own) {
		return false
	}
	if w, ok := m.within(k, own, passed); ok && (w.low == w.high || !w.low.isZero()) {
		return w.low.isZero()
	}
	return m.Whole(k).Sign() == 0
}

// Exhausts tells whether spent + coming is strictly over budget, where spent is the
// error ratio that Spent returns, and coming that of s × ahead / length. s has valid
// events; known is false if the objective's own window has none.
func (m *Meter) Exhausts(k int, s Stretch, ahead, length time.Duration, budget Limit) (over, known bool) {
	own, passed := m.Own(k)
	spent, total := m.tape.sums(own)
	w, ok := whole{low: total, high: total.add(m.tape.lost(own)), num: 1, den: 1}, true
	if !m.record.slo.Window.Rolling() {
		w, ok = m.within(k, own, passed)
	}
	if ok && w.high.isZero() {
		return false, false
	}
	bad, of := m.tape.sums(s)
	if ok && !w.low.isZero() && !of.isZero() { // what was rounded to nothing divides by nothing
		over := func(spent, whole, bad, of wide) bool { // spent/whole + bad/of × ahead/length > budget
			gone := spent.product().times(1 << w.fine).timesWide(of).times(uint64(length))
			going := bad.product().times(uint64(ahead)).timesWide(whole)
			return budget.cmp(gone.plus(going), whole.product().timesWide(of).times(uint64(length))) > 0
		}
		lost := m.tape.lost(s)
		if over(spent, w.high, bad, of.add(lost)) {
			return true, true
		}
		exact := m.tape.cut == nil && w.low == w.high
		if exact || !over(spent.add(m.tape.lost(own)), w.low, bad.add(lost), of) {
			return false, true
		}
	}
	return m.exhaustsExactly(k, s, slo.NumberFrac(int64(ahead), int64(length)), budget.exact)
}

func (m *Meter) exhaustsExactly(k int, s Stretch, share, budget slo.Number) (over, known bool) {
	spent := m.Spent(k)
	bad, of := m.Counts(s)
	return spent.Add(bad.Quo(of).Mul(share)).Cmp(budget) > 0, spent.Known()
}

// Spent returns the bad events of the objective's own window at instant k as a share of
// its valid ones: the projected ones of a calendar window, those so far of a rolling one.
func (m *Meter) Spent(k int) slo.Number {
	own, _ := m.Own(k)
	bad, total := m.Counts(own)
	if !m.record.slo.Window.Rolling() {
		total = m.Whole(k)
	}
	return bad.Quo(total)
}

package budget

import (
	"math/bits"
	"slices"

	"github.com/nines-slo/nines/slo"
)

// Counts returns the bad and the valid of s, exactly.
func (m *Meter) Counts(s Stretch) (bad, total slo.Number) {
	if m.tape.lost(s).isZero() {
		units, all := m.tape.sums(s)
		return m.tape.number(units), m.tape.number(all)
	}
	return sumSlices(slices.DeleteFunc(slices.Clone(m.record.slices[s.i:s.j]), m.record.unborn))
}

// Empty tells whether nothing valid was counted in s.
func (m *Meter) Empty(s Stretch) bool {
	_, total := m.tape.sums(s)
	if !total.isZero() || m.tape.lost(s).isZero() {
		return total.isZero()
	}
	_, exact := m.Counts(s)
	return exact.Sign() == 0
}

// Over tells whether the bad of a is strictly over limit × the valid of b.
func (m *Meter) Over(a, b Stretch, limit Limit) bool {
	bad, _ := m.tape.sums(a)
	_, total := m.tape.sums(b)
	if m.tape.cut == nil {
		return limit.over(bad, total)
	}
	if limit.over(bad, total.add(m.tape.lost(b))) {
		return true
	}
	if !limit.over(bad.add(m.tape.lost(a)), total) {
		return false
	}
	exactBad, _ := m.Counts(a)
	_, exactTotal := m.Counts(b)
	return exactBad.Cmp(limit.exact.Mul(exactTotal)) > 0
}

// AtLeast tells whether the bad of s is least or more.
func (m *Meter) AtLeast(s Stretch, least Limit) bool {
	if m.tape.cut == nil {
		bad, _ := m.tape.sums(s)
		return least.cmp(bad.product(), m.tape.one.product()) >= 0
	}
	bad, _ := m.Counts(s)
	return bad.Cmp(least.exact) >= 0
}

// Faster tells whether the error ratio of now is strictly over limit × that of before,
// both of which have valid events.
func (m *Meter) Faster(now, before Stretch, limit Limit) bool {
	over := func(bad, total, was, of wide) bool {
		if m.tape.high == nil {
			var lhs, rhs wide
			lhs.hi, lhs.lo = bits.Mul64(bad.lo, of.lo)
			rhs.hi, rhs.lo = bits.Mul64(was.lo, total.lo)
			return limit.over(lhs, rhs)
		}
		return limit.cmp(bad.product().timesWide(of), was.product().timesWide(total)) > 0
	}
	units, all := m.tape.sums(now)
	wasUnits, ofAll := m.tape.sums(before)
	lost, lostBefore := m.tape.lost(now), m.tape.lost(before)
	if units.add(lost).isZero() {
		return false
	}
	if over(units, all.add(lost), wasUnits.add(lostBefore), ofAll) {
		return true
	}
	if m.tape.cut == nil || !over(units.add(lost), all, wasUnits, ofAll.add(lostBefore)) {
		return false
	}
	bad, total := m.Counts(now)
	was, of := m.Counts(before)
	return bad.Mul(of).Cmp(limit.exact.Mul(was).Mul(total)) > 0
}

// Scan calls f with every instant of [first, last] at which the bad of the last
// back instants is strictly over limit × their valid.
func (m *Meter) Scan(first, last, back int, limit Limit, f func(k int)) {
	if m.ended == nil && m.tape.narrow(back) && limit.fits() {
		low := &m.tape.low
		for ; first < min(back, last+1); first++ {
			scan(first, low.from(first)[:1], low.from(0), limit, f)
		}
		for n := 0; first <= last; first += n {
			now, then := low.from(first), low.from(first-back)
			n = min(len(now), len(then), last-first+1)
			if _, total := m.tape.sums(Stretch{first - back, first + n - 1}); !total.isZero() {
				scan(first, now[:n], then, limit, f)
			}
		}
		return
	}
	asked, over := Stretch{}, false // slices end at few instants: the others ask the same
	for k := first; k <= last; k++ {
		if s := m.Last(k, back); s != asked {
			asked, over = s, m.Over(s, s, limit)
		}
		if over {
			f(k)
		}
	}
}

// scan is Scan over pairs of entries of a tape: now[i], that of instant k + i, and
// then[i], where its window begins.
func scan(k int, now, then []pair, limit Limit, f func(k int)) {
	then = then[:len(now)]
	for i := range now {
		bad, total := now[i].bad-then[i].bad, now[i].total-then[i].total
		if limit.overNarrow(bad, total) {
			f(k + i)
		}
	}
}

// Fewest looks at the last back instants before each instant of [first, last], and
// returns the fewest valid events that any of these stretches has. Stretches without
// any are left out; it is unknown if all are.
func (m *Meter) Fewest(first, last, back int) slo.Number {
	least, found := wide{}, false
	for k := first; k <= last; k++ {
		_, total := m.tape.sums(m.Last(k, back))
		if !total.isZero() && (!found || total.less(least)) {
			least, found = total, true
		}
	}
	if !found {
		return slo.Number{}
	}
	return m.tape.number(least)
}

package budget

import (
	"github.com/nines-slo/nines/slo"
)

// Floats returns the bad and the valid of s as floats that are right to within
// Slack and a few units of their last place.
func (m *Meter) Floats(s Stretch) (bad, total float64) { return m.tape.floats(s.i, s.j) }

// Slack returns by how much a figure of Floats may be off; 0: whole numbers, exact.
func (m *Meter) Slack() float64 { return m.tape.slack }

// near is the relative distance from a limit within which floats do not decide:
// far over what a few roundings amount to.
const near = 1e-12

// Limit is a share of valid events with its nearest float.
type Limit struct {
	Exact slo.Number
	Float float64
}

// LimitOf returns n, which is not negative, as a Limit.
func LimitOf(n slo.Number) Limit { return Limit{n, n.Float()} }

// Over tells whether the bad of a is strictly over limit × the valid of b.
func (m *Meter) Over(a, b Stretch, limit Limit) bool {
	bad, _ := m.tape.floats(a.i, a.j)
	_, total := m.tape.floats(b.i, b.j)
	most := limit.Float * total
	margin := near*(bad+most) + m.tape.slack*(1+limit.Float)
	if bad <= most-margin && bad != most || bad == 0 && m.tape.slack == 0 {
		return false
	}
	return bad > most+margin || m.overExactly(a, b, limit)
}

func (m *Meter) overExactly(a, b Stretch, limit Limit) bool {
	bad, _ := m.Counts(a)
	_, total := m.Counts(b)
	return bad.Cmp(limit.Exact.Mul(total)) > 0
}

// AtLeast tells whether the bad of s is least or more.
func (m *Meter) AtLeast(s Stretch, least Limit) bool {
	bad, _ := m.tape.floats(s.i, s.j)
	switch margin := near*(bad+least.Float) + m.tape.slack; {
	case bad > least.Float+margin:
		return true
	case bad < least.Float-margin:
		return false
	}
	exact, _ := m.Counts(s)
	return exact.Cmp(least.Exact) >= 0
}

// Scan calls f with every instant of [first, last] at which the bad of the last
// back instants is strictly over limit × their valid.
func (m *Meter) Scan(first, last, back int, limit Limit, f func(k int)) {
	if m.ended != nil {
		for k := first; k <= last; k++ {
			if s := m.Last(k, back); m.Over(s, s, limit) {
				f(k)
			}
		}
		return
	}
	for ; first < min(back, last+1); first++ {
		m.scan(first, back, m.tape.near[first:first+1], m.tape.near[:1], limit, f)
	}
	if first <= last {
		m.scan(first, back, m.tape.near[first:last+1], m.tape.near[first-back:], limit, f)
	}
}

// scan is Scan over the buckets between entries of old and now, of which the first
// is that of instant k.
func (m *Meter) scan(k, back int, now, old []pair, limit Limit, f func(k int)) {
	slack := m.tape.slack * (1 + limit.Float)
	low, high := limit.Float*(1-2*near), limit.Float*(1+2*near)
	old = old[:len(now)]
	for i := range now {
		bad, total := now[i].bad-old[i].bad, now[i].total-old[i].total
		if bad < low*total-slack || bad == 0 && slack == 0 {
			continue
		}
		if s := m.Last(k+i, back); bad > high*total+slack || m.overExactly(s, s, limit) {
			f(k + i)
		}
	}
}

// Empty tells whether nothing valid was counted in s.
func (m *Meter) Empty(s Stretch) bool {
	_, total := m.tape.floats(s.i, s.j)
	if total > m.tape.slack || m.tape.slack == 0 {
		return total == 0
	}
	_, exact := m.Counts(s)
	return exact.Sign() == 0
}

package budget

import (
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Own returns the stretch of the objective's own window that has passed by
// instant k, what Current judges then, and how much of that time the promise was
// there.
func (m *Meter) Own(k int) (s Stretch, passed time.Duration) {
	at := m.l.data.Time(k)
	start := m.Window(k).Start
	begin := start
	if m.born.After(start) {
		begin = earlier(m.born, at)
	}
	passed = at.Sub(begin)
	if m.ended == nil {
		return Stretch{min(m.l.data.Index(begin), k), k}, passed
	}
	if from := m.l.sliceStart(begin); !from.Before(start) {
		begin = from
	}
	i := sort.Search(len(m.l.slices), func(i int) bool { return !m.l.slices[i].Start.Before(begin) })
	return Stretch{min(i, int(m.ended[k])), int(m.ended[k])}, passed
}

// Window returns the objective's own window at instant k.
func (m *Meter) Window(k int) slo.Period {
	at := m.l.data.Time(k)
	if w := m.l.slo.Window; w.Rolling() {
		return slo.Period{Start: at.Add(-w.Length), End: at}
	}
	if !m.own.Contains(at) {
		m.own = m.l.slo.Window.Bounds(at)
	}
	return m.own
}

// Whole returns the valid events or slices that the objective's own window will
// have had when it is over: for a calendar window those of the projection, for a
// rolling one what was counted, scaled up while the promise is younger than it.
func (m *Meter) Whole(k int) slo.Number {
	s, passed := m.Own(k)
	_, total := m.Counts(s)
	switch {
	case m.l.slo.Window.Rolling():
		return total.Mul(slo.NumberOf(int64(m.l.slo.Window.Length))).Quo(slo.NumberOf(int64(passed)))
	case m.ended != nil:
		return m.allSlices()
	}
	return total.Add(m.outlook(k).total(total.Quo(slo.NumberOf(m.known(s)))))
}

// Near returns Whole as a float that is right to a part in 10^9, as far as Slack
// allows. It is not over 0 where Whole is 0 or unknown.
func (m *Meter) Near(k int) float64 {
	s, passed := m.Own(k)
	return m.near(k, s, passed)
}

func (m *Meter) near(k int, own Stretch, passed time.Duration) float64 {
	_, total := m.Floats(own)
	switch {
	case m.l.slo.Window.Rolling():
		return total * float64(m.l.slo.Window.Length) / float64(passed)
	case m.ended != nil:
		return m.allSlices().Float()
	}
	return total + m.outlook(k).near(total/float64(m.known(own)))
}

// OverWhole tells whether the bad of a is strictly over limit × Whole(k).
func (m *Meter) OverWhole(a Stretch, k int, limit Limit) bool {
	own, passed := m.Own(k)
	bad, _ := m.Floats(a)
	_, total := m.Floats(own)
	slack := m.tape.slack * (1 + limit.Float)
	if bad == 0 && slack == 0 || bad < limit.Float*total*(1-far)-slack {
		return false // the whole is no less than what has passed
	}
	most := limit.Float * m.near(k, own, passed)
	switch margin := far*(bad+most) + slack; {
	case bad < most-margin:
		return false
	case bad > most+margin:
		return true
	}
	exact, _ := m.Counts(a)
	whole := m.Whole(k)
	return whole.Known() && exact.Cmp(limit.Exact.Mul(whole)) > 0
}

// far is near for figures that many floats went into.
const far = 1e-9

// allSlices returns the slices of the whole calendar period asked about last.
func (m *Meter) allSlices() slo.Number {
	if m.count != m.own {
		m.count, m.whole = m.own, m.l.allSlices(m.own)
	}
	return m.whole
}

// maxMoves is how far an outlook is moved on before it is quicker to make a new one.
const maxMoves = 1000

// outlook returns what the rest of the calendar period asked about last will have
// after instant k.
func (m *Meter) outlook(k int) *outlook {
	if m.ahead == nil || !m.ahead.end.Equal(m.own.End) || k < m.aheadOf || k > m.aheadOf+maxMoves {
		m.ahead, m.aheadOf = m.l.outlook(slo.Period{Start: m.l.data.Time(k), End: m.own.End}), k
		m.ahead.whole = m.tape.slack == 0
	}
	for ; m.aheadOf < k; m.aheadOf++ {
		m.ahead.move(m.aheadOf)
	}
	return m.ahead
}

package budget

import (
	"slices"

	"github.com/nines-slo/nines/slo"
)

// Counts returns the bad and the valid of s, exactly.
func (m *Meter) Counts(s Stretch) (bad, total slo.Number) {
	if !m.tape.loose {
		return m.tape.numbers(s.i, s.j)
	}
	c := m.nearby(s)
	c.move(s, m.add)
	return c.bad, c.total
}

// add adds up the terms [i, j).
func (m *Meter) add(i, j int) (bad, total slo.Number) {
	if m.ended == nil {
		t := m.l.tallyBuckets(i, j)
		return t.bad, t.total
	}
	return sumSlices(slices.DeleteFunc(slices.Clone(m.l.slices[i:j]), m.unborn))
}

// counted is a stretch whose exact counts are known. Where a limit is met exactly,
// it is asked about stretch after stretch, each a term further.
type counted struct {
	Stretch
	bad, total slo.Number
}

// maxCounted is how many stretches are remembered: those of a few conditions.
const maxCounted = 32

// nearby returns the remembered stretch that is quickest to turn into s, an empty
// one if none is quicker than to add up s.
func (m *Meter) nearby(s Stretch) *counted {
	best, least := -1, max((s.j-s.i)/4, 1)
	for i, c := range m.counts {
		if d := distance(c.i, s.i) + distance(c.j, s.j); d < least {
			best, least = i, d
		}
	}
	if best < 0 {
		m.counts = append(m.counts, &counted{Stretch{s.i, s.i}, slo.NumberOf(0), slo.NumberOf(0)})
		if len(m.counts) > maxCounted {
			m.counts = m.counts[1:]
		}
		best = len(m.counts) - 1
	}
	return m.counts[best]
}

func distance(a, b int) int { return max(a-b, b-a) }

// move turns c into s; add adds up terms.
func (c *counted) move(s Stretch, add func(i, j int) (bad, total slo.Number)) {
	change := func(i, j int, op func(n, m slo.Number) slo.Number) {
		if i < j {
			bad, total := add(i, j)
			c.bad, c.total = op(c.bad, bad), op(c.total, total)
		}
	}
	change(c.j, s.j, slo.Number.Add)
	change(s.j, c.j, slo.Number.Sub)
	change(s.i, c.i, slo.Number.Add)
	change(c.i, s.i, slo.Number.Sub)
	c.Stretch = s
}

package bucket

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Climb watches a number that was read again and again, and tells whether it behaves as
// a counter does that is never reset: it only ever rises. The zero Climb has seen none.
type Climb struct {
	first, last     float64
	firstAt, lastAt time.Time
	seen, broken    bool
	rises           int
}

// fewestRises are enough to tell a counter from chance: six numbers in any order rise
// five times once in 720.
const fewestRises = 5

// Add takes the number that was read at an instant. Numbers that do not come in the order
// of their time tell nothing.
func (c *Climb) Add(at time.Time, n float64) {
	if !c.seen {
		*c = Climb{first: n, last: n, firstAt: at, lastAt: at, seen: true}
		return
	}
	c.broken = c.broken || n < c.last || at.Before(c.lastAt)
	if n > c.last {
		c.rises++
	}
	c.last, c.lastAt = n, at
}

// Merge adds what was read after c.
func (c *Climb) Merge(later Climb) {
	if !later.seen {
		return
	}
	c.Add(later.firstAt, later.first)
	c.rises, c.broken = c.rises+later.rises, c.broken || later.broken
	c.last, c.lastAt = later.last, later.lastAt
}

// Only tells whether the number only ever rose, often enough to be a counter.
func (c *Climb) Only() bool { return !c.broken && c.rises >= fewestRises }

// climbing warns of buckets that hold a counter as it stood, not how much it
// grew in each of them.
func (c *Collector) climbing(s *slo.Series) []diag.Finding {
	var bad, good, total Climb
	for i := range s.Len() {
		if s.Measured(i) {
			bad.Add(s.Time(i), s.Bad[i])
			good.Add(s.Time(i), s.Total[i]-s.Bad[i])
			total.Add(s.Time(i), s.Total[i])
		}
	}
	if bad.broken || good.broken || !total.Only() {
		return nil
	}
	f := diag.Warnf(c.config.StepPos, c.config.Room+"/counter",
		"counts never fall from one step to the next, as those of a counter that goes on for ever: "+
			"each row is taken for the events of its step alone")
	return []diag.Finding{f.WithHint("give how much the counter grew in each step, such as increase() or lag() return")}
}

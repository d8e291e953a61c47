package unit

import (
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/spec"
)

// minutely is how many events come a minute.
const minutely = 100

// Outage returns the test of an objective whose events are good until the longest window of
// its alerts is full of them, then bad until all alerts fire, and good until all have cleared.
func Outage(o spec.Objective, s burn.Semantics) (Test, error) {
	before, during, after := 0, 0, 0
	slice := 0.0
	if o.Budgeting.Slices() {
		slice = minutes(o.Budgeting.Slice)
	}
	for _, p := range o.SLO.Policies() {
		for _, c := range p.When {
			if c.Test != slo.Burn || c.Limit.Cmp(o.Target.Highest()) >= 0 {
				continue
			}
			needed := minutes(c.Long)*c.Limit.Mul(o.Target.Budget()).Float() + 2
			if p.MinBad.Known() {
				needed = max(needed, p.MinBad.Float()*max(1./minutely, slice)+2)
			}
			before = max(before, int(minutes(c.Long)+2*slice))
			during = max(during, int(needed+minutes(p.For)+2*slice))
			after = max(after, int(minutes(until(c))+2*slice))
		}
	}
	if before == 0 {
		return Test{}, fmt.Errorf("no burn rate makes one of its alerts fire")
	}
	before, after = before+10, after+10
	c := Counts{Bad: make([]int, before+during+after), Total: make([]int, before+during+after)}
	for i := range c.Total {
		c.Total[i] = minutely
		if i >= before && i < before+during {
			c.Bad[i] = minutely
		}
	}
	return Of(o, c, before-5, s)
}

// until returns after how long a condition is true no more.
func until(c slo.Condition) time.Duration {
	if c.Short > 0 {
		return c.Short
	}
	return c.Long
}

func minutes(d time.Duration) float64 { return d.Minutes() }

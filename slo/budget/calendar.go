package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// calendar is the calendar period of an objective that a meter was asked about last,
// with what there will be of it. Asked step by step, it moves on instead of beginning
// anew.
type calendar struct {
	record  *record
	tape    *tape
	now     slo.Period
	counted slo.Period // the one whose slices were counted last
	slices  int64      // of counted
	ahead   *outlook   // of now
	aheadOf int        // its instant
}

// period returns the period that holds at.
func (c *calendar) period(at time.Time) slo.Period {
	if !c.now.Contains(at) {
		c.now = c.record.slo.Window.Bounds(at)
	}
	return c.now
}

// allSlices returns how many slices the period asked about last has.
func (c *calendar) allSlices() int64 {
	if c.counted != c.now {
		c.counted, c.slices = c.now, allSlices(c.record, c.now)
	}
	return c.slices
}

// maxMoves is how far an outlook is moved on before it is quicker to make a new one.
const maxMoves = 1000

// outlook returns what the rest of the period asked about last will have after
// instant k.
func (c *calendar) outlook(k int) *outlook {
	rest := slo.Period{Start: c.record.data.Time(k), End: c.now.End}
	if c.ahead == nil || !c.ahead.end.Equal(c.now.End) || k < c.aheadOf || k > c.aheadOf+maxMoves {
		c.ahead, c.aheadOf = newOutlook(c.record, c.tape, rest), k
	}
	for ; c.aheadOf < k; c.aheadOf++ {
		c.ahead.move(c.aheadOf)
	}
	return c.ahead
}

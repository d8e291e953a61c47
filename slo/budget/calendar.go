package budget

import (
	"slices"
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
	counted slo.Period  // the one whose slices were counted last
	starts  []time.Time // of the slices of counted that are not excluded
	ahead   *outlook    // of now
	aheadOf int         // its instant
}

// period returns the period that holds at.
func (c *calendar) period(at time.Time) slo.Period {
	if !c.now.Contains(at) {
		c.now = c.record.slo.Window.Bounds(at)
	}
	return c.now
}

// slicesAhead returns how many slices of the period asked about last are to come from
// the start of one on. None is before the promise.
func (c *calendar) slicesAhead(start time.Time) int64 {
	if c.counted != c.now {
		c.counted, c.starts = c.now, c.record.toCome(c.now)
	}
	if since := c.record.sliceStart(c.record.slo.Since); since.After(start) {
		start = since
	}
	passed, _ := slices.BinarySearchFunc(c.starts, start, time.Time.Compare)
	return int64(len(c.starts) - passed)
}

// maxMoves is how far an outlook is moved on before it is quicker to make a new one.
const maxMoves = 1000

// outlook returns what the rest of the period asked about last will have after
// instant k.
func (c *calendar) outlook(k int) *outlook {
	rest := c.record.grid(slo.Period{Start: c.record.data.Time(k), End: c.now.End})
	if c.ahead == nil || !c.ahead.end.Equal(rest.End) || k < c.aheadOf || k > c.aheadOf+maxMoves {
		c.ahead, c.aheadOf = newOutlook(c.record, c.tape, rest), k
	}
	for ; c.aheadOf < k; c.aheadOf++ {
		c.ahead.move(c.aheadOf)
	}
	return c.ahead
}

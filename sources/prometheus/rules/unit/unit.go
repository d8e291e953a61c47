// Package unit writes unit tests of rules, which promtool runs: samples of the counters that
// an objective counts, and the minutes at which its alerts have to fire and to clear. The
// minutes are those of package burn, the evaluator of every other command.
//
// Only conditions on burn rates are tested, of objectives that count counters.
package unit

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/spec"
)

// Counts are the events of each minute, Late tells that the counter of bad ones begins with
// the first of them.
type Counts struct {
	Bad, Total []int
	Late       bool
}

// Test is one test of a file of them.
type Test struct {
	Name   string
	Series []Series
	Checks []Check
}

// Series is a counter with its samples, a minute apart.
type Series struct{ Name, Values string }

// Check is what an expression gives at a minute: 1 or nothing.
type Check struct {
	Expr   string
	Minute int
	True   bool
}

// start is when tests begin, as promtool has it.
func start() time.Time { return time.Unix(0, 0).UTC() }

// Of returns the test of an objective over counts, as a Prometheus of these semantics sees
// them. Before the minute from nothing is checked.
func Of(o spec.Objective, c Counts, from int, s burn.Semantics) (Test, error) {
	series, err := seriesOf(o, c)
	if err != nil {
		return Test{}, err
	}
	ledger, err := budget.New(o.SLO, c.series())
	if err != nil {
		return Test{}, err
	}
	t := Test{Name: o.ID(), Series: series}
	first, last := start().Add(time.Duration(from)*time.Minute), start().Add(time.Duration(len(c.Total))*time.Minute)
	for _, track := range burn.New(ledger, o.SLO.Policies(), burn.Options{Semantics: s}).Replay(first, last) {
		if track.Condition.Test == slo.Burn {
			t.Checks = append(t.Checks, checks(alerts(o, track), track.Firings, from, len(c.Total))...)
		}
	}
	return t, nil
}

// series returns the counts as the evaluator reads them.
func (c Counts) series() *slo.Series {
	n := len(c.Total)
	s := slo.NewSeries(slo.Period{Start: start(), End: start().Add(time.Duration(n) * time.Minute)}, time.Minute)
	for i := range n {
		s.Bad[i], s.Total[i] = float64(c.Bad[i]), float64(c.Total[i])
	}
	return s
}

// checks returns what holds at the edges of firings, and at the end.
func checks(expr string, firings []burn.Firing, from, end int) []Check {
	fires := map[int]bool{from: false, end: false}
	for _, f := range firings {
		first, last := minute(f.Start), end+1
		if !f.End.IsZero() {
			last = minute(f.End)
		}
		for at := range fires {
			fires[at] = fires[at] || at >= first && at < last
		}
		for _, at := range []int{first - 1, first, last - 1, last} {
			if at >= from && at <= end {
				fires[at] = fires[at] || at >= first && at < last
			}
		}
	}
	var out []Check
	for at, is := range fires {
		out = append(out, Check{Expr: expr, Minute: at, True: is})
	}
	slices.SortFunc(out, func(a, b Check) int { return a.Minute - b.Minute })
	return out
}

func minute(t time.Time) int { return int(t.Sub(start()) / time.Minute) }

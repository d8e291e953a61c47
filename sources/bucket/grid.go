package bucket

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// grid checks that stamps start buckets. Buckets are counted from local midnight;
// a source whose stamps are all whole steps of UTC is right as well.
type grid struct {
	step int64 // seconds
	zone *time.Location

	day        [2]int64 // the local day of the stamp before, in Unix seconds
	rows       int
	parts      bool      // a stamp is no whole second
	newest     time.Time // stamp, also of a row whose time has not come
	stamps     []int64   // the first that differ, up to fewStamps
	local, utc reading
}

// fewStamps are enough to tell a coarser step from chance.
const fewStamps = 3

// reading is one of the two grids that a source may mean.
type reading struct {
	off    Findings
	common int64 // greatest length that divides all stamps' distances from their midnight
}

func newGrid(step time.Duration, zone *time.Location, room string) *grid {
	off := reading{off: NewFindings(room)}
	return &grid{step: int64(step / time.Second), zone: zone, local: off, utc: off}
}

// add judges a stamp and tells whether it lies on one of the grids.
func (g *grid) add(file string, at time.Time, report func() diag.Finding) bool {
	if g.rows == 0 || at.After(g.newest) {
		g.newest = at.Truncate(time.Second).UTC()
	}
	g.rows++
	sec, whole := at.Unix(), at.Nanosecond() == 0
	g.parts = g.parts || !whole
	if len(g.stamps) < fewStamps && !slices.Contains(g.stamps, sec) {
		g.stamps = append(g.stamps, sec)
	}
	local := g.local.on(sec-g.midnight(sec), g.step) && whole
	utc := g.utc.on(sec, g.step) && whole
	if !local {
		g.local.off.Add(file, report())
	}
	if !utc {
		g.utc.off.Add(file, report())
	}
	return local || utc
}

// on notes the distance of a stamp from its midnight, and tells whether it is whole
// steps.
func (r *reading) on(distance, step int64) bool {
	if r.common != 1 {
		r.common = gcd(mod(distance, 86400), r.common)
	}
	return distance%step == 0
}

// midnight returns the start of the local day of t.
func (g *grid) midnight(t int64) int64 {
	if g.zone == time.UTC {
		return t - mod(t, 86400)
	}
	if t < g.day[0] || t >= g.day[1] {
		date := slo.DateOf(time.Unix(t, 0), g.zone)
		g.day = [2]int64{date.Start(g.zone).Unix(), date.AddDays(1).Start(g.zone).Unix()}
	}
	return g.day[0]
}

// complete returns up to where the source is final at an instant: the buckets before
// that of its newest row, as far as their time has come.
func (g *grid) complete(at time.Time) time.Time {
	newest := g.newest
	if g.step < 60 {
		newest = newest.Truncate(time.Minute) // the minute may have more rows
	}
	if !at.IsZero() && newest.After(at) {
		return at
	}
	return newest
}

// phase returns the Unix seconds modulo step at which the local grid starts buckets around t.
func (g *grid) phase(t time.Time) int64 { return mod(g.midnight(t.Unix()), g.step) }

// err returns the stamps off the grid that the source seems to mean, with the step that
// its rows have as a hint.
func (g *grid) err() error {
	if g.local.off.Count() == 0 || g.utc.off.Count() == 0 {
		return nil
	}
	meant := &g.local
	if g.utc.off.Count() < g.local.off.Count() {
		meant = &g.utc
	}
	switch even, ok := g.even(meant); {
	case ok:
		meant.off.hint("did you mean step: " + slo.FormatDuration(even) + "? such rows are added up to minutes")
	case meant.common%60 != 0 || g.parts:
		meant.off.hint("rows are counts of whole minutes, or every so many seconds of a step such as 5s; " +
			"of a table with one row an event, say in the sli what is good or bad")
	}
	return meant.off.Err()
}

// even returns the step under a minute at whose distance the first rows are.
func (g *grid) even(meant *reading) (time.Duration, bool) {
	step := gcd(60, meant.common)
	if g.parts || step >= 60 || step >= g.step || len(g.stamps) < fewStamps {
		return 0, false
	}
	stamps := slices.Sorted(slices.Values(g.stamps))
	for i, at := range stamps[1:] {
		if at-stamps[i] != step {
			return 0, false
		}
	}
	return time.Duration(step) * time.Second, true
}

// coarser returns the step that the stamps suggest, 0 if it is the source's own.
func (g *grid) coarser() time.Duration {
	if len(g.stamps) < fewStamps {
		return 0
	}
	best := max(largestStep(g.local.common), largestStep(g.utc.common))
	if best <= g.step {
		return 0
	}
	return time.Duration(best) * time.Second
}

// largestStep returns the longest step of a table that divides n, which is 0 if all
// stamps are midnights.
func largestStep(n int64) int64 {
	if n%60 != 0 {
		return gcd(60, n)
	}
	return gcd(86400, n)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mod returns a modulo b, 0 or more.
func mod(a, b int64) int64 { return a - floorDiv(a, b)*b }

// floorDiv returns a/b rounded down; b is over 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

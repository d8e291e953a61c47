package table

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// grid checks that stamps start buckets. Buckets are counted from local
// midnight; a file whose stamps are all whole steps of UTC is right as well.
type grid struct {
	step int64 // seconds
	zone *time.Location

	day        [2]int64 // the local day of the last stamp, in Unix seconds
	rows       int
	newest     int64   // stamp, also of a row whose time has not come
	stamps     []int64 // the first that differ, up to fewStamps
	local, utc reading
}

// fewStamps are enough to tell a coarser step from chance.
const fewStamps = 3

// reading is one of the two grids that a file may mean.
type reading struct {
	off    findings
	common int64 // greatest length that divides all stamps' distances from their midnight
}

func newGrid(c *config, room string) *grid {
	return &grid{step: int64(c.step / time.Second), zone: c.zone,
		local: reading{off: findings{room: room}}, utc: reading{off: findings{room: room}}}
}

// add judges a stamp and tells whether it lies on one of the grids.
func (g *grid) add(file string, line int, at stamp, report func() diag.Finding) bool {
	if g.rows == 0 || at.sec > g.newest {
		g.newest = at.sec
	}
	g.rows++
	if len(g.stamps) < fewStamps && !slices.Contains(g.stamps, at.sec) {
		g.stamps = append(g.stamps, at.sec)
	}
	local := g.local.on(at.sec-g.midnight(at.sec), at.nsec, g.step)
	utc := g.utc.on(at.sec, at.nsec, g.step)
	if !local {
		g.local.off.add(file, report())
	}
	if !utc {
		g.utc.off.add(file, report())
	}
	return local || utc
}

func (r *reading) on(distance int64, nsec int32, step int64) bool {
	if r.common != 1 {
		r.common = gcd(mod(distance, 86400), r.common)
	}
	return nsec == 0 && distance%step == 0
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

// complete returns up to where the table is final at an instant: the buckets before
// that of its newest row, as far as their time has come.
func (g *grid) complete(at time.Time) time.Time {
	if g.rows == 0 {
		return time.Time{}
	}
	newest := time.Unix(g.newest, 0).UTC()
	if !at.IsZero() && newest.After(at) {
		return at
	}
	return newest
}

// phase returns the Unix seconds modulo step at which the local grid starts buckets around t.
func (g *grid) phase(t time.Time) int64 { return mod(g.midnight(t.Unix()), g.step) }

// err returns the stamps off the grid that the file seems to mean.
func (g *grid) err() error {
	if g.local.off.count() == 0 || g.utc.off.count() == 0 {
		return nil
	}
	if g.utc.off.count() < g.local.off.count() {
		return g.utc.off.err()
	}
	return g.local.off.err()
}

// coarser returns the step that the stamps suggest, 0 if it is the file's own.
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

// largestStep returns the longest step that divides both 24 h and n, 0 if that
// is not whole minutes. n is 0 if all stamps are midnights.
func largestStep(n int64) int64 {
	step := gcd(86400, n)
	if step%60 != 0 {
		return 0
	}
	return step
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// mod returns a modulo b, 0 or more.
func mod(a, b int64) int64 { return a - floorDiv(a, b)*b }

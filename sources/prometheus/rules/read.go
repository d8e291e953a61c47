package rules

import (
	"time"

	"github.com/nines-slo/nines/slo/spec"
)

// Bucket is the length of the buckets in which recordings are read.
const Bucket = tile

// Recorded returns queries for the bad and for all events of the bucket that ends where they
// are evaluated, from what the rules of an objective recorded. A bucket has the tiles that
// were evaluated in it: just one of 5 minutes, the range being a millisecond shorter, so that
// one at its beginning is the bucket's before, also where ranges take in both ends. What two
// replicas of a server recorded is one count: the larger.
//
// Of slices a bucket has those that ended with it, with all their events; the other buckets
// of a slice have none. A slice is recorded up to a step after its end.
func Recorded(o spec.Objective) (bad, total string) {
	w := &writer{objective: o, names: namesOf(o)}
	by := summing(o.Per)
	within := "[" + length(tile-time.Millisecond) + "]"
	if !w.sliced() {
		read := func(name string) string { return "max" + by + " (sum_over_time(" + w.series(name) + within + "))" }
		return read(badSeries + "tile"), read(totalSeries + "tile")
	}
	late := " offset -" + length(w.step())
	slice := length(w.tile())
	idle := " or 0 * max" + by + " (last_over_time(" + w.series(totalSeries+"slice") + "[" + slice + "] offset -" + slice + "))"
	read := func(name string) string {
		return "max" + by + " (sum_over_time(" + w.series(name) + within + late + "))" + idle
	}
	return read(badSeries + "slice"), read(totalSeries + "slice")
}

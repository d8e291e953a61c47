package rules

import (
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Windows are counted at once by default. Where that cannot be, over excluded time and for
// the methods that judge slices, what is counted is a step or a slice after the other, and
// windows add up those that lie in them. The objective's own window always adds up tiles.

// tile is how much time of an objective's window is counted at once.
const tile = 5 * time.Minute

// tile is that of this objective: a slice where slices are judged.
func (w *writer) tile() time.Duration {
	if w.sliced() {
		return w.objective.Budgeting.Slice
	}
	return tile
}

// sliced tells whether slices are judged.
func (w *writer) sliced() bool { return w.objective.Budgeting.Slices() }

// began is when the step began that is evaluated, or the newest whole slice.
func (w *writer) began() string {
	if w.sliced() {
		length := exact(seconds(w.tile()))
		return "(time() - time() % " + length + " - " + length + ")"
	}
	return since(w.step())
}

// since is when a time began that ends now.
func since(d time.Duration) string { return "(time() - " + exact(seconds(d)) + ")" }

// parts returns the recordings of what windows add up, none where they are counted at once.
func (w *writer) parts() []Rule {
	var out []Rule
	if w.masked() {
		out = append(out, w.record(excludedSeries, w.mark(w.began())))
	}
	var pair [2]Rule
	switch {
	case w.sliced():
		slice := w.pairOf(w.counts.aligned(w.step()), "slice", w.series(totalSeries+"slice"), w.tile())
		out, pair = append(out, slice[:]...), w.verdicts()
	case w.masked():
		pair = w.pairOf(w.counts, "counted", w.series(totalSeries+"counted"), w.step())
	default:
		return nil
	}
	for _, r := range pair {
		if w.masked() {
			r.Expr = "(" + r.Expr + ") unless on () " + w.series(excludedSeries) + " == 1"
		}
		out = append(out, r)
	}
	return out
}

// aligned returns the counts of the newest whole slice. A subquery is evaluated at multiples
// of its step since 1970, whenever the group is: that is where slices begin. It is a second
// shorter, so that it has one of them alone. Of the evaluations in a slice the first alone
// has a result, so that each slice is counted once.
func (c counts) aligned(step time.Duration) counts {
	whole := func(q query) query {
		if q == nil {
			return nil
		}
		return func(slice time.Duration) string {
			return fmt.Sprintf("last_over_time((%s)[%s:%s]) and on () vector(time() %% %s) < %s",
				q(slice), points(slice), length(slice), exact(seconds(slice)), exact(seconds(step)))
		}
	}
	c.good, c.bad, c.total = whole(c.good), whole(c.bad), whole(c.total)
	return c
}

// verdicts returns the tiles of judged slices: each counts 1, and is bad by the method. One
// without events is none, unless the file says that it is bad.
func (w *writer) verdicts() [2]Rule {
	bad, total := w.series(badSeries+"slice"), w.series(totalSeries+"slice")
	share := bad + " / (" + total + " > 0)"
	if w.objective.Budgeting.Method == slo.Timeslices {
		share += " > bool " + operand(w.objective.Budgeting.Target.Budget())
	}
	every := "(" + total + " > 0) * 0 + 1"
	if w.objective.Budgeting.NoTraffic == slo.NoTrafficBad {
		every = total + " * 0 + 1"
		share += " or " + every
	}
	return [2]Rule{w.record(totalSeries+"tile", every), w.record(badSeries+"tile", share)}
}

// unsliced says why the slices of an objective cannot be judged by rules, "" if they can.
func (w *writer) unsliced() string {
	b, zone := w.objective.Budgeting, w.objective.Window.Location()
	if b.Gaps != slo.GapsExclude {
		return "PromQL has no slice where nothing was measured, which gaps: " + string(b.Gaps) + " counts"
	}
	for _, offset := range offsets(zone) {
		if offset%b.Slice != 0 {
			return "slices of " + length(b.Slice) + " begin at midnight of " + zone.String() + ", and those of PromQL at that of UTC"
		}
	}
	return ""
}

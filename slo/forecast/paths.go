package forecast

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// step is one step of the way to a window's end: a local day, or what is
// left of it.
type step struct {
	start, end time.Time
	free       time.Duration // not excluded
	kept       day           // of what was counted by now, still in the window at end
}

// draw fills the figures of f from the paths of the method that won.
func (f *Forecast) draw(l *budget.Ledger, h history, won result, seed uint64) {
	c := course{steps: f.steps(l, h), budget: h.budget.Float(), rolling: l.SLO().Window.Rolling()}
	c.futures = drawFutures(newSampler(won.score.Method, h.days, seed, paths), c.steps)
	s := make(sample, 0, len(c.futures))
	for _, future := range c.futures {
		s = append(s, endingOf(c.kept(), sum(future)))
	}
	s.sorted()
	low, middle, high := won.stretch.apply(s).band()
	f.Spent = Band{Low: h.share(low), Middle: h.share(middle), High: h.share(high)}
	unmoved := s.at(0.5)
	f.exhaust(c, func(e ending) float64 { return won.stretch.move(e, unmoved).ratio })
}

// steps cuts the time to f.End into local days. In a rolling window what was
// counted by now leaves it day by day; a calendar period keeps it.
func (f *Forecast) steps(l *budget.Ledger, h history) []step {
	w := l.SLO().Window
	var out []step
	today, start := h.today, f.At
	for start.Before(f.End) {
		end := today.End
		if end.After(f.End) {
			end = f.End
		}
		out = append(out, step{start: start, end: end, free: budget.Free(l, slo.Period{Start: start, End: end})})
		start = end
		today = slo.Window{Unit: slo.Day, Zone: w.Location()}.Bounds(end)
	}
	if w.Rolling() {
		leave(l, out)
		return out
	}
	kept := counted(l, slo.Period{Start: w.Bounds(f.At).Start, End: f.At})
	for i := range out {
		out[i].kept = kept
	}
	return out
}

// leave fills in what a rolling window keeps after each step, from the last, after
// which nothing is left, backwards.
func leave(l *budget.Ledger, steps []step) {
	w := l.SLO().Window.Length
	for i := len(steps) - 2; i >= 0; i-- {
		next := steps[i+1]
		left := slo.Period{Start: steps[i].end.Add(-w), End: next.end.Add(-w)} // in the step after
		steps[i].kept = next.kept.plus(counted(l, left))
	}
}

// counted returns what was counted in p since the promise began.
func counted(l *budget.Ledger, p slo.Period) day {
	all := day{known: true}
	for _, d := range l.DaysOf(p) {
		if d.Counts.Total.Known() {
			all = all.plus(day{bad: d.Counts.Bad.Float(), total: d.Counts.Total.Float(), known: true})
		}
	}
	return all
}

// drawFutures returns, per path, what comes in each step.
func drawFutures(s sampler, steps []step) [][]day {
	var out [][]day
	for path := range s.count() {
		s.begin(path)
		future := make([]day, 0, len(steps))
		for _, step := range steps {
			future = append(future, s.next().within(step.free))
		}
		out = append(out, future)
	}
	return out
}

// course is the drawn futures of one objective.
type course struct {
	steps   []step
	futures [][]day // per path, what comes in each step
	budget  float64 // 1 − target
	rolling bool
}

// kept returns what of now is still in the window at its end.
func (c course) kept() day { return c.steps[len(c.steps)-1].kept }

// exhaust finds the days on which the paths run out of budget, each path moved so
// that it ends where the calibrated band puts it.
func (f *Forecast) exhaust(c course, move func(ending) float64) {
	when := make([]int, len(c.futures))
	never, ran := len(c.steps), 0
	for i := range when {
		when[i] = c.runsOut(i, move)
		if when[i] < never {
			ran++
		}
	}
	slices.Sort(when)
	by := func(tenths int) time.Time {
		k := when[(tenths*len(when)+9)/10-1]
		if k == never {
			return time.Time{}
		}
		return c.steps[k].start
	}
	f.Exhaustion = Moments{Early: by(1), Middle: by(5), Late: by(9)}
	f.Chance = slo.NumberFrac(int64(ran), int64(len(when)))
	if f.Exhausted {
		f.Exhaustion, f.Chance = Moments{}, slo.NumberOf(1)
	}
}

// spentAll is 1, with room for the last digits: a budget that is spent to the last
// event is not exhausted.
const spentAll = 1 + 1e-9

// runsOut returns the step in which a path overspends, len(c.steps) if none. A
// calendar period has the budget of all its events, a rolling window that of the
// events in it.
func (c course) runsOut(path int, move func(ending) float64) int {
	kept, come := c.kept(), sum(c.futures[path])
	all := kept.total + come.total
	wanted := float64(move(endingOf(kept, come))*all) - kept.bad
	so := day{known: true}
	for i, d := range spread(c.futures[path], wanted) {
		step := c.steps[i]
		so = so.plus(d)
		total := all
		if c.rolling {
			total = step.kept.total + so.total
		}
		if step.kept.bad+so.bad > float64(total*c.budget*spentAll) {
			return i
		}
	}
	return len(c.steps)
}

// spread returns the days of a future with so many bad events in all, none with more
// than it has events: each day's own times the same factor. What a day has no room for
// goes on to the days that follow, as an outage does, and at the end to those before.
func spread(future []day, bad float64) []day {
	out := slices.Clone(future)
	drawn, over := sum(future), 0.0
	for i, d := range future {
		wanted := over
		if drawn.bad > 0 {
			wanted += float64(bad*d.bad) / drawn.bad
		} else if drawn.total > 0 {
			wanted += float64(bad*d.total) / drawn.total
		}
		out[i].bad = min(d.total, max(0, wanted))
		over = wanted - out[i].bad
	}
	for i := len(out) - 1; i >= 0 && over > 0; i-- {
		room := min(out[i].total-out[i].bad, over)
		out[i].bad += room
		over -= room
	}
	return out
}

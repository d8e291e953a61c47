package forecast

import (
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// step is one step of the way to a window's end: a local day, or what is
// left of it.
type step struct {
	start, end time.Time
	share      float64 // of a whole day
	kept       day     // of what was counted by now, still in the window at end
}

// draw fills the figures of f from the paths of the method that won.
func (f *Forecast) draw(l *budget.Ledger, h history, won result, seed uint64) {
	steps := f.steps(l, h)
	futures := drawFutures(newSampler(won.score.Method, h.days, seed, paths), steps)
	s := sample{floor: math.Inf(1)}
	last := steps[len(steps)-1].kept
	for _, p := range futures {
		s.spent = append(s.spent, last.plus(p[len(p)-1]).spent(h.budget))
		s.floor = min(s.floor, day{bad: last.bad, total: last.total + p[len(p)-1].total}.spent(h.budget))
	}
	slices.Sort(s.spent)
	f.Spent = bandOf(won.stretch.apply(s))
	st := l.Current(f.At.Add(l.SLO().Delay)) // when what was before At was complete
	f.Exhausted = st.Budget.Spent.Cmp(slo.NumberOf(1)) > 0
	c := course{steps: steps, futures: futures, budget: h.budget, rolling: l.SLO().Window.Rolling()}
	f.exhaust(c, func(v float64) float64 { return won.stretch.move(v, s.at(0.5), s.floor) })
}

func bandOf(s sample) Band {
	low, middle, high := s.band()
	return Band{Low: slo.NumberFloat(low), Middle: slo.NumberFloat(middle), High: slo.NumberFloat(high)}
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
		out = append(out, step{start: start, end: end, share: end.Sub(start).Hours() / today.Length().Hours()})
		start = end
		today = slo.Window{Unit: slo.Day, Zone: w.Location()}.Bounds(end)
	}
	if w.Rolling() {
		leave(l, out)
		return out
	}
	kept := counted(l, f.At, f.At.Sub(w.Bounds(f.At).Start))
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
		steps[i].kept = next.kept.plus(counted(l, next.end.Add(-w), next.end.Sub(next.start)))
	}
}

// counted returns what was counted over the time w before at.
func counted(l *budget.Ledger, at time.Time, w time.Duration) day {
	r := l.BurnRate(at, w)
	return day{bad: r.Bad.Float(), total: r.Total.Float()}
}

// drawFutures returns, per path, what will have been counted since now at the end
// of each step.
func drawFutures(s sampler, steps []step) [][]day {
	var out [][]day
	for path := range s.count() {
		s.begin(path)
		var so day
		future := make([]day, 0, len(steps))
		for _, step := range steps {
			so = so.plus(s.next().part(step.share))
			future = append(future, so)
		}
		out = append(out, future)
	}
	return out
}

// course is the drawn futures of one objective.
type course struct {
	steps   []step
	futures [][]day // per path, after each step
	budget  float64 // 1 − target
	rolling bool
}

// exhaust finds the days on which the paths run out of budget, each path moved so
// that it ends where the calibrated band puts it.
func (f *Forecast) exhaust(c course, move func(float64) float64) {
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
func (c course) runsOut(path int, move func(float64) float64) int {
	future, end := c.futures[path], len(c.steps)-1
	whole := c.steps[end].kept.plus(future[end])
	factor := 1.0
	if ahead := future[end].bad; ahead > 0 {
		wanted := float64(move(whole.spent(c.budget)) * whole.total * c.budget)
		factor = max(0, (wanted-c.steps[end].kept.bad)/ahead)
	}
	for i, step := range c.steps {
		total := whole.total
		if c.rolling {
			total = step.kept.total + future[i].total
		}
		if bad := step.kept.bad + float64(factor*future[i].bad); bad > float64(total*c.budget*spentAll) {
			return i
		}
	}
	return len(c.steps)
}

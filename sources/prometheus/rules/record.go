package rules

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// What is recorded.
const (
	badSeries   = "nines:bad:"
	totalSeries = "nines:total:"
	burnSeries  = "nines:burn_rate:ratio"
)

// series returns a selector of a recorded series of the objective.
func (w *writer) series(name string) string { return name + w.names.selector }

// window is one that is recorded.
type window struct {
	length     time.Duration
	name       string // of what is recorded of it, "increase1h"
	bad, total string // selectors of its counts
	ratio      string // the share of bad events
}

// window returns that of a length, which is recorded from then on. It is good until the next
// is asked for.
func (w *writer) window(length time.Duration) *window {
	i := slices.IndexFunc(w.windows, func(one window) bool { return one.length == length })
	if i < 0 {
		one := window{length: length, name: "increase" + slo.FormatDuration(length)}
		one.bad, one.total = w.series(badSeries+one.name), w.series(totalSeries+one.name)
		one.ratio = one.bad + " / (" + one.total + " > 0)"
		i, w.windows = len(w.windows), append(w.windows, one)
	}
	return &w.windows[i]
}

// bad and total return selectors of the counts of a window.
func (w *writer) bad(length time.Duration) string   { return w.window(length).bad }
func (w *writer) total(length time.Duration) string { return w.window(length).total }

// recordings returns the counts and burn rates of all windows that are looked at, shortest
// first.
func (w *writer) recordings() []Rule {
	for _, length := range slo.BurnWindows(w.objective.SLO) {
		if !w.sliced() || length >= w.tile() {
			w.window(length)
		}
	}
	slices.SortFunc(w.windows, func(a, b window) int { return cmp.Compare(a.length, b.length) })
	out := make([]Rule, 0, 3*len(w.windows)+len(w.objective.Policies())+1)
	for _, one := range w.windows {
		pair := w.windowOf(one)
		out = append(out, pair[:]...)
	}
	for _, one := range w.windows {
		out = append(out, w.record(burnSeries, one.ratio+" / "+w.operand, Pair{windowLabel, length(one.length)}))
	}
	return out
}

// windowOf returns the recordings of the events of a window.
func (w *writer) windowOf(one window) [2]Rule {
	name, over := one.name, one.length
	if w.sliced() {
		total, bad := w.added(totalSeries+"tile", over), w.added(badSeries+"tile", over)
		return [2]Rule{w.record(totalSeries+name, total), w.record(badSeries+name, bad)}
	}
	return w.atOnce(name, one.total, over)
}

// atOnce returns the recordings of the events of a window where no excluded time lies in it,
// else of its steps that are not excluded.
func (w *writer) atOnce(name, total string, over time.Duration) [2]Rule {
	pair := w.pairOf(w.counts, name, total, over)
	if !w.masked() {
		return pair
	}
	for i, series := range []string{totalSeries, badSeries} {
		pair[i].Expr = "(" + pair[i].Expr + ")" + w.unlessExcluded(over) + " or " + w.counts.on + " " + w.added(series+"counted", over)
	}
	return pair
}

// pairOf returns the recordings of the bad and of all events of a window, whose selector is
// total. What has a total and no series of bad events has 0 of them.
func (w *writer) pairOf(c counts, name, total string, window time.Duration) [2]Rule {
	none := " or " + c.on + " 0 * " + total
	var all, bad string
	switch {
	case c.portion:
		bad = c.total(window)
		all = "(" + bad + ") * 0 + 1"
	case c.total == nil:
		good, wrong := c.good(window), c.bad(window)
		all = "(" + good + " or 0 * " + wrong + ") + (" + wrong + " or 0 * " + good + ")"
		bad = wrong + none
	case c.bad == nil && c.whole:
		all = c.total(window)
		bad = "clamp_min(" + total + " - " + c.on + " " + c.good(window) + ", 0)"
	case c.bad == nil:
		all = c.total(window)
		bad = "clamp_min(" + total + " - " + c.on + " (" + c.good(window) + none + "), 0)"
	default:
		all, bad = c.total(window), c.bad(window)+none
	}
	return [2]Rule{w.record(totalSeries+name, all), w.record(badSeries+name, bad)}
}

func (w *writer) record(name, expr string, more ...Pair) Rule {
	return Rule{Record: name, Expr: expr, Labels: more}
}

// budget returns what is recorded of the objective's window, and what the objective is.
func (w *writer) budget() []Rule {
	o := w.objective
	out := make([]Rule, 0, 9)
	if !w.sliced() {
		pair := w.atOnce("tile", w.series(totalSeries+"tile"), tile)
		out = append(out, pair[:]...)
	}
	out = append(out,
		w.record("nines:objective:ratio", "vector("+exact(o.Target.Number())+")"),
		w.record("nines:window:seconds", "vector("+exact(seconds(o.Window.Nominal()))+")"),
		w.record("nines:slo:info", "vector(1)", w.info()...))
	if !o.Window.Rolling() {
		return out
	}
	return append(out,
		w.record(totalSeries+"window", w.added(totalSeries+"tile", o.Window.Length)),
		w.record(badSeries+"window", w.added(badSeries+"tile", o.Window.Length)),
		w.record(spentSeries, w.share()+" / "+w.operand),
		w.record("nines:budget_remaining:ratio", "1 - "+w.series(spentSeries)))
}

// spentSeries is the share of the budget of a rolling window that is spent.
const spentSeries = "nines:budget_spent:ratio"

// share is the share of bad events of the objective's window.
func (w *writer) share() string {
	return w.series(badSeries+"window") + " / (" + w.series(totalSeries+"window") + " > 0)"
}

// added is what a series recorded in a window, added up.
func (w *writer) added(series string, window time.Duration) string {
	return "sum_over_time(" + w.series(series) + "[" + points(window) + "])"
}

// info are the labels of the series that tells what an objective is.
func (w *writer) info() []Pair {
	o := w.objective
	out := append(slices.Clone(w.names.own()), Pair{targetLabel, o.Target.String()}, Pair{windowLabel, o.Window.String()},
		Pair{methodLabel, string(o.Budgeting.Method)})
	if o.Owner != "" {
		out = append(out, Pair{ownerLabel, o.Owner})
	}
	return out
}

func seconds(d time.Duration) slo.Number { return slo.NumberFrac(int64(d), int64(time.Second)) }

// Package forecast tells from an objective's own past how much of its error budget
// will be spent by the end of its window, and when the budget will be exhausted.
//
// Two ways compete: a block bootstrap of past days, which keeps weekdays and runs
// of bad days together, and the seasonal naive forecast, which repeats each earlier
// week. Both are put to the test on the past: at many earlier days they forecast,
// from what was known then, what followed. The better one is used, and its score
// comes with the forecast; without enough history, or where the band would have
// held too few of the outcomes, there is none. A forecast is a warning, never a
// verdict.
//
// Everything follows from the counts and a seed: no clock, no parallelism, and no
// sum that a platform may fuse.
package forecast

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// Method is how the days to come are drawn.
type Method string

const (
	BlockBootstrap Method = "block_bootstrap"
	SeasonalNaive  Method = "seasonal_naive"
)

// Reason says why there is no forecast.
type Reason string

const (
	ShortWindow   Reason = "short_window"   // windows under a week: days are too coarse for them
	NoData        Reason = "no_data"        // the objective's state is that, or was in the window before one that has only begun
	LittleHistory Reason = "little_history" // fewer whole measured days than Needed
	FewOutcomes   Reason = "few_outcomes"   // gaps leave too few past outcomes to score by
	Unreliable    Reason = "unreliable"     // the band held too few past outcomes, see Score
	MissedLately  Reason = "missed_lately"  // the band held under half of the last outcomes, see Score.Recent
)

// Forecast is what an objective's past says of its window's end. Without a Reason
// all figures are known; with one only Days and Needed, but of a short window, and,
// where it got that far, Score are.
//
// What is spent at End lies between what the bad events that stay in the window spend
// of its budget, and what they spend if all events to come are bad too. That is so of
// each path, and so of all figures that are taken from them.
type Forecast struct {
	At, End    time.Time // End: of the calendar period, or a rolling window's length after At
	Method     Method
	Spent      Band       // share of the budget spent at End, over the whole window that ends then
	Exhausted  bool       // the budget is spent already
	Exhaustion Moments    // of the days on which the budget runs out; of no meaning if Exhausted
	Chance     slo.Number // that it runs out by End
	Score      Score      // of Method
	Other      Score      // of the one not used
	Reason     Reason     // why there is no forecast; empty if there is one
	Days       int        // whole measured days it draws from
	Needed     int        // days of history that are needed for this window
}

// Band holds the 10, 50 and 90 % quantiles.
type Band struct{ Low, Middle, High slo.Number }

// Moments are the starts of the local days by which 10, 50 and 90 % of the paths
// have exhausted the budget; zero if fewer have by End.
type Moments struct{ Early, Middle, Late time.Time }

// Score is how the forecasts of a method did on the past, each as it would have been
// given out on its day.
type Score struct {
	Method   Method
	Pinball  slo.Number // mean loss at the three quantiles together, in shares of the budget; less is better
	Coverage slo.Number // share of outcomes within the 80 % band
	Origins  int        // days, evenly spread, from which it was made to forecast
	Recent   Recent     // shows a change that is lost in the mean
}

// Recent is how many outcomes lay within the 80 % band of the forecasts of the last days
// whose outcome is known, one a day. One on an edge that many paths share is held in part.
type Recent struct {
	Held     slo.Number
	Outcomes int
}

// stale tells whether what was forecast lately was mostly wrong.
func (r Recent) stale() bool {
	return r.Held.Mul(slo.NumberOf(2)).Cmp(slo.NumberOf(int64(r.Outcomes))) < 0
}

const (
	minTrain      = 28  // days before the first forecast that is scored: four of each weekday
	minCalibrated = 14  // forecasts whose outcome is known before the band is trusted
	minScored     = 28  // outcomes that the printed score is made of, at the least
	lastScored    = 28  // outcomes that Recent looks at, at the most
	maxHistory    = 400 // days; bounds the work
	minWindow     = 7 * 24 * time.Hour
)

// least and most are the coverage of an 80 % band that works.
var least, most = slo.NumberFrac(70, 100), slo.NumberFrac(90, 100)

// Needs returns how much time before an instant a forecast of s wants counted: 13
// windows, at least half a year and at most 400 days. It makes do with less, and
// says so where that is too little.
func Needs(s slo.SLO) time.Duration {
	w := s.Window.Nominal()
	if w < minWindow {
		return 0
	}
	return min(max(13*w, 26*7*24*time.Hour), maxHistory*24*time.Hour)
}

// reach returns how many whole days before today a forecast of s draws from: those
// of Needs, less the day that has begun and one for data that ends earlier.
func reach(s slo.SLO) int { return int(Needs(s)/(24*time.Hour)) - 2 }

// needed returns the days of history without which horizon days ahead cannot be
// forecast and scored: training, forecasts to calibrate with whose outcome is known
// before the first one that counts, and those that count with theirs.
func needed(horizon int) int {
	return minTrain + minCalibrated + minScored - 1 + 2*horizon
}

// Seed is that of every forecast that is shown, so that outputs agree.
const Seed = 1

// Of forecasts the objective of l, whose counts should reach back Needs before at,
// over its own window. The same ledger, instant and seed give the same forecast.
func Of(l *budget.Ledger, at time.Time, seed uint64) Forecast {
	w := l.SLO().Window
	f := Forecast{At: at, End: w.Bounds(at).End}
	if w.Rolling() {
		f.End = at.Add(w.Length)
	}
	if w.Nominal() < minWindow {
		f.Reason = ShortWindow
		return f
	}
	h := newHistory(l, at)
	horizon, elapsed := span(w, at)
	f.Days, f.Needed = h.known(), needed(horizon)
	st := own(l, w.Bounds(at), at)
	switch {
	case blank(l, st, at):
		f.Reason = NoData
		return f
	case len(h.days) < f.Needed || f.Days < f.Needed*9/10:
		f.Reason = LittleHistory
		return f
	}
	best, other, ok := compete(trial{h: h, elapsed: elapsed, horizon: horizon, seed: seed})
	f.Score, f.Other = best.score, other.score
	switch {
	case !ok:
		f.Reason = FewOutcomes
	case best.score.Recent.stale():
		f.Reason = MissedLately
	case best.score.Coverage.Cmp(least) < 0:
		f.Reason = Unreliable
	default:
		f.Method = best.score.Method
		f.Exhausted = st.Budget.Spent.Cmp(slo.NumberOf(1)) > 0
		f.draw(l, h, best, seed)
	}
	return f
}

// own judges the objective over its own window, a calendar one over p, when what was
// before at had become complete.
func own(l *budget.Ledger, p slo.Period, at time.Time) budget.Status {
	now := at.Add(l.SLO().Delay)
	if l.SLO().Window.Rolling() {
		return l.Current(now)
	}
	return l.Own(p, now)
}

// blank tells whether the objective has no data: of a calendar window that has only
// begun, whether it had none in the window before either.
func blank(l *budget.Ledger, st budget.Status, at time.Time) bool {
	if st.State == slo.NoData && !st.Ripe.IsZero() {
		st = own(l, l.SLO().Window.Bounds(st.Period.Start.Add(-1)), at)
	}
	return st.State == slo.NoData
}

// span returns the days of a window that are to come at the instant at, and for a
// calendar one those that have passed. Local days count as one, whatever the clocks
// do in them.
func span(w slo.Window, at time.Time) (ahead, passed int) {
	if w.Rolling() {
		return daysIn(at, at.Add(w.Length)), 0
	}
	p := w.Bounds(at)
	end := wall(p.End, w.Location())
	ahead = daysIn(wall(at, w.Location()), end)
	return ahead, max(0, daysIn(wall(p.Start, w.Location()), end)-ahead)
}

// wall returns what the clocks of a zone show at t, as an instant of UTC.
func wall(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.Add(time.Duration(offset) * time.Second)
}

// daysIn returns the days from a to b, rounded up.
func daysIn(a, b time.Time) int { return int((b.Sub(a) + 24*time.Hour - 1) / (24 * time.Hour)) }

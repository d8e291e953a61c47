package backtest

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

// tooOften × (1 + incidents) is how many firings an alert may have besides the false
// ones that are allowed. With more it is of no use.
const tooOften = 20

// training is what a policy is chosen on: all of so many folds but one.
type training struct{ folds, without int }

// everything is all of history.
var everything = training{}

// stretch is the part of an objective's history that a training learns from.
type stretch struct {
	parts [2]slo.Period
	most  int // firings that an alert may have
}

// stretches returns the stretch of every training: all of history, and for each number
// of folds and each fold that is held out, history without it and its embargo.
func (t *Tuner) stretches(incidents []Incident) map[training]stretch {
	end := t.options.To.Add(1) // the last instant is of the period
	out := map[training]stretch{everything: t.newStretch([2]slo.Period{{Start: t.options.From, End: end}}, incidents)}
	for folds := minFolds; folds <= maxFolds; folds++ {
		length := max(t.options.To.Sub(t.options.From)/time.Duration(folds), 1)
		for f := range folds {
			start := t.options.From.Add(time.Duration(f) * length)
			before := slo.Period{Start: t.options.From, End: start.Add(-t.embargo())}
			after := slo.Period{Start: start.Add(length + t.embargo()), End: end}
			out[training{folds, f}] = t.newStretch([2]slo.Period{before, after}, incidents)
		}
	}
	return out
}

func (t *Tuner) newStretch(parts [2]slo.Period, incidents []Incident) stretch {
	span := max(0, parts[0].End.Sub(parts[0].Start)) + max(0, parts[1].End.Sub(parts[1].Start))
	s := stretch{parts: parts, most: tooOften + t.options.allowed(span)}
	for _, in := range incidents {
		if parts[0].Contains(in.Start) || parts[1].Contains(in.Start) {
			s.most += tooOften
		}
	}
	return s
}

// often tells whether more of firings, which are sorted, start in s than an alert may
// have.
func (s stretch) often(firings []burn.Firing) bool {
	n := 0
	for _, p := range s.parts {
		n += max(0, startedBefore(firings, p.End)-startedBefore(firings, p.Start))
	}
	return n > s.most
}

func startedBefore(firings []burn.Firing, at time.Time) int {
	n, _ := slices.BinarySearchFunc(firings, at, func(f burn.Firing, at time.Time) int { return f.Start.Compare(at) })
	return n
}

// useless tells whether something fires too often whatever is held out.
func (o *tuned) useless(firings []burn.Firing) bool {
	for _, s := range o.stretches {
		if !s.often(firings) {
			return false
		}
	}
	return true
}

// often tells whether a condition of c fires too often at some objective, as far as
// can be learnt from the training. What is held out has no say in it.
func (t *Tuner) often(c candidate, on training) bool {
	for i := range t.objects {
		o := &t.objects[i]
		for _, k := range []int{c.a, c.b} {
			if k >= 0 && o.stretches[on].often(o.tracks[k]) {
				return true
			}
		}
	}
	return false
}

// learnt returns how c did in a training, and false if it is of no use there.
func (t *Tuner) learnt(c candidate, on training) (Tally, bool) {
	if t.often(c, on) {
		return Tally{}, false
	}
	a := t.tally(c)
	if a == nil {
		return Tally{}, false
	}
	return a.learnt(on), true
}

// learnt returns the part of a policy's figures that a training learns from.
func (a *tallies) learnt(on training) Tally {
	if on == everything {
		return a.whole()
	}
	return a.without(on.without)
}

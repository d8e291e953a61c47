package backtest

import (
	"math"
	"time"
)

// Tally is how a policy did on a stretch of history.
type Tally struct {
	Incidents int           // judged
	Missed    int           // of those
	Delay     time.Duration // from the starts of the others to the alert, added up
	False     int           // firings that belong to none

	lag  float64       // what the delays cost
	wait time.Duration // the delays, and slowest × late for each missed incident
}

func (t Tally) plus(u Tally, sign int) Tally {
	return Tally{t.Incidents + sign*u.Incidents, t.Missed + sign*u.Missed, t.Delay + time.Duration(sign)*u.Delay,
		t.False + sign*u.False, t.lag + float64(sign)*u.lag, t.wait + time.Duration(sign)*u.wait}
}

// missedCosts is how many false alarms a missed incident weighs; one that is seen
// late weighs up to half of that.
const missedCosts = 2

// cost returns what the outcomes weigh, in false alarms.
func (t Tally) cost() float64 { return missedCosts*float64(t.Missed) + float64(t.False) + t.lag }

// zone is where in its fold something happened.
type zone int

const (
	early zone = iota // within the embargo of the fold's start
	middle
	end // within the embargo of its end
)

// tallies are a policy's figures by fold and zone.
type tallies [maxFolds][3]Tally

// tally adds up how c did at every objective, nil if it is of no use.
func (t *Tuner) tally(c candidate) *tallies {
	if got, ok := t.tallies[c]; ok {
		return got
	}
	out := &tallies{}
	for i := range t.objects {
		o := &t.objects[i]
		firings, ok := t.of(o, c)
		if !ok {
			out = nil
			break
		}
		s := o.judgement.score(firings)
		for _, m := range s.Matches {
			if m.Outcome != NotJudged {
				t.at(out, m.Incident.Start).add(m, o.judgement.late)
			}
		}
		for k, told := range s.Told {
			if !told {
				t.at(out, firings[k].Start).False++
			}
		}
	}
	t.tallies[c] = out
	return out
}

// slowest times as late as an alert may be, it counts as half a miss.
const slowest = 8

func (t *Tally) add(m Match, late time.Duration) {
	t.Incidents++
	if m.Outcome == Missed {
		t.Missed++
		t.wait += slowest * late
		return
	}
	t.Delay += m.Detection
	t.wait += m.Detection
	t.lag += math.Min(1, float64(m.Detection)/float64(slowest*late)) * missedCosts / 2
}

// at returns the tally of the fold and zone of an instant.
func (t *Tuner) at(all *tallies, at time.Time) *Tally {
	length := max(t.options.To.Sub(t.options.From)/time.Duration(t.folds), 1)
	f := min(max(int(at.Sub(t.options.From)/length), 0), t.folds-1)
	start := t.options.From.Add(time.Duration(f) * length)
	switch embargo := t.embargo(); {
	case at.Sub(start) < embargo:
		return &all[f][early]
	case start.Add(length).Sub(at) <= embargo:
		return &all[f][end]
	}
	return &all[f][middle]
}

// embargo is the time beside a fold that is not learnt from, since windows reach
// over the fold's bounds: the longest that was tried, and the 6 h of the default.
func (t *Tuner) embargo() time.Duration {
	if len(t.grid) == 0 {
		return 6 * time.Hour
	}
	return max(t.grid[len(t.grid)-1].long, 6*time.Hour)
}

// fold returns how a policy did on fold f.
func (a *tallies) fold(f int) Tally {
	return a[f][early].plus(a[f][middle], 1).plus(a[f][end], 1)
}

// whole returns how a policy did on all of history.
func (a *tallies) whole() (sum Tally) {
	for f := range a {
		sum = sum.plus(a.fold(f), 1)
	}
	return sum
}

// without returns how a policy did on all folds but f, less the embargo beside it.
func (a *tallies) without(f int) Tally {
	sum := a.whole().plus(a.fold(f), -1)
	if f > 0 {
		sum = sum.plus(a[f-1][end], -1)
	}
	if f+1 < len(a) {
		sum = sum.plus(a[f+1][early], -1)
	}
	return sum
}

// cut chooses the number of folds: as many as leave an incident in each. It returns
// false if that cannot be had.
func (t *Tuner) cut() bool {
	for t.folds = maxFolds; t.folds >= minFolds; t.folds-- {
		all, empty := t.tallyAnew(), false
		for f := range t.folds {
			empty = empty || all.fold(f).Incidents == 0
		}
		if !empty {
			return true
		}
	}
	t.folds = minFolds
	t.tallyAnew()
	return false
}

// tallyAnew forgets what was tallied with other folds.
func (t *Tuner) tallyAnew() *tallies {
	t.tallies = map[candidate]*tallies{}
	return t.tally(plainDefault)
}

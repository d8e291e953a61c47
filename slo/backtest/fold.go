package backtest

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// Tally is how a policy did on a stretch of history. An incident that starts less than
// late before the end of history is in none, so that all policies have the same ones.
type Tally struct {
	Incidents int           // judged
	InTime    int           // of those, detected
	Late      int           // of those, detected late
	Delay     time.Duration // from the starts of both to the alert, added up
	False     int           // firings that belong to none
	Span      time.Duration // how much of history is known, of any objective
}

func (t Tally) plus(u Tally, sign int) Tally {
	return Tally{t.Incidents + sign*u.Incidents, t.InTime + sign*u.InTime, t.Late + sign*u.Late,
		t.Delay + time.Duration(sign)*u.Delay, t.False + sign*u.False, t.Span + time.Duration(sign)*u.Span}
}

// Found returns how many incidents were detected, in time or late.
func (t Tally) Found() int { return t.InTime + t.Late }

// Recall returns the share of incidents that were detected, late or not, unknown
// without an incident.
func (t Tally) Recall() slo.Number {
	return slo.NumberOf(int64(t.Found())).Quo(slo.NumberOf(int64(t.Incidents)))
}

// FalseWeekly returns how many false firings there were a week, unknown where history
// is empty.
func (t Tally) FalseWeekly() slo.Number { return Rate(t.False, t.Span, week) }

// Rate returns n firings in so much known time, see budget.Known, as so many in an
// even stretch of that length; unknown where nothing is known.
func Rate(n int, known, length time.Duration) slo.Number {
	return slo.NumberOf(int64(n)).Mul(slo.NumberOf(int64(length))).Quo(slo.NumberOf(int64(known)))
}

const week = 7 * 24 * time.Hour

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
	blank, found := t.blank, finds{}
	out := &blank
	for i := range t.objects {
		o := &t.objects[i]
		firings, ok := t.of(o, c)
		if !ok {
			out = nil
			break
		}
		s := o.judgement.score(firings)
		for _, m := range s.Matches {
			if o.judgement.judges(m.Incident) {
				t.at(out, m.Incident.Start).add(m)
				found = found.add(m)
			}
		}
		for k, told := range s.Told {
			if !told {
				t.at(out, firings[k].Start).False++
			}
		}
	}
	t.tallies[c] = out
	if out != nil && c.a >= 0 && c.b < 0 {
		t.found[c] = found
	}
	return out
}

// judges tells whether every policy is judged by in: it began in the period, and late
// before its end.
func (j judgement) judges(in Incident) bool {
	return !in.Start.Before(j.from) && !in.Start.Add(j.late).After(j.to)
}

func (t *Tally) add(m Match) {
	t.Incidents++
	switch m.Outcome {
	case Detected:
		t.InTime++
	case Late:
		t.Late++
	}
	t.Delay += m.Detection
}

// empty returns the tallies of what never fired where there were no incidents.
func (t *Tuner) empty() (out tallies) {
	for f := range t.folds {
		start, length := t.fold(f)
		first := min(t.embargo(), length)
		last := min(t.embargo(), length-first)
		for z, length := range [3]time.Duration{first, length - first - last, last} {
			part := slo.Period{Start: start, End: start.Add(length)}
			for _, known := range t.known {
				out[f][z].Span += known.Intersect(part).Length()
			}
			start = part.End
		}
	}
	return out
}

// fold returns where fold f begins, and how long it is.
func (t *Tuner) fold(f int) (start time.Time, length time.Duration) {
	length = max(t.options.To.Sub(t.options.From)/time.Duration(t.folds), 1)
	return t.options.From.Add(time.Duration(f) * length), length
}

// at returns the tally of the fold and zone of an instant.
func (t *Tuner) at(all *tallies, at time.Time) *Tally {
	f, z := t.place(at)
	return &all[f][z]
}

// place returns the fold and zone of an instant.
func (t *Tuner) place(at time.Time) (int, zone) {
	_, length := t.fold(0)
	f := min(max(int(at.Sub(t.options.From)/length), 0), t.folds-1)
	start, _ := t.fold(f)
	switch embargo := t.embargo(); {
	case at.Sub(start) < embargo:
		return f, early
	case start.Add(length).Sub(at) <= embargo:
		return f, end
	}
	return f, middle
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
	t.tallies, t.blank = map[candidate]*tallies{}, t.empty()
	return t.tally(plainDefault)
}

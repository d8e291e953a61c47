package backtest

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
)

// Outcome is how an alert did in one incident.
type Outcome string

const (
	Detected  Outcome = "detected"   // it began to fire within late of the incident's start
	Late      Outcome = "late"       // it began to fire after that, while the incident was on or within late of its end
	Missed    Outcome = "missed"     // it did not begin to fire for it
	NotJudged Outcome = "not_judged" // the incident began before the period, or less than late before its end
)

// Match is one incident with what an alert did in it.
type Match struct {
	Incident  Incident
	Outcome   Outcome
	Already   bool          // missed: the alert had been on for longer than late when the incident began
	Fired     time.Time     // when the first firing that tells of it began; zero if none did
	Detection time.Duration // from the incident's start to Fired, 0 if it fired already
	Cleared   time.Time     // when the last firing that tells of it ended; zero if it has not
	Spent     slo.Number    // share of the window's budget that the incident had spent by Fired
}

// Reset returns the time from the incident's end to the end of the alert, negative
// if the alert ended first, and whether both have ended.
func (m Match) Reset() (time.Duration, bool) {
	if m.Fired.IsZero() || m.Cleared.IsZero() || m.Incident.End.IsZero() {
		return 0, false
	}
	return m.Cleared.Sub(m.Incident.End), true
}

// Score is how an alert did over a period.
//
// A firing belongs to an incident if it overlaps [start, end + late); one that
// belongs to none is false. It tells of the incident if it began no more than late
// before its start: one that had been on for longer called people for something
// else, and nobody is called anew. So an alert that is always on detects nothing.
type Score struct {
	Firings                           []burn.Firing
	Told                              []bool  // in step with Firings: it belongs to an incident; if not, it is false
	Matches                           []Match // incidents that touch the period, by start
	False                             int
	Detected, Late, Missed, NotJudged int
}

// judgement is what firings are compared with.
type judgement struct {
	from, to  time.Time // instants that were looked at, both included
	late      time.Duration
	incidents []Incident
	ledger    *budget.Ledger // whose budget they spent; nil: nobody asks
}

// score compares firings, which are sorted and disjoint, with the incidents.
func (j judgement) score(firings []burn.Firing) Score {
	s := Score{Firings: firings, Told: make([]bool, len(firings))}
	for _, in := range j.incidents {
		if !j.touches(in) {
			continue
		}
		m := Match{Incident: in}
		first := firstAfter(firings, in.Start)
		for k := first; k < len(firings) && j.before(firings[k].Start, in); k++ {
			s.Told[k] = true
			m.take(firings[k], j.late)
		}
		m.Outcome = j.outcome(m)
		m.Spent = j.spent(m)
		m.Already = m.Outcome == Missed && first < len(firings) && j.before(firings[first].Start, in)
		s.count(m.Outcome)
		s.Matches = append(s.Matches, m)
	}
	for _, told := range s.Told {
		if !told {
			s.False++
		}
	}
	return s
}

// touches tells whether a firing of the period can belong to in.
func (j judgement) touches(in Incident) bool {
	return !in.Start.After(j.to) && (in.End.IsZero() || in.End.Add(j.late).After(j.from))
}

// firstAfter returns the first firing that is on after t.
func firstAfter(firings []burn.Firing, t time.Time) int {
	k, _ := slices.BinarySearchFunc(firings, t, func(f burn.Firing, t time.Time) int {
		if f.End.IsZero() || f.End.After(t) {
			return 1
		}
		return -1
	})
	return k
}

// before tells whether t is before the end of what belongs to in.
func (j judgement) before(t time.Time, in Incident) bool {
	return in.End.IsZero() || t.Before(in.End.Add(j.late))
}

// take adds a firing that belongs to the incident.
func (m *Match) take(f burn.Firing, late time.Duration) {
	if f.Start.Before(m.Incident.Start.Add(-late)) {
		return
	}
	if m.Fired.IsZero() {
		m.Fired = f.Start
		m.Detection = max(0, f.Start.Sub(m.Incident.Start))
	}
	m.Cleared = f.End
}

func (j judgement) outcome(m Match) Outcome {
	switch {
	case m.Incident.Start.Before(j.from), m.Fired.IsZero() && m.Incident.Start.Add(j.late).After(j.to):
		return NotJudged
	case m.Fired.IsZero():
		return Missed
	case m.Detection > j.late:
		return Late
	}
	return Detected
}

// spent returns the share of the budget of the objective's window, as it ended when
// the alert began to fire, that the incident had spent by then.
func (j judgement) spent(m Match) slo.Number {
	if j.ledger == nil || m.Fired.IsZero() {
		return slo.Number{}
	}
	meter := j.ledger.Meter()
	now := meter.Instant(m.Fired)
	bad, _ := meter.Counts(meter.Last(now, max(0, now-meter.Instant(m.Incident.Start))))
	return bad.Quo(j.whole(now).Mul(j.ledger.SLO().Target.Budget()))
}

// whole returns the valid events or slices of the objective's window that ends at
// instant k. Where a rolling window was measured in part, as at the beginning of
// history, what was counted is scaled up to the whole window. Otherwise the first
// minute of an outage would spend most of a budget of few events.
func (j judgement) whole(k int) slo.Number {
	meter, s := j.ledger.Meter(), j.ledger.SLO()
	if !s.Window.Rolling() {
		return meter.Whole(k)
	}
	measured, elapsed := meter.Seen(k, s.Window.Length)
	if s.Budgeting.Slices() {
		return slo.NumberFrac(elapsed*int64(meter.Step()), int64(s.Budgeting.Slice))
	}
	own, _ := meter.Own(k)
	_, total := meter.Counts(own)
	return total.Mul(slo.NumberOf(elapsed)).Quo(slo.NumberOf(measured))
}

func (s *Score) count(o Outcome) {
	switch o {
	case Detected:
		s.Detected++
	case Late:
		s.Late++
	case Missed:
		s.Missed++
	case NotJudged:
		s.NotJudged++
	}
}

// Precision returns the share of firings that belong to an incident, unknown
// without a firing.
func (s Score) Precision() slo.Number {
	n := int64(len(s.Firings))
	return slo.NumberOf(n - int64(s.False)).Quo(slo.NumberOf(n))
}

// Recall returns the share of incidents that were detected, late or not, unknown
// without an incident.
func (s Score) Recall() slo.Number {
	found := int64(s.Detected + s.Late)
	return slo.NumberOf(found).Quo(slo.NumberOf(found + int64(s.Missed)))
}

package burn

import (
	"math"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// State is how a condition stands at an instant.
type State string

const (
	Inactive State = "inactive" // not true
	Pending  State = "pending"  // true since Alert.Since, not yet for as long as the policy asks
	Active   State = "firing"   // since Alert.Since
	NoData   State = "no_data"  // nothing to look at: neither true nor resolved
)

// Alert is a condition at an instant.
//
// Since is the instant from which a pending one is true, or a firing one fires. One
// without data fired since then when its data ended; zero if it did not.
type Alert struct {
	Policy    slo.Policy
	Condition slo.Condition
	State     State
	Since     time.Time       // see above
	Earlier   bool            // Since is as far back as can be told: it may have begun before
	Long      budget.BurnRate // over the condition's long window
	Short     budget.BurnRate // over its short window, for acceleration the long window before
	Figure    slo.Number      // what is held against Limit
	Limit     slo.Number      // over which it fires; for remaining under which, for silence from which on
	Spent     slo.Number      // share of the window's budget that went in the firing so far
	Clears    time.Time       // when it is true no more if nothing fails; zero: not before the window has passed
	Covered   bool            // a faster class fires too
	Idle      bool            // of NoData: there is no gap, only no traffic
	Last      Firing          // the last firing that is over, which missing data does not end; zero if there was none
}

// At returns how every condition stands at the last instant not after at, in the
// order of the policies.
func (e *Evaluator) At(at time.Time) []Alert {
	k := e.meter.Instant(at)
	alerts := make([]Alert, len(e.rules))
	fastest := math.MaxInt
	for i, r := range e.rules {
		alerts[i] = e.alert(r, k)
		if alerts[i].State == Active {
			fastest = min(fastest, r.policy.Class.Rank())
		}
	}
	for i := range alerts {
		alerts[i].Covered = alerts[i].State == Active && alerts[i].Policy.Class.Rank() > fastest
	}
	return alerts
}

func (e *Evaluator) alert(r *rule, k int) Alert {
	a := Alert{Policy: r.policy, Condition: r.condition}
	e.figures(&a, r, k)
	h := r.history(k)
	a.State = h.state
	if h.start >= 0 {
		a.Since, a.Earlier = e.meter.Time(h.start), h.earlier
	}
	if a.State == Active {
		a.Spent = r.spentSince(h.start, k)
	}
	if h.ended > 0 {
		a.Last = Firing{Start: e.meter.Time(h.began), End: e.meter.Time(h.ended)}
	}
	a.Idle = a.State == NoData && !e.meter.Gaps(k, max(r.condition.Long, r.condition.Short))
	if a.State == Active || a.State == Pending {
		a.Clears = e.clears(r, k)
	}
	return a
}

// history is how a condition came to stand as it does.
type history struct {
	state        State
	start        int  // the instant of Alert.Since, −1 for none
	earlier      bool // there is nothing to look at before it
	began, ended int  // the last firing that is over; 0, 0 if there was none
}

// history follows the condition up to instant k, from where the counts reach far
// enough back for it.
func (r *rule) history(k int) history {
	floor := min(k, r.meter.Back(reach(r.slo, r.condition)))
	h := history{state: Inactive, start: -1}
	run := -1 // where the run of true instants began
	for i := floor; i <= k; i++ {
		switch r.test(i) {
		case yes:
			if run < 0 || h.state == NoData {
				run = i
			}
			h.state, h.start, h.earlier = Pending, run, run == floor && floor > 0
			if i-run >= r.hold {
				h.state, h.start = Active, run+r.hold
			}
		case no:
			if h.state == Active || h.state == NoData && h.start >= 0 {
				h.began, h.ended = h.start, i
			}
			run, h.state, h.start, h.earlier = -1, Inactive, -1, false
		case unknown:
			if h.state == Pending {
				h.start = -1
			}
			h.state = NoData
		}
	}
	return h
}

// figures fills what the condition looks at. Figure and Limit are burn rates over
// the long window for burn, shares of the window's budget for events, remaining
// and exhaustion, the ratio of two burn rates for acceleration, minutes for silence.
func (e *Evaluator) figures(a *Alert, r *rule, k int) {
	at, c := e.meter.Time(k), r.condition
	a.Long, a.Short, a.Limit = e.ledger.BurnRate(at, c.Long), e.ledger.BurnRate(at, c.Short), c.Limit
	switch c.Test {
	case slo.Burn:
		a.Figure = a.Long.Rate
	case slo.Events:
		a.Figure = a.Long.Bad.Quo(r.slo.Target.Budget().Mul(r.meter.Whole(k)))
	case slo.Acceleration:
		a.Short = e.ledger.BurnRate(at.Add(-c.Long), c.Long)
		a.Figure = a.Long.Rate.Quo(a.Short.Rate)
	case slo.Remaining:
		a.Figure = slo.NumberOf(1).Sub(r.spent(k))
	case slo.Exhaustion:
		ahead, window := r.ahead(k)
		a.Limit = slo.NumberOf(1)
		a.Figure = r.spent(k).Add(a.Long.Rate.Mul(slo.NumberFrac(int64(ahead), int64(window))))
	case slo.Silence:
		a.Limit, a.Figure = slo.Minutes(c.Within), slo.Minutes(e.meter.Quiet(k))
	}
}

// spentSince returns the share of the budget of the window at instant k that went
// since instant from.
func (r *rule) spentSince(from, k int) slo.Number {
	bad, _ := r.meter.Counts(r.meter.Last(k, k-from))
	return bad.Quo(r.slo.Target.Budget().Mul(r.meter.Whole(k)))
}

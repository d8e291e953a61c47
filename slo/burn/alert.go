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
// without data is carried on since then, at most for its long window; zero if it is not.
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
	Idle      bool            // of NoData: no window without valid events has a gap, there was no traffic
	Known     time.Time       // of NoData: the last instant that was judged; zero if none was
	Over      []Over          // the firings that are over, oldest first
}

// Over is a firing that is over. From Blind to its end there was nothing to look at; a
// zero Blind: it was judged to the end.
type Over struct {
	Firing
	Blind time.Time
}

// At returns how every condition stands at the last instant whose counts are complete at
// at, in the order of the policies.
func (e *Evaluator) At(at time.Time) []Alert {
	k := e.meter.Instant(at.Add(-e.delay()))
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
		a.Since, a.Earlier = r.known(h.start), h.earlier
	}
	if h.fires() {
		a.Spent = r.spentSince(h.start, k)
	}
	for _, p := range h.over {
		a.Over = append(a.Over, r.over(p))
	}
	if a.Idle = a.State == NoData && r.idle(k); a.State == NoData && h.judged >= r.floor {
		a.Known = r.known(h.judged)
	}
	if a.State == Active || a.State == Pending {
		a.Clears = e.clears(r, k)
	}
	return a
}

func (r *rule) over(p past) Over {
	o := Over{Firing: Firing{Start: r.known(p.began), End: r.known(p.ended)}}
	if p.judged < p.ended-1 {
		o.Blind = r.known(p.judged)
	}
	return o
}

// history is how a condition came to stand as it does.
type history struct {
	state   State
	start   int    // the instant of Alert.Since, −1 for none
	earlier bool   // there is nothing to look at before it
	over    []past // the firings that are over

	run, judged int  // where the run of true instants began, −1 in none; the last instant judged
	sure        bool // what went before is known not to be carried on
}

// past is a firing that is over: its instants, and the last that was judged before its end.
type past struct{ began, judged, ended int }

// history follows the condition up to instant k, from where the counts reach far
// enough back for it.
func (r *rule) history(k int) history {
	next := min(k, r.floor)
	h := history{state: Inactive, start: -1, run: -1, judged: next - 1, sure: next == 0}
	r.each(next, k, func(i int) {
		r.pass(&h, next, i)
		h.holds(i, r.hold)
		next = i + 1
	})
	r.pass(&h, next, k+1)
	return h
}

// pass goes over the instants [next, to), at none of which the condition is true. Once it
// fires no more the last instant that is judged tells all of those before.
func (r *rule) pass(h *history, next, to int) {
	for ; next < to && h.fires(); next++ {
		r.step(h, next)
	}
	for i := r.lastJudged(next, to); i < to; i++ {
		r.step(h, i)
	}
}

// step goes on to instant i, at which the condition is not true.
func (r *rule) step(h *history, i int) {
	if r.test(i) == unknown {
		h.blind(i, r.carry)
		return
	}
	h.stops(i)
	h.state, h.judged, h.sure = Inactive, i, true
}

// lastJudged returns the last of the instants [from, to) at which there is something to look
// at, from if there is none.
func (r *rule) lastJudged(from, to int) int {
	for i := to - 1; i > from; i-- {
		if r.test(i) != unknown {
			return i
		}
	}
	return from
}

// fires tells whether it fires, or did when there was last something to look at.
func (h *history) fires() bool { return h.start >= 0 && h.state != Pending }

// holds goes on to instant i, at which the condition is true.
func (h *history) holds(i, hold int) {
	h.judged = i
	if h.fires() {
		h.state = Active
		return
	}
	if h.run < 0 {
		h.run = i
	}
	h.state, h.start, h.earlier = Pending, h.run, !h.sure
	if i-h.run >= hold {
		h.state, h.start = Active, h.run+hold
	}
}

// stops ends at instant i what fires.
func (h *history) stops(i int) {
	if h.fires() {
		h.over = append(h.over, past{h.start, h.judged, i})
	}
	h.run, h.start, h.earlier = -1, -1, false
}

// blind goes on to instant i, at which there is nothing to look at.
func (h *history) blind(i, carry int) {
	over := i-h.judged > carry
	if over || !h.fires() {
		h.stops(i)
	}
	h.state, h.run, h.sure = NoData, -1, h.sure || over
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

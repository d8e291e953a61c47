package burn

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/evidence"
)

// answer tells whether a condition is true at an instant.
type answer int

const (
	no answer = iota
	yes
	unknown // there was nothing to look at
)

// rule is a condition whose windows and limits have been worked out.
type rule struct {
	policy    slo.Policy
	condition slo.Condition
	meter     *budget.Meter
	slo       slo.SLO

	long, short int // windows in instants; short: 0 for none
	offset      int // of the window before, for acceleration
	hold        int // instants for which it has to have been true before
	carry       int // instants after the last one judged to which a firing is carried on
	floor       int // the first instant for which the counts reach far enough back
	limit       budget.Limit
	part        budget.Limit // of the short window, for events
	least       budget.Limit // bad events of the long window
	test        func(k int) answer
}

func (e *Evaluator) rule(p slo.Policy, c slo.Condition) *rule {
	s := e.ledger.SLO()
	r := &rule{policy: p, condition: c, meter: e.meter, slo: s}
	r.long, r.short, r.offset = e.meter.Back(c.Long), e.meter.Back(c.Short), e.meter.Back(c.Long)
	r.floor = e.meter.Back(reach(s, c))
	switch e.options.Semantics {
	case Own:
		r.carry = r.long
	case Prometheus3:
		if !s.Budgeting.Slices() { // rules record whole slices, of which a window has all
			r.long, r.short = max(r.long-1, 0), max(r.short-1, 0)
		}
	}
	r.hold = int((p.For + e.meter.Step() - 1) / e.meter.Step())
	if p.MinBad.Known() {
		r.least = budget.LimitOf(p.MinBad)
	}
	limit := c.Limit.Mul(s.Target.Budget())
	switch c.Test {
	case slo.Burn:
		r.limit, r.test = budget.LimitOf(limit), r.burn
	case slo.Events:
		r.limit, r.test = budget.LimitOf(limit), r.events
		r.part = budget.LimitOf(limit.Mul(slo.NumberFrac(int64(c.Short), int64(c.Long))))
	case slo.Acceleration:
		r.limit, r.test = budget.LimitOf(c.Limit), r.acceleration
	case slo.Remaining:
		r.limit, r.test = budget.LimitOf(slo.NumberOf(1).Sub(c.Limit).Mul(s.Target.Budget())), r.remaining
	case slo.Exhaustion:
		r.limit, r.test = budget.LimitOf(s.Target.Budget()), r.exhaustion
	case slo.Silence:
		r.test = r.silence
	default:
		panic("burn: no test " + string(c.Test)) // a new test belongs here
	}
	return r
}

// burn tests the burn rates over both windows (SRE Workbook, chapter 5: multiwindow,
// multi-burn-rate alerts).
func (r *rule) burn(k int) answer {
	long := r.meter.Last(k, r.long)
	if r.meter.Empty(long) { // it is over no limit
		return unknown
	}
	if r.meter.Over(long, long, r.limit) && r.overShort(k) {
		return r.enough(long)
	}
	if r.condition.Short > 0 && r.meter.Empty(r.meter.Last(k, r.short)) {
		return unknown
	}
	return no
}

// overShort tells whether the burn rate over the short window is over the limit, if the
// condition has one.
func (r *rule) overShort(k int) bool {
	if r.condition.Short == 0 {
		return true
	}
	short := r.meter.Last(k, r.short)
	return r.meter.Over(short, short, r.limit)
}

// blank tells whether the long or the short window has nothing valid.
func (r *rule) blank(k int) bool {
	if r.meter.Empty(r.meter.Last(k, r.long)) {
		return true
	}
	return r.condition.Short > 0 && r.meter.Empty(r.meter.Last(k, r.short))
}

// idle tells of a condition that cannot be judged at instant k whether that is for want
// of traffic alone: none of its windows without valid events has a gap.
func (r *rule) idle(k int) bool {
	c := r.condition
	gap := func(k int, s budget.Stretch, w time.Duration) bool {
		return w > 0 && r.meter.Empty(s) && r.meter.Gaps(k, w)
	}
	if gap(k, r.meter.Last(k, r.long), c.Long) || gap(k, r.meter.Last(k, r.short), c.Short) {
		return false
	}
	switch c.Test {
	case slo.Burn:
		return true
	case slo.Acceleration:
		return k >= r.offset && !gap(k-r.offset, r.meter.Last(k-r.offset, r.long), c.Long)
	}
	own, passed := r.meter.Own(k)
	return !gap(k, own, passed)
}

// enough tells whether a condition that is over its limit also has the bad events and
// the evidence that its policy asks for.
func (r *rule) enough(long budget.Stretch) answer {
	if !r.policy.MinBad.Known() && !r.policy.Evidence.Asked() {
		return yes
	}
	if r.policy.MinBad.Known() && !r.meter.AtLeast(long, r.least) {
		return no
	}
	if r.policy.Evidence.Asked() && r.condition.Test == slo.Burn {
		bad, total := r.meter.Counts(long)
		i, ok := evidence.Of(r.policy.Evidence.Method, bad, total, r.policy.Evidence.Confidence)
		return is(ok && slo.NumberFloat(i.Low).Cmp(r.limit.Number()) > 0)
	}
	return yes
}

// events compares counts with shares of what the objective's window may have.
func (r *rule) events(k int) answer {
	long := r.meter.Last(k, r.long)
	over := r.meter.OverWhole(long, k, r.limit)
	if over && (r.condition.Short == 0 || r.meter.OverWhole(r.meter.Last(k, r.short), k, r.part)) {
		return r.enough(long)
	}
	if r.blank(k) || r.meter.Nothing(k) {
		return unknown
	}
	return no
}

// acceleration compares the burn rate with that of the window before: bad/total of
// one against bad/total of the other.
func (r *rule) acceleration(k int) answer {
	if k < r.offset {
		return unknown
	}
	now, before := r.meter.Last(k, r.long), r.meter.Last(k-r.offset, r.long)
	if r.meter.Empty(now) || r.meter.Empty(before) {
		return unknown
	}
	if !r.meter.Faster(now, before, r.limit) {
		return no
	}
	return r.enough(now)
}

// remaining tests whether the bad of the objective's window are over (1 − limit) × what
// it may have.
func (r *rule) remaining(k int) answer {
	own, _ := r.meter.Own(k)
	if r.slo.Window.Rolling() {
		if r.meter.Empty(own) {
			return unknown
		}
		return is(r.meter.Over(own, own, r.limit)) // also while the promise is young: nothing is scaled up
	}
	if r.meter.OverWhole(own, k, r.limit) {
		return yes
	}
	if r.meter.Nothing(k) {
		return unknown
	}
	return no
}

func is(true bool) answer {
	if true {
		return yes
	}
	return no
}

// exhaustion tests whether what is spent, and what the burn rate over the long window
// will spend in the time looked ahead, are together over the budget.
func (r *rule) exhaustion(k int) answer {
	long := r.meter.Last(k, r.long)
	if r.meter.Empty(long) {
		return unknown
	}
	ahead, window := r.ahead(k)
	over, known := r.meter.Exhausts(k, long, ahead, window, r.limit)
	switch {
	case !known:
		return unknown
	case !over:
		return no
	}
	return r.enough(long)
}

// spent returns the share of the budget of the objective's window that is spent.
func (r *rule) spent(k int) slo.Number {
	return r.meter.Spent(k).Quo(r.slo.Target.Budget())
}

// ahead returns the time that exhaustion looks ahead from instant k, not beyond the
// end of a calendar period, and the length of the objective's window.
func (r *rule) ahead(k int) (ahead, window time.Duration) {
	p := r.meter.Window(k)
	window, left := p.Length(), p.Length()
	if !r.slo.Window.Rolling() {
		left = p.End.Sub(r.meter.Time(k))
	}
	if within := r.condition.Within; within > 0 && (r.slo.Window.Rolling() || within < left) {
		return within, window
	}
	return left, window
}

// silence tests whether nothing was measured for as long as the condition says.
func (r *rule) silence(k int) answer {
	return is(r.meter.Quiet(k) >= r.condition.Within)
}

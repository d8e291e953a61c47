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

	long, short int // windows in instants
	offset      int // of the window before, for acceleration
	hold        int // instants for which it has to have been true before
	limit       budget.Limit
	part        budget.Limit // of the short window, for events
	least       budget.Limit // bad events of the long window
	test        func(k int) answer
}

func (e *Evaluator) rule(p slo.Policy, c slo.Condition) *rule {
	s := e.ledger.SLO()
	r := &rule{policy: p, condition: c, meter: e.meter, slo: s}
	r.long, r.short, r.offset = e.meter.Back(c.Long), e.meter.Back(c.Short), e.meter.Back(c.Long)
	if e.options.LeftOpen {
		r.long, r.short = max(r.long-1, 0), max(r.short-1, 0)
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
	long, short := r.meter.Last(k, r.long), r.meter.Last(k, r.short)
	if r.meter.Over(long, long, r.limit) && r.meter.Over(short, short, r.limit) {
		return r.enough(long)
	}
	if r.meter.Empty(long) || r.meter.Empty(short) {
		return unknown
	}
	return no
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
	long, short := r.meter.Last(k, r.long), r.meter.Last(k, r.short)
	if r.meter.OverWhole(long, k, r.limit) && r.meter.OverWhole(short, k, r.part) {
		return r.enough(long)
	}
	return r.orUnknown(k)
}

// orUnknown returns no, or unknown if the objective's window has nothing valid.
func (r *rule) orUnknown(k int) answer {
	if r.meter.Nothing(k) {
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
	return r.orUnknown(k)
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

package burn

import "time"

// clears returns when the first instant after k is known at which a condition is not true, if nothing
// fails from k on and traffic stays what it was. It returns the zero time if that is
// not before the objective's window has passed.
func (e *Evaluator) clears(r *rule, k int) time.Time {
	n := int((r.slo.Window.Nominal()+reach(r.slo, r.condition))/e.meter.Step()) + 1
	traffic := e.meter.Traffic(k, e.meter.Back(max(r.condition.Long, time.Hour)))
	later := e.ledger.Continue(k, n, max(traffic, 1)) // a unit: windows fill, also where it was quiet
	ahead := &Evaluator{ledger: later, meter: later.Meter(), options: e.options}
	same := ahead.rule(r.policy, r.condition)
	for i := k + 1; i <= k+n; i++ {
		if same.test(i) == no {
			return same.known(i)
		}
	}
	return time.Time{}
}

// Package suggest tells which targets an indicator would have met, and how often
// each would have called people. It says what a system happens to do; what it
// should do follows from what its users need, and nobody can read that from counts.
package suggest

import (
	"math/big"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/evidence"
	"github.com/nines-slo/nines/slo/order"
)

// day is the time from one window to the next.
const day = 24 * time.Hour

// Needed is how many windows it takes to speak of 95 % of them.
const Needed = 20

// shares are those of the past windows that a suggested target is met in.
func shares() []slo.Number {
	return []slo.Number{slo.NumberFrac(50, 100), slo.NumberFrac(80, 100), slo.NumberFrac(95, 100)}
}

// Target is one target, held against history.
type Target struct {
	Share  slo.Number // of the windows that it was made to be met in; unknown for the target that the objective has
	Target slo.Target // 0: none would do
	Met    slo.Number // share of the windows in which it would have been met
	Pages  int        // firings of the default page
	Mute   bool       // the default page could not have fired: its factors are out of reach
	Proven bool       // false: not one event was bad, and no more than this is proven
}

// Result is what an objective's history says.
type Result struct {
	History  slo.Period    // from the first measured bucket in the period asked for, or since the promise began
	Known    time.Duration // of it, see budget.Known
	Length   time.Duration // of a window; of calendar ones the nominal
	Windows  int           // that were measured well enough
	Now      Target
	Targets  []Target    // nil with fewer than Needed windows
	Distinct slo.Number  // windows that do not overlap
	Counted  budget.Part // of the history
}

// Missing returns how much longer history must be to suggest targets, 0 if it is
// long enough.
func (r Result) Missing() time.Duration {
	if r.Windows >= Needed {
		return 0
	}
	return max(time.Duration(Needed-r.Windows)*day, r.Length+(Needed-1)*day-r.History.Length())
}

// Of slides windows of the length of s over p, a day apart, and returns the targets
// that would have been met in half, 80 % and 95 % of them. Data must cover p, and
// Reach before it. It returns an error if the slices of s do not fit the data.
func Of(s slo.SLO, data *slo.Series, p slo.Period) (Result, error) {
	r := Result{History: p, Length: s.Window.Nominal(), Now: Target{Target: s.Target, Proven: true}}
	for _, begin := range []time.Time{data.First(), s.Since} {
		if begin.After(r.History.Start) {
			r.History.Start = begin
		}
	}
	l, err := budget.New(s, data)
	if err != nil || r.History.Empty() || l.Over(r.History).Buckets.Measured == 0 {
		r.History.End = r.History.Start
		return r, err
	}
	past := measured(l, r)
	r.Counted, r.Known = l.Over(r.History), slo.Lasting(budget.Known(l, r.History))
	r.Windows = len(past)
	r.Distinct = slo.NumberFrac(int64(r.History.Length()), int64(r.Length))
	slis := make([]slo.Number, len(past))
	for i, st := range past {
		slis[i] = st.SLI
	}
	order.Stable(slis, func(a, b slo.Number) int { return b.Cmp(a) }) // best first
	if r.Now, err = tried(s, data, r.History, slis, s.Target); err != nil {
		return r, err
	}
	if r.Windows < Needed {
		return r, nil
	}
	for _, share := range shares() {
		target, proven := highest(slis, share), true
		if target == slo.Full {
			target, proven = provenBy(past), false
		}
		t, err := tried(s, data, r.History, slis, target)
		if err != nil {
			return r, err
		}
		t.Share, t.Proven = share, proven
		r.Targets = append(r.Targets, t)
	}
	return r, nil
}

// measured judges the windows of history that end a whole number of days before its
// end, and returns those that could be judged.
func measured(l *budget.Ledger, r Result) []budget.Status {
	var out []budget.Status
	for end := r.History.End; !end.Add(-r.Length).Before(r.History.Start); end = end.Add(-day) {
		if st := l.Status(slo.Period{Start: end.Add(-r.Length), End: end}, end); st.State != slo.NoData {
			out = append(out, st)
		}
	}
	return out
}

// highest returns the highest target that at least a share of the windows met, with
// two digits of the error ratio, rounded so that it stays met; 100 % if nothing
// failed in them, 0 if everything did.
func highest(slis []slo.Number, share slo.Number) slo.Target {
	met := share.Mul(slo.NumberOf(int64(len(slis)))).Rat() // at least so many windows
	return under(slis[ceil(met)-1])
}

// under returns the highest target not over sli whose error ratio has two digits.
func under(sli slo.Number) slo.Target {
	errors := slo.NumberOf(1).Sub(sli).Mul(slo.NumberOf(int64(slo.Full))).Rat()
	ppb := ceil(errors)
	for unit := int64(1); ; unit *= 10 {
		if up := (ppb + unit - 1) / unit; up < 100 {
			return max(slo.Full-slo.Target(up*unit), 0)
		}
	}
}

// ceil returns the least integer that is not under r.
func ceil(r *big.Rat) int64 {
	n, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		return n.Int64() + 1
	}
	return n.Int64()
}

// provenBy returns the target that windows without a bad event prove: that of the
// one with the fewest events, at 95 % by Clopper and Pearson.
func provenBy(past []budget.Status) slo.Target {
	least := slices.MinFunc(past, func(a, b budget.Status) int { return a.Counts.Total.Cmp(b.Counts.Total) })
	i, ok := evidence.Of(slo.ClopperPearson, slo.NumberOf(0), least.Counts.Total, evidence.DefaultConfidence())
	if !ok {
		return 0
	}
	return under(slo.NumberOf(1).Sub(slo.NumberFloat(i.High)))
}

// page returns the default page policy.
func page(s slo.SLO) slo.Policy {
	return slo.Policy{Name: string(slo.Page), Class: slo.Page, When: slo.DefaultConditions(s, slo.Page)}
}

// Reach returns how much time before a period the pages in it look at.
func Reach(s slo.SLO) time.Duration { return burn.Reach(s, []slo.Policy{page(s)}) }

// tried returns what history says of a target.
func tried(s slo.SLO, data *slo.Series, history slo.Period, slis []slo.Number, target slo.Target) (Target, error) {
	out := Target{Target: target, Proven: true}
	if target <= 0 {
		return out, nil
	}
	met := 0
	for _, sli := range slis {
		if sli.Cmp(target.Number()) >= 0 {
			met++
		}
	}
	out.Met = slo.NumberOf(int64(met)).Quo(slo.NumberOf(int64(len(slis))))
	s.Target, s.Alerts = target, nil
	page := page(s)
	out.Mute = !s.CanFire(page)
	l, err := budget.New(s, data)
	if err != nil {
		return out, err
	}
	var firings [][]burn.Firing
	for _, t := range burn.New(l, []slo.Policy{page}, burn.Options{}).Replay(history.Start, history.End) {
		firings = append(firings, t.Firings)
	}
	out.Pages = len(burn.Merge(firings...))
	return out, nil
}

package budget

import (
	"math/big"
	"slices"
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
)

// sliceBad returns how bad a slice with valid events is: 0 or 1 for timeslices,
// its error ratio for ratio-timeslices.
func sliceBad(b slo.Budgeting, bad, total slo.Number) *big.Rat {
	ratio := bad.Quo(total)
	switch b.Method {
	case slo.RatioTimeslices:
		return ratio.Rat()
	case slo.Timeslices:
		if ratio.Cmp(b.Target.Budget()) > 0 {
			return one
		}
		return zero
	}
	panic("budget: no worth of a slice for method " + string(b.Method)) // a new method belongs here
}

// tally is what a stretch of time adds to the sums.
type tally struct {
	bad, total slo.Number
	buckets    int // not excluded
	measured   int // of those
	excluded   int
}

func (t tally) counts() Counts {
	return Counts{Good: t.total.Sub(t.bad), Bad: t.bad, Total: t.total}
}

// tally adds up the buckets that start in p, or the slices that lie wholly in it.
func (l *Ledger) tally(p slo.Period) tally {
	t := l.tallyBuckets(l.data.Index(p.Start), l.data.Index(p.End))
	if l.slo.Budgeting.Slices() {
		t.bad, t.total = l.tallySlices(p)
	}
	return t
}

// tallySlices adds up the slices that lie wholly in p.
func (l *Ledger) tallySlices(p slo.Period) (bad, total slo.Number) {
	i := sort.Search(len(l.slices), func(i int) bool { return !l.slices[i].Start.Before(p.Start) })
	j := l.ended(p.End)
	return sumSlices(l.slices[min(i, j):j])
}

// sliceStart returns the start of the slice that holds t, t itself if there is none.
func (l *Ledger) sliceStart(t time.Time) time.Time {
	if i := l.ended(t); i < len(l.slices) && l.slices[i].Contains(t) {
		return l.slices[i].Start
	}
	return t
}

func (l *Ledger) tallyBuckets(i, j int) tally { return l.add(i, j).tally() }

// sums are a tally before its sums are made Numbers, which allocates.
type sums struct {
	bad, total                  slo.Sum
	buckets, measured, excluded int
}

func (s sums) tally() tally {
	return tally{bad: s.bad.Number(), total: s.total.Number(), buckets: s.buckets, measured: s.measured, excluded: s.excluded}
}

// add adds up the buckets [i, j).
func (l *Ledger) add(i, j int) (t sums) {
	for ; i < j; i++ {
		switch {
		case l.excluded[i]:
			t.excluded++
			continue
		case l.data.Measured(i):
			t.measured++
			t.bad.Add(l.data.Bad[i])
			t.total.Add(l.data.Total[i])
		}
		t.buckets++
	}
	return t
}

// sumSlices returns Σ bad and the number of slices that count.
func sumSlices(ss []slice) (bad, total slo.Number) {
	var n, whole int64
	sums := map[string]*big.Rat{} // per denominator, so that few fractions remain to be added
	var order []*big.Rat
	for _, s := range ss {
		if s.bad == nil {
			continue
		}
		n++
		if s.bad.IsInt() {
			whole += s.bad.Num().Int64()
			continue
		}
		key := s.bad.Denom().String()
		if sums[key] == nil {
			sums[key] = new(big.Rat)
			order = append(order, sums[key])
		}
		sums[key].Add(sums[key], s.bad)
	}
	return slo.NumberOf(whole).Add(slo.NumberRat(addAll(order))), slo.NumberOf(n)
}

// addAll adds fractions in a tree, which keeps most of the additions small.
func addAll(rs []*big.Rat) *big.Rat {
	switch len(rs) {
	case 0:
		return new(big.Rat)
	case 1:
		return rs[0]
	}
	half := len(rs) / 2
	return new(big.Rat).Add(addAll(rs[:half]), addAll(rs[half:]))
}

// BurnRate returns bad / valid / (1 − target) over the time w before at, from
// measured, not excluded buckets, or from the whole slices that ended in it. It is
// unknown without valid events.
func (l *Ledger) BurnRate(at time.Time, w time.Duration) BurnRate {
	bad, total := l.burnt(at, w)
	return BurnRate{Window: w, Bad: bad, Total: total, Rate: bad.Quo(total).Quo(l.slo.Target.Budget())}
}

func (l *Ledger) burnt(at time.Time, w time.Duration) (bad, total slo.Number) {
	from := at.Add(-w)
	if !l.slo.Budgeting.Slices() {
		t := l.tallyBuckets(l.data.Index(from), l.complete(at))
		return t.bad, t.total
	}
	ss := l.slices[l.ended(from):l.ended(at)]
	if l.filled() && l.born.After(from) {
		ss = slices.DeleteFunc(slices.Clone(ss), l.unborn)
	}
	return sumSlices(ss)
}

// ended returns how many slices ended by t.
func (l *Ledger) ended(t time.Time) int {
	return sort.Search(len(l.slices), func(i int) bool { return l.slices[i].End.After(t) })
}

// complete returns the number of buckets that ended by at.
func (l *Ledger) complete(at time.Time) int {
	return max(0, min(l.data.Len(), int(at.Sub(l.data.Start)/l.data.Step)))
}

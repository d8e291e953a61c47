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

func (r *record) buckets(t tally) Buckets {
	return Buckets{Step: r.data.Step, Elapsed: t.buckets, Measured: t.measured, Excluded: t.excluded}
}

// tally adds up the buckets that start in p, or the slices that do with their buckets.
func (r *record) tally(p slo.Period) tally {
	if !r.slo.Budgeting.Slices() {
		return r.tallyBuckets(r.data.Index(p.Start), r.data.Index(p.End))
	}
	ss := r.starting(p)
	if len(ss) == 0 {
		return r.tallyBuckets(0, 0)
	}
	t := r.tallyBuckets(ss[0].i, ss[len(ss)-1].j)
	t.bad, t.total = sumSlices(ss)
	return t
}

// within returns the slices that start in p and are complete when it ends.
func (r *record) within(p slo.Period) []slice {
	ss := r.starting(p)
	return ss[:sort.Search(len(ss), func(i int) bool { return r.done(ss[i]).After(p.End) })]
}

func (r *record) tallyBuckets(i, j int) tally { return r.add(i, j).tally() }

// sums are a tally before its sums, in units of 10^-decimals events, are made Numbers,
// which allocates.
type sums struct {
	bad, total                  slo.Sum
	decimals                    int
	buckets, measured, excluded int
}

func (s sums) tally() tally {
	t := tally{bad: s.bad.Number(s.decimals), total: s.total.Number(s.decimals)}
	t.buckets, t.measured, t.excluded = s.buckets, s.measured, s.excluded
	return t
}

// add adds up the buckets [i, j).
func (r *record) add(i, j int) (t sums) {
	t.decimals = r.data.Decimals
	if i >= j {
		return t
	}
	excluded, bad := r.excluded[i:j], r.data.Bad[i:j]
	for k, total := range r.data.Total[i:j] {
		switch {
		case excluded[k]:
			t.excluded++
		case total >= 0: // measured
			t.measured++
			t.bad.Add(bad[k])
			t.total.Add(total)
		}
	}
	t.buckets = j - i - t.excluded
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

// BurnRate returns bad / valid / (1 − target) over the time w before the end of the
// newest bucket complete at at: from measured, not excluded buckets that start in it, or
// from the slices that were complete in it. It is unknown without valid events.
func (l *Ledger) BurnRate(at time.Time, w time.Duration) BurnRate {
	t := l.record.burnt(at, w)
	rate := t.bad.Quo(t.total).Quo(l.slo.Target.Budget())
	return BurnRate{Window: w, Bad: t.bad, Total: t.total, Rate: rate, Buckets: l.record.buckets(t)}
}

func (r *record) burnt(at time.Time, w time.Duration) tally {
	k := r.complete(at)
	from := r.data.Time(k).Add(-w)
	t := r.tallyBuckets(r.data.Index(from), k)
	if !r.slo.Budgeting.Slices() {
		return t
	}
	ss := r.slices[r.ended(from):r.ended(at)]
	if r.filled() && r.born.After(from) {
		ss = slices.DeleteFunc(slices.Clone(ss), r.unborn)
	}
	t.bad, t.total = sumSlices(ss)
	return t
}

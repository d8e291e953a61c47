package budget

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Part is what was counted in a stretch of time.
type Part struct {
	slo.Period
	Counts  Counts // of the buckets that start in it, or of the slices that lie wholly in it
	Buckets Buckets
	Enough  bool // as much of it was measured as a verdict needs; never if all of it is excluded
}

// Coverage returns the measured share of the buckets that are not excluded.
func (p Part) Coverage() slo.Number {
	return slo.NumberOf(int64(p.Buckets.Measured)).Quo(slo.NumberOf(int64(p.Buckets.Elapsed)))
}

// Over adds up p, which need not be a window of the objective. Time of which there
// is no data was not measured.
func (l *Ledger) Over(p slo.Period) Part {
	t := l.record.tallyBuckets(l.record.data.Index(p.Start), l.record.data.Index(p.End))
	if l.slo.Budgeting.Slices() {
		t.bad, t.total = sumSlices(l.record.within(p))
	}
	s := Part{Period: p, Counts: t.counts(), Buckets: l.record.buckets(t)}
	s.Buckets.Elapsed = l.record.starts(p) - t.excluded // also of time without data
	floor := l.slo.MinCoverage.Mul(slo.NumberOf(int64(s.Buckets.Elapsed)))
	s.Enough = s.Buckets.Elapsed > 0 && (l.record.filled() || slo.NumberOf(int64(t.measured)).Cmp(floor) >= 0)
	return s
}

// Known returns the time of p of which it is known whether an alert fired: complete
// buckets since the promise began that were measured, and between them those that are
// excluded, in which nobody is called.
func Known(l *Ledger, p slo.Period) []slo.Period {
	r := l.record
	i, j := r.data.Index(r.promised(p).Start), min(r.data.Index(p.End), r.complete(p.End))
	for i < j && !r.data.Measured(i) {
		i++
	}
	for i < j && !r.data.Measured(j-1) {
		j--
	}
	var out []slo.Period
	for ; i < j; i++ {
		if r.data.Measured(i) || r.excluded[i] {
			out = joined(out, slo.Period{Start: r.data.Time(i), End: r.data.Time(i + 1)})
		}
	}
	return out
}

// joined returns periods with one that begins no earlier than the last of them ends, and
// lengthens that if it begins then.
func joined(periods []slo.Period, next slo.Period) []slo.Period {
	if n := len(periods); n > 0 && periods[n-1].End.Equal(next.Start) {
		periods[n-1].End = next.End
		return periods
	}
	return append(periods, next)
}

// Besides adds up the events of the buckets that start in p and count, besides those that
// start in seen. It returns seen with their time: sorted, none overlaps another.
func Besides(l *Ledger, seen []slo.Period, p slo.Period) (Counts, []slo.Period) {
	r := l.record
	t := sums{decimals: r.data.Decimals}
	var added []slo.Period
	rest := seen
	for i, end := r.data.Index(p.Start), r.data.Index(p.End); i < end; {
		for len(rest) > 0 && r.data.Index(rest[0].End) <= i {
			rest = rest[1:]
		}
		next, after := end, end // where what was seen begins, and ends
		if len(rest) > 0 {
			next, after = min(r.data.Index(rest[0].Start), end), min(r.data.Index(rest[0].End), end)
		}
		run := 0 // buckets that were added since one that was not
		for ; i <= next; i++ {
			if i < next && r.counts(i) {
				t.bad.Add(r.data.Bad[i])
				t.total.Add(r.data.Total[i])
				run++
				continue
			}
			if run > 0 {
				added = append(added, slo.Period{Start: r.data.Time(i - run), End: r.data.Time(i)})
			}
			run = 0
		}
		i = after
	}
	return t.tally().counts(), slo.Union(slices.Concat(seen, added))
}

// Grain is the step in which a budget is spent: of the buckets, or of the slices.
func (l *Ledger) Grain() time.Duration { return l.record.grain() }

// GrainStart returns the start of the bucket, or of the slice, that holds t.
func (l *Ledger) GrainStart(t time.Time) time.Time { return l.record.grainStart(t) }

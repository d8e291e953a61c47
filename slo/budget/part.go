package budget

import (
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

// Grain is the step in which a budget is spent: of the buckets, or of the slices.
func (l *Ledger) Grain() time.Duration { return l.record.grain() }

// GrainStart returns the start of the bucket, or of the slice, that holds t.
func (l *Ledger) GrainStart(t time.Time) time.Time { return l.record.grainStart(t) }

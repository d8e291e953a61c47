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

// Over adds up p, which need not be a window of the objective. Time of which there
// is no data was not measured.
func (l *Ledger) Over(p slo.Period) Part {
	t := l.record.tally(p)
	s := Part{Period: p, Counts: t.counts(), Buckets: l.record.buckets(t)}
	s.Buckets.Elapsed = l.record.starts(p) - t.excluded // also of time without data
	floor := l.slo.MinCoverage.Mul(slo.NumberOf(int64(s.Buckets.Elapsed)))
	s.Enough = s.Buckets.Elapsed > 0 && (l.record.filled() || slo.NumberOf(int64(t.measured)).Cmp(floor) >= 0)
	return s
}

// starts returns how many buckets would start in p if the data went on for ever.
func (r *record) starts(p slo.Period) int {
	if r.data.Len() == 0 || p.Empty() {
		return 0
	}
	before := func(t time.Time) int { return int(r.gridStart(t.Add(-1)).Sub(r.data.Start) / r.data.Step) }
	return before(p.End) - before(p.Start)
}

// gridStart returns the start of the bucket that holds t, t itself without data.
func (r *record) gridStart(t time.Time) time.Time {
	if r.data.Len() == 0 {
		return t
	}
	return t.Add(-((t.Sub(r.data.Start)%r.data.Step + r.data.Step) % r.data.Step))
}

// Grain is the step in which a budget is spent: of the buckets, or of the slices.
func (l *Ledger) Grain() time.Duration { return l.record.grain() }

// GrainStart returns the start of the bucket, or of the slice, that holds t.
func (l *Ledger) GrainStart(t time.Time) time.Time {
	if l.slo.Budgeting.Slices() {
		return l.record.sliceStart(t)
	}
	return l.record.gridStart(t)
}

package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Current judges the objective over its own window at the instant at. A rolling
// window always runs; it ends with the last complete bucket.
func (l *Ledger) Current(at time.Time) Status {
	if l.slo.Window.Rolling() {
		if l.record.data.Len() > 0 {
			at = at.Add(-(at.Sub(l.record.data.Start)%l.record.data.Step + l.record.data.Step) % l.record.data.Step)
		}
		return l.judgeOver(l.slo.Window.Bounds(at), at, false)
	}
	return l.Status(l.slo.Window.Bounds(at), at)
}

// Status judges the objective over p at the instant at; p is closed if it ended by
// then. The data must cover the elapsed part of p: what is missing of it counts as
// not measured. For a period that still runs, the data of the four weeks before at
// make the projection better.
func (l *Ledger) Status(p slo.Period, at time.Time) Status {
	return l.judgeOver(p, at, !p.End.After(at))
}

func (l *Ledger) judgeOver(p slo.Period, at time.Time, closed bool) Status {
	st := Status{Period: p, Elapsed: l.elapsed(p, at), Closed: closed}
	counted := st.Elapsed
	if begin := l.begin(p, closed); begin.After(p.Start) {
		st.Young, counted.Start = begin, earlier(begin, counted.End)
	}
	st.Judged = counted
	if from := l.record.sliceStart(counted.Start); l.slo.Budgeting.Slices() && !from.Before(p.Start) {
		st.Judged.Start = from // the slice in which the promise began counts whole
	}
	t := l.record.tallyBuckets(l.record.data.Index(counted.Start), l.record.data.Index(counted.End))
	if l.slo.Budgeting.Slices() {
		t.bad, t.total = l.record.tallySlices(st.Judged)
	}
	st.Counts = t.counts()
	st.SLI = st.Counts.Good.Quo(st.Counts.Total)
	st.Coverage = slo.NumberOf(int64(t.measured)).Quo(slo.NumberOf(int64(t.buckets)))
	st.Buckets = l.record.buckets(t)
	st.Unexcluded = l.unexcluded(st, t)
	l.fund(&st, t)
	st.State = l.state(st, t)
	st.Warnings = l.warnings(st)
	return st
}

// elapsed returns the part of p whose buckets are complete at the instant at.
func (l *Ledger) elapsed(p slo.Period, at time.Time) slo.Period {
	if !p.End.After(at) {
		return p
	}
	end := at
	if l.record.data.Len() > 0 {
		end = l.record.data.Time(l.record.complete(at))
	}
	if end.Before(p.Start) {
		end = p.Start
	}
	return slo.Period{Start: p.Start, End: end}
}

// begin returns when the promise began: the file's since, or in a running window
// the first measured bucket. In a closed period time before it is a gap.
func (l *Ledger) begin(p slo.Period, closed bool) time.Time {
	if !l.slo.Since.IsZero() || !closed && p.Contains(l.record.born) {
		return l.record.born
	}
	return time.Time{}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// fund gives st its budget: of the whole period while that runs, else of what was counted.
func (l *Ledger) fund(st *Status, t tally) {
	st.Basis, st.Total, st.ToCome = Measured, st.Counts.Total, slo.NumberOf(0)
	st.ElapsedBudget = l.spend(st.Counts.Bad, st.Counts.Total)
	st.Budget = st.ElapsedBudget
	if st.Period.End.After(st.Elapsed.End) && !st.Closed {
		st.Basis, st.ToCome = Projected, slo.Minutes(l.record.ahead(st.rest()))
		st.Total = l.total(*st, t)
		st.Budget = l.spend(st.Counts.Bad, st.Total)
	}
	measured := slo.Minutes(time.Duration(t.measured) * l.record.data.Step)
	st.Minutes = minutes(l.slo.Target, measured.Add(st.ToCome), st.Budget.Spent)
}

// spend returns the budget of total valid events of which bad were bad.
func (l *Ledger) spend(bad, total slo.Number) Spend {
	allowed := total.Mul(l.slo.Target.Budget())
	spent := bad.Quo(allowed)
	return Spend{Allowed: allowed, Spent: spent, Remaining: slo.NumberOf(1).Sub(spent)}
}

// minutes returns the budget as minutes of full outage: (1 − target) of so many
// minutes is allowed.
func minutes(target slo.Target, all, spent slo.Number) Spend {
	allowed := target.Budget().Mul(all)
	used := allowed.Mul(spent)
	return Spend{Allowed: allowed, Spent: used, Remaining: allowed.Sub(used)}
}

// unexcluded returns the SLI as it would be without exclusions.
func (l *Ledger) unexcluded(st Status, t tally) slo.Number {
	if t.excluded == 0 {
		return st.SLI
	}
	plain := l.slo
	plain.Exclusions = nil
	whole, err := newRecord(plain, l.record.data)
	if err != nil {
		return slo.Number{}
	}
	c := whole.tally(st.Judged).counts()
	return c.Good.Quo(c.Total)
}

// state gives the verdict. Figures without enough coverage, or of nothing at all,
// are no data; a running period is at risk too while more is spent than its time so
// far allows.
func (l *Ledger) state(st Status, t tally) slo.State {
	switch {
	case !st.SLI.Known(), l.record.data.First().IsZero(), t.measured == 0 && l.slo.Budgeting.Gaps == slo.GapsGood,
		!l.record.filled() && st.Coverage.Cmp(l.slo.MinCoverage) < 0:
		return slo.NoData
	case st.Closed:
		return verdict(slo.Missed, slo.Met, st.Budget.Spent, l.slo.AtRisk)
	}
	state := verdict(slo.Exhausted, slo.OnTrack, st.Budget.Spent, l.slo.AtRisk)
	if state == slo.OnTrack && st.ElapsedBudget.Spent.Cmp(slo.NumberOf(1)) > 0 {
		return slo.AtRisk
	}
	return state
}

// filled tells whether gaps count as good or bad slices. There is no floor of coverage
// then.
func (r *record) filled() bool {
	b := r.slo.Budgeting
	return b.Slices() && (b.Gaps == slo.GapsGood || b.Gaps == slo.GapsBad)
}

// verdict returns bad if more than all is spent, which on exact values is the same as
// SLI < target; AtRisk if more than atRisk is; else good.
func verdict(bad, good slo.State, spent, atRisk slo.Number) slo.State {
	switch {
	case spent.Cmp(slo.NumberOf(1)) > 0:
		return bad
	case spent.Cmp(atRisk) > 0:
		return slo.AtRisk
	}
	return good
}

// warnings says what the reader of the figures has to know.
func (l *Ledger) warnings(st Status) diag.List {
	var out diag.List
	warn := func(code, format string, args ...any) {
		out = append(out, diag.Warnf(diag.Pos{}, code, format, args...))
	}
	step := slo.FormatDuration(l.record.data.Step)
	if !st.Young.IsZero() {
		known, whole := st.Elapsed.End.Sub(st.Young), st.Period.Length()
		warn("budget/young", "figures cover %s of %s: they begin at %s",
			slo.FormatDuration(known), slo.FormatDuration(whole), st.Young.UTC().Format(time.RFC3339))
	}
	if st.Buckets.Elapsed == 0 && st.Buckets.Excluded > 0 {
		warn("budget/excluded", "%s", allExcluded(st))
	}
	if st.Coverage.Known() && !l.record.filled() && st.Coverage.Cmp(l.slo.MinCoverage) < 0 {
		warn("budget/coverage", "%d of %d buckets were measured, under the min_coverage of %s",
			st.Buckets.Measured, st.Buckets.Elapsed, l.slo.MinCoverage)
	}
	if l.record.data.Len() > 0 && (l.record.offGrid(st.Period.Start) || l.record.offGrid(st.Period.End)) {
		warn("budget/grid", "buckets of %s do not line up with the period: each counts where it starts", step)
	}
	if n := l.record.cutBuckets(st.Elapsed); n > 0 {
		warn("budget/exclusion", "buckets of %s that are excluded in part count whole: %d of them", step, n)
	}
	return out
}

// allExcluded says that nothing is left to judge.
func allExcluded(st Status) string {
	if st.Elapsed.End.Before(st.Period.End) {
		return "all of the period so far is excluded"
	}
	return "all of the period is excluded"
}

// offGrid tells whether t lies inside a bucket.
func (r *record) offGrid(t time.Time) bool { return t.Sub(r.data.Start)%r.data.Step != 0 }

// cutBuckets counts the buckets of p that an exclusion covers in part.
func (r *record) cutBuckets(p slo.Period) int {
	cut := map[int]bool{}
	for _, e := range r.exclusions.in(p) {
		for _, edge := range []time.Time{e.Start, e.End} {
			if i := r.data.Index(edge) - 1; r.offGrid(edge) && i >= 0 && !r.excluded[i] {
				cut[i] = true
			}
		}
	}
	return len(cut)
}

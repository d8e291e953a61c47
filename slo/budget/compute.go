package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Current judges the objective over its own window at the instant at. A rolling
// window always runs: it is made of the newest complete buckets, or slices.
func (l *Ledger) Current(at time.Time) Status {
	now := at.Add(-l.slo.Delay)
	if l.slo.Window.Rolling() {
		return l.judge(question{period: l.record.window(now), now: now, own: true})
	}
	return l.Own(l.slo.Window.Bounds(at), at)
}

// Own is Status for a period of the objective's own calendar window. While it runs, time
// before the first measured bucket is no gap.
func (l *Ledger) Own(p slo.Period, at time.Time) Status { return l.asked(p, at, true) }

// Status judges the objective over a period that was asked for, at the instant at. The
// data must hold the buckets that start in p, as far as they are complete: what is
// missing of them counts as not measured. For a period that still runs, the data of the
// four weeks before at make the projection better.
func (l *Ledger) Status(p slo.Period, at time.Time) Status { return l.asked(p, at, false) }

func (l *Ledger) asked(p slo.Period, at time.Time, own bool) Status {
	now := at.Add(-l.slo.Delay)
	return l.judge(question{period: p, now: now, own: own, closed: !l.record.closes(p).After(now)})
}

// question is what a status answers.
type question struct {
	period slo.Period
	now    time.Time // the counts of what was before are complete
	own    bool      // it is the objective's own window
	closed bool      // all of the period is complete
}

func (l *Ledger) judge(q question) Status {
	p := q.period
	st := Status{Period: p, Elapsed: l.elapsed(q), Now: l.now(q), Closed: q.closed}
	st.Judged = st.Elapsed
	if begin := l.begin(q); begin.After(p.Start) {
		st.Young, st.Judged.Start = begin, earlier(begin, st.Judged.End)
	}
	st.Covered = covered(q, st, l.slo.Window.Rolling())
	t := l.record.tallyBuckets(l.record.data.Index(st.Covered.Start), l.record.data.Index(st.Covered.End))
	if from := l.record.sliceStart(st.Judged.Start); !from.Before(p.Start) && !st.Judged.Empty() {
		st.Judged.Start = from // the slice in which the promise began counts whole
	}
	if l.slo.Budgeting.Slices() {
		t.bad, t.total = sumSlices(l.record.starting(st.Judged))
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

// covered returns the time that coverage is a share of: the judged time, and of a period
// that runs also a slice that is not complete yet. A rolling window is made of complete
// slices.
func covered(q question, st Status, rolling bool) slo.Period {
	p := st.Judged
	if st.Young.After(p.Start) { // also in a slice that is not complete yet
		p.Start = st.Young
	}
	if !q.closed && !(q.own && rolling) {
		p.End = earlier(st.Now, q.period.End)
	}
	return p
}

// elapsed returns the part of the period whose buckets, or slices, are complete.
func (l *Ledger) elapsed(q question) slo.Period {
	p := q.period
	if q.closed {
		return p
	}
	end := l.record.newest(l.known(q.now))
	if end.Before(p.Start) {
		end = p.Start
	}
	return slo.Period{Start: p.Start, End: earlier(end, p.End)}
}

// now returns the end of the newest bucket that is complete, or was when the period
// closed.
func (l *Ledger) now(q question) time.Time {
	if q.closed {
		return l.record.closes(q.period)
	}
	return l.record.gridStart(l.known(q.now))
}

// known returns now, or the end of the data if that is earlier.
func (l *Ledger) known(now time.Time) time.Time {
	if l.record.data.Len() == 0 {
		return now
	}
	return earlier(now, l.record.data.End())
}

// begin returns when the promise began: the file's since, or in a running window of the
// objective's own the first measured bucket. In any other period time before it is a
// gap.
func (l *Ledger) begin(q question) time.Time {
	if !l.slo.Since.IsZero() || q.own && !q.closed {
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
	st.ElapsedBudget = spend(l.slo.Target, st.Counts.Bad, st.Counts.Total)
	st.Budget = st.ElapsedBudget
	if st.Period.End.After(st.Elapsed.End) && !st.Closed && l.slo.Vanished.IsZero() {
		st.Basis, st.ToCome = Projected, slo.Minutes(l.record.ahead(st.unmeasured()))
		st.Total = l.total(*st, t)
		st.Budget = spend(l.slo.Target, st.Counts.Bad, st.Total)
		if t.measured == 0 && st.Counts.Total.Sign() == 0 { // nobody knows what was bad
			st.Budget = Spend{Allowed: st.Budget.Allowed}
		}
		if ripe := l.record.ripe(st.Period); ripe.After(st.Now) {
			st.Ripe = ripe
		}
		if thin(l.record, *st) {
			st.Thin = enough(l.record)
		}
	}
	measured := slo.Minutes(time.Duration(t.measured) * l.record.data.Step)
	st.Minutes = minutes(l.slo.Target, measured.Add(st.ToCome), st.Budget.Spent)
}

// enough returns how much of a running period has to be over, and to be measured, to
// judge it alone: an hour and two buckets or slices.
func enough(r *record) time.Duration { return max(leastMeasured, 2*r.grain()) }

const leastMeasured = time.Hour

// thin tells whether less than an hour, or fewer than two buckets or complete slices, of
// the running period of st are measured and not excluded.
func thin(r *record, st Status) bool {
	n := st.Buckets.Measured
	if time.Duration(n)*r.data.Step < leastMeasured {
		return true
	}
	if r.slo.Budgeting.Slices() {
		n = 0
		for _, s := range r.within(slo.Period{Start: st.Period.Start, End: st.Now}) {
			if s.measured {
				n++
			}
		}
	}
	return n < 2
}

// ripe returns when enough of p is over to judge it alone: an hour and two buckets or
// slices that are not excluded. Exclusions that do not recur put it off by as much at the
// most: from then on they cover over half of the time. It is the end of a bucket, and not
// after p.
func (r *record) ripe(p slo.Period) time.Time {
	if into := p.Start.Sub(r.data.Start) % r.data.Step; into != 0 { // the first bucket that starts in p
		p.Start = earlier(p.Start.Add((r.data.Step-into)%r.data.Step), p.End)
	}
	need := enough(r)
	return earlier(leaving(r, p, need, r.exclusions), leaving(r, p, 2*need, r.recurring))
}

// leaving returns the end of the bucket of p up to which x leaves so much time, the end of p
// if it leaves less.
func leaving(r *record, p slo.Period, need time.Duration, x *exclusions) time.Time {
	for _, free := range complement(x.in(p), p) {
		if free.Length() < need {
			need -= free.Length()
			continue
		}
		end := free.Start.Add(need)
		if into := end.Sub(r.data.Start) % r.data.Step; into > 0 {
			end = end.Add(r.data.Step - into)
		}
		return earlier(end, p.End)
	}
	return p.End
}

// spend returns the budget of total valid events of which bad were bad.
func spend(target slo.Target, bad, total slo.Number) Spend {
	allowed := total.Mul(target.Budget())
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

// state gives the verdict. Figures without enough coverage, of nothing at all, or of a
// time before the first known bucket, are no data; a running period is at risk too while
// more is spent than its time so far allows.
func (l *Ledger) state(st Status, t tally) slo.State {
	first := l.record.first
	known := !first.IsZero() && (first.Before(st.Elapsed.End) || t.measured > 0)
	switch {
	case !st.SLI.Known(), !known, t.measured == 0 && l.slo.Budgeting.Gaps == slo.GapsGood, l.sparse(st):
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

// sparse tells whether too little of the judged time was measured.
func (l *Ledger) sparse(st Status) bool {
	floored := !l.record.filled() && !l.slo.Passing()
	return floored && st.Coverage.Known() && st.Coverage.Cmp(l.slo.MinCoverage) < 0
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
	switch known, whole := max(0, st.Elapsed.End.Sub(st.Young)), st.Period.Length(); {
	case st.Young.IsZero():
	case l.slo.Passing(): // it came and may have gone since
		measured := time.Duration(st.Buckets.Measured) * l.record.data.Step
		warn("budget/young", "figures are of the %s of %s that its label set was measured", slo.FormatDuration(measured), slo.FormatDuration(whole))
	default:
		warn("budget/young", "figures cover %s of %s: they begin at %s",
			slo.FormatDuration(known), slo.FormatDuration(whole), st.Young.UTC().Format(time.RFC3339))
	}
	if st.Buckets.Elapsed == 0 && st.Buckets.Excluded > 0 {
		warn("budget/excluded", "%s", allExcluded(st))
	}
	if l.sparse(st) {
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

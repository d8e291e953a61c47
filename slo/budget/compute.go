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
		if l.data.Len() > 0 {
			at = at.Add(-(at.Sub(l.data.Start)%l.data.Step + l.data.Step) % l.data.Step)
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
	judged := st.Elapsed
	if begin := l.begin(p, st.Closed); begin.After(p.Start) {
		st.Young, judged.Start = begin, begin
	}
	t := l.tally(judged)
	if from := l.sliceStart(judged.Start); !from.Before(p.Start) && l.slo.Budgeting.Slices() {
		// the slice in which the promise began counts whole
		t.bad, t.total = l.tallySlices(slo.Period{Start: from, End: judged.End})
	}
	st.Counts = t.counts()
	st.SLI = st.Counts.Good.Quo(st.Counts.Total)
	st.Budget = l.spend(st.Counts.Bad, st.Counts.Total)
	st.Coverage = slo.NumberOf(int64(t.measured)).Quo(slo.NumberOf(int64(t.buckets)))
	st.Buckets = Buckets{Step: l.data.Step, Elapsed: t.buckets, Measured: t.measured, Excluded: t.excluded}
	st.Minutes = minutes(l.slo.Target, time.Duration(t.measured)*l.data.Step, st.Budget.Spent)
	st.Unexcluded = l.unexcluded(st, judged, t)
	if p.End.After(st.Elapsed.End) && !closed {
		st.Projected = l.project(p, st, t)
	}
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
	if l.data.Len() > 0 {
		end = l.data.Time(l.complete(at))
	}
	if end.Before(p.Start) {
		end = p.Start
	}
	return slo.Period{Start: p.Start, End: end}
}

// begin returns when the promise began: the file's since, or in a running window
// the first measured bucket. In a closed period time before it is a gap.
func (l *Ledger) begin(p slo.Period, closed bool) time.Time {
	if since := l.slo.Since; !since.IsZero() {
		if p.Contains(since) {
			return since
		}
		return time.Time{}
	}
	if first := l.data.First(); !closed && p.Contains(first) {
		return first
	}
	return time.Time{}
}

// spend returns the budget of total valid events of which bad were bad.
func (l *Ledger) spend(bad, total slo.Number) Spend {
	allowed := total.Mul(l.slo.Target.Budget())
	spent := bad.Quo(allowed)
	return Spend{Allowed: allowed, Spent: spent, Remaining: slo.NumberOf(1).Sub(spent)}
}

// minutes returns the budget as minutes of full outage: (1 − target) of the
// measured time is allowed.
func minutes(target slo.Target, measured time.Duration, spent slo.Number) Spend {
	allowed := target.Budget().Mul(slo.NumberFrac(int64(measured), int64(time.Minute)))
	used := allowed.Mul(spent)
	return Spend{Allowed: allowed, Spent: used, Remaining: allowed.Sub(used)}
}

// unexcluded returns the SLI as it would be without exclusions.
func (l *Ledger) unexcluded(st Status, judged slo.Period, t tally) slo.Number {
	if t.excluded == 0 {
		return st.SLI
	}
	plain := l.slo
	plain.Exclusions = nil
	whole, err := New(plain, l.data)
	if err != nil {
		return slo.Number{}
	}
	c := whole.tally(judged).counts()
	return c.Good.Quo(c.Total)
}

// state gives the verdict, by the rules of DESIGN "State".
func (l *Ledger) state(st Status, t tally) slo.State {
	gaps := l.slo.Budgeting.Gaps
	filled := l.slo.Budgeting.Slices() && (gaps == slo.GapsGood || gaps == slo.GapsBad)
	switch {
	case !st.SLI.Known(), l.data.First().IsZero(), t.measured == 0 && gaps == slo.GapsGood,
		!filled && st.Coverage.Cmp(l.slo.MinCoverage) < 0:
		return slo.NoData
	case st.Closed:
		return verdict(slo.Missed, slo.Met, st.Budget.Spent, l.slo.AtRisk)
	case st.Projected == nil:
		return verdict(slo.Exhausted, slo.OnTrack, st.Budget.Spent, l.slo.AtRisk)
	}
	state := verdict(slo.Exhausted, slo.OnTrack, st.Projected.Spent, l.slo.AtRisk)
	if state == slo.OnTrack && st.Budget.Spent.Cmp(slo.NumberOf(1)) > 0 {
		return slo.AtRisk
	}
	return state
}

// verdict is bad if more than all is spent (SLI < target is the same on exact
// values), at risk if more than atRisk is.
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
	if !st.Young.IsZero() {
		warn("budget/young", "figures cover %s of %s: they begin at %s", slo.FormatDuration(st.Elapsed.End.Sub(st.Young)),
			slo.FormatDuration(st.Period.Length()), st.Young.UTC().Format(time.RFC3339))
	}
	if st.Coverage.Known() && st.Coverage.Cmp(l.slo.MinCoverage) < 0 {
		warn("budget/coverage", "%.1f %% of the time was measured, at least %.1f %% is asked for",
			100*st.Coverage.Float(), 100*l.slo.MinCoverage.Float())
	}
	if l.data.Len() > 0 && st.Period.Start.Sub(l.data.Start)%l.data.Step != 0 {
		warn("budget/grid", "buckets of %s do not line up with the period: each counts where it starts", slo.FormatDuration(l.data.Step))
	}
	if n := l.cutBuckets(st.Elapsed); n > 0 {
		warn("budget/exclusion", "%d buckets of %s are excluded in part: they count whole", n, slo.FormatDuration(l.data.Step))
	}
	return out
}

// cutBuckets counts the buckets that an exclusion covers in part.
func (l *Ledger) cutBuckets(p slo.Period) int {
	n := 0
	for _, e := range excludedTime(l.slo, p) {
		for _, edge := range []time.Time{e.Start, e.End} {
			off := edge.Sub(l.data.Start) % l.data.Step
			if i := l.data.Index(edge) - 1; off != 0 && i >= 0 && !l.excluded[i] {
				n++
			}
		}
	}
	return n
}

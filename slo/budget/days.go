package budget

import (
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Days returns the local days of st's elapsed period, the first and the last cut
// to it. Their shares of the budget add up to st.Budget.Spent; days before the
// promise began have none.
func (l *Ledger) Days(st Status) []Day {
	days := l.days(st.Elapsed, st.Judged, st.Budget.Allowed)
	all := int64(0)
	eachDay(st.funded(), l.slo.Window.Location(), func(slo.Date, slo.Period) { all++ })
	for i := range days {
		days[i].Multiple = days[i].Spent.Mul(slo.NumberOf(all))
	}
	return days
}

// funded returns the time that the budget of st is for.
func (st Status) funded() slo.Period {
	if st.Basis == Projected {
		return slo.Period{Start: st.Judged.Start, End: st.Period.End}
	}
	return st.Judged
}

// LastDays returns the n local days that end with st's elapsed period, whole
// except the last. Their multiples compare with an even day of st's window.
func (l *Ledger) LastDays(st Status, n int) []Day {
	zone := l.slo.Window.Location()
	last := slo.DateOf(st.Elapsed.End.Add(-1), zone)
	p := slo.Period{Start: last.AddDays(1 - n).Start(zone), End: st.Elapsed.End}
	days := l.days(p, l.record.promised(p), st.Budget.Allowed)
	for i := range days {
		even := slo.NumberFrac(int64(st.funded().Length()), int64(24*time.Hour))
		days[i].Multiple = days[i].Spent.Mul(even)
	}
	return days
}

// DaysOf returns the local days of p, the first and the last cut to it, with what
// was counted of them since the promise began. They have no budget to compare with.
func (l *Ledger) DaysOf(p slo.Period) []Day {
	return l.days(p, l.record.promised(p), slo.Number{})
}

// promised returns the part of p since the promise began.
func (r *record) promised(p slo.Period) slo.Period {
	if born := r.sliceStart(r.born); born.After(p.Start) {
		p.Start = born
	}
	return p
}

// days returns the local days of p with what was counted of them in judged.
func (l *Ledger) days(p, judged slo.Period, allowed slo.Number) []Day {
	var out []Day
	eachDay(p, l.slo.Window.Location(), func(date slo.Date, whole slo.Period) {
		d := Day{Period: whole.Intersect(p), Date: date}
		if d.Empty() {
			return
		}
		t := l.record.tally(d.Intersect(judged))
		if t.measured > 0 || t.total.Sign() > 0 {
			d.Counts = t.counts()
		}
		d.Buckets = l.record.buckets(t)
		d.SLI = d.Counts.Good.Quo(d.Counts.Total)
		if d.SLI.Known() {
			d.Spent = d.Counts.Bad.Quo(allowed)
		}
		out = append(out, d)
	})
	return out
}

// Burndown returns the share of the budget of st left after each of up to
// n equal stretches of the judged period. The last is what remains of it.
func (l *Ledger) Burndown(st Status, n int) (at []time.Time, left []slo.Number) {
	bad := slo.NumberOf(0)
	from := st.Judged.Start
	for _, to := range stretches(l.record, st.Judged, n) {
		bad = bad.Add(l.record.badUntil(st.Judged, from, to))
		at = append(at, to)
		left = append(left, slo.NumberOf(1).Sub(bad.Quo(st.Budget.Allowed)))
		from = to
	}
	return at, left
}

// RanOut returns the end of the bucket or slice that overspent the budget
// of st, the zero time if none did.
func (l *Ledger) RanOut(st Status) time.Time {
	if st.Budget.Spent.Cmp(slo.NumberOf(1)) <= 0 {
		return time.Time{}
	}
	bad := slo.NumberOf(0)
	from := st.Judged.Start
	for to := from.Add(l.record.grain()); from.Before(st.Judged.End); from, to = to, to.Add(l.record.grain()) {
		if bad = bad.Add(l.record.badUntil(st.Judged, from, to)); bad.Cmp(st.Budget.Allowed) > 0 {
			return earlier(to, st.Judged.End)
		}
	}
	return st.Judged.End
}

// grain is the step in which a budget is spent.
func (r *record) grain() time.Duration { return max(r.data.Step, r.slo.Budgeting.Slice) }

// badUntil returns the bad events of [from, to), or the bad of the slices of p that were
// complete in (from, to]; with the end of p come all that start in it.
func (r *record) badUntil(p slo.Period, from, to time.Time) slo.Number {
	if !r.slo.Budgeting.Slices() {
		return r.tally(slo.Period{Start: from, End: to}).bad
	}
	ss := r.starting(p)
	by := func(t time.Time) int {
		if !t.Before(p.End) {
			return len(ss)
		}
		return sort.Search(len(ss), func(i int) bool { return r.done(ss[i]).After(t) })
	}
	bad, _ := sumSlices(ss[by(from):by(to)])
	return bad
}

// stretches returns the ends of up to n stretches of p, all but the last as long: whole
// hours, where buckets are longer whole buckets. In each of them a bucket starts.
func stretches(r *record, p slo.Period, n int) []time.Time {
	whole := func(d, unit time.Duration) time.Duration { return (d + unit - 1) / unit * unit }
	step := whole(max(p.Length()/time.Duration(n), 1), time.Hour)
	if r.data.Step > time.Hour {
		step = whole(step, r.data.Step)
	}
	var out []time.Time
	for t := p.Start.Add(step); t.Before(p.End) && r.starts(slo.Period{Start: t, End: p.End}) > 0; t = t.Add(step) {
		out = append(out, t)
	}
	return append(out, p.End)
}

// Calls returns the events of up to n stretches of the judged period of st, and the
// stretches' length: no less than a bucket, and whole hours where buckets are no longer.
func (l *Ledger) Calls(st Status, n int) (time.Duration, []Row) {
	var out []Row
	from := st.Judged.Start
	for _, to := range stretches(l.record, st.Judged, n) {
		out = append(out, l.record.row(slo.Period{Start: from, End: to}))
		from = to
	}
	return out[0].Length(), out
}

// Row has the counts of one step of time.
type Row struct {
	slo.Period
	Counts   Counts     // events of the measured, not excluded buckets; unknown without any
	Excluded slo.Number // minutes
	Measured slo.Number // minutes, not excluded
}

// Series returns the events of p by steps of the clock: steps begin at local
// midnight, and the first and the last are cut to p.
func (l *Ledger) Series(p slo.Period, step time.Duration) []Row {
	var out []Row
	eachSlice(p, step, l.slo.Window.Location(), func(s slo.Period) { out = append(out, l.record.row(s.Intersect(p))) })
	return out
}

func (r *record) row(p slo.Period) Row {
	t := r.tallyBuckets(r.data.Index(p.Start), r.data.Index(p.End))
	minutes := func(buckets int) slo.Number { return slo.Minutes(time.Duration(buckets) * r.data.Step) }
	out := Row{Period: p, Excluded: minutes(t.excluded), Measured: minutes(t.measured)}
	if t.measured > 0 {
		out.Counts = t.counts()
	}
	return out
}

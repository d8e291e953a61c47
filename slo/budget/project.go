package budget

import (
	"github.com/nines-slo/nines/slo"
)

// project returns the budget on the basis of the whole period p: for the slice
// methods all its slices less exclusions; for occurrences the events so far and,
// for each hour to come, the mean of that hour of the week in the four weeks
// before, else the mean of the period so far.
func (l *Ledger) project(p slo.Period, st Status, t tally) *Projection {
	total := l.total(p, st, t)
	s := l.spend(st.Counts.Bad, total)
	return &Projection{Total: total, Spend: s, Left: s.Allowed.Sub(st.Counts.Bad)}
}

// total returns what will have been counted by the end of p.
func (l *Ledger) total(p slo.Period, st Status, t tally) slo.Number {
	if l.slo.Budgeting.Slices() {
		return slo.NumberOf(allSlices(l.record, p))
	}
	mean := t.total.Quo(slo.NumberOf(int64(t.measured)))
	return st.Counts.Total.Add(newOutlook(l.record, nil, slo.Period{Start: st.Elapsed.End, End: p.End}).total(mean))
}

// allSlices counts the slices of p that are not excluded as a whole.
func allSlices(r *record, p slo.Period) int64 {
	out := r.exclusions.in(p)
	var n int64
	eachSlice(p, r.slo.Budgeting.Slice, r.slo.Window.Location(), func(s slo.Period) {
		for len(out) > 0 && !out[0].End.After(s.Start) {
			out = out[1:]
		}
		if p.Covers(s) && !(len(out) > 0 && out[0].Covers(s)) {
			n++
		}
	})
	return n
}

// complement returns the parts of p outside periods, which are sorted and disjoint.
func complement(periods []slo.Period, p slo.Period) []slo.Period {
	var out []slo.Period
	for _, q := range periods {
		if free := (slo.Period{Start: p.Start, End: q.Start}); !free.Empty() {
			out = append(out, free)
		}
		p.Start = q.End
	}
	if !p.Empty() {
		out = append(out, p)
	}
	return out
}

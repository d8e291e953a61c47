package budget

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// exclusions expands the rules of an objective once, for as much time as was asked for.
type exclusions struct {
	rules []slo.Exclusion
	span  slo.Period
	found [][]slo.Period // per rule, over span
}

// each returns the periods of each rule within p.
func (x *exclusions) each(p slo.Period) [][]slo.Period {
	if len(x.rules) == 0 || p.Empty() {
		return make([][]slo.Period, len(x.rules))
	}
	if !x.span.Covers(p) || x.found == nil {
		x.span, x.found = x.span.Hull(p), nil
		for _, rule := range x.rules {
			x.found = append(x.found, rule.Periods(x.span))
		}
	}
	out := make([][]slo.Period, len(x.found))
	for i, periods := range x.found {
		for _, q := range periods {
			if in := q.Intersect(p); !in.Empty() {
				out[i] = append(out[i], in)
			}
		}
	}
	return out
}

// Excluded is what an exclusion covers of a status.
type Excluded struct {
	Periods []slo.Period  // that were planned
	Length  time.Duration // of what was excluded of them: whole buckets alone are
}

// ExcludedOf tells what each exclusion of the objective covers of the time that the
// coverage of st is a share of.
func ExcludedOf(l *Ledger, st Status) []Excluded {
	r := l.record
	out := make([]Excluded, len(l.slo.Exclusions))
	for i, periods := range r.exclusions.each(st.Covered) {
		out[i].Periods = periods
	}
	for i, periods := range r.exclusions.each(r.grid(st.Covered)) {
		for _, p := range periods {
			for k := r.data.Index(p.Start.Add(1 - r.data.Step)); k < r.data.Index(p.End); k++ {
				if r.excluded[k] {
					out[i].Length += p.Intersect(slo.Period{Start: r.data.Time(k), End: r.data.Time(k + 1)}).Length()
				}
			}
		}
	}
	return out
}

// in returns the union of all rules within p.
func (x *exclusions) in(p slo.Period) []slo.Period {
	return slo.Union(slices.Concat(x.each(p)...))
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

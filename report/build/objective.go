package build

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/evidence"
	"github.com/nines-slo/nines/slo/gate"
)

// newObjective fills what follows from a status alone.
func newObjective(m Measured, st budget.Status, asked bool) report.Objective {
	s := m.SLO
	o := report.Objective{
		Service: s.Service, Name: s.Name, Labels: s.Labels, By: s.By, Description: s.Description,
		Owner: s.Owner, Kind: s.Kind,
		Target: s.Target, Method: s.Budgeting.Method, Window: newWindow(s, st, asked),
		SLI: st.SLI, Budget: newBudget(st),
		Coverage: st.Coverage, Buckets: report.Buckets(st.Buckets),
		Measured: minutes(st.Buckets, st.Buckets.Measured),
		Excluded: minutes(st.Buckets, st.Buckets.Excluded), ToCome: st.ToCome, MinCoverage: s.MinCoverage,
		Unexcluded: st.Unexcluded, AtRisk: s.AtRisk, State: st.State,
		Warnings: append(slices.Clone(m.Warnings), st.Warnings...), Failed: m.Failed,
	}
	if d := m.Data.Decimals; d > 0 {
		o.Unit = slo.UnitText(d)
	}
	o.Evidence, o.Overspent = newEvidence(st.Counts, s.Target), overspent(st, s.AtRisk)
	if b := s.Budgeting; b.Slices() {
		o.Slices, o.Slice = &st.Counts, &report.Slice{Unit: "slices", Length: slo.FormatDuration(b.Slice)}
		if b.Method == slo.Timeslices {
			o.Slice.Target = &b.Target
		}
	} else {
		o.Events = &st.Counts
	}
	return o
}

// overspent tells why st is at risk if that follows from what the time so far allows
// alone, else nil.
func overspent(st budget.Status, atRisk slo.Number) *report.Overspent {
	if st.Basis != budget.Projected || st.State != slo.AtRisk || st.Budget.Spent.Cmp(atRisk) > 0 {
		return nil
	}
	b := st.Buckets
	counted := time.Duration(b.Elapsed+b.Excluded) * b.Step
	o := report.Overspent{Spent: st.ElapsedBudget.Spent, Elapsed: slo.Minutes(counted)}
	o.Message = words.Overspent(unit.English, o)
	return &o
}

func newBudget(st budget.Status) report.Budget {
	return report.Budget{Basis: st.Basis, Total: st.Total, Allowed: st.Budget.Allowed, Spent: st.Budget.Spent,
		Remaining: st.Budget.Remaining, Left: st.Budget.Allowed.Mul(st.Budget.Remaining), Minutes: st.Minutes,
		Elapsed: st.ElapsedBudget}
}

// minutes returns the length of n buckets.
func minutes(b budget.Buckets, n int) slo.Number {
	return slo.Minutes(time.Duration(n) * b.Step)
}

func newWindow(s slo.SLO, st budget.Status, asked bool) report.Window {
	w := report.Window{Kind: "calendar", Length: s.Window.String(), Start: st.Period.Start, End: st.Period.End,
		Elapsed: st.Elapsed.End, Timezone: s.Window.Location().String(), Closed: st.Closed}
	switch {
	case asked:
		w.Kind = "period"
	case s.Window.Rolling():
		w.Kind = "rolling"
	}
	if s.Delay > 0 {
		w.Delay = slo.FormatDuration(s.Delay)
	}
	if !st.Young.IsZero() {
		w.Since = &st.Young
	}
	return w
}

// burnRates tells the burn rates now, shortest window first.
func burnRates(j *judged, o *report.Objective) {
	o.BurnRates = report.BurnRates{}
	for _, w := range slo.BurnWindows(j.m.SLO) {
		o.BurnRates = append(o.BurnRates, j.ledger.BurnRate(j.status.Now, w))
	}
}

// exclusions tells what was planned to be excluded of the judged time, and what was.
func exclusions(j *judged, o *report.Objective) {
	found := budget.ExcludedOf(j.ledger, j.status)
	for i, e := range j.m.SLO.Exclusions {
		if x := found[i]; len(x.Periods) > 0 {
			o.Exclusions = append(o.Exclusions, report.Exclusion{Name: e.Name, AgreedBy: e.AgreedBy,
				Periods: x.Periods, Excluded: slo.Minutes(x.Length)})
		}
	}
}

// newEvidence returns the evidence of c for the target, nil without events.
func newEvidence(c budget.Counts, target slo.Target) *report.Evidence {
	e := report.Evidence{Method: slo.Wilson, Confidence: evidence.DefaultConfidence()}
	i, ok := evidence.Of(e.Method, c.Bad, c.Total, e.Confidence)
	if !ok {
		return nil
	}
	e.Verdict = i.Proves(target)
	one := slo.NumberOf(1)
	e.Low, e.High = one.Sub(ppbUp(i.High)), one.Sub(ppbDown(i.Low))
	return &e
}

// ppbDown returns f rounded down to parts per billion, ppbUp up.
func ppbDown(f float64) slo.Number {
	r := slo.NumberFloat(f).Mul(slo.NumberOf(1e9)).Rat()
	return slo.NumberRat(new(big.Rat).SetFrac(new(big.Int).Div(r.Num(), r.Denom()), big.NewInt(1e9)))
}

func ppbUp(f float64) slo.Number { return slo.NumberOf(0).Sub(ppbDown(-f)) }

// caveat tells that a state stands on less of its window than min_coverage asks for.
func caveat(j *judged, o *report.Objective) { o.Caveat = caveatOf(j.ledger, j.status.Period, *o) }

// caveatOf returns the caveat of an objective that was judged over a window, nil if
// its state needs none.
func caveatOf(l *budget.Ledger, window slo.Period, o report.Objective) *report.Caveat {
	excluded := time.Duration(0)
	for _, p := range slo.Union(slices.Concat(l.Exclusions(window)...)) {
		excluded += wholeBuckets(p, l.Meter().Time(0), o.Buckets.Step)
	}
	whole := slo.Minutes(window.Length() - excluded)
	share := o.Measured.Quo(whole)
	if o.State == slo.NoData || !share.Known() || share.Cmp(o.MinCoverage) >= 0 {
		return nil
	}
	return &report.Caveat{Measured: o.Measured, Whole: whole}
}

// wholeBuckets returns how much of p is whole buckets: those alone are excluded.
func wholeBuckets(p slo.Period, origin time.Time, step time.Duration) time.Duration {
	first := (p.Start.Sub(origin) + step - 1) / step
	last := p.End.Sub(origin) / step
	return max(last-first, 0) * step
}

// doubt tells how the objective would stand if all events that were not read or not sure
// were bad, and warns where that would exhaust the budget.
func doubt(j *judged, o *report.Objective) {
	data := gate.Suspect(j.m.SLO, j.m.Data)
	events := data.Doubted(j.status.Judged)
	between := parted(o.Warnings)
	if events.Sign() <= 0 {
		return
	}
	worst, err := budget.New(j.m.SLO, data.Worst())
	if err != nil {
		return // the same steps and slices were judged
	}
	st := j.judge(worst)
	o.Doubt = &report.Doubt{Events: events, SLI: st.SLI, Spent: st.Budget.Spent, State: st.State, Parted: between}
	if between && o.SLI.Known() {
		o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "budget/bounds", "the SLI is from %s to %s: %s",
			unit.English.SLI(st.SLI, o.Target), unit.English.SLI(o.SLI, o.Target), unit.English.Doubted(events, true)).WithHint("%s", mend(true)))
	}
	if st.State.Rank() != 0 || o.State.Rank() == 0 || o.State == slo.NoData {
		return
	}
	o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "budget/doubt",
		"%s: at worst %s of the budget is spent and the state is %s, not %s",
		unit.English.Doubted(events, between), unit.English.Spent(st.Budget.Spent), unit.English.State(st.State), unit.English.State(o.State)).
		WithHint("%s", mend(between)))
}

// mend says what lets events be sure.
func mend(parted bool) string {
	if parted {
		return "choose a threshold that is a bound of the buckets"
	}
	return "mend what could not be read, or say in where which events count: {not: none} leaves out those without a value"
}

// isParted tells whether a finding says that a threshold parts a bucket of a histogram.
func isParted(f diag.Finding) bool { return strings.HasSuffix(f.Code, "/bound") }

func parted(findings []diag.Finding) bool { return slices.ContainsFunc(findings, isParted) }

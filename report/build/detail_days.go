package build

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// detailDays returns what the charts of st show of each day: what was left of the
// budget at its end, the highest burn rates and the slowest hour. lines
// have all of their points.
func detailDays(l *budget.Ledger, st budget.Status, lines []report.BurnLine, hours []slo.Percentiles) []report.DetailDay {
	var out []report.DetailDay
	bad := slo.NumberOf(0)
	for _, d := range l.Days(st) {
		var day report.DetailDay
		if d.Counts.Bad.Known() {
			bad = bad.Add(d.Counts.Bad)
		}
		if d.End.After(st.Judged.Start) {
			day.Left = slo.NumberOf(1).Sub(bad.Quo(st.Budget.Allowed))
		}
		for _, line := range lines {
			day.Burn = append(day.Burn, peak(line.Points, d.Period))
		}
		day.Slowest = slowestWithin(hours, d.Period.Intersect(st.Judged))
		out = append(out, day)
	}
	return out
}

// peak returns the highest rate of windows that ended in p, its start not included.
func peak(points []report.Point, p slo.Period) slo.Number {
	var highest slo.Number
	for _, point := range points {
		within := point.Time.After(p.Start) && !point.Time.After(p.End)
		if within && point.Value.Known() && (!highest.Known() || point.Value.Cmp(highest) > 0) {
			highest = point.Value
		}
	}
	return highest
}

// slowestWithin returns the hour of p with the highest p99, nil if there is none.
func slowestWithin(hours []slo.Percentiles, p slo.Period) *slo.Percentiles {
	var slowest *slo.Percentiles
	for i := range hours {
		if h := &hours[i]; p.Contains(h.Start) && (slowest == nil || h.P99 > slowest.P99) {
			slowest = h
		}
	}
	return slowest
}

package build

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// detailDays returns what the charts of st show of each day: what was left of the
// budget at its end, and the highest burn rates. lines have all of their points.
func detailDays(l *budget.Ledger, st budget.Status, lines []report.BurnLine) []report.DetailDay {
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

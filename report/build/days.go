package build

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// stripDays is how many days a status shows.
const stripDays = 28

// days tells the days of the judged period, with the slowest hour of each.
func days(j *judged, o *report.Objective) {
	o.Days = newDays(j.ledger.Days(j.status))
	for i, d := range o.Days {
		o.Days[i].Slowest = slowestWithin(j.m.Percentiles, slo.Period{Start: d.Start, End: d.End}.Intersect(j.status.Judged))
	}
}

// lastDays tells the last days up to now.
func lastDays(j *judged, o *report.Objective) {
	o.Days = newDays(j.ledger.LastDays(j.status, stripDays))
}

func newDays(days []budget.Day) []report.Day {
	out := make([]report.Day, 0, len(days))
	for _, d := range days {
		out = append(out, report.Day{Date: d.Date.String(), Start: d.Start, End: d.End, Counts: d.Counts,
			SLI: d.SLI, Spent: d.Spent, Multiple: d.Multiple, Level: levelOf(d.Multiple)})
	}
	return out
}

// levelOf grades a day by its multiple of an even day's share.
func levelOf(multiple slo.Number) report.Level {
	switch {
	case !multiple.Known():
		return report.LevelNone
	case multiple.Cmp(slo.NumberFrac(1, 2)) <= 0:
		return report.LevelLow
	case multiple.Cmp(slo.NumberOf(1)) <= 0:
		return report.LevelEven
	case multiple.Cmp(slo.NumberOf(5)) <= 0:
		return report.LevelHigh
	}
	return report.LevelOver
}

// slowestWithin returns the hour of p with the highest p99, nil if there is none.
func slowestWithin(hours []slo.Percentiles, p slo.Period) *slo.Percentiles {
	var slowest *slo.Percentiles
	for i := range hours {
		if h := &hours[i]; p.Contains(h.Start) && (slowest == nil || h.Slower(*slowest)) {
			slowest = h
		}
	}
	return slowest
}

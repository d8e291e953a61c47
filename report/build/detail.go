package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// maxPoints is the most points of a line in a chart.
const maxPoints = 400

// detail tells the charts of an objective that is missed or at risk.
func detail(j *judged, o *report.Objective) {
	if o.State.Rank() <= slo.AtRisk.Rank() {
		o.Detail = newDetail(j.ledger, j.status, j.m.Percentiles)
	}
}

// newDetail computes the charts of an objective over st's elapsed period.
func newDetail(l *budget.Ledger, st budget.Status, hours []slo.Percentiles) *report.Detail {
	d := &report.Detail{Burndown: []report.Point{{Time: st.Judged.Start, Value: slo.NumberOf(1)}}, Calls: []report.Point{}}
	at, left := l.Burndown(st, maxPoints-1)
	for i := range at {
		d.Burndown = append(d.Burndown, report.Point{Time: at[i], Value: left[i]})
	}
	if out := l.RanOut(st); !out.IsZero() {
		d.RanOut = &out
	}
	for _, p := range l.SLO().Policies() {
		thresholds(d, l, st, p)
	}
	if w := shortest(l); len(d.Burn) == 0 && w > 0 {
		d.Burn = append(d.Burn, burnLine(l, st.Judged, w))
	}
	step, calls := l.Calls(st, maxPoints)
	d.CallsPer = slo.FormatDuration(step)
	for _, c := range calls {
		d.Calls = append(d.Calls, report.Point{Time: c.Start, Value: c.Counts.Total})
	}
	d.Percentiles = slowest(hours, st.Judged, step)
	d.Days = detailDays(l, st, d.Burn)
	for i := range d.Burn {
		d.Burn[i].Points = thin(d.Burn[i].Points, maxPoints)
	}
	return d
}

// shortest returns the shortest window over which the counts of l have a burn rate, 0 if
// they come too seldom for any.
func shortest(l *budget.Ledger) time.Duration {
	for _, w := range slo.BurnWindows(l.SLO()) {
		if w >= l.Grain() {
			return w
		}
	}
	return 0
}

// thresholds adds to d the burn rates at which p fires, and the lines of those that page,
// as far as the counts of l have a burn rate over their long windows.
func thresholds(d *report.Detail, l *budget.Ledger, st budget.Status, p slo.Policy) {
	for _, c := range p.When {
		if c.Test != slo.Burn {
			continue
		}
		threshold := report.Threshold{Name: p.Title(c), Class: string(p.Class), Windows: c.String(), Factor: c.Limit}
		d.Thresholds = append(d.Thresholds, threshold)
		if p.Class == slo.Page && c.Long >= l.Grain() {
			line := burnLine(l, st.Judged, c.Long)
			line.Threshold, line.Past = &threshold, line.Peak.Cmp(c.Limit) > 0
			d.Burn = append(d.Burn, line)
		}
	}
}

// burnLine returns the burn rate over w at every hour of p.
func burnLine(l *budget.Ledger, p slo.Period, w time.Duration) report.BurnLine {
	line := report.BurnLine{Window: slo.FormatDuration(w)}
	for t := p.Start.Add(time.Hour); !t.After(p.End); t = t.Add(time.Hour) {
		rate := l.BurnRate(t, w).Rate
		line.Points = append(line.Points, report.Point{Time: t, Value: rate})
		if rate.Cmp(line.Peak) > 0 {
			line.Peak, line.PeakAt = rate, instant(t)
		}
	}
	return line
}

// thin keeps the smallest and the largest point of each of n/2 stretches, and a
// gap where a whole stretch is unknown.
func thin(points []report.Point, n int) []report.Point {
	if len(points) <= n {
		return points
	}
	var out []report.Point
	size := (2*len(points) + n - 1) / n
	for i := 0; i < len(points); i += size {
		stretch := points[i:min(i+size, len(points))]
		low, high := stretch[0], stretch[0]
		for _, p := range stretch {
			if !low.Value.Known() || p.Value.Known() && p.Value.Cmp(low.Value) < 0 {
				low = p
			}
			if !high.Value.Known() || p.Value.Cmp(high.Value) > 0 {
				high = p
			}
		}
		switch {
		case low.Time.Before(high.Time):
			out = append(out, low, high)
		case high.Time.Before(low.Time):
			out = append(out, high, low)
		default:
			out = append(out, low)
		}
	}
	return out
}

// slowest returns, for each stretch of p of that length, the hour with the highest
// p99: percentiles are picked, never averaged.
func slowest(hours []slo.Percentiles, p slo.Period, step time.Duration) []slo.Percentiles {
	var out []slo.Percentiles
	for _, h := range hours {
		if !p.Contains(h.Start) {
			continue
		}
		n := len(out)
		if n > 0 && h.Start.Sub(p.Start)/step == out[n-1].Start.Sub(p.Start)/step {
			if h.Slower(out[n-1]) {
				out[n-1] = h
			}
			continue
		}
		out = append(out, h)
	}
	return out
}

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

package html

import (
	"slices"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// burndownTable gives per day what was spent and what was left at its end.
func (p *painter) burndownTable(o report.Objective) table {
	t := table{Head: []string{p.w.Date, p.w.BadEvents, p.s.SpentThatDay, p.s.LeftAtEnd}}
	for _, d := range o.Days {
		left := unit.Unknown
		if i := lastUpTo(o.Detail.Burndown, d); i >= 0 {
			left = p.l.Percent(number(o.Detail.Burndown[i].Value), 0)
		}
		t.Rows = append(t.Rows, []string{d.Date, p.l.Count(d.Counts.Bad), p.l.Spent(d.Spent), left})
	}
	return t
}

// lastUpTo returns the index of the last point at or before the end of d, −1 if
// there is none.
func lastUpTo(points []report.Point, d report.Day) int {
	last := -1
	for i, point := range points {
		if !point.Time.After(d.End) {
			last = i
		}
	}
	return last
}

// burnTable gives per day the highest burn rate of each line.
func (p *painter) burnTable(o report.Objective) table {
	t := table{Head: []string{p.w.Date}}
	for _, b := range o.Detail.Burn {
		t.Head = append(t.Head, fill(p.s.HighestBurn, "{window}", p.windowName(b.Window)))
	}
	for _, d := range o.Days {
		cells := []string{d.Date}
		for _, b := range o.Detail.Burn {
			cells = append(cells, p.highest(b.Points, d))
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// highest returns the highest burn rate of windows that ended within d.
func (p *painter) highest(points []report.Point, d report.Day) string {
	within := slices.DeleteFunc(slices.Clone(points), func(point report.Point) bool {
		return !point.Time.After(d.Start) || point.Time.After(d.End)
	})
	peak, ok := largest(within)
	if !ok {
		return unit.Unknown
	}
	return p.l.Burn(number(peak.Value))
}

// trafficTable gives per day the valid events and the slowest hour.
func (p *painter) trafficTable(o report.Objective) table {
	name := p.w.Calls
	if o.Slices != nil {
		name = p.w.Slices
	}
	t := table{Head: []string{p.w.Date, name}}
	slow := len(o.Detail.Percentiles) > 0
	if slow {
		t.Head = append(t.Head, p.s.SlowestHour, "p50", "p95", "p99")
	}
	for _, d := range o.Days {
		cells := []string{d.Date, p.l.Count(d.Counts.Total)}
		if slow {
			cells = append(cells, p.slowestOf(o.Detail.Percentiles, d)...)
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (p *painter) slowestOf(hours []slo.Percentiles, d report.Day) []string {
	within := slices.DeleteFunc(slices.Clone(hours), func(h slo.Percentiles) bool {
		return h.Start.Before(d.Start) || !h.Start.Before(d.End)
	})
	h, ok := slowestHour(within)
	if !ok {
		return []string{unit.Unknown, unit.Unknown, unit.Unknown, unit.Unknown}
	}
	return []string{p.l.DateTime(h.Start, p.zone), p.l.Latency(h.P50), p.l.Latency(h.P95), p.l.Latency(h.P99)}
}

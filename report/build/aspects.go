package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/forecast"
)

// common are the aspects that every status tells, also that of a gate.
func common() []aspect {
	return []aspect{
		{reach: projectionReach},
		{burnReach, burnRates},
		{nil, exclusions},
		{nil, caveat},
		{nil, gone},
		{nil, outside},
		{nil, doubt},
	}
}

// aspects returns what b tells.
func (b *Builder) aspects() []aspect {
	list := append(common(), []aspect{
		{nil, incidents},
		{deployReach, blame},
	}...)
	if b.Alerting {
		list = append(list, aspect{alertReach, alerts})
	}
	if b.Foresee {
		list = append(list, aspect{forecastReach, foresee})
	}
	if !b.Full {
		return append(list, aspect{lastDaysReach, lastDays})
	}
	return append(list, []aspect{
		{nil, days},
		{standingReach, standing},
		{firedReach, fired},
		{holdReach, hold},
		{detailReach, detail},
		{previousReach, previous},
	}...)
}

// tell returns o with what the aspects tell of it.
func tell(j *judged, o report.Objective, aspects []aspect) report.Objective {
	for _, a := range aspects {
		if a.fill != nil {
			a.fill(j, &o)
		}
	}
	return o
}

// projectionReach is where the means begin by which a running period is projected.
func projectionReach(q question) time.Time {
	if q.slo.Window.Rolling() && q.b.Span == nil {
		return q.end
	}
	return q.end.Add(-projectionPast)
}

func burnReach(q question) time.Time {
	longest := time.Duration(0)
	for _, w := range slo.BurnWindows(q.slo) {
		longest = max(longest, w)
	}
	return q.end.Add(-longest)
}

func alertReach(q question) time.Time {
	return q.end.Add(-burn.Reach(q.slo, q.slo.Policies()) - lookback)
}

// forecastReach is how far back a forecast looks, for which nothing else has any use.
func forecastReach(q question) time.Time {
	if q.near {
		return q.end
	}
	return q.end.Add(-forecast.Needs(q.slo))
}

func lastDaysReach(q question) time.Time {
	zone := q.slo.Window.Location()
	return slo.DateOf(q.end, zone).AddDays(-stripDays).Start(zone)
}

// standingReach is where the own window begins that ends with the judged period.
func standingReach(q question) time.Time { return ownStart(q.slo, q.end) }

// firedReach is what alert policies look at when the judged period begins.
func firedReach(q question) time.Time {
	return q.period.Start.Add(-burn.Reach(q.slo, q.slo.Policies()))
}

// detailReach is what the shown burn rates look at when the judged period begins.
func detailReach(q question) time.Time {
	longest := time.Duration(0)
	for _, w := range slo.BurnWindows(q.slo) {
		longest = max(longest, w)
	}
	return q.period.Start.Add(-longest)
}

func holdReach(q question) time.Time { return policyReach(q.slo, q.end) }

// previousReach is where the period before begins, and what the release policy looked
// at when it ended.
func previousReach(q question) time.Time {
	before := q.b.before(q.period, q.slo)
	return earlier(before.Start, policyReach(q.slo, before.End))
}

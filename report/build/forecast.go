package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/forecast"
)

// foresee tells when the budget of an objective will be exhausted.
func foresee(j *judged, o *report.Objective) {
	past, err := budget.New(j.m.SLO, j.m.Data)
	if err != nil {
		return // the same steps and slices were judged
	}
	f := forecast.Of(past, j.status.Elapsed.End, forecast.Seed)
	o.Forecast = newForecast(f, j.m.SLO.Window.Location())
}

func newForecast(f forecast.Forecast, zone *time.Location) *report.Forecast {
	out := &report.Forecast{Zone: zone, At: f.At.UTC(), End: f.End.UTC(), Method: f.Method,
		Chance: f.Chance, Score: report.NewForecastScore(f.Score), Other: report.NewForecastScore(f.Other), Reason: f.Reason}
	if f.Reason != forecast.ShortWindow {
		out.Days, out.Needed = &f.Days, &f.Needed
	}
	if f.Reason != "" {
		return out
	}
	out.Exhausted = &f.Exhausted
	out.Spent = &report.ForecastBand{Low: f.Spent.Low, Middle: f.Spent.Middle, High: f.Spent.High}
	if !f.Exhausted {
		out.Exhaustion = &report.ForecastDays{Early: day(f.Exhaustion.Early, zone),
			Middle: day(f.Exhaustion.Middle, zone), Late: day(f.Exhaustion.Late, zone)}
	}
	return out
}

func day(t time.Time, zone *time.Location) *slo.Date {
	if t.IsZero() {
		return nil
	}
	d := slo.DateOf(t, zone)
	return &d
}

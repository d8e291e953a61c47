package words

import (
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// Forecast says what f expects and how good such forecasts were, or why there is
// none: one line, without a full stop.
func Forecast(l unit.Language, f report.Forecast) string {
	fill := []string{"end", l.DateTime(f.End, f.Zone), "days", strconv.Itoa(f.Days),
		"needed", strconv.Itoa(f.Needed), "outcomes", outcomes(f)}
	if s := f.Score; s != nil {
		fill = append(fill, "method", l.Say("forecast.method."+string(s.Method)),
			"coverage", l.Percent(s.Coverage, 0),
			"loss", l.Share(s.Pinball))
	}
	if s := f.Other; s != nil {
		fill = append(fill, "other", l.Say("forecast.method."+string(s.Method)), "otherloss", l.Share(s.Pinball))
	}
	if f.Reason != "" {
		return l.Say("forecast.reason."+string(f.Reason), fill...)
	}
	fill = append(fill, "middle", l.Spent(f.Spent.Middle), "low", l.Percent(f.Spent.Low, 0),
		"high", l.Spent(f.Spent.High), "chance", l.Spent(f.Chance))
	id := "forecast.lasts"
	switch days := f.Exhaustion; {
	case f.Exhausted:
		id = "forecast.exhausted"
	case days.Middle != nil && days.Late != nil:
		id = "forecast.runs_out"
		fill = append(fill, "late", date(l, days.Late))
	case days.Middle != nil:
		id = "forecast.likely"
	case days.Early != nil:
		id = "forecast.may"
	case f.Chance.Sign() > 0:
		id = "forecast.hardly"
	}
	if days := f.Exhaustion; days != nil && days.Early != nil {
		fill = append(fill, "early", date(l, days.Early))
		if days.Middle != nil {
			fill = append(fill, "day", date(l, days.Middle))
		}
	}
	return l.Say(id, fill...) + l.Say("forecast.spent", fill...) + l.Say("forecast.score", fill...)
}

// outcomes returns how many past outcomes the score is made of.
func outcomes(f report.Forecast) string {
	if f.Score == nil {
		return "0"
	}
	return strconv.Itoa(f.Score.Origins)
}

func date(l unit.Language, d *slo.Date) string { return l.Date(d.Midday(), time.UTC) }

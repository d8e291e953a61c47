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
	fill := append(scores(l, f.Score, f.Other), "end", l.DateTime(f.End, f.Zone))
	if f.Days != nil {
		fill = append(fill, "days", strconv.Itoa(*f.Days), "needed", strconv.Itoa(*f.Needed))
	}
	if f.Reason != "" {
		return l.Say("forecast.reason."+string(f.Reason), fill...)
	}
	fill = append(fill, "middle", l.Spent(f.Spent.Middle), "low", l.Percent(f.Spent.Low, 0),
		"high", l.Spent(f.Spent.High), "chance", l.Spent(f.Chance))
	id := "forecast.lasts"
	switch days := f.Exhaustion; {
	case *f.Exhausted:
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

// scores returns what fills the places for the scores of a forecast, as far as they are
// known.
func scores(l unit.Language, s, o *report.ForecastScore) []string {
	if s == nil {
		return []string{"outcomes", "0", "edge", ""}
	}
	edge := ""
	parted := func(held slo.Number) bool { return held.Known() && !held.IsInt() }
	if parted(s.Coverage.Mul(slo.NumberOf(int64(s.Origins)))) || parted(s.Recent.Held) {
		edge = l.Say("forecast.edge") // no count gives such a number
	}
	fill := []string{"method", l.Say("forecast.method." + string(s.Method)), "loss", l.Share(s.Pinball),
		"coverage", l.Percent(s.Coverage, 0), "outcomes", strconv.Itoa(s.Origins),
		"held", unit.Whole(s.Recent.Held).String(), "recent", strconv.Itoa(s.Recent.Outcomes), "edge", edge}
	if o != nil {
		fill = append(fill, "other", l.Say("forecast.method."+string(o.Method)), "otherloss", l.Share(o.Pinball))
	}
	return fill
}

func date(l unit.Language, d *slo.Date) string { return l.Date(d.Midday(), time.UTC) }

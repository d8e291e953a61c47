package words

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/forecast"
)

// TestForecastSentence holds every form of the sentence.
func TestForecastSentence(t *testing.T) {
	early, middle, late := slo.Date{Year: 2026, Month: 11, Day: 9}, slo.Date{Year: 2026, Month: 11,
		Day: 14}, slo.Date{Year: 2026, Month: 11, Day: 20}
	held := func(a, b int64) report.ForecastRecent {
		return report.ForecastRecent{Held: slo.NumberFrac(a, b), Outcomes: 28}
	}
	with := func(chance int64, days *report.ForecastDays) report.Forecast {
		return report.Forecast{Zone: time.UTC, End: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
			Exhausted: new(days == nil), Exhaustion: days,
			Chance: slo.NumberFrac(chance, 201),
			Spent: &report.ForecastBand{Low: slo.NumberFrac(409, 1000), Middle: slo.NumberFrac(7001, 10000),
				High: slo.NumberFrac(1101, 1000)},
			Score: &report.ForecastScore{Method: forecast.BlockBootstrap, Pinball: slo.NumberFrac(1234, 10000),
				Coverage: slo.NumberFrac(789, 1000), Origins: 62, Recent: held(2195, 100)},
			Other: &report.ForecastScore{Method: forecast.SeasonalNaive, Pinball: slo.NumberFrac(2, 10),
				Coverage: slo.NumberFrac(90, 100), Origins: 62}}
	}
	none := func(why forecast.Reason, score *report.ForecastScore) report.Forecast {
		return report.Forecast{Zone: time.UTC, Reason: why, Days: new(40), Needed: new(83), Score: score}
	}
	const tail = "; 71% of it spent by 2026-12-01 00:00 (40% to 111%); block bootstrap, whose 80% band held 78% of 62 past outcomes and 21 of the last 28, where one on its edge counts in part, loss 12.4% (seasonal naive 20.0%)"
	for _, c := range []struct {
		f        report.Forecast
		want     string
		alarming bool
	}{
		{with(201, nil), "the budget is exhausted already" + tail, true},
		{with(201, &report.ForecastDays{Early: &early, Middle: &middle,
			Late: &late}), "the budget runs out around 14 November (9 November to 20 November)" + tail, true},
		{with(150, &report.ForecastDays{Early: &early,
			Middle: &middle}), "the budget is likely to run out (a chance of 75%), around 14 November, 9 November at the earliest" + tail, true},
		{with(40, &report.ForecastDays{Early: &early}), "the budget may run out (a chance of 20%), 9 November at the earliest" + tail, false},
		{with(5, &report.ForecastDays{}), "the budget should last (a chance of 3% that it runs out)" + tail, false},
		{with(0, &report.ForecastDays{}), "the budget should last" + tail, false},
		{none(forecast.ShortWindow, nil), "no forecast: windows under a week are not forecast", false},
		{none(forecast.LittleHistory, nil), "no forecast: 40 days were measured throughout, 83 days of history are needed", false},
		{none(forecast.FewOutcomes, nil), "no forecast: days that were not measured leave only 0 past outcomes to score by", false},
		{none(forecast.Unreliable, &report.ForecastScore{Method: forecast.SeasonalNaive,
			Pinball: slo.NumberOf(1), Coverage: slo.NumberFrac(512, 1000), Origins: 30}),
			"no forecast: its 80% band would have held only 51% of 30 past outcomes, where one on its edge counts in part", false},
		{none(forecast.MissedLately, &report.ForecastScore{Method: forecast.BlockBootstrap,
			Pinball: slo.NumberOf(1), Coverage: slo.NumberFrac(791, 1000), Origins: 120, Recent: held(99, 10)}),
			"no forecast: its 80% band held 9 of the last 28 outcomes (79% of all 120), where one on its edge counts in part", false},
		{none(forecast.MissedLately, &report.ForecastScore{Method: forecast.BlockBootstrap, Pinball: slo.NumberOf(1),
			Coverage: slo.NumberFrac(3, 4), Origins: 120, Recent: held(9, 1)}),
			"no forecast: its 80% band held 9 of the last 28 outcomes (75% of all 120)", false},
		{none(forecast.NoData, nil), "no forecast: the objective has no data", false},
	} {
		if got := Forecast(unit.English, c.f); got != c.want {
			t.Errorf("got  %q\nwant %q", got, c.want)
		}
		if got := c.f.Alarming(); got != c.alarming {
			t.Errorf("%s: alarming is %v", c.want, got)
		}
	}
	got := Forecast(unit.Japanese, with(40, &report.ForecastDays{Early: &early}))
	const want = "エラーバジェットは20%の確率で枯渇する可能性あり(早ければ11月9日)。2026-12-01 00:00時点の消費率は71%(40%〜111%)の見込み。" +
		"ブロックブートストラップ: 過去62回のうち78%、直近28回のうち21回が80%の幅に収まり(端の値は一部として算入)、損失は12.4%(季節ナイーブ予測は20.0%)"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

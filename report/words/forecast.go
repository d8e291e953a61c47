package words

import (
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/forecast"
)

// Forecast says what f expects and how good such forecasts were, or why there is
// none: one line, without a full stop.
func Forecast(l unit.Language, f report.Forecast) string {
	p := forecastPhrasesOf(l)
	fill := []string{"{end}", l.DateTime(f.End, f.Zone), "{days}", strconv.Itoa(f.Days), "{needed}", strconv.Itoa(f.Needed), "{outcomes}", outcomes(f)}
	if s := f.Score; s != nil {
		fill = append(fill, "{method}", p.methods[s.Method], "{coverage}", l.Percent(s.Coverage, 0),
			"{loss}", l.Share(s.Pinball))
	}
	if s := f.Other; s != nil {
		fill = append(fill, "{other}", p.methods[s.Method], "{otherloss}", l.Share(s.Pinball))
	}
	if f.Reason != "" {
		return strings.NewReplacer(fill...).Replace(p.reasons[f.Reason])
	}
	fill = append(fill, "{middle}", l.Spent(f.Spent.Middle), "{low}", l.Percent(f.Spent.Low, 0), "{high}", l.Spent(f.Spent.High), "{chance}", l.Spent(f.Chance))
	template := p.lasts
	switch days := f.Exhaustion; {
	case f.Exhausted:
		template = p.exhausted
	case days.Middle != nil && days.Late != nil:
		template = p.runsOut
		fill = append(fill, "{late}", date(l, days.Late))
	case days.Middle != nil:
		template = p.likely
	case days.Early != nil:
		template = p.may
	case f.Chance.Sign() > 0:
		template = p.hardly
	}
	if days := f.Exhaustion; days != nil && days.Early != nil {
		fill = append(fill, "{early}", date(l, days.Early))
		if days.Middle != nil {
			fill = append(fill, "{day}", date(l, days.Middle))
		}
	}
	return strings.NewReplacer(fill...).Replace(template + p.spent + p.score)
}

// outcomes returns how many past outcomes the score is made of.
func outcomes(f report.Forecast) string {
	if f.Score == nil {
		return "0"
	}
	return strconv.Itoa(f.Score.Origins)
}

func date(l unit.Language, d *slo.Date) string { return l.Date(d.Midday(), time.UTC) }

// forecastPhrases are clauses, each whole in its language.
type forecastPhrases struct {
	exhausted, runsOut, likely, may, hardly, lasts string // when
	spent, score                                   string
	methods                                        map[forecast.Method]string
	reasons                                        map[forecast.Reason]string
}

func forecastPhrasesOf(l unit.Language) forecastPhrases {
	if l == unit.Japanese {
		return forecastPhrases{
			exhausted: "エラーバジェットは枯渇済み",
			runsOut:   "エラーバジェットは{day}頃に枯渇する見込み({early}〜{late})",
			likely:    "エラーバジェットは{day}頃に枯渇する見込み(早ければ{early}、{chance}の確率)",
			may:       "エラーバジェットは早ければ{early}に枯渇する可能性あり({chance}の確率)",
			hardly:    "エラーバジェットは持つ見込み(枯渇の確率{chance})",
			lasts:     "エラーバジェットは持つ見込み",
			spent:     "。{end}時点の消費率は{middle}({low}〜{high})の見込み",
			score:     "。{method}: 過去{outcomes}回のうち{coverage}が80%の幅に収まり、損失は{loss}({other}は{otherloss})",
			methods:   map[forecast.Method]string{forecast.BlockBootstrap: "ブロックブートストラップ", forecast.SeasonalNaive: "季節ナイーブ予測"},
			reasons: map[forecast.Reason]string{
				forecast.ShortWindow:   "予測なし: 1週間未満の対象期間は予測しない",
				forecast.LittleHistory: "予測なし: 全日測定できた日が{days}日、{needed}日の履歴が必要",
				forecast.FewOutcomes:   "予測なし: 欠測が多く、採点できる過去の予測は{outcomes}回だけ",
				forecast.Unreliable:    "予測なし: 過去{outcomes}回のうち80%の幅に収まったのは{coverage}だけ",
			},
		}
	}
	return forecastPhrases{
		exhausted: "the budget is exhausted already",
		runsOut:   "the budget runs out around {day} ({early} to {late})",
		likely:    "the budget is likely to run out around {day}, {early} at the earliest (a chance of {chance})",
		may:       "the budget may run out, {early} at the earliest (a chance of {chance})",
		hardly:    "the budget should last (a chance of {chance} that it runs out)",
		lasts:     "the budget should last",
		spent:     "; {middle} of it spent by {end} ({low} to {high})",
		score:     "; {method}, whose 80% band held {coverage} of {outcomes} past outcomes, loss {loss} ({other} {otherloss})",
		methods:   map[forecast.Method]string{forecast.BlockBootstrap: "block bootstrap", forecast.SeasonalNaive: "seasonal naive"},
		reasons: map[forecast.Reason]string{
			forecast.ShortWindow:   "no forecast: windows under a week are not forecast",
			forecast.LittleHistory: "no forecast: {days} days were measured throughout, {needed} days of history are needed",
			forecast.FewOutcomes:   "no forecast: days that were not measured leave only {outcomes} past outcomes to score by",
			forecast.Unreliable:    "no forecast: its 80% band would have held only {coverage} of {outcomes} past outcomes",
		},
	}
}

package html

import (
	"strings"

	"github.com/nines-slo/nines/report/unit"
)

// sentences are the page's own texts, one whole template per language. Terms that
// outputs share come from unit.Words. What stands in braces is filled in.
type sentences struct {
	Title, Made                                                                                            string // {period} {title}; {time} {zone}
	FigureMet, FigureAvailability, FigureIncidents, FigureOnHold                                           string // {length}
	NoIncidents, Before, BeforeIncidents, NothingBefore, Unjudged                                          string // {period} {figure} {length}; {n}
	ObjectivesTitle, ObjectivesNote, NoObjectives                                                          string
	Actual, SpentColumn, Projected, LowCoverage, NoEvents, NoAnswer                                        string // {spent}; {coverage}; {reason}
	BulletLabel, DaysLabel                                                                                 string // {spent}; {range} {low} {even} {high} {over} {none}
	LevelLow, LevelEven, LevelHigh, LevelOver, LevelNone                                                   string
	DayMark, DayMarkNone                                                                                   string // {date} {multiple}
	Missed, Exhausted, Kept, AtRisk                                                                        string // {name} {spent} {left}
	FactActual, FactBudget, FactBad, FactEvidence, FactSoFar, OwnZone                                      string
	ActualOf, BadOf, BadSlicesOf, Standing, Uncounted                                                      string // {sli} {target}; {bad} {total}; {spent} {sli} {state}; {sli}
	BurndownOut, BurndownLeft, BurndownRunning, BurndownUnknown                                            string // {date}; {left}
	BurndownNote, EvenSpend, ShadedIncidents                                                               string
	BurnOver, BurnUnder, BurnPeak, BurnUnknown, BurnNote                                                   string // {window} {burn} {date} {class} {factor}
	LatencyPeak, LatencyNote, ThresholdLine                                                                string // {latency} {date}; {per}; {latency}
	CallsPeak, CallsUnknown, CallsNote                                                                     string // {count} {per} {date}
	CalendarPeak, CalendarCalm, CalendarUnknown, CalendarNote                                              string // {date} {multiple}
	FiguresOfChart, SpentThatDay, LeftAtEnd, HighestBurn, SlowestHour                                      string // {window}
	OtherCalendars, OwnWindows, OwnWindowsNote, Forecasts, Forecast, ForecastsNote                         string // {n}
	IncidentsTitle, IncidentsNone, When, HowLong, ShareOfBudget                                            string // {n} {length}
	ImpactLine, MoreImpacts, StillOpen                                                                     string // {name} {spent} {share}; {n}
	Formulas, FormulaSLI, FormulaBudget, FormulaStates, FormulaMinutes                                     string
	FormulaBurn, FormulaRounding, FormulaIncidents, FormulaDay, FormulaServices                            string
	Covered, CoveredText, ExclusionsNote, NoExclusions, Applies                                            string // {start} {end} {zone}
	AllObjectives, CountOf, MoreTimes, Nobody, PerObjective                                                string // {n}; {n}
	SourcesTitle, WarningsTitle, NoWarnings, NoInputs, MadeBy, Hint                                        string // {version}; {hint}
	FirstAlert, NoAlert, AfterStart, Alerts, AlertColumn, FiredColumn, UsefulColumn, FiringTime, Detection string // {length}
	Releases, ReleasesTitle, ReleasesNote, ReleaseReason, OverrideLine                                     string // {n}; {owner} {until} {reason}
	FiredNote, FiredMore, FiredSilent                                                                      string // {n}
	DeployColumn, DeployLine, SuspectLine, DeploysNote, Suspects, Cleared, MoreDeploys                     string // {n}; {n}
	SpentAfter, SpentBefore, SpentUsually, Blame                                                           string // {hours}
	SkipToTable, NumberColumn, FigureWithin, MonthBegins, SoFar, JudgedAt, IncidentOne, FigureIncidentOne  string
}

// sentencesOf returns the texts of a language.
func sentencesOf(l unit.Language) sentences {
	if l == unit.Japanese {
		return japanese()
	}
	return english()
}

// fill puts values into a template: pairs of placeholder and text. What is filled
// in is not read again.
func fill(template string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(template)
}

func english() sentences {
	return sentences{
		Title: "Service levels, {period}", Made: "made {time}, {zone}",
		FigureMet: "objectives met", FigureAvailability: "availability of all calls",
		FigureIncidents: "incidents, {length} in all", FigureOnHold: "services with releases on hold",
		NoIncidents: "incidents", Before: "{period}: {figure}", BeforeIncidents: "{period}: {figure} ({length})",
		NothingBefore: "nothing measured in the period before", Unjudged: "{n} could not be judged",
		ObjectivesTitle: "Objectives, worst first", NoObjectives: "The files name no objectives.",
		ObjectivesNote: "Bullet bars end at 150% of the error budget, the tick stands at 100%. One bar is one day: the budget it took against an even day's share.",
		Actual:         "Actual and target", SpentColumn: "Error budget spent", Projected: "{spent} of the whole period's",
		LowCoverage: "{coverage} measured", NoEvents: "no events", NoAnswer: "no answer: {reason}",
		BulletLabel: "{spent} of the error budget spent",
		DaysLabel:   "{range}, budget taken per day against an even share: {low} days up to half, {even} up to even, {high} up to 5 times, {over} more, {none} without data",
		LevelLow:    "up to half of an even day's share", LevelEven: "up to an even share", LevelHigh: "up to 5 times", LevelOver: "more than 5 times", LevelNone: "no data",
		DayMark: "{date}: {multiple}× an even day's share", DayMarkNone: "{date}: no data",
		Missed:     "{name} missed its target: {spent} of its error budget spent",
		Exhausted:  "{name} has exhausted its error budget: {spent} of it spent",
		Kept:       "{name} kept its target with {left} of its error budget left",
		AtRisk:     "{name} is at risk: {spent} of its error budget spent",
		FactActual: "Actual", FactBudget: "Error budget", FactBad: "Bad", FactEvidence: "Evidence", FactSoFar: "So far", OwnZone: "days and calendar in {zone}, charts in the report's zone",
		ActualOf: "{sli}, target at least {target}", BadOf: "{bad} of {total} events", BadSlicesOf: "{bad} of {total} slices",
		Standing: "{spent} of the budget spent, {sli}, {state}", Uncounted: "{sli} without exclusions",
		BurndownOut: "The budget ran out on {date}", BurndownLeft: "{left} of the budget was left at the end",
		BurndownRunning: "{left} of the budget is left", BurndownUnknown: "The budget is not known",
		BurndownNote: "Error budget left, % of the period's budget", EvenSpend: "even spend", ShadedIncidents: "incident",
		BurnOver:  "The burn rate over {window} peaked at {burn} on {date}, past the {class} threshold of {factor}",
		BurnUnder: "The burn rate over {window} peaked at {burn} on {date}, within the {class} threshold of {factor}",
		BurnPeak:  "The burn rate over {window} peaked at {burn} on {date}", BurnUnknown: "The burn rate is not known",
		BurnNote:    "Burn rate, multiples of an even spend, log scale",
		LatencyPeak: "The 99th percentile peaked at {latency} on {date}",
		LatencyNote: "Response time, slowest hour of each {per}; below: calls per {per}", ThresholdLine: "threshold {latency}",
		CallsPeak: "Calls peaked at {count} in {per} on {date}", CallsUnknown: "No calls were measured", CallsNote: "Calls per {per}",

		CalendarPeak: "{date} took {multiple} times an even day's share", CalendarCalm: "No day took more than its even share",
		CalendarUnknown: "No day has data", CalendarNote: "Multiples of an even day's share",
		FiguresOfChart: "Figures of this chart", SpentThatDay: "Spent that day", LeftAtEnd: "Left at its end",
		HighestBurn: "Highest over {window}", SlowestHour: "Slowest hour",
		OtherCalendars: "Calendars of the other objectives ({n})", OwnWindows: "Own windows at the end of the period",
		Forecasts: "How long the budgets last", Forecast: "Forecast",
		ForecastsNote:  "Of each objective's own window, from its own past: the middle, and in brackets what four in five outcomes should lie between. A forecast never changes a state.",
		OwnWindowsNote: "Objectives whose own window is not the period of this report, as they stood at its end.",
		IncidentsTitle: "{n} incidents, {length} in all", IncidentsNone: "No incidents", When: "When", HowLong: "How long",
		ShareOfBudget: "Share of each budget", ImpactLine: "{spent} of its budget, {share} of its bad events",
		MoreImpacts: "and {n} more", StillOpen: "not over at the end of the period",
		Formulas: "How the figures are made", FormulaSLI: "SLI = good ÷ valid events, or good ÷ valid slices of time. Totals are sums over all events, never means of percentages.",
		FormulaBudget:    "Error budget = (1 − target) × valid events. Spent = bad ÷ error budget. Left = 1 − spent, below zero if more was spent.",
		FormulaStates:    "Missed: SLI under the target. At risk: not missed, and by default more than 75% of the budget spent. No data: by default less than 90% of the time measured; such an objective is never counted as met.",
		FormulaMinutes:   "Minutes are the same budget as minutes of full outage: (1 − target) × measured minutes.",
		FormulaBurn:      "Burn rate = share of bad events over a window ÷ (1 − target): at 1 the budget lasts exactly as long as its window.",
		FormulaRounding:  "Figures are rounded once, towards the bad news: SLI and what is left down, what is spent up.",
		FormulaIncidents: "An incident is a run of slices with many bad events, at most 10 minutes apart; its share is its bad events ÷ those of the period.",
		FormulaDay:       "An even day's share is the budget divided by the days of the period.",
		FormulaServices:  "A service's budget is spent when that of one of its objectives is.",
		Covered:          "Period", CoveredText: "{start} to {end}, end not included, {zone}", NoExclusions: "No time was excluded.",
		ExclusionsNote: "Excluded time leaves both sums and coverage. The figures without exclusions stand in the table of objectives below.",
		Applies:        "Applies to", AllObjectives: "all objectives", CountOf: "{n} objectives", MoreTimes: "and {n} more times", Nobody: "nobody named",
		PerObjective: "What each objective was judged on", SourcesTitle: "Sources", WarningsTitle: "Warnings", NoWarnings: "No warnings.", NoInputs: "nothing was read",
		Releases: "Release gate", ReleasesTitle: "Releases on hold for {n} services", ReleaseReason: "Why",
		ReleasesNote: "What the release policy said at the period's end, of objectives for which it was not plainly open.", OverrideLine: "override by {owner} until {until}: {reason}",
		FirstAlert: "First alert", NoAlert: "none", AfterStart: "after {length}", Alerts: "Alerts", AlertColumn: "Alert",
		FiredColumn: "Fired", UsefulColumn: "In incidents", FiringTime: "Firing for", Detection: "Detection",
		FiredNote: "What each alert policy did in the period, replayed over the counts, held against the incidents above. Detection: from an incident's start, median / longest.",
		FiredMore: "{n} more are not shown.", FiredSilent: "{n} other policies did not fire.",
		DeployColumn: "Deploy", DeployLine: "deploy", SuspectLine: "likely to blame", Suspects: "Deploys likely to blame, or of which nobody can tell",
		DeploysNote: "Shares of each objective's budget. Usual is the mean of the same hours of that weekday in up to four weeks before. A deploy is likely to blame if the error ratio after it is over that before and the usual one by more than chance explains; what else happened in these hours counts too.",
		Cleared:     "Not likely to blame ({n})", MoreDeploys: "{n} older ones are in the workbook.",
		SpentAfter: "Spent in {hours} after", SpentBefore: "{hours} before", SpentUsually: "Usual", Blame: "To blame?",
		MadeBy: "Made by nines {version}.", Hint: "Hint: {hint}", SkipToTable: "Skip to the objectives", NumberColumn: "No.",
		FigureWithin: "objectives within their budget", JudgedAt: "Judged at", IncidentOne: "1 incident, {length}", FigureIncidentOne: "incident, {length}", SoFar: "{spent} of the budget of the days so far spent", MonthBegins: "2 Jan", // a layout of package time
	}
}

func japanese() sentences {
	return sentences{
		Title: "サービスレベル報告書 {period}", Made: "作成日時 {time}({zone})",
		FigureMet: "達成したSLO", FigureAvailability: "全呼び出しの可用性",
		FigureIncidents: "障害件数(計{length})", FigureOnHold: "リリース停止中のサービス",
		NoIncidents: "障害件数", Before: "{period}:{figure}", BeforeIncidents: "{period}:{figure}(計{length})",
		NothingBefore: "前期間の測定値なし", Unjudged: "{n}件は判定不能",
		ObjectivesTitle: "SLO一覧(悪い順)", NoObjectives: "ファイルにSLOの定義がありません。",
		ObjectivesNote: "横棒の右端はエラーバジェットの150%、目盛りは100%。縦棒1本が1日で、均等配分に対するその日の消費を示す。",
		Actual:         "実績値と目標値", SpentColumn: "バジェット消費率", Projected: "期間全体の{spent}",
		LowCoverage: "データ取得率{coverage}", NoEvents: "イベントなし", NoAnswer: "応答なし:{reason}",
		BulletLabel: "エラーバジェットの{spent}を消費",
		DaysLabel:   "{range}、均等配分に対する1日の消費:半分以下{low}日、均等以下{even}日、5倍以下{high}日、5倍超{over}日、データなし{none}日",
		LevelLow:    "均等配分の半分以下", LevelEven: "均等配分以下", LevelHigh: "5倍以下", LevelOver: "5倍超", LevelNone: "データなし",
		DayMark: "{date}:均等配分の{multiple}倍", DayMarkNone: "{date}:データなし",
		Missed:     "{name}は未達:エラーバジェットの{spent}を消費",
		Exhausted:  "{name}はエラーバジェットが枯渇:{spent}を消費",
		Kept:       "{name}は達成:エラーバジェットの残りは{left}",
		AtRisk:     "{name}は要注意:エラーバジェットの{spent}を消費",
		FactActual: "実績値", FactBudget: "エラーバジェット", FactBad: "不良", FactEvidence: "統計的裏付け", FactSoFar: "経過分", OwnZone: "日別は{zone}、グラフは報告書のタイムゾーン",
		ActualOf: "{sli}(目標値{target}以上)", BadOf: "{total}件中{bad}件", BadSlicesOf: "{total}枠中{bad}枠",
		Standing: "バジェットの{spent}を消費、{sli}、{state}", Uncounted: "除外なしでは{sli}",
		BurndownOut: "{date}にエラーバジェットを使い切った", BurndownLeft: "期末の残りは{left}",
		BurndownRunning: "現在の残りは{left}", BurndownUnknown: "エラーバジェットは不明",
		BurndownNote: "エラーバジェットの残り(期間全体に対する%)", EvenSpend: "均等消費", ShadedIncidents: "障害",
		BurnOver:  "{window}のバーンレートは{date}に最大{burn}となり、{class}のしきい値{factor}を超過",
		BurnUnder: "{window}のバーンレートは最大{burn}({date})で、{class}のしきい値{factor}以下",
		BurnPeak:  "{window}のバーンレートは{date}に最大{burn}", BurnUnknown: "バーンレートは不明",
		BurnNote:    "バーンレート(均等消費に対する倍率、対数目盛)",
		LatencyPeak: "99パーセンタイルは{date}に最大{latency}",
		LatencyNote: "上:{per}ごとに最も遅い1時間の応答時間、下:{per}ごとの呼び出し件数", ThresholdLine: "しきい値{latency}",
		CallsPeak: "呼び出しは{date}に{per}あたり最大{count}件", CallsUnknown: "呼び出しの測定値なし", CallsNote: "{per}ごとの呼び出し件数",

		CalendarPeak: "{date}は均等配分の{multiple}倍を消費", CalendarCalm: "均等配分を超えた日はなし",
		CalendarUnknown: "データのある日はなし", CalendarNote: "各日の消費(均等配分に対する倍率)",
		FiguresOfChart: "このグラフの数値", SpentThatDay: "当日の消費", LeftAtEnd: "当日末の残り",
		HighestBurn: "{window}の最大", SlowestHour: "最も遅い1時間",
		OtherCalendars: "その他{n}件のSLOの日別カレンダー", OwnWindows: "期末時点の本来の対象期間での判定",
		Forecasts: "エラーバジェットの見通し", Forecast: "予測",
		ForecastsNote:  "各SLO本来の対象期間について、過去の実績から予測。中央値と、括弧内に結果の5回に4回が収まるはずの幅を示す。予測は判定を変えない。",
		OwnWindowsNote: "本来の対象期間がこの報告の期間と異なるSLOの、期末時点の状況。",
		IncidentsTitle: "障害{n}件、計{length}", IncidentsNone: "障害なし", When: "日時", HowLong: "継続時間",
		ShareOfBudget: "各バジェットに占める割合", ImpactLine: "バジェットの{spent}、不良の{share}",
		MoreImpacts: "ほか{n}件", StillOpen: "期末時点で継続中",
		Formulas: "数値の算定方法", FormulaSLI: "SLI=正常÷有効イベント(または有効な時間枠)。合計は全イベントの和であり、百分率の平均ではない。",
		FormulaBudget:    "エラーバジェット=(1−目標値)×有効イベント。消費率=不良÷エラーバジェット。残量=1−消費率(超過すると負)。",
		FormulaStates:    "未達:SLIが目標値未満。要注意:未達ではなく、既定では消費率75%超。データなし:既定では測定時間が90%未満。データなしは達成に数えない。",
		FormulaMinutes:   "分は同じバジェットを全面停止の分数で表したもの:(1−目標値)×測定分数。",
		FormulaBurn:      "バーンレート=一定時間の不良の割合÷(1−目標値)。1のとき、バジェットは対象期間でちょうど尽きる。",
		FormulaRounding:  "端数は最後に一度だけ、悪い側に丸める:SLIと残量は切り捨て、消費率は切り上げ。",
		FormulaIncidents: "障害は不良の多い時間枠の連なり(間隔10分以内)。割合はその不良÷期間の不良。",
		FormulaDay:       "均等配分とは、バジェットを期間の日数で割ったもの。",
		FormulaServices:  "いずれかのSLOのバジェットが枯渇したサービスを、枯渇と数える。",
		Covered:          "期間", CoveredText: "{start}〜{end}(終端を含まない、{zone})", NoExclusions: "除外された時間はない。",
		ExclusionsNote: "除外された時間は、計算にもデータ取得率にも含まない。除外なしの値は下のSLOの表に示す。",
		Applies:        "適用対象", AllObjectives: "すべてのSLO", CountOf: "SLO {n}件", MoreTimes: "ほか{n}回", Nobody: "記載なし",
		PerObjective: "各SLOの判定の根拠", SourcesTitle: "データソース", WarningsTitle: "注意", NoWarnings: "注意事項はない。", NoInputs: "読み込みなし",
		Releases: "リリース判定", ReleasesTitle: "リリース停止中のサービス {n}", ReleaseReason: "理由",
		ReleasesNote: "期間末の時点で、運用ルールによりリリース可と判定されなかったSLO。", OverrideLine: "例外承認: {owner}、期限{until}、{reason}",
		FirstAlert: "最初のアラート", NoAlert: "なし", AfterStart: "{length}後", Alerts: "アラート", AlertColumn: "アラート",
		FiredColumn: "発報", UsefulColumn: "障害に該当", FiringTime: "発報時間", Detection: "検知",
		FiredNote: "期間内の各ポリシーの発報を計測値から再現し、上の障害と照合したもの。検知は障害の開始からの時間(中央値/最長)。",
		FiredMore: "ほか{n}件は省略。", FiredSilent: "ほかの{n}件のポリシーは発報なし。",
		DeployColumn: "デプロイ", DeployLine: "デプロイ", SuspectLine: "影響の可能性が高い", Suspects: "影響の可能性が高い、または判定できないデプロイ",
		DeploysNote: "各SLOのバジェットに対する割合。通常とは、過去4週までの同じ曜日・同じ時間の平均。デプロイ後の不良率が、デプロイ前と通常のどちらも偶然では説明できないほど上回るとき、影響の可能性が高いとする。同じ時間に起きた他の事象も含まれる。",
		Cleared:     "影響の可能性が低いもの({n}件)", MoreDeploys: "古い{n}件はExcelにある。",
		SpentAfter: "後{hours}の消費", SpentBefore: "前{hours}", SpentUsually: "通常", Blame: "影響",
		MadeBy: "作成:nines {version}", Hint: "対処:{hint}", SkipToTable: "SLO一覧へ移動", NumberColumn: "番号",
		FigureWithin: "バジェット内のSLO", JudgedAt: "判定時点", IncidentOne: "障害1件、{length}", FigureIncidentOne: "障害件数({length})", SoFar: "経過日数分のバジェットの{spent}を消費", MonthBegins: "1/2",
	}
}

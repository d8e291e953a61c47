package excel

import "github.com/nines-slo/nines/report/unit"

// texts are those of the workbook in one language.
type texts struct {
	report, provisional, final, generatedAt string

	summary, objectives, calendar, incidents, daily, notes string // sheet names

	metTile, onTrackTile, nearTile, missedTile, exhaustedTile, noDataTile     string
	ofTotal                                                                   string // number format: 12 of 14
	availability, incidentTile, lengthTile, servicesTile, asReported, before  string
	chartTitle, chartNote, chartAll, chartCut, chartData, chartAlt, noneFound string

	objectivesNote, no, service, objective, kind, status, target, sli, spent, leftEvents, leftMinutes string
	events, bad, allowed, coverage, judged, yes, notJudged, atRisk, measured, period                  string
	expected, expectedSpent, unexcluded, ownWindow, ownSLI, ownSpent, ownStatus                       string
	previousSLI, previousSpent, previousStatus, unitOf, eventsUnit, slicesUnit                        string
	minutes, eventsLeft                                                                               string // number formats
	targetTitle, targetPrompt, targetError                                                            string

	calendarNote, calendarKey string
	weekdays                  [7]string
	month                     string // layout of time

	incidentsNote, start, end, ongoing, lengthMinutes, services, badShare, budgetShare, noIncidents string

	alerts, alertsNote, class, policy, inIncident, incidentStart, detection, spentByThen, within, again, none, silent string
	firstAlert, firstAlertAfter                                                                                       string
	deploys, deploysNote, deployTime, deploy, spentAfter, spentBefore, spentUsually                                   string
	extra, extraLow, extraHigh, blame, why                                                                            string

	dailyNote, date, goodEvents, multiple string

	about, aboutLines                  []string
	values, periodMinutes, atRiskValue string
	periodMinutesNote, atRiskNote      string
	method                             string
	methodLines                        [][2]string
	glossary                           string
	glossaryLines                      [][2]string
	warnings, exclusions, sources      string
	exclusionName, agreedBy, nobody    string
	sourceName, newest, rows, unread   string
	digest, failed, frozen, made       string
}

func wordsOf(l unit.Language) texts {
	if l == unit.Japanese {
		return japanese()
	}
	return english()
}

func english() texts {
	return texts{
		report: "Service level report", provisional: "provisional", final: "final", generatedAt: "generated",
		summary: "Summary", objectives: "Objectives", calendar: "Calendar", incidents: "Incidents", daily: "Daily", notes: "Notes",

		metTile: "objectives met, at risk included", onTrackTile: "objectives on track, at risk included",
		nearTile: "at risk", missedTile: "missed", exhaustedTile: "exhausted", noDataTile: "no data, not judged",
		ofTotal: `0" of %d"`, availability: "availability of all calls", incidentTile: "incidents", lengthTile: "total length of incidents, min",
		servicesTile: "services with releases on hold", asReported: "as reported", before: "before: %s",
		chartTitle: "Share of error budget spent",
		chartNote:  "per objective, worst first, in % of what the target allows; over 100 % the promise is broken",
		chartAll:   "The headline and the figures marked “as reported” stay as they were made; the others follow the targets on sheet Objectives.",
		chartCut:   "The chart shows the %d worst of %d objectives; sheet Objectives has all.",
		chartData:  "chart data", chartAlt: "Bar chart: share of error budget spent by each objective, worst first", noneFound: "no objectives",

		objectivesNote: "Yellow cells are inputs: change a target, and budget, spend, what is left and status follow.",
		no:             "No.", service: "Service", objective: "Objective", kind: "Kind", status: "Status", target: "Target", sli: "Actual (SLI)",
		spent: "Budget spent", leftEvents: "Left (events)", leftMinutes: "Left (full outage)", events: "Valid events", bad: "Bad events",
		allowed: "Budget (events)", coverage: "Coverage", judged: "Judged", yes: "yes", notJudged: "no", atRisk: "At risk over",
		measured: "Measured minutes", period: "Period judged", expected: "Events expected in the whole period",
		expectedSpent: "Spent of the whole period", unexcluded: "SLI with exclusions counted", ownWindow: "Own window",
		ownSLI: "Own window: SLI", ownSpent: "Own window: spent", ownStatus: "Own window: status",
		previousSLI: "Period before: SLI", previousSpent: "Period before: spent", previousStatus: "Period before: status",
		unitOf: "Counted in", eventsUnit: "events", slicesUnit: "slices",
		minutes:     `#,##0.0" min";#,##0.0" min over";0.0" min"`,
		eventsLeft:  `#,##0.0;#,##0.0" over";0.0`,
		targetTitle: "Target", targetPrompt: "50 % to 99.9999 %. Budget, spend, what is left and status follow; the headline does not.",
		targetError: "A target is between 50 % and 99.9999 %.",

		calendarNote: "Budget that each day took, as a multiple of an even day's share, as reported (at the reported targets).",
		calendarKey:  "up to 0.5×|up to 1×|up to 5×|over 5×|– no data", weekdays: [7]string{"S", "M", "T", "W", "T", "F", "S"}, month: "January 2006",

		incidentsNote: "One row for each objective that an incident touched, times in %s.", start: "Start", end: "End", ongoing: "ongoing",
		lengthMinutes: "Minutes", services: "Services", badShare: "Share of its bad events", budgetShare: "Share of its budget",
		noIncidents: "No incident was found in this period.",

		alerts: "Alerts", alertsNote: "What the alert policies did in the period, replayed over the counts. Detection: from the incident's start. Times in %s.",
		class: "Class", policy: "Policy", inIncident: "In an incident", incidentStart: "Incident's start", detection: "Detection (min)", spentByThen: "Budget spent by then",
		within: "yes", again: "again", none: "no", silent: "%s other policies did not fire.", firstAlert: "First alert", firstAlertAfter: "After (min)",
		deploys: "Deploys", deploysNote: "Shares of each objective's budget in the %s after each deploy, as long before, and at the same hours of that weekday in up to four weeks before (mean of a week). Extra: more than at the worse error ratio of both, with its 95 %% interval. Times in %s.",
		deployTime: "Time", deploy: "Deploy", spentAfter: "Spent after", spentBefore: "Spent before", spentUsually: "Usual",
		extra: "Extra", extraLow: "Extra at least", extraHigh: "Extra at most", blame: "To blame?", why: "Why",

		dailyNote: "Counts per objective and local day; the sums on sheet Objectives are made from columns E to G.",
		date:      "Date", goodEvents: "Good events", multiple: "× even day",

		about: []string{"About this workbook"},
		aboutLines: []string{
			"Changing a target does not change the reported headline, the calendar or the incidents: they stay as reported.",
			"Yellow cells with blue figures on sheet Objectives are inputs. Events and bad events are summed from sheet Daily.",
			"A figure is shown rounded and stored in full. Nothing is fetched from elsewhere when this file is opened.",
		},
		values: "Named values", periodMinutes: "period_minutes", atRiskValue: "at_risk",
		periodMinutesNote: "length of the reported period in minutes, in the report's zone",
		atRiskNote:        "share of budget over which an objective is at risk, unless its own row says otherwise",
		method:            "Method",
		methodLines: [][2]string{
			{"SLI", "good / valid events over the whole period, never a mean of percentages"},
			{"Budget", "(1 − target) × valid events: how many may be bad"},
			{"Spent", "bad events / budget; 100 % is spent, more is a broken promise"},
			{"Left (full outage)", "(1 − target) × measured, not excluded minutes × (1 − spent)"},
			{"Closed period", "missed if the SLI is under the target; at risk if not missed and spent is over the at-risk share; else met"},
			{"Running period", "exhausted, at risk, on track by the same rules; a running calendar period is judged on the budget of the whole period"},
			{"No data", "not judged: too little was measured, or there were no valid events; never counted as met"},
			{"Slices", "some objectives count slices of time instead of events; column “Counted in” says which"},
		},
		glossary: "Glossary",
		glossaryLines: [][2]string{
			{"Objective (SLO)", "a promise: the share of events that are to be good within a period"},
			{"SLI", "service level indicator: the share of events that were good"},
			{"Error budget", "what the promise allows to go wrong"},
			{"Coverage", "measured share of the time that counts"},
			{"Even day's share", "what a day takes if the whole budget is used evenly"},
			{"Incident", "a run of times in which an objective was down; shares are of that objective's bad events and budget"},
			{"Exclusion", "time that no promise covers, such as planned maintenance"},
		},
		warnings: "Warnings", exclusions: "Exclusions", sources: "Sources", exclusionName: "Exclusion", agreedBy: "Agreed by", nobody: "nobody named",
		sourceName: "Source", newest: "Newest data", rows: "Rows", unread: "Unread", digest: "Digest", failed: "no answer",
		frozen: "%s: a figure stands as reported, not as a formula, since a spreadsheet's 15 digits would not give it from sheet Daily",
		made:   "Made by",
	}
}

func japanese() texts {
	return texts{
		report: "サービスレベル月次報告書", provisional: "速報値", final: "確定値", generatedAt: "作成日時",
		summary: "サマリ", objectives: "SLO一覧", calendar: "日別", incidents: "障害一覧", daily: "日次データ", notes: "用語・注記",

		metTile: "達成したSLO(要注意を含む)", onTrackTile: "順調なSLO(要注意を含む)",
		nearTile: "要注意", missedTile: "未達", exhaustedTile: "枯渇", noDataTile: "データなし(判定不能)",
		ofTotal: `0"/%d件"`, availability: "可用性(全呼び出し)", incidentTile: "障害件数", lengthTile: "障害の合計時間(分)",
		servicesTile: "リリース停止中のサービス", asReported: "報告時の値", before: "前期: %s",
		chartTitle: "エラーバジェット消費率",
		chartNote:  "SLOごと、悪い順。目標値が許す不良に対する割合(%)。100%を超えると未達",
		chartAll:   "見出しと「報告時の値」は報告時のまま変わりません。その他の値はシート「SLO一覧」の目標値に連動します。",
		chartCut:   "グラフは%[2]d件のうち悪い順に%[1]d件です。全件はシート「SLO一覧」にあります。",
		chartData:  "グラフ用データ", chartAlt: "棒グラフ: SLOごとのエラーバジェット消費率、悪い順", noneFound: "SLOがありません",

		objectivesNote: "黄色のセルは入力欄です。目標値を変えると、エラーバジェット・消費率・残量・判定が連動します。",
		no:             "No.", service: "サービス", objective: "SLO名", kind: "種別", status: "判定", target: "目標値", sli: "実績値(SLI)",
		spent: "消費率", leftEvents: "残量(件)", leftMinutes: "残量(全停止換算)", events: "有効イベント", bad: "不良イベント",
		allowed: "エラーバジェット(件)", coverage: "データ取得率", judged: "判定の可否", yes: "可", notJudged: "不可", atRisk: "要注意のしきい値",
		measured: "計測した時間(分)", period: "判定した期間", expected: "期間全体の予想イベント数",
		expectedSpent: "期間全体に対する消費率", unexcluded: "除外しない場合のSLI", ownWindow: "SLO自身の対象期間",
		ownSLI: "対象期間の実績値", ownSpent: "対象期間の消費率", ownStatus: "対象期間の判定",
		previousSLI: "前期の実績値", previousSpent: "前期の消費率", previousStatus: "前期の判定",
		unitOf: "数える単位", eventsUnit: "イベント", slicesUnit: "スライス",
		minutes:     `#,##0.0"分";#,##0.0"分超過";0.0"分"`,
		eventsLeft:  `#,##0.0;#,##0.0"超過";0.0`,
		targetTitle: "目標値", targetPrompt: "50%~99.9999%。エラーバジェット・消費率・残量・判定が連動します。見出しは変わりません。",
		targetError: "目標値は50%から99.9999%の間です。",

		calendarNote: "各日が使ったエラーバジェット。均等に使った場合の1日分に対する倍率、報告時の目標値による。",
		calendarKey:  "0.5倍以下|1倍以下|5倍以下|5倍超|– データなし", weekdays: [7]string{"日", "月", "火", "水", "木", "金", "土"}, month: "2006年1月",

		incidentsNote: "障害が影響したSLOごとに1行。時刻は%s。", start: "発生日時", end: "復旧日時", ongoing: "継続中",
		lengthMinutes: "時間(分)", services: "サービス", badShare: "不良イベントに占める割合", budgetShare: "エラーバジェットに占める割合",
		noIncidents: "この期間に障害はありませんでした。",

		alerts: "アラート", alertsNote: "期間内の各ポリシーの発報を計測値から再現したもの。検知は障害の開始からの時間。時刻は%s。",
		class: "種別", policy: "ポリシー", inIncident: "障害に該当", incidentStart: "障害の開始", detection: "検知(分)", spentByThen: "それまでの消費率",
		within: "該当", again: "再発報", none: "該当なし", silent: "ほかの%s件のポリシーは発報なし。", firstAlert: "最初のアラート", firstAlertAfter: "検知(分)",
		deploys: "デプロイ", deploysNote: "各SLOのエラーバジェットに対する割合。デプロイ後%s、その前の同じ長さ、過去4週までの同じ曜日・同じ時間(1週の平均)。増分は、前と通常のうち悪い方の不良率に対するもので、区間は95%%。時刻は%s。",
		deployTime: "日時", deploy: "デプロイ", spentAfter: "後の消費", spentBefore: "前の消費", spentUsually: "通常",
		extra: "増分", extraLow: "増分の下限", extraHigh: "増分の上限", blame: "影響", why: "理由",

		dailyNote: "SLOごと、現地日ごとの件数。シート「SLO一覧」の合計はE~G列から計算します。",
		date:      "日付", goodEvents: "正常イベント", multiple: "1日分の倍率",

		about: []string{"このブックについて"},
		aboutLines: []string{
			"目標値を変えても、見出し・日別・障害一覧は報告時のまま変わりません。",
			"シート「SLO一覧」の黄色・青字のセルは入力欄です。イベント数と不良イベント数はシート「日次データ」から集計します。",
			"値は丸めて表示し、全桁を保持しています。このファイルを開いても外部への通信はありません。",
		},
		values: "名前付きの値", periodMinutes: "period_minutes", atRiskValue: "at_risk",
		periodMinutesNote: "報告期間の長さ(分)。報告書のタイムゾーンによる",
		atRiskNote:        "消費率がこの割合を超えると要注意(行に個別の値がある場合を除く)",
		method:            "計算方法",
		methodLines: [][2]string{
			{"SLI", "正常イベント÷有効イベント。期間全体で計算し、率の平均は使わない"},
			{"エラーバジェット", "(1−目標値)×有効イベント。許される不良の件数"},
			{"消費率", "不良イベント÷エラーバジェット。100%で使い切り、超えると未達"},
			{"残量(全停止換算)", "(1−目標値)×計測した時間(除外を除く)×(1−消費率)"},
			{"終了した期間", "SLIが目標値を下回れば未達。未達でなく消費率がしきい値を超えれば要注意。それ以外は達成"},
			{"進行中の期間", "同じ規則で枯渇・要注意・順調。進行中の暦の期間は、期間全体のエラーバジェットで判定"},
			{"データなし", "計測が足りないか有効イベントがないため判定しない。達成には数えない"},
			{"スライス", "イベントではなく時間の区切り(スライス)を数えるSLOがある。「数える単位」列に示す"},
		},
		glossary: "用語",
		glossaryLines: [][2]string{
			{"SLO", "サービスレベル目標。期間内に正常であるべきイベントの割合の約束"},
			{"SLI", "サービスレベル指標。正常だったイベントの割合"},
			{"エラーバジェット", "約束が許す不良の量"},
			{"データ取得率", "対象の時間のうち計測できた割合"},
			{"1日分", "エラーバジェットを均等に使った場合の1日の量"},
			{"障害", "SLOが停止とみなされた時間のまとまり。割合はそのSLOの不良イベントとエラーバジェットに対するもの"},
			{"除外", "計画メンテナンスなど、約束の対象としない時間"},
		},
		warnings: "警告", exclusions: "除外", sources: "データの出所", exclusionName: "除外", agreedBy: "関係者の合意", nobody: "記載なし",
		sourceName: "出所", newest: "最新のデータ", rows: "行数", unread: "読めない行", digest: "ダイジェスト", failed: "応答なし",
		frozen: "%s: 表計算の15桁では日次データから求められない値があるため、計算式ではなく報告時の値を置いています",
		made:   "作成",
	}
}

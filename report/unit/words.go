package unit

// Words are the terms that outputs share. Each renderer keeps its own sentences.
type Words struct {
	Objective, Service, Status, Target, Actual, Spent, Left, Over, BurnRate, Window, Coverage      string
	SLI, SLO, ErrorBudget, Events, GoodEvents, BadEvents, Slices, Incident, Incidents, Start, End  string
	Length, Exclusion, Exclusions, AgreedBy, Calls, GeneratedAt, Provisional, Final, NoData        string
	Method, Owner, Labels, Name, Kind, Description, Timezone, Period, Day, Date, Summary, Headline string
	Impact, Share, Cause, Availability, Latency, ResponseTime, Percentile, ErrorRate, Requests     string
	Warning, Warnings, Source, Sources, Previous, Total, Allowed, Minutes, MonthlyReport, Notes    string
	Glossary, Calendar, Objectives, Services, DailyData, Formula, Version, Digest, Figure, Trend   string
	Rows, Unread, Newest, Input, Type, Error, Threshold, Projected, Standing, Query, Unexcluded    string
	MethodAndData, OnHold, Longest, MTTR, MTTF, MTBF, Met, OngoingIncident, EvenDay, Legend        string
}

// Words returns the language's terms.
func (l Language) Words() Words {
	if l == Japanese {
		return japanese()
	}
	return english()
}

func english() Words {
	return Words{
		Objective: "Objective", Service: "Service", Status: "Status", Target: "Target", Actual: "Actual",
		Spent: "Spent", Left: "Left", Over: "Over", BurnRate: "Burn rate", Window: "Window", Coverage: "Coverage",
		SLI: "SLI", SLO: "SLO", ErrorBudget: "Error budget", Events: "Events", GoodEvents: "Good events",
		BadEvents: "Bad events", Slices: "Slices", Incident: "Incident", Incidents: "Incidents", Start: "Start",
		End: "End", Length: "Length", Exclusion: "Exclusion", Exclusions: "Exclusions", AgreedBy: "Agreed by",
		Calls: "Calls", GeneratedAt: "Generated at", Provisional: "provisional", Final: "final", NoData: "no data",
		Method: "Method", Owner: "Owner", Labels: "Labels", Name: "Name", Kind: "Kind", Description: "Description",
		Timezone: "Time zone", Period: "Period", Day: "Day", Date: "Date", Summary: "Summary", Headline: "Headline",
		Impact: "Impact", Share: "Share", Cause: "Cause", Availability: "Availability", Latency: "Latency",
		ResponseTime: "Response time", Percentile: "Percentile", ErrorRate: "Error rate", Requests: "Requests",
		Warning: "Warning", Warnings: "Warnings", Source: "Source", Sources: "Sources", Previous: "Period before",
		Total: "Total", Allowed: "Allowed", Minutes: "Minutes", MonthlyReport: "Monthly report", Notes: "Notes",
		Glossary: "Glossary", Calendar: "Calendar", Objectives: "Objectives", Services: "Services",
		DailyData: "Daily data", Formula: "Formula", Version: "Version", Digest: "Digest", Figure: "Figure",
		Trend: "Trend", Rows: "Rows", Unread: "Unread", Newest: "Newest data", Input: "Input", Type: "Type",
		Error: "Error", Threshold: "Threshold", Projected: "Projected", Standing: "Own window", Query: "Query",
		Unexcluded: "Without exclusions", MethodAndData: "Method and data", OnHold: "Releases on hold",
		Longest: "Longest", MTTR: "MTTR", MTTF: "MTTF", MTBF: "MTBF", Met: "Objectives met",
		OngoingIncident: "not over", EvenDay: "even day's share", Legend: "Legend",
	}
}

func japanese() Words {
	return Words{
		Objective: "サービスレベル目標", Service: "サービス", Status: "判定", Target: "目標値", Actual: "実績値",
		Spent: "消費率", Left: "残量", Over: "超過", BurnRate: "バーンレート", Window: "対象期間", Coverage: "データ取得率",
		SLI: "SLI", SLO: "SLO", ErrorBudget: "エラーバジェット", Events: "イベント", GoodEvents: "正常イベント",
		BadEvents: "不良イベント", Slices: "時間枠", Incident: "障害", Incidents: "障害一覧", Start: "発生日時",
		End: "復旧日時", Length: "継続時間", Exclusion: "除外", Exclusions: "除外", AgreedBy: "関係者の合意",
		Calls: "呼び出し件数", GeneratedAt: "作成日時", Provisional: "速報値", Final: "確定値", NoData: "データなし",
		Method: "算定方式", Owner: "担当", Labels: "ラベル", Name: "名称", Kind: "種別", Description: "説明",
		Timezone: "タイムゾーン", Period: "期間", Day: "日", Date: "日付", Summary: "総括", Headline: "要約",
		Impact: "影響範囲", Share: "割合", Cause: "原因", Availability: "可用性", Latency: "レイテンシ",
		ResponseTime: "応答時間", Percentile: "パーセンタイル", ErrorRate: "エラー率", Requests: "リクエスト数",
		Warning: "注意", Warnings: "注意", Source: "データソース", Sources: "データソース", Previous: "前期間",
		Total: "合計", Allowed: "許容量", Minutes: "分", MonthlyReport: "月次報告書", Notes: "用語・注記",
		Glossary: "用語集", Calendar: "日別", Objectives: "SLO一覧", Services: "サービス",
		DailyData: "日次データ", Formula: "計算式", Version: "バージョン", Digest: "ダイジェスト", Figure: "数値",
		Trend: "推移", Rows: "行数", Unread: "未読行", Newest: "最新データ", Input: "入力", Type: "種類",
		Error: "エラー", Threshold: "しきい値", Projected: "期末見込み", Standing: "本来の対象期間", Query: "クエリ",
		Unexcluded: "除外なしの値", MethodAndData: "算定方法とデータ", OnHold: "リリース停止中",
		Longest: "最長", MTTR: "平均復旧時間", MTTF: "平均故障時間", MTBF: "平均故障間隔", Met: "達成したSLO",
		OngoingIncident: "継続中", EvenDay: "均等配分", Legend: "凡例",
	}
}

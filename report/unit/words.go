package unit

// Words are the terms that outputs share. Each renderer keeps its own sentences.
type Words struct {
	Objective, Status, Target, Actual, Spent, Left, Window, Coverage                string
	SLI, BadEvents, Slices, Incidents, Start, End                                   string
	Exclusion, Exclusions, AgreedBy, Calls, GeneratedAt, Provisional, Final, NoData string
	Method, Kind, Timezone, Period, Date                                            string
	Warnings, Source, Previous                                                      string
	Services, Version, Digest                                                       string
	Rows, Unread, Newest, Input, Type, Error, Unexcluded                            string
	MethodAndData                                                                   string
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
		Objective: "Objective", Status: "Status", Target: "Target", Actual: "Actual",
		Spent: "Spent", Left: "Left", Window: "Window", Coverage: "Coverage",
		SLI:       "SLI",
		BadEvents: "Bad events", Slices: "Slices", Incidents: "Incidents", Start: "Start",
		End: "End", Exclusion: "Exclusion", Exclusions: "Exclusions", AgreedBy: "Agreed by",
		Calls: "Calls", GeneratedAt: "Generated at", Provisional: "provisional", Final: "final", NoData: "no data",
		Method: "Method", Kind: "Kind",
		Timezone: "Time zone", Period: "Period", Date: "Date",

		Warnings: "Warnings", Source: "Source", Previous: "Period before",
		Services: "Services",
		Version:  "Version", Digest: "Digest",
		Rows: "Rows", Unread: "Unread", Newest: "Newest data", Input: "Input", Type: "Type",
		Error:      "Error",
		Unexcluded: "Without exclusions", MethodAndData: "Method and data",
	}
}

func japanese() Words {
	return Words{
		Objective: "サービスレベル目標", Status: "判定", Target: "目標値", Actual: "実績値",
		Spent: "消費率", Left: "残量", Window: "対象期間", Coverage: "データ取得率",
		SLI:       "SLI",
		BadEvents: "不良イベント", Slices: "時間枠", Incidents: "障害一覧", Start: "発生日時",
		End: "復旧日時", Exclusion: "除外", Exclusions: "除外", AgreedBy: "関係者の合意",
		Calls: "呼び出し件数", GeneratedAt: "作成日時", Provisional: "速報値", Final: "確定値", NoData: "データなし",
		Method: "算定方式", Kind: "種別",
		Timezone: "タイムゾーン", Period: "期間", Date: "日付",

		Warnings: "注意", Source: "データソース", Previous: "前期間",
		Services: "サービス",
		Version:  "バージョン", Digest: "ダイジェスト",
		Rows: "行数", Unread: "未読行", Newest: "最新データ", Input: "入力", Type: "種類",
		Error:      "エラー",
		Unexcluded: "除外なしの値", MethodAndData: "算定方法とデータ",
	}
}

package text

import (
	"github.com/nines-slo/nines/report/unit"
)

func tuningPhrasesOf(l unit.Language) tuningPhrases {
	if l == unit.Japanese {
		return tuningPhrases{
			title:  "ページ用ポリシーの探索: %s件を試行、過去データを%d分割、境界から%sは学習に使わない",
			policy: "ポリシー", missed: "検知漏れ", late: "検知時間計", wrong: "誤検知", chosen: "選択", heldMissed: "未学習: 検知漏れ", heldLate: "検知時間計", heldWrong: "誤検知",
			byDefault: "(既定)", wider: "(既定、データに合わせて拡大)",
			found:        "障害は計測値からninesが見つけたもので、人の確認はありません。--incidents FILE を与えてください。",
			heldOut:      "未学習の区間での成績: 各分割で選ばれたもの %s、%s は %s。",
			outcomes:     "検知漏れ%d/%d、検知時間計%s、誤検知%d",
			own:          "既定のポリシーはSLOの期間によって異なるため、defaultは各SLO自身の既定を指します。",
			mixed:        "集計範囲は最も粗いデータ(%s刻み)に合わせました。細かいデータのSLOは --only で個別に探索できます。",
			fewIncidents: "過去データが短く判断できません: 障害は%d件、%d件以上が必要です。既定のポリシーを推奨します。",
			emptyFolds:   "過去データが短く判断できません: %d分割のうち障害のない区間があります。既定のポリシーを推奨します。",
			noGrid:       "過去データが短く判断できません: --from と --to の間に収まる集計範囲がありません。既定のポリシーを推奨します。",
			keep:         "未学習の区間で既定のポリシーを偶然以上に上回るものはありません。既定のポリシーを推奨します。",
			better:       "このように選んだポリシーは、未学習の区間で既定のポリシーを上回りました。全期間から選んだものを、SLOファイルには次のように書きます。",
		}
	}
	return tuningPhrases{
		title:  "Looking for a page policy: %s tried, history cut into %d folds, %s beside a fold not learnt from",
		policy: "POLICY", missed: "MISSED", late: "DELAY", wrong: "FALSE", chosen: "CHOSEN", heldMissed: "HELD OUT: MISSED", heldLate: "DELAY", heldWrong: "FALSE",
		byDefault: " (default)", wider: " (default, as wide as the data asks for)",
		found:        "It learnt from incidents that nines found in the counts, confirmed by nobody: give --incidents FILE.",
		heldOut:      "On history that it was not chosen on: what each fold chose %s; %s on the same %s.",
		outcomes:     "missed %d of %d, delay %s in all, %d false",
		own:          "The default differs between these objectives, by their windows: \"default\" stands for each one's own.",
		mixed:        "Windows are made for the coarsest data, counted every %s: objectives with finer data may do better by themselves, with --only.",
		fewIncidents: "History is too short to tell: it holds %d of the %d incidents that are needed. Keep the default:",
		emptyFolds:   "History is too short to tell: of %d folds one has no incident. Keep the default:",
		noGrid:       "History is too short to tell: no window fits between --from and --to. Keep the default:",
		keep:         "Nothing beats the default by more than chance on history that it was not chosen on. Keep it:",
		better:       "Chosen in this way, policies did better than the default on history that they were not chosen on. The one of all history, for the SLO file:",
	}
}

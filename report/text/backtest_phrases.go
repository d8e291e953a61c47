package text

import (
	"github.com/nines-slo/nines/report/unit"
)

// backtestPhrases are the texts of a backtest.
type backtestPhrases struct {
	title, all, spreads, more, open                                 string
	objective, alert, fired, perWeek, detected, late, missed, wrong string // heads
	precision, recall, detection, reset, spent, outcome, firing     string
	incident                                                        string
	detectedOne, lateOne, missedOne, notJudged, again, falseAlarm   string // outcomes
	already, unmatched                                              string
	found, rule, lateDiffers, leftOpen, earlier, outside            string
}

func backtestPhrasesOf(l unit.Language) backtestPhrases {
	if l == unit.Japanese {
		return backtestJapanese()
	}
	return backtestEnglish()
}

func backtestEnglish() backtestPhrases {
	return backtestPhrases{
		title: "What the alerts would have done, %s %s, every step, both ends included", all: "all objectives",
		spreads: "detection, reset, spent before: of the median incident / of the worst; reset is from the incident's end to the alert's",
		more:    "and %d more: -o json has all", open: "%s - still on", earlier: "before %s",
		outside:   "Incidents of the file that lie outside of this time and are not judged: %d.",
		objective: "OBJECTIVE", alert: "ALERT", fired: "FIRED", perWeek: "PER WEEK", detected: "DETECTED", late: "LATE", missed: "MISSED",
		wrong: "FALSE", precision: "PRECISION", recall: "RECALL", detection: "DETECTION", reset: "RESET", spent: "SPENT BEFORE",
		outcome: "OUTCOME", firing: "FIRED", incident: "INCIDENT",
		detectedOne: "detected", lateOne: "late", missedOne: "missed", notJudged: "not judged", again: "fired again", falseAlarm: "false alarm",
		already: "missed: on already", unmatched: "no incident",
		found: "Incidents are those that nines finds in the counts, confirmed by nobody: --incidents FILE names the real ones and gives precision and recall.",
		rule: "A firing belongs to an incident if it overlaps [start, end + late), late being %s, and is false if it belongs to none. An incident is\n" +
			"detected if a firing began no more than late before or after its start, late if one began after that, missed if none did. A firing\n" +
			"that had been on for longer when the incident began does not tell of it: nobody is called anew.",
		lateDiffers: "the objective's own (two steps of its data at the least)",
		leftOpen:    "Windows are cut as Prometheus from version 3 on does: one bucket less at the old side.",
	}
}

func backtestJapanese() backtestPhrases {
	return backtestPhrases{
		title: "過去データでの検証: %s %s(両端を含む全時点)", all: "全SLO",
		spreads: "検知、解除、検知前の消費率: 障害の中央値 / 最悪値。解除は障害の復旧からアラートの終了まで",
		more:    "ほか%d件(-o json に全件)", open: "%s - 継続中", earlier: "%sより前",
		outside:   "この期間の外にあり判定していない、ファイル内の障害: %d件。",
		objective: "SLO", alert: "アラート", fired: "発報数", perWeek: "週あたり", detected: "検知", late: "検知遅れ", missed: "検知漏れ",
		wrong: "誤検知", precision: "適合率", recall: "再現率", detection: "検知まで", reset: "解除まで", spent: "検知前の消費率",
		outcome: "結果", firing: "発報", incident: "障害",
		detectedOne: "検知", lateOne: "検知遅れ", missedOne: "検知漏れ", notJudged: "判定対象外", again: "再発報", falseAlarm: "誤検知",
		already: "検知漏れ(発報中)", unmatched: "障害なし",
		found: "障害は計測値からninesが見つけたもので、人の確認はありません。--incidents FILE で実際の障害を与えると適合率と再現率を求めます。",
		rule: "発報は [発生, 復旧 + 猶予) と重なる障害に属し(猶予は%s)、どの障害にも属さない発報は誤検知です。発生の前後の猶予内に発報が\n" +
			"始まった障害は検知、その後に始まったものは検知遅れ、なければ検知漏れです。障害の発生時に猶予より長く続いていた発報は、\n" +
			"改めて誰も呼び出さないため検知とみなしません。",
		lateDiffers: "SLOごと(データの2刻み以上)",
		leftOpen:    "集計範囲はPrometheus 3以降と同じく、古い側を1刻み短く取ります。",
	}
}

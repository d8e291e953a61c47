package text

import (
	"fmt"

	"github.com/nines-slo/nines/report/unit"
)

// phrases are the terminal's own texts. Signs of ambiguous width are avoided.
type phrases struct {
	objective, status, spent, left, sli, target, burn, days  string // heads
	projected, bad, total, coverage, kind, window            string // of the wide table
	legend                                                   string
	failed, warning, note, hint                              string
	ofPeriod, more, state, windows, sources, one, many, none string
	interval, doubts, forecast                               string
	colon, comma, semicolon                                  string
	moreReasons                                              string // of a gate
}

func phrasesOf(l unit.Language) phrases {
	if l == unit.Japanese {
		return japanese()
	}
	return english()
}

func english() phrases {
	return phrases{
		objective: "OBJECTIVE", status: "STATUS", spent: "SPENT", left: "LEFT", sli: "SLI", target: "TARGET", burn: "BURN", days: "28 DAYS",
		projected: "OF PERIOD", bad: "BAD", total: "TOTAL", coverage: "COVERAGE", kind: "KIND", window: "WINDOW",
		legend:   "days: . up to half of an even day's share of the budget, - up to all of it, + up to 5 times, # more, ? no data",
		failed:   "error:",
		warning:  "warning:",
		note:     "note:",
		hint:     "hint:",
		ofPeriod: "%s of the whole period's budget is spent",
		more:     " and %d more",
		interval: "95% INTERVAL",
		forecast: "forecast:",
		doubts:   "not enough data to tell for %d more objectives: -o wide shows their intervals",
		state:    "%d %s",
		windows:  "%d windows",
		sources:  "sources: ",
		one:      "1 objective",
		many:     "%d objectives",
		none:     "no objectives",
		colon:    ": ", comma: ", ", semicolon: "; ",
		moreReasons: "and %d more reasons, see above",
	}
}

func japanese() phrases {
	return phrases{
		objective: "SLO", status: "判定", spent: "消費率", left: "残量", sli: "実績値", target: "目標値", burn: "バーンレート", days: "28日間",
		projected: "期間全体比", bad: "不良", total: "合計", coverage: "データ取得率", kind: "種別", window: "対象期間",
		legend:   "日別: . 均等配分の半分まで、- 均等配分まで、+ 5倍まで、# それ以上、? データなし",
		failed:   "エラー:",
		warning:  "注意:",
		note:     "補足:",
		hint:     "対処:",
		ofPeriod: "期間全体のエラーバジェットの%sを消費",
		more:     "ほか%d件",
		interval: "95%信頼区間",
		forecast: "予測:",
		doubts:   "ほか%d件のSLOもデータ不足で判断不能: -o wide で信頼区間を表示",
		state:    "%[2]s%[1]d件",
		windows:  "対象期間%d種",
		sources:  "データソース: ",
		one:      "SLO 1件",
		many:     "SLO %d件",
		none:     "SLOなし",
		colon:    ": ", comma: "、", semicolon: "; ",
		moreReasons: "ほか理由%d件(上の表を参照)",
	}
}

// count says how many objectives there are.
func (p phrases) count(n int) string {
	switch n {
	case 0:
		return p.none
	case 1:
		return p.one
	}
	return fmt.Sprintf(p.many, n)
}

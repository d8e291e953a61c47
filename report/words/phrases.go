package words

import (
	"github.com/nines-slo/nines/report/unit"
)

// phrases are the clauses of a headline, each whole in its language.
type phrases struct {
	empty, onlyUnjudged, noneJudged            string // sentences
	onlyMet, onlyAtRisk, onlyMissed            string // one objective
	allMet, someMet, someAtRisk                string
	untouched, tightest                        string // none missed
	one, oneIncident, two, twoIncident         string // missed
	several, unknown, unknownFor, between, end string
}

func phrasesOf(l unit.Language, running bool) phrases {
	switch {
	case l == unit.Japanese && running:
		return japaneseRunning()
	case l == unit.Japanese:
		return japanese()
	case running:
		return englishRunning()
	}
	return english()
}

func english() phrases {
	return phrases{
		empty:        "No objectives.",
		onlyUnjudged: "The objective could not be judged (no data).",
		noneJudged:   "None of the {total} objectives could be judged (no data).",
		onlyMet:      "The objective was met",
		onlyAtRisk:   "The objective was met",
		onlyMissed:   "The objective was missed",
		allMet:       "All {total} objectives met",
		someMet:      "{met} of {total} objectives met",
		someAtRisk:   "{met} of {total} objectives met",
		untouched:    "no error budget was spent",
		tightest:     "the tightest, {a}, spent {spentA} of its budget",
		one:          "{a} spent {spentA} of its budget",
		oneIncident:  "{a} spent {spentA} of its budget, {share} of it in the incident of {date}",
		two:          "{a} spent {spentA} and {b} {spentB} of their budgets",
		twoIncident:  "{a} spent {spentA} and {b} {spentB} of their budgets, at least {share} of each in the incident of {date}",
		several:      "{a} spent {spentA} and {b} {spentB} of their budgets, and {more} more overspent",
		unknown:      "{nodata} could not be judged (no data)",
		unknownFor:   "{nodata} could not be judged (no data for {gap})",
		between:      "; ",
		end:          ".",
	}
}

func englishRunning() phrases {
	p := english()
	p.onlyMet = "The objective is on track"
	p.onlyAtRisk = "The objective is at risk"
	p.onlyMissed = "The objective will be missed"
	p.allMet = "All {total} objectives on track"
	p.someMet = "{met} of {total} objectives on track"
	p.someAtRisk = "{ontrack} of {total} objectives on track, {risk} at risk"
	p.untouched = "no error budget has been spent"
	p.tightest = "the tightest, {a}, has spent {spentA} of the period's budget"
	p.one = "{a} has spent {spentA} of the period's budget"
	p.oneIncident = "{a} has spent {spentA} of the period's budget, {share} of it in the incident of {date}"
	p.two = "{a} has spent {spentA} and {b} {spentB} of the period's budgets"
	p.twoIncident = "{a} has spent {spentA} and {b} {spentB} of the period's budgets, at least {share} of each in the incident of {date}"
	p.several = "{a} has spent {spentA} and {b} {spentB} of the period's budgets, and {more} more are exhausted"
	return p
}

func japanese() phrases {
	return phrases{
		empty:        "対象のSLOはありません。",
		onlyUnjudged: "SLOは判定できません(データなし)。",
		noneJudged:   "{total}件のSLOはいずれも判定できません(データなし)。",
		onlyMet:      "SLOを達成",
		onlyAtRisk:   "SLOを達成",
		onlyMissed:   "SLOは未達",
		allMet:       "{total}件のSLOをすべて達成",
		someMet:      "{total}件中{met}件のSLOを達成",
		someAtRisk:   "{total}件中{met}件のSLOを達成",
		untouched:    "エラーバジェットの消費はなし",
		tightest:     "最も余裕が少ないのは{a}で、エラーバジェットの{spentA}を消費",
		one:          "{a}はエラーバジェットの{spentA}を消費",
		oneIncident:  "{a}はエラーバジェットの{spentA}を消費し、うち{share}が{date}の障害によるもの",
		two:          "エラーバジェットを{a}は{spentA}、{b}は{spentB}消費",
		twoIncident:  "エラーバジェットを{a}は{spentA}、{b}は{spentB}消費し、それぞれ{share}以上が{date}の障害によるもの",
		several:      "エラーバジェットを{a}は{spentA}、{b}は{spentB}消費し、ほか{more}件も超過",
		unknown:      "{nodata}件は判定不能(データなし)",
		unknownFor:   "{nodata}件は判定不能({gap}データなし)",
		between:      "。",
		end:          "。",
	}
}

func japaneseRunning() phrases {
	p := japanese()
	p.onlyMet = "SLOは順調"
	p.onlyAtRisk = "SLOは要注意"
	p.onlyMissed = "SLOは枯渇"
	p.allMet = "{total}件のSLOはすべて順調"
	p.someMet = "{total}件中{met}件のSLOが順調"
	p.someAtRisk = "{total}件中{ontrack}件のSLOが順調、{risk}件が要注意"
	p.tightest = "最も余裕が少ないのは{a}で、期間全体のエラーバジェットの{spentA}を消費"
	p.one = "{a}は期間全体のエラーバジェットの{spentA}を消費"
	p.oneIncident = "{a}は期間全体のエラーバジェットの{spentA}を消費し、うち{share}が{date}の障害によるもの"
	p.two = "期間全体のエラーバジェットを{a}は{spentA}、{b}は{spentB}消費"
	p.twoIncident = "期間全体のエラーバジェットを{a}は{spentA}、{b}は{spentB}消費し、それぞれ{share}以上が{date}の障害によるもの"
	p.several = "期間全体のエラーバジェットを{a}は{spentA}、{b}は{spentB}消費し、ほか{more}件も枯渇"
	return p
}

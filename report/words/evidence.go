package words

import (
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/evidence"
)

// Doubt says that o's counts settle nothing, and "" where they do or where there is
// no verdict to doubt.
func Doubt(l unit.Language, o report.Objective) string {
	if o.Evidence == nil || o.Evidence.Verdict != evidence.NotEnoughData || o.State == slo.NoData {
		return ""
	}
	p, c := evidencePhrasesOf(l), o.Counts()
	template := p.unproven
	switch {
	case o.SLI.Cmp(o.Target.Number()) < 0:
		template = p.undisproven
	case c.Bad.Sign() == 0:
		template = p.clean
	}
	noun := p.events
	if o.Slices != nil {
		noun = p.slices
	}
	needed := evidence.Needed(o.Target, o.Evidence.Confidence)
	return strings.NewReplacer("{good}", l.Count(c.Good), "{total}", l.Count(c.Total), "{noun}", noun, "{target}", l.Target(o.Target),
		"{interval}", Interval(l, *o.Evidence, o.Target), "{confidence}", level(l, *o.Evidence), "{needed}", l.Count(needed)).Replace(template)
}

// Interval returns e as "99.61% to 99.94%", rounded down as an SLI is.
func Interval(l unit.Language, e report.Evidence, target slo.Target) string {
	return l.SLI(e.Low, target) + evidencePhrasesOf(l).to + l.SLI(e.High, target)
}

// Evidence returns e with what it settles: "99.13% to 99.37% (95% interval): proves that
// the target is missed".
func Evidence(l unit.Language, e report.Evidence, target slo.Target) string {
	p := evidencePhrasesOf(l)
	settles := map[evidence.Verdict]string{evidence.Met: p.met, evidence.Missed: p.missed, evidence.NotEnoughData: p.neither}[e.Verdict]
	return strings.NewReplacer("{interval}", Interval(l, e, target), "{confidence}", level(l, e), "{settles}", settles).Replace(p.words)
}

func level(l unit.Language, e report.Evidence) string {
	return strings.TrimSuffix(l.Percent(e.Confidence, 0), "%")
}

// evidencePhrases are whole in their language.
type evidencePhrases struct {
	clean, unproven, undisproven string
	events, slices, to           string
	words, met, missed, neither  string
}

func evidencePhrasesOf(l unit.Language) evidencePhrases {
	if l == unit.Japanese {
		const why = "データ不足で判断不能({confidence}%信頼区間 {interval})"
		return evidencePhrases{
			clean:       "{noun}{total}件すべて正常でも目標値{target}の達成は裏付けられない。" + why + "。不良0件の{noun}が{needed}件必要",
			unproven:    "{noun}{total}件中{good}件の正常では目標値{target}の達成は裏付けられない。" + why,
			undisproven: "{noun}{total}件中{good}件の正常では目標値{target}を下回るとは言い切れない。" + why,
			events:      "イベント", slices: "スライス", to: "〜",
			words: "{interval}({confidence}%信頼区間): {settles}", met: "目標値の達成を裏付ける", missed: "目標値の未達を裏付ける", neither: "データ不足で判断不能",
		}
	}
	const why = ": not enough data to tell ({confidence}% interval {interval})"
	return evidencePhrases{
		clean:       "{good} good {noun} of {total} do not prove {target}" + why + "; {needed} without a bad one would",
		unproven:    "{good} good {noun} of {total} do not prove {target}" + why,
		undisproven: "{good} good {noun} of {total} do not disprove {target}" + why,
		events:      "events", slices: "slices", to: " to ",
		words: "{interval} ({confidence}% interval): {settles}", met: "proves that the target is met", missed: "proves that the target is missed", neither: "not enough data to tell",
	}
}
